"""Minutes to blocks, as tables that a reader can check with a pencil."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from odoo.addons.nox_voip_service.policy.errors import InvalidDuration, InvalidPolicy
from odoo.addons.nox_voip_service.policy.timeblocks import (
    BlockPolicy,
    Entry,
    blocks,
    blocks_of_first,
    capacity,
    first_minutes,
    frozen_entries,
    groups,
    held_minutes,
    hours_from_minutes,
    minutes_from_hours,
    minutes_paid_for,
    started_blocks,
)

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
QUARTER = BlockPolicy()
DAY = BlockPolicy(scope="day")
ENTRY = BlockPolicy(scope="entry")
GRACE = BlockPolicy(grace_minutes=5)


def on(day, *minutes):
    return [Entry(day, each) for each in minutes]


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        (0.25, 15),
        (0.58, 35),
        (1, 60),
        (24, 1440),
        (24.008, 1440),
        (0.0084, 1),
        (Decimal("0.33"), 20),
        (Fraction(1, 3), 20),
        (0.025, 2),  # 1.5 minutes: an exact half goes to the even minute
        (Decimal("0.041666666667"), 3),
    ],
)
def test_hours_to_minutes(hours, minutes):
    assert minutes_from_hours(hours) == minutes


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (True, "not_a_number"),
        (False, "not_a_number"),
        (None, "not_a_number"),
        ("1", "not_a_number"),
        (1j, "not_a_number"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (float("-inf"), "not_a_number"),
        (Decimal("NaN"), "not_a_number"),
        (Decimal("sNaN"), "not_a_number"),
        (Decimal("Infinity"), "not_a_number"),
        (0, "not_positive"),
        (-0.25, "not_positive"),
        (-1e308, "not_positive"),
        (0.008, "not_positive"),
        (Decimal(-1), "not_positive"),
        (24.01, "over_a_day"),
        (25, "over_a_day"),
        (1e308, "over_a_day"),
        (10**400, "over_a_day"),
        (Decimal("1e999"), "over_a_day"),
    ],
)
def test_refused_hours(hours, code):
    with pytest.raises(InvalidDuration) as caught:
        minutes_from_hours(hours)
    assert caught.value.code == code
    assert caught.value.params["hours"] is hours
    assert str(caught.value) == f"{code} hours={hours!r}"


@pytest.mark.parametrize("minutes", [1, 7, 20, 35, 59, 1440])
def test_hours_and_back(minutes):
    assert hours_from_minutes(minutes) * 60 == pytest.approx(minutes)
    assert minutes_from_hours(hours_from_minutes(minutes)) == minutes
    assert minutes_from_hours(round(hours_from_minutes(minutes), 2)) == minutes


@pytest.mark.parametrize(
    ("settings", "code", "params"),
    [
        ({"block_minutes": 0}, "not_positive", {"block": 0}),
        ({"block_minutes": -15}, "not_positive", {"block": -15}),
        ({"grace_minutes": -1}, "negative", {"grace": -1}),
        ({"grace_minutes": 15}, "grace_too_long", {"grace": 15, "block": 15}),
        ({"scope": "month"}, "unknown_value", {"scope": "month"}),
    ],
)
def test_refused_policies(settings, code, params):
    with pytest.raises(InvalidPolicy) as caught:
        BlockPolicy(**settings)
    assert (caught.value.code, caught.value.params) == (code, params)


def test_smallest_block():
    assert blocks(on(MONDAY, 7), BlockPolicy(block_minutes=1)) == 7
    assert BlockPolicy(grace_minutes=14).grace_minutes == 14


@pytest.mark.parametrize(
    ("minutes", "quarters", "with_grace"),
    [
        (-5, 0, 0),
        (0, 0, 0),
        (1, 1, 1),
        (5, 1, 1),
        (15, 1, 1),
        (16, 2, 1),
        (20, 2, 1),
        (21, 2, 2),
        (60, 4, 4),
        (61, 5, 4),
        (65, 5, 4),
        (66, 5, 5),
    ],
)
def test_started_blocks(minutes, quarters, with_grace):
    assert started_blocks(minutes, QUARTER) == quarters
    assert started_blocks(minutes, GRACE) == with_grace


@pytest.mark.parametrize(
    ("limit", "minutes", "with_grace"),
    [(-1, 0, 0), (0, 0, 0), (1, 15, 20), (4, 60, 65)],
)
def test_capacity(limit, minutes, with_grace):
    assert capacity(limit, QUARTER) == minutes
    assert capacity(limit, GRACE) == with_grace


def test_groups():
    entries = [*on(MONDAY, 5, 6), *on(TUESDAY, 7)]
    assert groups(entries, QUARTER) == [[5, 6, 7]]
    assert groups(entries, DAY) == [[5, 6], [7]]
    assert groups(entries, ENTRY) == [[5], [6], [7]]


@pytest.mark.parametrize(
    ("entries", "ticket", "day", "entry"),
    [
        ([], 0, 0, 0),
        (on(MONDAY, 10), 1, 1, 1),
        (on(MONDAY, 5, 5, 5), 1, 1, 3),
        (on(MONDAY, 35) * 6, 14, 14, 18),
        (on(MONDAY, 5, 5) + on(TUESDAY, 5), 1, 2, 3),
        (on(MONDAY, 16) + on(TUESDAY, 14), 2, 3, 3),
    ],
)
def test_blocks(entries, ticket, day, entry):
    assert blocks(entries, QUARTER) == ticket
    assert blocks(entries, DAY) == day
    assert blocks(entries, ENTRY) == entry


@pytest.mark.parametrize(
    ("minutes", "first", "ticket", "entry"),
    [
        (0, [], 0, 0),
        (1, [1], 1, 1),
        (50, [50], 4, 4),
        (60, [50, 10], 4, 5),
        (80, [50, 30], 6, 6),
        (999, [50, 30], 6, 6),
    ],
)
def test_blocks_of_first(minutes, first, ticket, entry):
    entries = on(MONDAY, 50, 30)
    assert first_minutes(entries, minutes) == on(MONDAY, *first)
    assert blocks_of_first(entries, minutes, QUARTER) == ticket
    assert blocks_of_first(entries, minutes, ENTRY) == entry


def test_first_minutes_keep_their_day():
    entries = [*on(MONDAY, 10), *on(TUESDAY, 10)]
    assert first_minutes(entries, 15) == [*on(MONDAY, 10), *on(TUESDAY, 5)]


@pytest.mark.parametrize(
    ("entries", "limit", "policy", "held"),
    [
        (on(MONDAY, 95), None, QUARTER, 0),
        (on(MONDAY, 95), 6, QUARTER, 5),
        (on(MONDAY, 95), 0, QUARTER, 95),
        (on(MONDAY, 61), 4, QUARTER, 1),
        (on(MONDAY, 60), 4, QUARTER, 0),
        (on(MONDAY, 66), 4, GRACE, 1),
        (on(MONDAY, 3), 0, GRACE, 3),
        # Scope entry: 30 + 30 use four blocks, the third entry is held whole.
        (on(MONDAY, 30, 30, 30), 4, ENTRY, 30),
        (on(MONDAY, 30, 30, 30), 5, ENTRY, 15),
        (on(MONDAY, 50, 20), 5, ENTRY, 5),
        # Scope day: Monday's 20 minutes use two blocks, Tuesday has one left.
        ([*on(MONDAY, 10, 10), *on(TUESDAY, 10, 10)], 3, DAY, 5),
        # What one group is over the limit is not made up for by the next.
        ([*on(MONDAY, 40), *on(TUESDAY, 10)], 2, DAY, 20),
    ],
)
def test_held(entries, limit, policy, held):
    assert held_minutes(entries, limit, policy) == held


@pytest.mark.parametrize(
    ("entries", "settled", "policy", "frozen"),
    [
        ([], 2, QUARTER, 0),
        (on(MONDAY, 20), 0, QUARTER, 0),
        (on(MONDAY, 20), 0, GRACE, 0),
        (on(MONDAY, 20), 2, QUARTER, 1),
        (on(MONDAY, 20, 5), 2, QUARTER, 2),
        (on(MONDAY, 20, 10, 1), 2, QUARTER, 2),
        (on(MONDAY, 20, 11, 1), 2, QUARTER, 2),
        (on(MONDAY, 20, 30), 2, QUARTER, 2),
        (on(MONDAY, 20, 15, 1), 2, GRACE, 2),
        (on(MONDAY, 20, 14, 1, 1), 2, GRACE, 3),
        (on(MONDAY, 20, 20, 20), 2, ENTRY, 1),
        (on(MONDAY, 20, 20, 20), 3, ENTRY, 2),
        ([*on(MONDAY, 5, 5), *on(TUESDAY, 5)], 1, DAY, 2),
        ([*on(MONDAY, 5, 5), *on(TUESDAY, 5)], 2, DAY, 3),
        ([*on(MONDAY, 20, 20), *on(TUESDAY, 5)], 1, DAY, 1),
    ],
)
def test_frozen(entries, settled, policy, frozen):
    assert frozen_entries(entries, settled, policy) == frozen


@pytest.mark.parametrize(
    ("entries", "settled", "policy", "minutes"),
    [
        ([], 2, QUARTER, 0),
        (on(MONDAY, 20), 0, QUARTER, 0),
        (on(MONDAY, 20), 2, QUARTER, 20),
        (on(MONDAY, 20, 15), 2, QUARTER, 30),
        (on(MONDAY, 20, 16), 2, GRACE, 35),
        (on(MONDAY, 5, 5, 50, 30), 6, ENTRY, 60),
        ([*on(MONDAY, 10, 10), *on(TUESDAY, 20)], 3, DAY, 35),
    ],
)
def test_minutes_paid_for(entries, settled, policy, minutes):
    assert minutes_paid_for(entries, settled, policy) == minutes
