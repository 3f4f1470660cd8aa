"""The tables of the three plans, over the whole space of requests.

864 requests with every mix of known and unknown facts: each has one verdict, and
learning a fact never turns a verdict over. The expected answers are written by
hand below, as a newcomer would read the terms, not by the code under test.
"""

from itertools import product

import pytest

from odoo.addons.nox_voip_service.policy.coverage import (
    Table,
    audit,
    decide,
)
from odoo.addons.nox_voip_service.policy.facts import (
    FACTS,
    Request,
)

from .shipped import PLAN_CODES, shipped_rows, shipped_rules

VALUES = {name: fact.values for name, fact in FACTS.items()}
COMPLETE = [Request(*facts) for facts in product(*VALUES.values())]
EVERY = [Request(*facts) for facts in product(*([*v, None] for v in VALUES.values()))]


def by_hand(plan_code, request):
    """The answer to a complete request; None where the terms are silent."""
    if request.location == "on_site":
        return "billable"
    if request.scope == "fault":
        return "covered" if request.fault_domain == "own" else "billable"
    if plan_code != "contract":
        return "billable"
    return {
        "adjustment": "covered",
        "question": "covered",
        "number_addition": "billable",
        "user_addition": "covered" if request.replaces_user else "billable",
        "hardware": "covered" if request.warranty else "billable",
        "other": None,
    }[request.scope]


def completions(request):
    """Every way of filling in what is unknown."""
    choices = [
        [known] if known is not None else values
        for known, values in zip(request, VALUES.values(), strict=True)
    ]
    return [Request(*facts) for facts in product(*choices)]


def learned(request):
    """Every request that is this one with one more fact known."""
    for name, values in VALUES.items():
        if getattr(request, name) is None:
            for value in values:
                yield name, request._replace(**{name: value})


@pytest.fixture(scope="module", params=PLAN_CODES)
def plan_code(request):
    return request.param


@pytest.fixture(scope="module")
def table(plan_code):
    return Table(shipped_rules(plan_code))


def test_the_space():
    assert (len(COMPLETE), len(EVERY), len(set(EVERY))) == (168, 864, 864)


def test_every_request_has_one_verdict(plan_code, table):
    for request in EVERY:
        outcomes = {by_hand(plan_code, each) for each in completions(request)}
        decision = decide(table, request)
        if len(outcomes) == 1 and None not in outcomes:
            assert {decision.outcome} == outcomes, request
            assert decision.rule_key is not None
            assert decision.missing == ()
        else:
            assert decision[:2] == ("undecided", None), request
        assert decision.uncovered == (None in outcomes), request


def test_the_missing_facts_are_those_that_matter(plan_code, table):
    for request in EVERY:
        if decide(table, request).outcome != "undecided":
            continue
        expected = []
        for name, values in VALUES.items():
            others = [
                each._replace(**{name: None})
                for each in completions(request)
                if getattr(request, name) is None
            ]
            if any(
                len({by_hand(plan_code, o._replace(**{name: v})) for v in values}) > 1
                for o in others
            ):
                expected.append(name)
        assert decide(table, request).missing == tuple(expected), request


def test_learning_a_fact_never_flips_a_verdict(table):
    for request in EVERY:
        decision = decide(table, request)
        for _name, more in learned(request):
            if decision.outcome != "undecided":
                assert decide(table, more).outcome == decision.outcome, (request, more)


def test_the_missing_facts_settle_it(table):
    """Filling in all that is asked for ends the question, unless no row answers."""
    for request in EVERY:
        missing = decide(table, request).missing
        for facts in product(*(VALUES[name] for name in missing)):
            filled = request._replace(**dict(zip(missing, facts, strict=True)))
            decision = decide(table, filled)
            assert decision.outcome != "undecided" or decision.uncovered, filled


def test_the_audit(plan_code):
    found = audit(shipped_rules(plan_code))
    assert found.unreachable == ()
    assert found.contradictions == ()
    gaps = (Request("other", "remote"),) if plan_code == "contract" else ()
    assert found.gaps == gaps


@pytest.mark.parametrize(
    ("plan", "request_", "outcome", "key", "missing"),
    [
        # One hit and one near miss for each row, and what the main job asks.
        (
            "standard",
            Request("adjustment", "remote"),
            "billable",
            "everything_else",
            (),
        ),
        ("standard", Request("question", "remote"), "billable", "everything_else", ()),
        (
            "standard",
            Request("fault", "remote", fault_domain="own"),
            "covered",
            "own_fault",
            (),
        ),
        (
            "standard",
            Request("fault", "on_site", fault_domain="own"),
            "billable",
            "everything_else",
            (),
        ),
        ("standard", Request("fault", "remote"), "undecided", None, ("fault_domain",)),
        (
            "self_managed",
            Request("adjustment", "remote"),
            "billable",
            "everything_else",
            (),
        ),
        (
            "self_managed",
            Request("fault", "remote", fault_domain="own"),
            "covered",
            "own_fault",
            (),
        ),
        ("contract", Request("adjustment", "remote"), "covered", "adjustment", ()),
        ("contract", Request("adjustment", "on_site"), "billable", "on_site", ()),
        ("contract", Request("adjustment"), "undecided", None, ("location",)),
        ("contract", Request("question", "remote"), "covered", "question", ()),
        # Wherever it is done: the row that says so, though "on site" stands above.
        ("contract", Request("number_addition"), "billable", "new_number", ()),
        (
            "contract",
            Request("number_addition", "remote"),
            "billable",
            "new_number",
            (),
        ),
        (
            "contract",
            Request("user_addition", "remote", replaces_user=False),
            "billable",
            "extra_user",
            (),
        ),
        (
            "contract",
            Request("user_addition", "remote", replaces_user=True),
            "covered",
            "replacement_user",
            (),
        ),
        (
            "contract",
            Request("user_addition", "remote"),
            "undecided",
            None,
            ("replaces_user",),
        ),
        (
            "contract",
            Request("hardware", "remote", warranty=True),
            "covered",
            "warranty_hardware",
            (),
        ),
        (
            "contract",
            Request("hardware", "remote", warranty=False),
            "billable",
            "hardware",
            (),
        ),
        ("contract", Request("hardware", "remote"), "undecided", None, ("warranty",)),
        (
            "contract",
            Request("fault", "remote", fault_domain="own"),
            "covered",
            "own_fault",
            (),
        ),
        (
            "contract",
            Request("fault", "remote", fault_domain="customer"),
            "billable",
            "fault_outside",
            (),
        ),
        ("contract", Request("fault", "remote"), "undecided", None, ("fault_domain",)),
        ("contract", Request("other", "remote"), "undecided", None, ()),
        ("contract", Request("other", "on_site"), "billable", "on_site", ()),
    ],
)
def test_rows(plan, request_, outcome, key, missing):
    decision = decide(Table(shipped_rules(plan)), request_)
    assert decision[:3] == (outcome, key, missing)


def test_each_row_explains_itself(plan_code):
    """A row without a sentence, or without its place in the terms, is no answer."""
    rows = shipped_rows()[plan_code]
    for values in rows:
        assert values["name"] and values["clause"], values["id"]
        assert values["reason"].endswith("."), values["id"]
    for name in ("id", "sequence", "name"):
        assert len({values[name] for values in rows}) == len(rows), name
