"""Prices of a year, money back, down payments and discounts."""

from . import account_move_reversal
from . import sale_advance_payment_inv
from . import sale_order_discount
from . import nox_price_index
from . import nox_price_index_line
