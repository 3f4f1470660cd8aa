"""Which plan counts on a day, and from when another one does."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.plans import (
    later_start,
    plan_on,
    running_plan,
)

JAN, MAR, JUL = date(2026, 1, 1), date(2026, 3, 12), date(2026, 7, 1)
DAY = timedelta(days=1)
HISTORY = [(JAN, "standard"), (MAR, "contract"), (JUL, "standard")]


@pytest.mark.parametrize(
    ("day", "plan"),
    [
        (JAN - DAY, None),
        (JAN, "standard"),
        (MAR - DAY, "standard"),
        (MAR, "contract"),
        (JUL - DAY, "contract"),
        (JUL, "standard"),
        (date(2099, 1, 1), "standard"),
    ],
)
def test_a_plan_counts_until_the_next_one(day, plan):
    assert plan_on(HISTORY, day) == plan
    # As long as nobody ended the service it runs under that plan.
    assert running_plan(HISTORY, day, None) == plan


@pytest.mark.parametrize(
    ("day", "ended_on", "plan"),
    [
        (MAR, MAR + DAY, "contract"),
        (MAR, MAR, "contract"),
        (MAR + DAY, MAR, None),
        (JUL, MAR, None),
        (JAN - DAY, MAR, None),
    ],
)
def test_nothing_runs_after_the_last_day_of_the_service(day, ended_on, plan):
    assert running_plan(HISTORY, day, ended_on) == plan


def test_a_request_after_the_end_counts_by_the_last_plan():
    assert plan_on(HISTORY[:2], date(2027, 1, 1)) == "contract"
    assert running_plan(HISTORY[:2], date(2027, 1, 1), JUL) is None


@pytest.mark.parametrize(
    ("day", "plan", "start"),
    [
        (JAN, "standard", MAR),
        (MAR - DAY, "standard", MAR),
        # On its first day it does not start later any more.
        (MAR, "contract", JUL),
        (MAR, "standard", None),
        (JUL, "standard", None),
        # Before everything, the first plan that is another one.
        (JAN - DAY, "contract", JAN),
        (JAN - DAY, "standard", MAR),
    ],
)
def test_the_first_day_of_another_plan(day, plan, start):
    assert later_start(HISTORY, day, plan) == start


def test_without_plans_there_is_none():
    assert plan_on([], JAN) is None
    assert later_start([], JAN, "standard") is None


day_numbers = st.integers(0, 60)


@given(
    starts=st.lists(
        st.tuples(day_numbers, st.sampled_from("SCE")), unique_by=lambda each: each[0]
    ),
    number=day_numbers,
)
def test_the_plan_of_a_day_lasts_until_a_later_start(starts, number):
    history = [(JAN + n * DAY, plan) for n, plan in sorted(starts)]
    day = JAN + number * DAY
    plan = plan_on(history, day)
    change = later_start(history, day, plan)
    until = change or day + 100 * DAY
    for n in range((until - day).days):
        assert plan_on(history, day + n * DAY) == plan
    if change:
        assert plan_on(history, change) != plan
