"""Prices of a year with their letters, and letters done by post."""

from . import nox_price_index
from . import nox_price_index_line
from . import nox_notice_post
