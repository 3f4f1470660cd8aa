"""Every minute is in exactly one state, and its state is what the limit says."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.assessment import to_invoice
from odoo.addons.nox_voip_service.policy.time_book import Figures, shares
from odoo.addons.nox_voip_service.policy.timeblocks import (
    SCOPES,
    BlockPolicy,
    Entry,
    blocks,
    held_minutes,
    minutes_paid_for,
)

MONDAY = date(2026, 3, 2)


def check(numbers, scope, grace, limit, invoiced, waived, finished):
    policy = BlockPolicy(scope=scope, grace_minutes=grace)
    entries = [
        Entry(MONDAY + timedelta(index // 2), minutes)
        for index, minutes in enumerate(numbers)
    ]
    billed = min(blocks(entries, policy), limit)
    invoiced = min(invoiced, billed)
    waived = min(waived, billed - invoiced)
    figures = Figures(
        finished=finished,
        invoiced=invoiced,
        to_invoice=to_invoice(billed, invoiced, waived),
        waived=waived,
        limit=limit,
        policy=policy,
    )
    found = shares(entries, figures)
    assert [sum(share.values()) for share in found] == numbers
    assert all(minutes > 0 for share in found for minutes in share.values())
    total = {}
    for share in found:
        for state, minutes in share.items():
            total[state] = total.get(state, 0) + minutes
    assert "difference" not in total
    assert total.get("held", 0) == held_minutes(entries, limit, policy)
    assert total.get("invoiced", 0) == minutes_paid_for(entries, invoiced, policy)
    due = "to_invoice" if finished else "not_finished"
    assert bool(total.get(due)) <= bool(figures.to_invoice)
    assert not {"to_invoice", "not_finished"} - {due} & total.keys()
    assert bool(total.get("waived")) <= bool(waived)


def test_seeded_tickets():
    dice = random.Random(8)
    for _each in range(500):
        check(
            [dice.randint(1, 70) for _entry in range(dice.randint(0, 6))],
            dice.choice(SCOPES),
            dice.choice([0, 5, 14]),
            dice.randint(0, 12),
            dice.randint(0, 12),
            dice.randint(0, 6),
            dice.random() < 0.5,
        )


@given(
    numbers=st.lists(st.integers(1, 200), max_size=6),
    scope=st.sampled_from(SCOPES),
    grace=st.integers(0, 14),
    limit=st.integers(0, 20),
    invoiced=st.integers(0, 20),
    waived=st.integers(0, 20),
    finished=st.booleans(),
)
def test_every_minute_is_in_one_state(
    numbers, scope, grace, limit, invoiced, waived, finished
):
    check(numbers, scope, grace, limit, invoiced, waived, finished)


@pytest.mark.parametrize(
    ("minutes", "figures", "found"),
    [
        (
            [20, 30],
            Figures(invoiced=2, to_invoice=1, limit=3),
            [{"invoiced": 20}, {"invoiced": 10, "to_invoice": 15, "held": 5}],
        ),
        (
            [20, 30],
            Figures(invoiced=2, to_invoice=1, limit=3, finished=False),
            [{"invoiced": 20}, {"invoiced": 10, "not_finished": 15, "held": 5}],
        ),
        (
            [20, 30],
            Figures(invoiced=1, to_invoice=1, waived=1, limit=4),
            [
                {"invoiced": 15, "to_invoice": 5},
                {"to_invoice": 10, "waived": 15, "difference": 5},
            ],
        ),
    ],
)
def test_blocks_are_invoiced_then_due_then_waived(minutes, figures, found):
    assert shares([Entry(MONDAY, each) for each in minutes], figures) == found


def test_verdicts_that_bill_nothing():
    entries = [Entry(MONDAY, 20), Entry(MONDAY, 5)]
    for coverage in ("covered", "delivery", "not_applicable"):
        assert shares(entries, Figures(coverage)) == [{coverage: 20}, {coverage: 5}]
    assert shares(entries, Figures(None)) == [{"no_ticket": 20}, {"no_ticket": 5}]


def test_time_without_a_verdict():
    entries = [Entry(MONDAY, 70)]
    open_ticket = Figures("undecided", finished=False, limit=4)
    assert shares(entries, open_ticket) == [{"not_finished": 60, "held": 10}]
    assert shares(entries, Figures("undecided", dropped_waived=True)) == [
        {"waived": 70}
    ]
    assert shares(entries, Figures("undecided", policy=None)) == [{"not_finished": 70}]


def test_what_leaks_away_is_seen():
    entries = [Entry(MONDAY, 40)]
    assert shares(entries, Figures(limit=3)) == [{"difference": 40}]
    assert shares(entries, Figures(policy=None)) == [{"difference": 40}]
    # Credited twice: the figures of the ticket fall below nothing.
    assert shares(entries, Figures(invoiced=-2, waived=2, limit=3)) == [
        {"waived": 30, "difference": 10}
    ]
