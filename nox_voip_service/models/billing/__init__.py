"""The month: users that are billed, contracts, the run, invoices and money back."""

from . import nox_time_book
from . import res_currency
from . import account_tax
from . import account_edi_xml_ubl_bis3
from . import account_move
from . import account_move_line
from . import account_payment
from . import account_move_send
from . import nox_pbx_plan_price
from . import nox_pbx_plan_due
from . import contract_contract
from . import contract_line
from . import sale_order_line_seat
from . import sale_order_seat
from . import nox_seat_charge
from . import nox_billing_run
from . import nox_billing_run_customer
from . import nox_billing_run_job
from . import nox_billing_run_invoice
from . import nox_billing_run_next
from . import sale_order_run
from . import sale_order_line_run
from . import nox_billing_parked
from . import res_company_billing
from . import account_journal
from . import account_move_credit
