"""What may stand in the history of users, and who comes and goes."""

import random
from datetime import date, timedelta

import pytest

from odoo.addons.nox_voip_service.policy.seat_history import (
    Use,
    clashes,
    extension_for,
    last_day,
    next_extension,
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


def test_clashes_come_in_the_order_of_the_entries():
    uses = [entry(3, 4), entry(1, 0), entry(2, 9)]
    assert [(a.key, b.key) for a, b in clashes(uses)] == [(3, 1), (3, 2), (1, 2)]


def test_a_leaver_stays_to_the_day_and_his_successor_starts_on_it():
    assert last_day("remove", date(2026, 3, 1)) == date(2026, 3, 1)
    assert last_day("replace", date(2026, 3, 1)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("extensions", "following"),
    [
        (["201"], "202"),
        (["201", "209", "205"], "210"),
        (["99", "201", "1000"], "1001"),
        # Zeros in front stay, as far as there is room.
        (["0201", "0209"], "0210"),
        (["099"], "100"),
        (["999"], "1000"),
        (["201", "front desk", "A7", "2O9", ""], "202"),
        (["front desk"], ""),
        ([], ""),
    ],
)
def test_the_number_after_the_highest(extensions, following):
    assert next_extension(extensions) == following


@pytest.mark.parametrize(
    ("kind", "asked", "leavers", "found"),
    [
        ("add", "", "", "210"),
        ("add", None, "201", "210"),
        ("add", "205", "", "205"),
        ("replace", "", "201", "201"),
        ("replace", "205", "201", "205"),
        ("replace", None, None, "210"),
    ],
)
def test_extension_of_who_comes(kind, asked, leavers, found):
    assert extension_for(kind, asked, leavers, "210") == found
