"""Pages of a quote, and its approval."""

from . import quote
from . import approval_code
