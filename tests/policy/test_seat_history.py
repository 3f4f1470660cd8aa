"""What may stand in the history of users, and how they are written."""

import random
from datetime import date, timedelta

import pytest

from odoo.addons.nox_voip_service.policy.seat_history import (
    Use,
    clashes,
)
from odoo.addons.nox_voip_service.policy.seat_texts import (
    extension_text,
    text_problem,
)

DAY = date(2026, 3, 1)


def day(number):
    return DAY + timedelta(days=number)


def entry(key, first, last=None, extension="201", pbx="pbx", replaces=None):
    return Use(
        key, pbx, extension, day(first), None if last is None else day(last), replaces
    )


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (entry(1, 0, 5), entry(2, 6), False),
        (entry(1, 0, 5), entry(2, 5), True),
        (entry(1, 0), entry(2, 100), True),
        (entry(1, 0, 5), entry(2, 5, replaces=1), False),
        (entry(2, 5, replaces=1), entry(1, 0, 5), False),
        (entry(1, 0, 6), entry(2, 5, replaces=1), True),
        (entry(1, 0), entry(2, 0, extension="202"), False),
        (entry(1, 0), entry(2, 0, pbx="other"), False),
    ],
)
def test_one_extension_belongs_to_one_user_at_a_time(one, other, clash):
    assert bool(clashes([one, other])) is clash


def test_clashes_are_the_days_that_two_users_share():
    rng = random.Random(3)
    for _ in range(300):
        entries = [
            entry(key, first := rng.randrange(20), rng.choice([None, first, first + 4]))
            for key in range(4)
        ]
        days = {
            e.key: {
                n
                for n in range(60)
                if e.first <= day(n) <= (e.last or date(2027, 1, 1))
            }
            for e in entries
        }
        expected = {
            (a.key, b.key)
            for a in entries
            for b in entries
            if a.key < b.key and days[a.key] & days[b.key]
        }
        assert {(a.key, b.key) for a, b in clashes(entries)} == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(201, "201"), (201.0, "201"), ("201,0", "201"), ("0201", "0201"), ("A1", "A1")],
)
def test_extension_is_what_people_dial(value, text):
    assert extension_text(value) == text


@pytest.mark.parametrize("text", ["=1", "+31", "-x", "@sum", "\tx", "|cmd", "%x"])
def test_formula_is_refused(text):
    assert text_problem(text, 20) == "formula"
