"""Users of a month: cases for the pencil."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.nox_voip_service.policy.errors import InvalidPeriod, InvalidPolicy
from odoo.addons.nox_voip_service.policy.seats import (
    Charge,
    Line,
    PlanPeriod,
    Seat,
    charges,
)

from .month_cases import CONTRACT, MARCH, march, staff


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
    assert charges(seats, [CONTRACT], [march(17)]) == [
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
    found = charges([Seat("a", first)], [CONTRACT], [month])
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
    assert charges(seats, [plan], [MARCH]) == [
        Charge(
            "contract",
            MARCH,
            Decimal(quantity),
            Decimal(0),
            tuple(Line(*line, 31) for line in lines),
        )
    ]


# --- several periods in a month --------------------------------------------


def test_parts_of_a_month_add_up():
    """A user in three parts of a month of 31 days: 10/31, 10/31 and 11/31. Each
    rounded by itself would be 0.32 + 0.32 + 0.35 = 0.99."""
    plans = [
        PlanPeriod("c", march(21)),
        PlanPeriod("a", march(1), march(10)),
        PlanPeriod("b", march(11), march(20)),
    ]
    found = charges(staff(1), plans, [MARCH])
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
    found = charges(staff(10), plans, [MARCH])
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
    found = charges(staff(10), periods, [MARCH])
    assert months(found) == quantities
    for charge in found:
        assert bool(charge.lines) == bool(charge.quantity)


def test_no_period_in_the_month():
    assert charges(staff(3), [], [MARCH]) == []
    later = PlanPeriod("later", date(2026, 4, 1))
    earlier = PlanPeriod("earlier", date(2026, 1, 1), date(2026, 2, 28))
    assert charges(staff(3), [later, earlier], [MARCH]) == []


def test_first_and_last_day_are_in():
    for plan in (
        PlanPeriod("p", march(31)),
        PlanPeriod("p", date(2026, 1, 1), march(1)),
    ):
        assert months(charges(staff(31), [plan], [MARCH])) == [("p", "1.00")]


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
            charges([], periods, [MARCH])
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
