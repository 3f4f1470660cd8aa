"""Pages of a request."""

from . import helpdesk
