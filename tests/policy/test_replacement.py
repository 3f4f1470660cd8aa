"""Leaver and successor are one user: the spans of their place."""

from datetime import date
from decimal import Decimal

import pytest

from odoo.addons.nox_voip_service.policy.days import (
    Span,
)
from odoo.addons.nox_voip_service.policy.seats import (
    Line,
    Seat,
    charges,
    spans,
    users_on,
)

from .month_cases import CONTRACT, MARCH, march, staff


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
    (charge,) = charges(seats, [CONTRACT], [MARCH])
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
