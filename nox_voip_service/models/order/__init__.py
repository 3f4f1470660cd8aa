"""What a ticket sells: its base order of released time, and quotes."""

from . import helpdesk_ticket_quote
from . import helpdesk_ticket_invoice
from . import sale_order
from . import sale_order_quote
from . import sale_order_line
from . import sale_order_proof
