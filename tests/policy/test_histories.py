"""Histories of 36 months against the day book."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings, strategies as st

from odoo.addons.nox_voip_service.policy.months import (
    months_between,
)
from odoo.addons.nox_voip_service.policy.reconcile import (
    Existing,
    reconcile,
)
from odoo.addons.nox_voip_service.policy.seats import (
    charges,
    users_on,
)

from . import oracle_days, simulated_pbx


def check_history(seats, periods):
    """Every month of a history against the day book."""
    first, last = simulated_pbx.FIRST, simulated_pbx.LAST
    found = charges(seats, periods, months_between(first, last))
    quantities, count = oracle_days.write(seats, periods, first, last)
    assert {(c.period, c.month): c.quantity for c in found} == quantities
    policy = {period.key: period.policy for period in periods}
    explained = defaultdict(int)
    for charge in found:
        if policy[charge.period] == "prorated":
            explain(charge, explained)
        assert charge.quantity >= 0
    for day, users in explained.items():
        assert users == count[day], day
    for day in (first, last, date(2028, 2, 29)):
        assert users_on(seats, day) == count[day]


def check_amounts(versions):
    """The same history, corrected from version to version and billed after each: at
    each price the lines of a month come to what one line would have been."""
    first, last = simulated_pbx.FIRST, simulated_pbx.LAST
    existing, lines = {}, defaultdict(Decimal)
    for seats, periods in versions:
        due = charges(seats, periods, months_between(first, last))
        for step in reconcile(due, existing.values(), correct_from=first):
            rounded = oracle_days.rounded(
                Fraction(step.quantity) * Fraction(step.price)
            )
            assert abs(step.rounding) <= oracle_days.CENT
            lines[step.month, step.price] += rounded + step.rounding
            existing[step.period, step.month, step.revision] = Existing(
                *step[1:6], rounded + step.rounding
            )
        quantities, _count = oracle_days.write(seats, periods, first, last)
        billed = {key: amount for key, amount in lines.items() if amount}
        due = oracle_days.amounts(quantities, periods)
        assert billed == {key: amount for key, amount in due.items() if amount}


def explain(charge, explained):
    """Add the users that the lines of a charge show, day by day."""
    for line in charge.lines:
        last_day = charge.month.replace(day=line.month_days)
        named = list(
            oracle_days.days(line.first or charge.month, line.last or last_day)
        )
        assert len(named) == line.days
        for day in named:
            explained[day] += line.users


def test_histories():
    """The more examples the profile asks for, the more histories of 36 months."""
    for seed in range(max(12, settings().max_examples)):
        rng = random.Random(seed)
        check_history(simulated_pbx.seats(rng), simulated_pbx.periods(rng))


def test_corrected_histories_add_up_to_the_cent():
    for seed in range(max(12, settings().max_examples)):
        check_amounts(corrected_history(random.Random(seed)))


def corrected_history(rng):
    """Other users, then other plans at other prices too."""
    periods = simulated_pbx.periods(rng)
    yield simulated_pbx.seats(rng), periods
    yield simulated_pbx.seats(rng), periods
    yield simulated_pbx.seats(rng), simulated_pbx.periods(rng)


@given(st.randoms(use_true_random=False))
def test_any_history(rng):
    check_history(simulated_pbx.seats(rng), simulated_pbx.periods(rng))


@given(st.randoms(use_true_random=False))
def test_any_corrected_history(rng):
    check_amounts(corrected_history(rng))
