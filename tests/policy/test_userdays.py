"""The days of each user add up to the user-days of the bill."""

import random
from datetime import date

import pytest

from odoo.addons.nox_voip_service.policy.months import (
    months_between,
)
from odoo.addons.nox_voip_service.policy.seats import (
    PlanPeriod,
    Seat,
    charges,
)
from odoo.addons.nox_voip_service.policy.userdays import (
    user_days,
)

from . import simulated_pbx

MARCH = date(2026, 3, 1)


def march(day):
    return date(2026, 3, day)


@pytest.mark.parametrize(
    ("seats", "period", "found"),
    [
        ([], PlanPeriod("c", MARCH), []),
        (
            [Seat("a", date(2026, 1, 5)), Seat("b", march(12), march(20))],
            PlanPeriod("c", date(2026, 1, 1)),
            [("a", 1, 31, 31), ("b", 12, 20, 9)],
        ),
        (
            [Seat("door", MARCH, charged=False)],
            PlanPeriod("c", MARCH),
            [],
        ),
        # The plan starts or ends within the month.
        (
            [Seat("a", MARCH)],
            PlanPeriod("c", march(10), march(19)),
            [("a", 10, 19, 10)],
        ),
        ([Seat("a", MARCH)], PlanPeriod("c", date(2026, 4, 1)), []),
        # On the day of the change two users are one.
        (
            [Seat("a", MARCH, march(11)), Seat("b", march(11), replaces="a")],
            PlanPeriod("c", MARCH),
            [("a", 1, 11, 11), ("b", 12, 31, 20)],
        ),
        (
            [Seat("a", MARCH, march(10)), Seat("b", march(11), replaces="a")],
            PlanPeriod("c", MARCH),
            [("a", 1, 10, 10), ("b", 11, 31, 21)],
        ),
        # A month that is what its first day was.
        (
            [Seat("a", MARCH, march(5)), Seat("b", march(2))],
            PlanPeriod("c", MARCH, policy="first_day"),
            [("a", 1, 5, 31), ("b", 2, 31, 0)],
        ),
        (
            [Seat("a", MARCH)],
            PlanPeriod("c", march(2), policy="first_day"),
            [("a", 2, 31, 0)],
        ),
    ],
)
def test_user_days(seats, period, found):
    assert [
        (user.key, user.first.day, user.last.day, user.days)
        for user in user_days(seats, period, march(15))
    ] == found


def test_days_of_all_users_are_what_is_billed():
    rng = random.Random(20260301)
    for _each in range(150):
        seats = simulated_pbx.seats(rng)
        period = PlanPeriod(
            0, simulated_pbx.FIRST, policy=rng.choice(["prorated", "first_day"])
        )
        for month in months_between(simulated_pbx.FIRST, simulated_pbx.LAST):
            (charge,) = charges(seats, [period], [month])
            assert sum(user.days for user in user_days(seats, period, month)) == sum(
                line.users * line.days for line in charge.lines
            )
