"""Months of a statement, the place of included work, and what it would have cost."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.nox_voip_service.policy.statement import (
    Bill,
    Included,
    first_and_last,
    home,
    parts,
    would_have_cost,
)


@pytest.mark.parametrize(
    ("billed", "made_on", "days"),
    [
        ([], date(2026, 1, 15), (date(2025, 12, 1), date(2025, 12, 31))),
        ([date(2026, 2, 1)], date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
        # Caught up, in any order.
        (
            [date(2026, 3, 1), date(2026, 1, 1)],
            date(2026, 4, 1),
            (date(2026, 1, 1), date(2026, 3, 31)),
        ),
        # Another day than the first.
        ([date(2026, 2, 10)], date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_days(billed, made_on, days):
    assert first_and_last(billed, made_on) == days


def test_included_work_stands_once():
    """Each telephone system has one home, whichever bills there are."""
    bills = [Bill(3, frozenset({10})), Bill(4, frozenset({10, 11}))]
    assert [home(bills, system) for system in (10, 11, 12)] == [3, 4, 3]


def test_total():
    work = [Included(1, Decimal("20.50")), Included(0, Decimal("0.00"))]
    assert would_have_cost(work) == Included(1, Decimal("20.50"))


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 200])
def test_parts_have_every_row_once(count):
    rows = list(range(count))
    found = parts(rows, 20)
    assert [row for part in found for row in part] == rows
    assert all(0 < len(part) <= 20 for part in found)
