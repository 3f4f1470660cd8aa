"""A customer's PBX: its plan from day to day, its users and their history."""

from . import nox_pbx
from . import nox_pbx_plan
from . import nox_pbx_seat
from . import nox_pbx_seat_import
from . import nox_pbx_seat_retention
from . import nox_pbx_seats
from . import nox_user_history
from . import nox_seat_word
from . import nox_seat_layout
from . import res_partner
from . import nox_approver
from . import nox_pbx_approver
from . import res_company_retention
from . import res_config_settings_retention
