"""Months: their edges, which of them are due, and when billing is late."""

from datetime import date

import pytest

from odoo.addons.nox_voip_service.policy.months import (
    first_of_month,
    last_of_month,
    months_between,
    months_due,
    next_month,
)
from odoo.addons.nox_voip_service.policy.run_control import (
    lateness,
)

from .simulated_charges import APR, FEB, JAN, LONG_AGO, MAR


@pytest.mark.parametrize(
    ("day", "first", "last", "following"),
    [
        ((2026, 1, 31), (2026, 1, 1), (2026, 1, 31), (2026, 2, 1)),
        ((2026, 2, 1), (2026, 2, 1), (2026, 2, 28), (2026, 3, 1)),
        ((2028, 2, 29), (2028, 2, 1), (2028, 2, 29), (2028, 3, 1)),
        ((2100, 2, 28), (2100, 2, 1), (2100, 2, 28), (2100, 3, 1)),
        ((2026, 4, 30), (2026, 4, 1), (2026, 4, 30), (2026, 5, 1)),
        ((2026, 12, 15), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1)),
    ],
)
def test_edges_of_a_month(day, first, last, following):
    assert first_of_month(date(*day)) == date(*first)
    assert last_of_month(date(*day)) == date(*last)
    assert next_month(date(*day)) == date(*following)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (JAN, JAN, [JAN]),
        (date(2026, 1, 31), date(2026, 3, 1), [JAN, FEB, MAR]),
        (date(2026, 1, 31), date(2026, 2, 28), [JAN, FEB]),
        (date(2026, 2, 2), FEB, [FEB]),
        (MAR, FEB, []),
        (date(2025, 12, 31), JAN, [date(2025, 12, 1), JAN]),
    ],
)
def test_months_between(first, last, found):
    assert months_between(first, last) == found


@pytest.mark.parametrize(
    ("start", "end", "today", "billed_until", "due"),
    [
        # In arrears: on the first of April March is due, on the last of March not.
        (JAN, None, APR, None, [JAN, FEB, MAR]),
        (JAN, None, date(2026, 3, 31), None, [JAN, FEB]),
        (JAN, None, date(2026, 4, 30), None, [JAN, FEB, MAR]),
        (JAN, None, date(2026, 1, 31), None, []),
        (JAN, None, date(2025, 6, 1), None, []),
        # Start on the 31st, stop within a month, stop on its last day.
        (date(2026, 1, 31), None, FEB, None, [JAN]),
        (JAN, date(2026, 2, 3), APR, None, [JAN, FEB]),
        (JAN, date(2026, 1, 31), APR, None, [JAN]),
        (JAN, JAN, APR, None, [JAN]),
        (JAN, date(2026, 3, 15), MAR, None, [JAN, FEB]),
        # 29 February is of a month that ends with it.
        (date(2028, 2, 29), None, date(2028, 2, 29), None, []),
        (date(2028, 2, 29), None, date(2028, 3, 1), None, [date(2028, 2, 1)]),
        # Going live bills no history.
        (LONG_AGO, None, APR, MAR, [MAR]),
        (LONG_AGO, None, APR, date(2026, 3, 31), [MAR]),
        (LONG_AGO, None, APR, APR, []),
        (LONG_AGO, date(2026, 2, 3), APR, MAR, []),
        (date(2026, 3, 12), None, APR, LONG_AGO, [MAR]),
    ],
)
def test_months_due(start, end, today, billed_until, due):
    found = months_due(start, end, today=today, billed_until=billed_until)
    assert found == due


@pytest.mark.parametrize(
    ("day", "state", "idle", "parked", "late"),
    [
        (1, None, 0, 0, None),
        (1, "draft", 0, 0, None),
        (1, "running", 9, 0, None),
        (1, "done", 0, 1, "parked"),
        (2, None, 0, 0, "missing"),
        (2, "draft", 0, 0, "waiting"),
        (2, "running", 2, 0, None),
        (2, "running", 3, 0, "stuck"),
        (2, "running", 2, 1, "parked"),
        (2, "done", 9, 0, None),
        (2, "done", 9, 2, "parked"),
    ],
)
def test_billing_is_late(day, state, idle, parked, late):
    assert (
        lateness(MAR, state, today=APR.replace(day=day), idle_hours=idle, parked=parked)
        == late
    )
