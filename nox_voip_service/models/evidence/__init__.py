"""What led to an invoice, in a form that anybody can check."""

from . import collector
from . import nox_plan_edition_evidence
from . import sale_order_line_evidence
from . import sale_order_evidence
from . import helpdesk_ticket_evidence
from . import nox_seat_charge_evidence
from . import nox_admin_training_evidence
from . import account_move_line_evidence
from . import account_move_content
from . import nox_invoice_evidence
from . import account_move_evidence
