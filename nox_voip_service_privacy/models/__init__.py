from . import nox_privacy_kept
from . import nox_pbx_seat
from . import helpdesk_ticket
from . import sale_order
from . import nox_admin_training
from . import nox_notice
from . import res_partner
from . import privacy_log
