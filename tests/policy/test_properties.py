"""What holds for any list of entries, and for any order of events.

Each property runs twice: over thousands of plain seeded cases, which cost
milliseconds, and under hypothesis, which looks for the nasty ones and shrinks them
(10,000 examples with ``--hypothesis-profile=thorough``).
"""

import random
from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from odoo.addons.nox_voip_service.policy.limit import (
    LimitPolicy,
)
from odoo.addons.nox_voip_service.policy.timeblocks import (
    BlockPolicy,
    Entry,
    blocks,
    blocks_of_first,
    first_minutes,
    frozen_entries,
    held_minutes,
    minutes_from_hours,
    minutes_paid_for,
)

from . import oracle_minutes
from .simulated_tickets import Story

MONDAY = date(2026, 3, 2)
TOP = 40 * 1440
POLICIES = [
    BlockPolicy(block, grace, scope)
    for block, grace in ((15, 0), (15, 5), (15, 14), (1, 0), (60, 10))
    for scope in ("ticket", "day", "entry")
]
STORIES = [
    LimitPolicy(BlockPolicy(15, grace, scope), threshold, 45, billing)
    for grace in (0, 5)
    for scope in ("ticket", "day", "entry")
    for threshold in (60, 50, None)
    for billing in ("actual_capped", "fixed")
]


def shape(policy):
    return policy.block_minutes, policy.grace_minutes, policy.scope


def by_ladder(entries, policy):
    """Blocks of the entries, by counting up."""
    steps = oracle_minutes.ladder(policy.block_minutes, policy.grace_minutes, TOP)
    return sum(
        steps[sum(minutes for _number, minutes in group)]
        for group in oracle_minutes.split(entries, policy.scope)
    )


def check_blocks(entries, policy):
    count = blocks(entries, policy)
    assert count == by_ladder(entries, policy)
    worked = sum(entry.minutes for entry in entries)
    assert blocks_of_first(entries, worked, policy) == count
    assert held_minutes(entries, count, policy) == 0
    assert frozen_entries(entries, count, policy) == len(entries)
    assert held_minutes(entries, 0, policy) == worked
    assert frozen_entries(entries, 0, policy) == 0


def check_limit(entries, limit, policy):
    """Everything that a limit in blocks decides, against the minute walk."""
    _started, held, below = oracle_minutes.walk(entries, *shape(policy), limit=limit)
    assert held_minutes(entries, limit, policy) == held
    frozen = frozen_entries(entries, limit, policy)
    assert below == set(range(frozen)), "the frozen entries lead"
    paid = minutes_paid_for(entries, limit, policy)
    assert paid + held == sum(entry.minutes for entry in entries)
    assert blocks_of_first(entries, paid, policy) <= limit


def check_first(entries, minutes, policy):
    first = first_minutes(entries, minutes)
    started = oracle_minutes.walk(first, *shape(policy))[0]
    assert sum(e.minutes for e in first) == min(
        minutes, sum(e.minutes for e in entries)
    )
    assert [e.day for e in first] == [e.day for e in entries[: len(first)]]
    assert blocks_of_first(entries, minutes, policy) == started


def check_typed(minutes):
    """Exact hours and hours of two decimals come back as the same minutes."""
    assert minutes_from_hours(minutes / 60) == minutes
    assert minutes_from_hours(round(minutes / 60, 2)) == minutes


# --- plain cases -----------------------------------------------------------


def seeded_entries(rng, most, longest):
    day, entries = MONDAY, []
    for _entry in range(rng.randint(1, most)):
        day += timedelta(rng.random() < 0.3)
        # Short ones matter most: half of them under an hour.
        top = longest if rng.random() < 0.5 else min(60, longest)
        entries.append(Entry(day, rng.randint(1, top)))
    return entries


def test_ten_thousand_lists_of_entries():
    rng = random.Random(2026)
    for case in range(10_000):
        check_blocks(
            seeded_entries(rng, 8 if case % 10 else 40, 1440), rng.choice(POLICIES)
        )


def test_limits():
    rng = random.Random(2027)
    for _case in range(400):
        entries = seeded_entries(rng, 6, 70)
        policy = rng.choice(POLICIES)
        check_limit(entries, rng.randint(0, blocks(entries, policy) + 1), policy)
        check_first(entries, rng.randint(0, 200), policy)


def test_every_duration_of_a_day():
    for minutes in range(1, 1441):
        check_typed(minutes)


def test_stories():
    rng = random.Random(2028)
    for _case in range(max(100, settings().max_examples)):
        Story(rng.choice(STORIES)).play(
            [
                (rng.choice("AAB"), rng.choice(Story.EVENTS), rng.randint(1, 70))
                for _event in range(rng.randint(3, 12))
            ]
        )


# A quote that staff make early, and what may happen around it: seldom met by chance.
PLOT = ("log", "log", "draft", "erase", "post", "approve", "edit", "bypass", "edit") + (
    "split",
    "edit",
    "offer",
    "refuse",
    "volunteer",
    "approve",
    "bypass",
    "edit",
)


def test_stories_of_an_early_quote():
    rng = random.Random(2029)
    for _case in range(max(600, settings().max_examples)):
        Story(rng.choice(STORIES)).play(
            [
                (
                    "A" if rng.random() < 0.9 else "B",
                    event if rng.random() < 0.8 else rng.choice(Story.EVENTS),
                    rng.randint(1, 70),
                )
                for event in PLOT
                if rng.random() < 0.8
            ]
        )


# --- hypothesis ------------------------------------------------------------

MINUTES = st.one_of(st.integers(1, 60), st.integers(1, 1440))


@st.composite
def entry_lists(draw, minutes=MINUTES, most=40):
    day, entries = MONDAY, []
    for later, each in draw(
        st.lists(st.tuples(st.booleans(), minutes), min_size=1, max_size=most)
    ):
        day += timedelta(later)
        entries.append(Entry(day, each))
    return entries


@st.composite
def policies(draw):
    block = draw(st.sampled_from([15, 15, 1, 6, 30, 60]))
    grace = draw(st.integers(0, block - 1))
    return BlockPolicy(block, grace, draw(st.sampled_from(["ticket", "day", "entry"])))


@given(entry_lists(), policies())
def test_blocks_of_any_entries(entries, policy):
    check_blocks(entries, policy)
    for entry in entries:
        check_typed(entry.minutes)


@given(entry_lists(st.integers(1, 90), 12), policies(), st.integers(0, 60))
def test_any_limit(entries, policy, limit):
    check_limit(entries, limit, policy)


@given(entry_lists(st.integers(1, 90), 12), policies(), st.integers(0, 600))
def test_any_first_minutes(entries, policy, minutes):
    check_first(entries, minutes, policy)


@given(
    st.sampled_from(STORIES),
    st.lists(
        st.tuples(
            st.sampled_from("AAB"),
            st.sampled_from(Story.EVENTS),
            st.integers(1, 70),
        ),
        max_size=25,
    ),
)
def test_any_story(policy, events):
    Story(policy).play(events)
