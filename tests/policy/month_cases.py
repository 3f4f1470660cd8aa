"""The month of the cases for the pencil: March 2026, of 31 days."""

from datetime import date
from decimal import Decimal

from odoo.addons.nox_voip_service.policy.seats import PlanPeriod, Seat

MARCH = date(2026, 3, 1)
CONTRACT = PlanPeriod("contract", date(2026, 1, 1), price=Decimal("4.50"))


def march(day):
    return date(2026, 3, day)


def staff(count, **values):
    """So many users who were there before March."""
    return [Seat(f"s{n}", date(2026, 1, 1), **values) for n in range(count)]
