"""Changing a plan, reading in a list of users, one user that came or went."""

from . import nox_pbx_change_plan
from . import base_import_import
from . import nox_seat_change
from . import nox_seat_compare
from . import nox_seat_compare_file
from . import nox_seat_compare_layout
from . import nox_seat_compare_line
from . import nox_seat_compare_column
