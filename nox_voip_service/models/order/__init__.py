"""What a ticket sells: its base order of released time, and quotes."""

from . import helpdesk_ticket_quote
from . import helpdesk_ticket_invoice
from . import sale_order
from . import sale_order_quote
from . import sale_order_line
from . import sale_order_proof
from . import sale_order_grade
from . import sale_edi_xml_ubl_bis3
from . import nox_seal
from . import res_company_seal
from . import res_config_settings_seal
from . import sale_order_seal
from . import nox_approval_code
from . import ir_actions_report
from . import sale_order_standing
from . import nox_standing_approval
from . import nox_standing_use
from . import nox_pbx_standing
