"""The hour of a ticket: the rows of the main job's table, and the summary."""

import pytest

from odoo.addons.nox_voip_service.policy.assessment import (
    assess,
    is_open,
    not_limited,
)
from odoo.addons.nox_voip_service.policy.limit import (
    LimitPolicy,
    release,
)
from odoo.addons.nox_voip_service.policy.timeblocks import (
    BlockPolicy,
)

from .limit_cases import FIXED, MONDAY, NO_LIMIT, STANDARD, on

BY_ENTRY = LimitPolicy(blocks=BlockPolicy(scope="entry"))


def look(*minutes, policy=STANDARD, coverage="billable", cap=None, **values):
    """One ticket without family, assessed as the ticket model does it."""
    released = release(
        [("T", each) for each in minutes], policy.threshold_minutes, {"T": cap}
    )
    return assess(
        on(MONDAY, *minutes),
        policy,
        coverage,
        released_minutes=released.get("T", 0),
        **values,
    )


# --- the table of the main job --------------------------------------------

APPROVED_6 = {"approved_blocks": 6, "quote_state": "approved"}
APPROVED_14 = {"approved_blocks": 14, "quote_state": "approved"}


@pytest.mark.parametrize(
    ("found", "billed", "held", "state"),
    [
        (look(10), 1, 0, "not_needed"),
        (look(5, 5, 5), 1, 0, "not_needed"),
        (look(5, 5, 5, policy=BY_ENTRY), 3, 0, "not_needed"),
        (look(60), 4, 0, "not_needed"),
        (look(61), 4, 1, "needed"),
        (look(61, quote_state="refused"), 4, 1, "refused"),
        (
            look(*[35] * 6, cap=0, estimated_minutes=210, **APPROVED_14),
            14,
            0,
            "approved",
        ),
        (look(70, cap=0, estimated_minutes=90, **APPROVED_6), 5, 0, "approved"),
        (
            look(70, cap=0, estimated_minutes=90, policy=FIXED, **APPROVED_6),
            6,
            0,
            "approved",
        ),
        (look(70, coverage="undecided"), 0, 10, "not_needed"),
        (look(70), 4, 10, "needed"),
        (
            look(
                40,
                55,
                cap=40,
                estimated_minutes=90,
                approved_blocks=3,
                quote_state="approved",
            ),
            6,
            5,
            "needed",
        ),
        (look(40, coverage="covered"), 0, 0, "not_needed"),
        (look(90, policy=NO_LIMIT), 6, 0, "not_needed"),
    ],
)
def test_main_job(found, billed, held, state):
    assert found.billed_blocks == billed
    assert found.held_minutes == held
    assert found.approval_state == state


@pytest.mark.parametrize(
    ("minutes", "due"), [((20, 5), 0), ((20, 10), 0), ((20, 11), 1)]
)
def test_reopened_after_two_invoiced_blocks(minutes, due):
    assert look(*minutes, invoiced_blocks=2).to_invoice_blocks == due


def test_credited_and_not_billed_again():
    assert look(40, invoiced_blocks=2, waived_blocks=1).to_invoice_blocks == 0


# --- the summary -----------------------------------------------------------


def test_assessment_of_an_hour_and_a_minute():
    assert look(40, 21)._asdict() == {
        "worked_minutes": 61,
        "released_minutes": 60,
        "limit_blocks": 4,
        "held_minutes": 1,
        "billed_blocks": 4,
        "to_invoice_blocks": 4,
        "approval_state": "needed",
        "quote_due": True,
        "warned": True,
    }


def test_assessment_of_an_estimate():
    found = look(40, cap=40, estimated_minutes=90)
    assert (found.limit_blocks, found.billed_blocks, found.held_minutes) == (3, 3, 0)
    assert found.approval_state == "needed"
    assert (found.quote_due, found.warned) == (True, False)


def test_assessment_of_an_estimate_within_the_hour():
    """Nothing is due before it is worked: an hour needs no quote."""
    for estimate, state in ((45, "not_needed"), (60, "not_needed"), (61, "needed")):
        found = look(10, estimated_minutes=estimate)
        assert found.approval_state == state
        assert found.quote_due is (state == "needed")


def test_defaults_of_an_assessment():
    """Left out means: no family, no estimate, no quotes, nothing invoiced."""
    found = assess(on(MONDAY, 44), STANDARD, "billable", released_minutes=44)
    assert found == assess(
        on(MONDAY, 44),
        STANDARD,
        "billable",
        released_minutes=44,
        others_released=0,
        estimated_minutes=0,
        approved_blocks=0,
        quote_state=None,
        invoiced_blocks=0,
        waived_blocks=0,
    )
    assert not found.warned
    nothing = assess(
        [], LimitPolicy(threshold_minutes=0), "billable", released_minutes=0
    )
    assert not nothing.quote_due


def test_assessment_after_approval():
    values = {"cap": 40, "approved_blocks": 3, "quote_state": "approved"}
    found = look(40, 50, estimated_minutes=90, **values)
    assert (found.approval_state, found.billed_blocks) == ("approved", 6)
    assert not found.quote_due
    # The estimate rises by one block: a supplement, before any of it is worked.
    found = look(40, 50, estimated_minutes=91, **values)
    assert found.approval_state == "needed"
    assert found.quote_due


def test_assessment_of_an_undecided_ticket():
    found = look(70, coverage="undecided", estimated_minutes=90, quote_state="draft")
    assert (found.released_minutes, found.held_minutes, found.warned) == (60, 10, True)
    assert (found.billed_blocks, found.to_invoice_blocks) == (0, 0)
    assert not found.quote_due


def test_assessment_within_a_family():
    found = assess(
        on(MONDAY, 30),
        STANDARD,
        "billable",
        released_minutes=20,
        others_released=40,
    )
    assert (found.limit_blocks, found.held_minutes, found.approval_state) == (
        2,
        0,
        "not_needed",
    )
    assert found.warned
    assert not found.quote_due, "70 minutes together, but both blocks are released"
    found = assess(
        on(MONDAY, 31),
        STANDARD,
        "billable",
        released_minutes=20,
        others_released=40,
    )
    assert (found.held_minutes, found.quote_due) == (1, True)


def test_assessment_held_by_an_earlier_estimate():
    """The estimate was withdrawn, its cap stays: what it holds needs a quote."""
    found = look(40, 10, cap=40)
    assert (found.held_minutes, found.quote_due, found.approval_state) == (
        5,
        True,
        "needed",
    )
    assert look(40, 6, cap=40).quote_due, "a single minute"
    assert not look(40, 5, cap=40).quote_due


def test_not_limited():
    found = not_limited(on(MONDAY, 40, 30))
    assert found.worked_minutes == 70
    assert found[1:] == (0, None, 0, 0, 0, "not_needed", False, False)
    for coverage in ("covered", "delivery", "not_applicable"):
        assert look(40, 30, coverage=coverage) == found


@pytest.mark.parametrize(
    ("state", "lacks"),
    [
        ("needed", True),
        ("sent", True),
        ("refused", True),
        ("expired", True),
        ("approved", False),
        ("not_needed", False),
        (None, False),
    ],
)
def test_what_lacks_an_approval(state, lacks):
    assert is_open(state) is lacks
