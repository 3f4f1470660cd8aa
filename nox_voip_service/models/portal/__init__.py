"""What the customer reads, and may ask."""

from . import helpdesk_ticket_portal
from . import nox_seat_charge_portal
from . import sale_order_mail
from . import sale_order_portal
from . import res_company_portal
from . import account_move_portal
from . import helpdesk_ticket_request
from . import helpdesk_ticket_details
from . import helpdesk_ticket_promise
from . import helpdesk_ticket_category_portal
from . import nox_service_plan_portal
from . import nox_pbx_portal
from . import nox_pbx_approvals
