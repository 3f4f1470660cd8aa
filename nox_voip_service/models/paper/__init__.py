"""What the customer gets on paper: work report, monthly statement, quote in words."""

from . import helpdesk_ticket_report
from . import helpdesk_ticket_sign_off
from . import sale_order_report
