"""Questions of customers about the lines of their invoices."""

from . import nox_invoice_dispute
from . import account_move_dispute
from . import account_move_line_dispute
