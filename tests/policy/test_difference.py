"""The difference with last month, explained in parts that add up."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.difference import (
    Billed,
    explain,
    has_grown,
)


def billed(quantity, amount):
    return Billed(Decimal(quantity), Decimal(amount))


@pytest.mark.parametrize(
    ("before", "now", "parts"),
    [
        (("0", "0"), ("0", "0"), []),
        (("24", "180"), ("24", "180"), []),
        (("0", "0"), ("24", "180"), [("new", "24", "180")]),
        (("24", "180"), ("0", "0"), [("gone", "-24", "-180")]),
        (("24", "180"), ("26", "195"), [("users", "2", "15.00")]),
        (("24", "180"), ("22.5", "168.75"), [("users", "-1.5", "-11.25")]),
        (("24", "180"), ("24", "186"), [("price", "0", "6")]),
        (
            ("24", "180"),
            ("26", "201.50"),
            [("users", "2", "15.00"), ("price", "0", "6.50")],
        ),
        # A rounding difference of a cent is no new price.
        (("3", "10"), ("2", "6.66"), [("users", "-1", "-3.34")]),
        (("8.65", "56.23"), ("9", "58.50"), [("users", "0.35", "2.27")]),
        (("0.03", "0.20"), ("10", "65.00"), [("users", "9.97", "64.80")]),
        # A cent, and half a cent for each user more for one of last month.
        (("1", "10"), ("3", "30.02"), [("users", "2", "20.02")]),
        (("1", "10"), ("3", "30.03"), [("users", "2", "20"), ("price", "0", "0.03")]),
        # Half a cent is rounded up.
        (
            ("2", "100.01"),
            ("3", "170"),
            [("users", "1", "50.01"), ("price", "0", "19.98")],
        ),
    ],
)
def test_parts(before, now, parts):
    found = explain(billed(*before), billed(*now))
    assert found == [(kind, Decimal(c), Decimal(a)) for kind, c, a in parts]


amounts = st.decimals(0, 10_000, places=2)


@given(amounts, amounts, amounts, amounts)
def test_parts_add_up(users, amount, more_users, more_amount):
    before, now = Billed(users, amount), Billed(more_users, more_amount)
    parts = explain(before, now)
    if users or more_users:
        assert sum(part.amount for part in parts) == more_amount - amount
        assert sum(part.change for part in parts) == more_users - users


@pytest.mark.parametrize(
    ("users", "before", "grown"),
    [
        (13, 10, False),
        (13.01, 10, True),
        (130, 100, False),
        (131, 100, True),
        (9, 0, False),
    ],
)
def test_more_than_thirty_percent_deserves_a_look(users, before, grown):
    assert has_grown(users, before) is grown
