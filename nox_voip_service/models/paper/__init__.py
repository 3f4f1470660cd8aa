"""What the customer gets on paper: work report, monthly statement, quote in words."""

from . import helpdesk_ticket_report
from . import helpdesk_ticket_sign_off
from . import sale_order_report
from . import account_move_included
from . import account_move_line_statement
from . import account_move_send
from . import account_move_statement
from . import res_company_paper
from . import sale_order_words
