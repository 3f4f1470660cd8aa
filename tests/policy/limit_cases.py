"""What the cases of the hour share: a day, its entries, and three limits."""

from datetime import date

from odoo.addons.nox_voip_service.policy.limit import (
    LimitPolicy,
)
from odoo.addons.nox_voip_service.policy.timeblocks import (
    Entry,
)

MONDAY = date(2026, 3, 2)
STANDARD = LimitPolicy()
FIXED = LimitPolicy(quote_billing="fixed")
NO_LIMIT = LimitPolicy(threshold_minutes=None, warn_minutes=None)


def on(day, *minutes):
    return [Entry(day, each) for each in minutes]
