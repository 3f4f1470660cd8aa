"""Going live: customers, PBXs, plans, prices and users from one workbook."""

from . import nox_going_live
from . import nox_going_live_book
from . import nox_going_live_accept
from . import nox_going_live_fault
from . import nox_going_live_line
