"""Money back, down payments and discounts."""

from . import account_move_reversal
from . import sale_advance_payment_inv
from . import sale_order_discount
