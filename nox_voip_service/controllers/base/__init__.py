"""What browsers send, read with care."""

from . import export
from . import values
