"""Decision tables: how they decide, what their audit proves, what frames them."""

from datetime import date

import pytest

from odoo.addons.nox_voip_service.policy.coverage import (
    Audit,
    Decision,
    Situation,
    Table,
    Verdict,
    audit,
    decide,
    facts_that_matter,
    verdict,
)
from odoo.addons.nox_voip_service.policy.errors import (
    InvalidFact,
)
from odoo.addons.nox_voip_service.policy.facts import (
    SPACE,
    Request,
    Rule,
    lowest,
)

from .shipped import PLAN_CODES, shipped_rules

USERS = Table(
    [
        Rule("on_site", "billable", location="on_site"),
        Rule("extra", "billable", scope="user_addition", replaces_user=False),
        Rule("replaced", "covered", scope="user_addition", replaces_user=True),
        Rule("outside", "billable", scope="fault", fault_domain="outside"),
        Rule("own", "covered", scope="fault", fault_domain="own"),
    ]
)


@pytest.mark.parametrize(
    ("request_", "decision"),
    [
        (
            Request("user_addition", "remote", True),
            Decision("covered", "replaced", (), False),
        ),
        (
            Request("user_addition", "remote", False),
            Decision("billable", "extra", (), False),
        ),
        # Somewhere: billable either way, for the reason that holds either way.
        (
            Request("user_addition", None, False),
            Decision("billable", "extra", (), False),
        ),
        (
            Request("user_addition", None, True),
            Decision("undecided", None, ("location",), False),
        ),
        (
            Request("user_addition"),
            Decision("undecided", None, ("location", "replaces_user"), False),
        ),
        (
            Request("fault", "remote", fault_domain="third_party"),
            Decision("billable", "outside", (), False),
        ),
        (
            Request("fault", "remote"),
            Decision("undecided", None, ("fault_domain",), False),
        ),
        # No row at all: nothing that anybody fills in would help.
        (Request("question", "remote"), Decision("undecided", None, (), True)),
        (
            Request("question"),
            Decision("undecided", None, ("location",), True),
        ),
        (
            Request(location="on_site"),
            Decision("billable", "on_site", (), False),
        ),
        (
            Request(),
            Decision(
                "undecided",
                None,
                ("scope", "location", "replaces_user", "fault_domain"),
                True,
            ),
        ),
    ],
)
def test_decide(request_, decision):
    assert decide(USERS, request_) == decision
    assert decide(USERS, request_) == decision, "the remembered answer"


@pytest.mark.parametrize(
    ("rule", "fact", "value"),
    [
        (Rule("r", "free"), "outcome", "free"),
        (Rule("r", "covered", scope="cleaning"), "scope", "cleaning"),
        (Rule("r", "covered", location="moon"), "location", "moon"),
        (Rule("r", "covered", fault_domain="nobody"), "fault_domain", "nobody"),
        (Rule("r", "covered", warranty=[]), "warranty", []),
    ],
)
def test_refused_rows(rule, fact, value):
    with pytest.raises(InvalidFact) as caught:
        Table([rule])
    assert caught.value.code == "unknown_value"
    assert caught.value.params == {"fact": fact, "value": value}


def test_refused_request():
    """``outside`` is a condition of a row; a fault has one cause."""
    with pytest.raises(InvalidFact) as caught:
        decide(USERS, Request(fault_domain="outside"))
    assert caught.value.params == {"fact": "fault_domain", "value": "outside"}


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([], Audit((Request(),), (), ())),
        ([Rule("all", "billable")], Audit((), (), ())),
        # A general row below its exception, and the same above it.
        (
            [Rule("r", "covered", location="remote"), Rule("all", "billable")],
            Audit((), (), ()),
        ),
        (
            [Rule("all", "billable"), Rule("r", "covered", location="remote")],
            Audit((), ("r",), ()),
        ),
        # Two rows together leave nothing to a third.
        (
            [
                Rule("yes", "covered", warranty=True),
                Rule("no", "billable", warranty=False),
                Rule("own", "covered", fault_domain="own"),
            ],
            Audit((), ("own",), (("no", "own"),)),
        ),
        (
            [
                Rule("remote", "covered", location="remote"),
                Rule("fault", "billable", scope="fault"),
                Rule("all", "billable"),
            ],
            Audit((), (), (("remote", "fault"),)),
        ),
        # A row above both that decides what they share settles it.
        (
            [
                Rule("both", "covered", location="remote", scope="fault"),
                Rule("remote", "covered", location="remote"),
                Rule("fault", "billable", scope="fault"),
                Rule("all", "billable"),
            ],
            Audit((), (), ()),
        ),
        # The same outcome never contradicts.
        (
            [
                Rule("remote", "billable", location="remote"),
                Rule("fault", "billable", scope="fault"),
                Rule("all", "billable"),
            ],
            Audit((), (), ()),
        ),
        (
            [Rule("own", "covered", fault_domain="own")],
            Audit(
                (Request(fault_domain="customer"), Request(fault_domain="third_party")),
                (),
                (),
            ),
        ),
        (
            [
                Rule("remote", "covered", location="remote"),
                Rule("known", "billable", scope="fault", warranty=True),
            ],
            Audit(
                (
                    Request(location="on_site", warranty=False),
                    Request("adjustment", "on_site"),
                    Request("user_addition", "on_site"),
                    Request("number_addition", "on_site"),
                    Request("hardware", "on_site"),
                    Request("question", "on_site"),
                    Request("other", "on_site"),
                ),
                (),
                (("remote", "known"),),
            ),
        ),
    ],
)
def test_audit(rules, found):
    assert audit(rules) == found


