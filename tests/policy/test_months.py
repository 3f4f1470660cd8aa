"""Months: their edges, and which of them are due."""

from datetime import date

import pytest

from odoo.addons.nox_voip_service.policy.months import (
    first_of_month,
    has_ended,
    is_billed_elsewhere,
    last_of_month,
    months_between,
    months_due,
    next_month,
    previous_month,
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
    ("day", "previous"),
    [
        (JAN, date(2025, 12, 1)),
        (date(2026, 1, 31), date(2025, 12, 1)),
        (MAR, FEB),
        (date(2026, 3, 31), FEB),
    ],
)
def test_the_month_before(day, previous):
    assert previous_month(day) == previous


@pytest.mark.parametrize("day", [MAR, date(2026, 3, 15), date(2026, 3, 31)])
def test_a_month_has_ended_on_the_first_of_the_next(day):
    assert not has_ended(day, date(2026, 3, 31))
    assert has_ended(day, APR)
    assert has_ended(day, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("month", "billed_until", "elsewhere"),
    [
        (FEB, MAR, True),
        (FEB, date(2026, 3, 31), True),
        (MAR, MAR, False),
        (MAR, date(2026, 3, 31), False),
        (APR, MAR, False),
        (LONG_AGO, None, False),
    ],
)
def test_months_that_another_system_billed(month, billed_until, elsewhere):
    assert is_billed_elsewhere(month, billed_until) is elsewhere
