"""A draft against the past, and the past against itself."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from odoo.addons.nox_voip_service.policy.advice import Work, flat
from odoo.addons.nox_voip_service.policy.coverage import (
    Request,
    Rule,
    Situation,
    Table,
    decide,
    verdict,
)
from odoo.addons.nox_voip_service.policy.facts import SPACE
from odoo.addons.nox_voip_service.policy.limit import LimitPolicy
from odoo.addons.nox_voip_service.policy.reconcile import EURO, Currency
from odoo.addons.nox_voip_service.policy.replay import (
    changes,
    decided_otherwise,
    differs,
)
from odoo.addons.nox_voip_service.policy.timeblocks import Entry

from .shipped import PLAN_CODES, shipped_rules

DAY = date(2027, 3, 2)
BLOCK = flat(Decimal("20.50"))
CONTRACT = Table(shipped_rules("contract"))
NUMBERS = Table(
    [
        Rule("numbers", "covered", scope="number_addition", location="remote"),
        *shipped_rules("contract"),
    ]
)
NUMBER, MENU, OTHER = (
    Request("number_addition", "remote"),
    Request("adjustment", "remote"),
    Request("other", "remote"),
)


def work(key, request, *minutes, **values):
    return Work(
        key, DAY, request, tuple(Entry(DAY, each) for each in minutes), **values
    )


def replayed(table, *pairs, **values):
    return changes(pairs, table, LimitPolicy(**values), BLOCK, EURO)


def test_what_changes_and_what_it_is_worth():
    found = replayed(
        NUMBERS,
        (work(1, NUMBER, 20), "billable"),
        (work(2, MENU, 20), "covered"),
        (work(3, NUMBER, 61), "billable"),
        (work(4, OTHER, 20), "undecided"),
    )
    assert [tuple(each) for each in found] == [
        (1, "billable", "covered", "numbers", -2, Decimal("-41.00")),
        (3, "billable", "covered", "numbers", -5, Decimal("-102.50")),
    ]


@pytest.mark.parametrize(
    ("old", "new", "blocks"),
    [
        ("billable", "covered", -2),
        ("covered", "billable", 2),
        ("undecided", "billable", 2),
        ("billable", "undecided", -2),
        ("undecided", "covered", 0),
        ("covered", "undecided", 0),
    ],
)
def test_blocks_of_every_change(old, new, blocks):
    table = Table([] if new == "undecided" else [Rule("all", new)])
    [found] = replayed(table, (work(1, NUMBER, 16), old))
    assert (found.old, found.new, found.blocks) == (old, new, blocks)
    assert found.amount == blocks * Decimal("20.50")
    assert found.rule_key == (None if new == "undecided" else "all")


def test_amounts_are_of_the_currency():
    yen = Currency("JPY", Decimal(1))
    [found] = changes(
        [(work(1, NUMBER, 15), "billable")], NUMBERS, LimitPolicy(), BLOCK, yen
    )
    assert found.amount == Decimal(-21)


def test_the_same_table_changes_nothing():
    """Over every request there can be, and over those of which less is known."""
    rng = random.Random(2027)
    for code in PLAN_CODES:
        table = Table(shipped_rules(code))
        requests = [
            full._replace(**dict.fromkeys(rng.sample(full._fields, rng.randint(0, 3))))
            for full in SPACE
        ]
        pairs = [
            (work(key, request, 15), decide(table, request).outcome)
            for key, request in enumerate((*SPACE, *requests))
        ]
        assert not changes(pairs, Table(table.rules), LimitPolicy(), BLOCK, EURO)


def test_there_and_back_is_nothing():
    rng = random.Random(2028)
    for _case in range(50):
        works = [
            work(key, rng.choice(SPACE), rng.randint(1, 90), family=rng.choice("ab"))
            for key in range(6)
        ]
        there, back = (
            changes(
                [(each, decide(one, each.request).outcome) for each in works],
                other,
                LimitPolicy(),
                BLOCK,
                EURO,
            )
            for one, other in ((CONTRACT, NUMBERS), (NUMBERS, CONTRACT))
        )
        assert [(c.key, c.old, c.new, c.blocks, c.amount) for c in there] == [
            (c.key, c.new, c.old, -c.blocks, -c.amount) for c in back
        ]


def situation(request, **values):
    return Situation(DAY, request, accepted_on=DAY - timedelta(9), **values)


def test_every_verdict_is_the_same_again():
    for full in SPACE:
        first = verdict(situation(full), CONTRACT)
        again = verdict(situation(full), Table(CONTRACT.rules))
        assert not differs(first.coverage, first.rule_key, again)


def test_a_rule_that_moved_is_found():
    moved = Table([Rule(rule.key, "billable", *rule[2:]) for rule in CONTRACT.rules])
    first = verdict(situation(MENU), CONTRACT)
    assert differs(first.coverage, first.rule_key, verdict(situation(MENU), moved))
    # Given by hand: the row beside it did not move.
    assert not differs(
        "billable", first.rule_key, verdict(situation(MENU), moved), by_hand=True
    )
    assert differs("billable", "gone", verdict(situation(MENU), moved), by_hand=True)


def test_what_no_table_says_is_not_replayed():
    ended = verdict(situation(MENU, ended_on=DAY - timedelta(1)), CONTRACT)
    assert ended.code == "pbx_ended"
    assert not differs("covered", "adjustment", ended)


@pytest.mark.parametrize("name", PLAN_CODES)
def test_every_request_that_another_table_decides_otherwise_is_named_once(name):
    """Contract against each shipped table, and without its last rows: request by
    request."""
    for other in (Table(shipped_rules(name)), Table(CONTRACT.rules[:-2]), NUMBERS):
        found = decided_otherwise(CONTRACT, other)
        for request in SPACE:
            old, new = decide(CONTRACT, request), decide(other, request)
            naming = [
                each
                for each in found
                if (each.old, each.new) == (old.rule_key, new.rule_key)
                and (each.old_outcome, each.new_outcome) == (old.outcome, new.outcome)
            ]
            same = (old.rule_key, old.outcome) == (new.rule_key, new.outcome)
            assert len(naming) == (not same), request
            for each in naming:
                for fact, value in each.facts._asdict().items():
                    assert value in (None, getattr(request, fact))


def test_what_the_requests_have_in_common_is_all_that_they_have():
    (found,) = (
        each
        for each in decided_otherwise(CONTRACT, NUMBERS)
        if each.old_outcome != each.new_outcome and each.facts.warranty is None
    )
    assert found.facts == NUMBER
    assert (found.old_outcome, found.new_outcome) == ("billable", "covered")
