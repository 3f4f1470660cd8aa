"""What browsers send, read with care."""

from . import values
