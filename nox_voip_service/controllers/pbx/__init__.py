"""A customer's telephony: plan, users, prices."""

from . import telephony
from . import seat_template