ACCEPTED = date(2026, 1, 15)
ENDED = date(2026, 6, 30)
LATER = date(2026, 5, 1)


def situation(**values):
    """A remote replacement of a user, in the middle of the service."""
    return Situation(
        **{
            "requested_on": date(2026, 3, 2),
            "request": Request("user_addition", "remote", True),
            "accepted_on": ACCEPTED,
            "ended_on": ENDED,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({}, Verdict("covered", "rule", "replaced")),
        (
            {"later_plan_start": LATER},
            Verdict("covered", "rule", "replaced", (), {"later_plan_start": LATER}),
        ),
        (
            {"request": Request("user_addition", "remote")},
            Verdict("undecided", "missing_facts", None, ("replaces_user",)),
        ),
        (
            {
                "request": Request("user_addition", "remote"),
                "later_plan_start": LATER,
            },
            Verdict(
                "undecided",
                "missing_facts",
                None,
                ("replaces_user",),
                {"later_plan_start": LATER},
            ),
        ),
        (
            {"request": Request("question", "remote")},
            Verdict("undecided", "no_rule"),
        ),
        (
            {"uses_service_plans": False, "about_pbx": False, "has_pbx": False},
            Verdict("not_applicable", "team_without_plans"),
        ),
        (
            {"about_pbx": False, "has_pbx": False},
            Verdict("not_applicable", "not_about_pbx"),
        ),
        (
            {"has_pbx": False, "accepted_on": None},
            Verdict("undecided", "no_pbx", None, ("pbx",)),
        ),
        ({"accepted_on": None}, Verdict("delivery", "delivery")),
        (
            {"requested_on": date(2026, 1, 14)},
            Verdict("delivery", "delivery", params={"accepted_on": ACCEPTED}),
        ),
        ({"requested_on": ACCEPTED}, Verdict("covered", "rule", "replaced")),
        ({"requested_on": ENDED}, Verdict("covered", "rule", "replaced")),
        (
            {"requested_on": date(2026, 7, 1)},
            Verdict("undecided", "pbx_ended", params={"ended_on": ENDED}),
        ),
        (
            {"requested_on": date(2030, 7, 1), "ended_on": None},
            Verdict("covered", "rule", "replaced"),
        ),
    ],
)
def test_verdict(values, answer):
    assert verdict(situation(**values), USERS) == answer


def test_verdict_without_plan():
    assert verdict(situation(), None) == Verdict("undecided", "no_plan")
    assert verdict(situation(later_plan_start=LATER), None) == Verdict(
        "undecided", "no_plan", params={"later_plan_start": LATER}
    )


def test_defaults_of_a_situation():
    """What is left out is unknown or the usual case."""
    assert verdict(Situation(ACCEPTED), USERS).coverage == "delivery"
    found = verdict(Situation(ACCEPTED, accepted_on=ACCEPTED), USERS)
    assert found.code == "missing_facts"


def test_reason_when_no_row_holds_for_sure():
    table = Table(
        [
            Rule("near", "covered", location="remote"),
            Rule("far", "covered", location="on_site"),
        ]
    )
    assert decide(table, Request("fault")) == Decision("covered", "near", (), False)


def test_reason_is_never_that_of_a_row_below():
    """The last row matches all, and decides nothing: its text is not the reason."""
    table = Table(
        [
            Rule("near", "covered", location="remote"),
            Rule("far", "covered", location="on_site"),
            Rule("all", "billable"),
        ]
    )
    assert decide(table, Request("fault")) == Decision("covered", "near", (), False)
    assert audit(table.rules).unreachable == ("all",)


@pytest.mark.parametrize(("bits", "place"), [(1, 0), (2, 1), (12, 2), (1 << 167, 167)])
def test_lowest_bit(bits, place):
    assert lowest(bits) == place


# ----------------------------------------------------------------------
# THE QUESTIONS FOR A CUSTOMER
# ----------------------------------------------------------------------

ASKABLE = ("location", "replaces_user", "warranty")


@pytest.mark.parametrize(
    ("kind", "answers", "asked"),
    [
        # An unknown fact behind an open question is asked too.
        (Request("user_addition"), Request(), ("location", "replaces_user")),
        (
            Request("user_addition"),
            Request(location="remote", replaces_user=True),
            ("location", "replaces_user"),
        ),
        # On site everything is billed: who is replaced changes nothing.
        (Request("user_addition"), Request(location="on_site"), ("location",)),
        # What the kind tells by itself is not asked.
        (Request("user_addition", replaces_user=True), Request(), ("location",)),
        (Request("user_addition", "remote", True), Request(), ()),
        # An answer to a question that is not asked counts for nothing.
        (
            Request("user_addition", "on_site"),
            Request(location="remote", replaces_user=True),
            (),
        ),
    ],
)
def test_a_customer_is_asked_what_matters(kind, answers, asked):
    assert facts_that_matter(USERS, kind, answers, ASKABLE) == asked


@pytest.mark.parametrize("plan_code", PLAN_CODES)
def test_after_the_questions_the_customer_can_settle_nothing_more(plan_code):
    table = Table(shipped_rules(plan_code))
    for kind in SPACE:
        kind = Request(kind.scope)
        for answers in SPACE:
            asked = facts_that_matter(table, kind, answers, ASKABLE)
            told = kind._replace(**{name: getattr(answers, name) for name in asked})
            assert not set(decide(table, told).missing) & set(ASKABLE)
