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
from . import nox_invoice_evidence_words
from . import nox_invoice_evidence_work
from . import nox_invoice_evidence_report
from . import account_move_evidence
from . import account_move_send_evidence
from . import res_company_evidence
from . import res_config_settings_evidence
from . import nox_invoice_preview
from . import nox_invoice_preview_store
from . import nox_invoice_preview_compare
from . import nox_invoice_preview_words
