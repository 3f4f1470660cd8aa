"""Users of a month: cases for the pencil, and histories against the day book."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from odoo.addons.nox_voip_service.policy.errors import InvalidPeriod, InvalidPolicy
from odoo.addons.nox_voip_service.policy.periods import (
    Existing,
    months_between,
    reconcile,
)
from odoo.addons.nox_voip_service.policy.seats import (
    Charge,
    Line,
    PlanPeriod,
    Seat,
    Span,
    charges,
    month_charges,
    spans,
    users_on,
)

from . import daybook, histories

MARCH = date(2026, 3, 1)
CONTRACT = PlanPeriod("contract", date(2026, 1, 1), price=Decimal("4.50"))


def march(day):
    return date(2026, 3, day)


def staff(count, **values):
    """So many users who were there before March."""
    return [Seat(f"s{n}", date(2026, 1, 1), **values) for n in range(count)]


def months(found):
    """``[(period, quantity)]`` as text, for short tables."""
    return [(charge.period, str(charge.quantity)) for charge in found]


# --- one period ------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "quantity", "lines"),
    [
        ([], "0.00", []),
        (staff(24), "24.00", [(24, None, None, 31)]),
        (
            [*staff(24), Seat("a", march(12)), Seat("b", march(12))],
            "25.29",
            [(24, None, None, 31), (2, march(12), None, 20)],
        ),
        (
            [*staff(2), Seat("a", date(2026, 1, 5), march(11))],
            "2.35",
            [(2, None, None, 31), (1, None, march(11), 11)],
        ),
        ([Seat("a", march(1), march(31))], "1.00", [(1, None, None, 31)]),
        ([Seat("a", march(31))], "0.03", [(1, march(31), None, 1)]),
        ([Seat("a", march(1), march(1))], "0.03", [(1, None, march(1), 1)]),
        ([Seat("a", march(10), march(12))], "0.10", [(1, march(10), march(12), 3)]),
        ([Seat("a", date(2026, 4, 1))], "0.00", []),
        ([Seat("a", date(2026, 1, 1), date(2026, 2, 28))], "0.00", []),
        # A door phone is no user.
        (staff(3, charged=False), "0.00", []),
        ([Seat("a", march(27))], "0.16", [(1, march(27), None, 5)]),
        # In the order of their first day; who leaves earlier stands below.
        (
            [
                Seat("a", march(20)),
                Seat("b", march(5), march(8)),
                Seat("c", march(5)),
                Seat("d", date(2026, 1, 1), march(2)),
            ],
            "1.45",
            [
                (1, None, march(2), 2),
                (1, march(5), None, 27),
                (1, march(5), march(8), 4),
                (1, march(20), None, 12),
            ],
        ),
    ],
)
def test_prorated(seats, quantity, lines):
    assert month_charges(seats, [CONTRACT], march(17)) == [
        Charge(
            "contract",
            MARCH,
            Decimal(quantity),
            Decimal("4.50"),
            tuple(Line(*line, 31) for line in lines),
        )
    ]


@pytest.mark.parametrize(
    ("month", "first", "quantity"),
    [
        (date(2028, 2, 1), date(2028, 2, 29), "0.03"),
        (date(2027, 2, 1), date(2027, 2, 15), "0.50"),
        (date(2027, 2, 1), date(2027, 2, 22), "0.25"),
        (date(2026, 4, 1), date(2026, 4, 30), "0.03"),
        (date(2026, 12, 1), date(2026, 12, 31), "0.03"),
    ],
)
def test_length_of_the_month(month, first, quantity):
    found = month_charges([Seat("a", first)], [CONTRACT], month)
    assert months(found) == [("contract", quantity)]


@pytest.mark.parametrize(
    ("seats", "quantity", "lines"),
    [
        ([*staff(24), Seat("a", march(2))], "24.00", [(24, None, None, 31)]),
        ([*staff(2), Seat("a", march(1), march(1))], "3.00", [(3, None, None, 31)]),
        ([Seat("a", date(2026, 1, 1), date(2026, 2, 28))], "0.00", []),
    ],
)
def test_first_day(seats, quantity, lines):
    plan = PlanPeriod("contract", date(2026, 1, 1), policy="first_day")
    assert month_charges(seats, [plan], MARCH) == [
        Charge(
            "contract",
            MARCH,
            Decimal(quantity),
            Decimal(0),
            tuple(Line(*line, 31) for line in lines),
        )
    ]


# --- replacement -----------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "found"),
    [
        # On the same day, the day after, with a gap, and with days together.
        (
            [Seat(1, march(1), march(11)), Seat(2, march(11), replaces=1)],
            [Span(march(1), None)],
        ),
        (
            [Seat(1, march(1), march(11)), Seat(2, march(12), replaces=1)],
            [Span(march(1), None)],
        ),
        (
            [Seat(1, march(1), march(11)), Seat(2, march(13), replaces=1)],
            [Span(march(1), march(11)), Span(march(13), None)],
        ),
        (
            [Seat(1, march(1), march(11)), Seat(2, march(9), replaces=1)],
            [Span(march(1), march(11)), Span(march(10), None)],
        ),
        (
            [Seat(1, march(1)), Seat(2, march(9), replaces=1)],
            [Span(march(1), None), Span(march(10), None)],
        ),
        # The successor stays one day longer than the leaver.
        (
            [Seat(1, march(1), march(11)), Seat(2, march(11), march(12), replaces=1)],
            [Span(march(1), march(12))],
        ),
        # Not linked: the day counts twice.
        (
            [Seat(1, march(1), march(11)), Seat(2, march(11))],
            [Span(march(1), march(11)), Span(march(11), None)],
        ),
        # A chain, in any order, and one who stays a single day.
        (
            [
                Seat(3, march(20), march(25), replaces=2),
                Seat(2, march(11), march(20), replaces=1),
                Seat(1, march(1), march(11)),
            ],
            [Span(march(1), march(25))],
        ),
        (
            [
                Seat(1, march(1), march(11)),
                Seat(3, march(11), march(25), replaces=2),
                Seat(2, march(11), march(11), replaces=1),
            ],
            [Span(march(1), march(25))],
        ),
        (
            [
                Seat(1, march(1), march(11)),
                Seat(2, march(11), march(11), replaces=1),
                Seat(3, march(12), march(25), replaces=2),
            ],
            [Span(march(1), march(25))],
        ),
        # Two claim one place: the first to come has it.
        (
            [
                Seat(1, march(1), march(11)),
                Seat(2, march(11), march(20), replaces=1),
                Seat(3, march(11), march(21), replaces=1),
            ],
            [Span(march(1), march(20)), Span(march(11), march(21))],
        ),
        # Links that mean nothing: to nobody, to oneself, in a circle, to later.
        ([Seat(1, march(1), replaces=9)], [Span(march(1), None)]),
        ([Seat(1, march(1), replaces=1)], [Span(march(1), None)]),
        (
            [Seat(1, march(1), replaces=2), Seat(2, march(1), replaces=1)],
            [Span(march(1), None)] * 2,
        ),
        (
            [
                Seat(1, march(1), replaces=2),
                Seat(2, march(1), replaces=3),
                Seat(3, march(1), replaces=2),
            ],
            [Span(march(1), None), Span(march(2), None), Span(march(1), None)],
        ),
        (
            [Seat(1, march(1), march(5), replaces=2), Seat(2, march(3), march(9))],
            [Span(march(1), march(5)), Span(march(3), march(9))],
        ),
        # A fax hands over nothing, and takes over nothing.
        (
            [
                Seat(1, march(1), march(11), charged=False),
                Seat(2, march(11), replaces=1),
            ],
            [Span(march(11), None)],
        ),
        (
            [
                Seat(1, march(1), march(11)),
                Seat(2, march(11), replaces=1, charged=False),
            ],
            [Span(march(1), march(11))],
        ),
        # Sorted by the first day, then by the last.
        (
            [Seat(1, march(9)), Seat(2, march(9), march(12)), Seat(3, march(1))],
            [Span(march(1), None), Span(march(9), march(12)), Span(march(9), None)],
        ),
    ],
)
def test_spans(seats, found):
    assert sorted(spans(seats), key=str) == sorted(found, key=str)


def test_spans_are_sorted():
    seats = [Seat(1, march(9)), Seat(2, march(9), march(12)), Seat(3, march(1))]
    assert [span.first for span in spans(seats)] == [march(1), march(9), march(9)]
    assert spans(seats)[1].last == march(12)


def test_replacement_is_one_user_of_the_month():
    seats = [
        *staff(23),
        Seat("leaver", date(2026, 1, 1), march(11)),
        Seat("successor", march(11), replaces="leaver"),
    ]
    (charge,) = month_charges(seats, [CONTRACT], MARCH)
    assert charge.quantity == Decimal(24)
    assert charge.lines == (Line(24, None, None, 31, 31),)
    assert users_on(seats, march(11)) == 24


def test_users_on():
    seats = [
        Seat(1, march(5), march(7)),
        Seat(2, march(7)),
        Seat(3, march(7), charged=False),
    ]
    found = [users_on(seats, march(day)) for day in (4, 5, 7, 8)]
    assert found == [0, 1, 2, 1]


# --- several periods in a month --------------------------------------------


def test_parts_of_a_month_add_up():
    """A user in three parts of a month of 31 days: 10/31, 10/31 and 11/31. Each
    rounded by itself would be 0.32 + 0.32 + 0.35 = 0.99."""
    plans = [
        PlanPeriod("c", march(21)),
        PlanPeriod("a", march(1), march(10)),
        PlanPeriod("b", march(11), march(20)),
    ]
    found = month_charges(staff(1), plans, MARCH)
    assert months(found) == [("a", "0.32"), ("b", "0.33"), ("c", "0.35")]
    assert [charge.lines for charge in found] == [
        (Line(1, None, march(10), 10, 31),),
        (Line(1, march(11), march(20), 10, 31),),
        (Line(1, march(21), None, 11, 31),),
    ]


def test_new_price_in_mid_month():
    plans = [
        PlanPeriod("old", date(2026, 1, 1), march(15), Decimal("4.50")),
        PlanPeriod("new", march(16), None, Decimal("4.75")),
    ]
    found = month_charges(staff(10), plans, MARCH)
    assert [(str(c.quantity), str(c.price)) for c in found] == [
        ("4.84", "4.50"),
        ("5.16", "4.75"),
    ]


@pytest.mark.parametrize(
    ("plans", "quantities"),
    [
        # The plan of the first day carries the month, whatever follows.
        (
            [("a", 1, 15, "first_day"), ("b", 16, None, "prorated")],
            [("a", "10.00"), ("b", "0.00")],
        ),
        (
            [("a", 1, 10, "first_day"), ("b", 11, 20, "first_day")],
            [("a", "10.00"), ("b", "0.00")],
        ),
        (
            [
                ("a", 1, 10, "first_day"),
                ("b", 11, 20, "first_day"),
                ("c", 21, None, "prorated"),
            ],
            [("a", "10.00"), ("b", "0.00"), ("c", "0.00")],
        ),
        # A first_day plan that starts later bills from the next month.
        ([("a", 2, None, "first_day")], [("a", "0.00")]),
        (
            [("a", 1, 15, "prorated"), ("b", 16, None, "first_day")],
            [("a", "4.84"), ("b", "0.00")],
        ),
        (
            [
                ("a", 1, 10, "prorated"),
                ("b", 11, 20, "first_day"),
                ("c", 21, None, "prorated"),
            ],
            [("a", "3.23"), ("b", "0.00"), ("c", "3.54")],
        ),
        # A pause between two plans.
        (
            [("a", 1, 10, "prorated"), ("b", 21, None, "prorated")],
            [("a", "3.23"), ("b", "3.54")],
        ),
    ],
)
def test_policies_in_one_month(plans, quantities):
    periods = [
        PlanPeriod(key, march(start), end and march(end), policy=policy)
        for key, start, end, policy in plans
    ]
    found = month_charges(staff(10), periods, MARCH)
    assert months(found) == quantities
    for charge in found:
        assert bool(charge.lines) == bool(charge.quantity)


def test_no_period_in_the_month():
    assert month_charges(staff(3), [], MARCH) == []
    later = PlanPeriod("later", date(2026, 4, 1))
    earlier = PlanPeriod("earlier", date(2026, 1, 1), date(2026, 2, 28))
    assert month_charges(staff(3), [later, earlier], MARCH) == []


def test_first_and_last_day_are_in():
    for plan in (
        PlanPeriod("p", march(31)),
        PlanPeriod("p", date(2026, 1, 1), march(1)),
    ):
        assert months(month_charges(staff(31), [plan], MARCH)) == [("p", "1.00")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PlanPeriod("a", march(1), march(10)), PlanPeriod("b", march(10))),
        (PlanPeriod("a", march(1)), PlanPeriod("b", march(10))),
        (PlanPeriod("a", march(1), march(1)), PlanPeriod("b", march(1))),
    ],
)
def test_overlapping_periods_are_refused(one, other):
    for periods in ([one, other], [other, one]):
        with pytest.raises(InvalidPeriod) as caught:
            month_charges([], periods, MARCH)
        assert caught.value.code == "overlap"
        assert set(caught.value.params.values()) == {"a", "b"}


def test_dates_in_the_wrong_order_are_refused():
    for make in (Seat, PlanPeriod):
        with pytest.raises(InvalidPeriod) as caught:
            make("x", march(2), march(1))
        assert caught.value.code == "end_before_start"
        assert caught.value.params == {
            "key": "x",
            "first": march(2),
            "last": march(1),
        }
        assert make("x", march(2), march(2))


def test_unknown_policy_is_refused():
    with pytest.raises(InvalidPolicy) as caught:
        PlanPeriod("x", MARCH, policy="yearly")
    assert caught.value.code == "unknown_value"
    assert caught.value.params == {"policy": "yearly"}


# --- histories of 36 months ------------------------------------------------


def check_history(seats, periods):
    """Every month of a history against the day book."""
    first, last = histories.FIRST, histories.LAST
    found = charges(seats, periods, months_between(first, last))
    quantities, count = daybook.write(seats, periods, first, last)
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
    first, last = histories.FIRST, histories.LAST
    existing, lines = {}, defaultdict(Decimal)
    for seats, periods in versions:
        due = charges(seats, periods, months_between(first, last))
        for step in reconcile(due, existing.values(), correct_from=first):
            rounded = daybook.rounded(Fraction(step.quantity) * Fraction(step.price))
            assert abs(step.rounding) <= daybook.CENT
            lines[step.month, step.price] += rounded + step.rounding
            existing[step.period, step.month, step.revision] = Existing(
                *step[1:6], rounded + step.rounding
            )
        quantities, _count = daybook.write(seats, periods, first, last)
        billed = {key: amount for key, amount in lines.items() if amount}
        due = daybook.amounts(quantities, periods)
        assert billed == {key: amount for key, amount in due.items() if amount}


def explain(charge, explained):
    """Add the users that the lines of a charge show, day by day."""
    for line in charge.lines:
        last_day = charge.month.replace(day=line.month_days)
        named = list(daybook.days(line.first or charge.month, line.last or last_day))
        assert len(named) == line.days
        for day in named:
            explained[day] += line.users


def test_histories():
    """The more examples the profile asks for, the more histories of 36 months."""
    for seed in range(max(12, settings().max_examples)):
        rng = random.Random(seed)
        check_history(histories.seats(rng), histories.periods(rng))


def test_corrected_histories_add_up_to_the_cent():
    for seed in range(max(12, settings().max_examples)):
        check_amounts(corrected_history(random.Random(seed)))


def corrected_history(rng):
    """Other users, then other plans at other prices too."""
    periods = histories.periods(rng)
    yield histories.seats(rng), periods
    yield histories.seats(rng), periods
    yield histories.seats(rng), histories.periods(rng)


@given(st.randoms(use_true_random=False))
def test_any_history(rng):
    check_history(histories.seats(rng), histories.periods(rng))


@given(st.randoms(use_true_random=False))
def test_any_corrected_history(rng):
    check_amounts(corrected_history(rng))
