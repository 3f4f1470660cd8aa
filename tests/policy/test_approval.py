"""The hour: the rows of the main job's table, and each rule by itself."""

from datetime import date

import pytest

from odoo.addons.nox_voip_service.policy.approval import (
    LimitPolicy,
    Permission,
    Quote,
    allocate,
    approval_state,
    approved_blocks,
    assess,
    billed_blocks,
    expected_blocks,
    limit_blocks,
    may_log,
    needs_estimate,
    newest_state,
    not_limited,
    quote_blocks,
    quote_due,
    release,
    to_invoice,
    warning_due,
)
from odoo.addons.nox_voip_service.policy.errors import InvalidPolicy
from odoo.addons.nox_voip_service.policy.timeblocks import BlockPolicy, Entry

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
STANDARD = LimitPolicy()
FIXED = LimitPolicy(quote_billing="fixed")
NO_LIMIT = LimitPolicy(threshold_minutes=None, warn_minutes=None)
BY_ENTRY = LimitPolicy(blocks=BlockPolicy(scope="entry"))
QUARTER = BlockPolicy()


def on(day, *minutes):
    return [Entry(day, each) for each in minutes]


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


# --- released --------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "threshold", "caps", "floors", "released"),
    [
        ([], 60, {}, {}, {}),
        ([("A", 61)], 60, {}, {}, {"A": 60}),
        ([("A", 60)], 60, {}, {}, {"A": 60}),
        ([("A", 61)], None, {"A": 10}, {"A": 5}, {"A": 61}),
        ([("A", 20)], 60, {"A": 0}, {}, {"A": 0}),
        ([("A", 20)], 60, {"A": None}, {}, {"A": 20}),
        ([("A", 40), ("A", 30)], 60, {"A": 40}, {}, {"A": 40}),
        ([("A", 40), ("A", 30)], 60, {"A": 50}, {}, {"A": 50}),
        # A family: the order of recording decides who gets the rest of the hour.
        ([("A", 40), ("B", 30)], 60, {}, {}, {"A": 40, "B": 20}),
        ([("B", 30), ("A", 40)], 60, {}, {}, {"A": 30, "B": 30}),
        ([("A", 40), ("B", 30), ("A", 5)], 60, {}, {}, {"A": 40, "B": 20}),
        ([("A", 50), ("B", 30)], 60, {"A": 10}, {}, {"A": 10, "B": 30}),
        # What an invoice settled is never taken back, and uses the hour first.
        ([("A", 40), ("B", 30)], 60, {}, {"B": 30}, {"A": 30, "B": 30}),
        ([("A", 50), ("B", 30)], 60, {}, {"B": 15}, {"A": 45, "B": 15}),
        ([("A", 45)], 20, {}, {"A": 45}, {"A": 45}),
        # More than the cap is of a quote's blocks: it releases nothing.
        ([("A", 120)], 60, {"A": 0}, {"A": 120}, {"A": 0}),
        ([("A", 45)], 60, {"A": 20}, {"A": 30}, {"A": 20}),
        ([("A", 45), ("B", 50)], 60, {"A": 20}, {"A": 30}, {"A": 20, "B": 40}),
        ([("A", 70)], 60, {}, {"A": 90}, {"A": 70}),
        ([("A", 70), ("B", 9)], 60, {}, {"A": 60}, {"A": 60, "B": 0}),
        ([("A", 10), ("A", 70)], 60, {}, {"A": 30}, {"A": 60}),
        ([("A", 10)], 60, {}, {"B": 30}, {"A": 10}),
        ([("A", 25)], 20, {}, {}, {"A": 20}),
    ],
)
def test_release(entries, threshold, caps, floors, released):
    assert release(entries, threshold, caps, floors) == released


def test_release_takes_any_iterable():
    assert release(iter([("A", 40), ("A", 40)]), 60) == {"A": 60}
    assert release(iter([("A", 40), ("A", 40)]), None) == {"A": 80}


# --- quotes ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "others", "threshold", "due"),
    [
        (59, 0, 60, False),
        (60, 0, 60, False),
        (61, 0, 60, True),
        (40, 20, 60, False),
        (41, 20, 60, True),
        (999, 999, None, False),
        (1, 0, 0, True),
        (0, 0, 0, False),
    ],
)
def test_quote_due(expected, others, threshold, due):
    assert quote_due(expected, others, threshold) is due


@pytest.mark.parametrize(
    ("estimate", "entries", "scope", "total"),
    [
        (0, [], "ticket", 0),
        (90, [], "ticket", 6),
        (90, on(MONDAY, 40), "ticket", 6),
        (0, on(MONDAY, 61), "ticket", 5),
        (90, on(MONDAY, 40), "entry", 7),
        (90, on(MONDAY, 20, 20), "entry", 8),
        (90, on(MONDAY, 20, 20), "day", 7),
        (30, on(MONDAY, 20, 20), "day", 3),
    ],
)
def test_expected_blocks(estimate, entries, scope, total):
    assert expected_blocks(estimate, entries, BlockPolicy(scope=scope)) == total


@pytest.mark.parametrize(
    ("estimate", "entries", "released", "approved", "offered"),
    [
        (210, [], 0, 0, 14),
        (90, on(MONDAY, 40), 40, 0, 3),
        (0, on(MONDAY, 61), 60, 0, 1),
        (110, on(MONDAY, 95), 40, 3, 2),
        (45, on(MONDAY, 40), 40, 5, 0),
    ],
)
def test_quote_blocks(estimate, entries, released, approved, offered):
    assert quote_blocks(estimate, entries, released, approved, QUARTER) == offered


@pytest.mark.parametrize(
    ("estimate", "worked", "asked"),
    [(0, 61, True), (61, 61, True), (62, 61, False), (0, 0, True)],
)
def test_needs_estimate(estimate, worked, asked):
    assert needs_estimate(estimate, worked) is asked


def test_quotes_of_a_ticket():
    quotes = [Quote(1, "approved", 6), Quote(2, "approved", 2), Quote(3, "refused", 4)]
    assert approved_blocks(quotes) == 8
    assert newest_state(quotes) == "refused"
    assert limit_blocks(3, quotes) == 11
    assert approved_blocks([]) == 0
    assert newest_state([]) is None
    assert limit_blocks(3, []) == 3


@pytest.mark.parametrize(
    ("quote_state", "enough", "more"),
    [
        (None, "not_needed", "needed"),
        ("draft", "needed", "needed"),
        ("sent", "sent", "sent"),
        ("approved", "approved", "needed"),
        ("refused", "refused", "refused"),
        ("expired", "expired", "expired"),
    ],
)
def test_approval_state(quote_state, enough, more):
    for needs_quote, state in ((False, enough), (True, more)):
        assert (
            approval_state(quote_state, billable=True, needs_quote=needs_quote) == state
        )
        assert (
            approval_state(quote_state, billable=False, needs_quote=needs_quote)
            == "not_needed"
        )


@pytest.mark.parametrize(
    ("state", "coverage", "held", "allowed", "code"),
    [
        ("not_needed", "billable", 0, True, "allowed"),
        ("needed", "billable", 0, False, "quote_needed"),
        ("sent", "billable", 0, False, "quote_sent"),
        ("refused", "billable", 0, False, "quote_refused"),
        ("expired", "billable", 0, False, "quote_expired"),
        ("approved", "billable", 0, True, "allowed"),
        ("approved", "billable", 1, False, "above_limit"),
        ("needed", "undecided", 5, True, "allowed"),
        ("sent", "covered", 0, True, "allowed"),
    ],
)
def test_may_log(state, coverage, held, allowed, code):
    assert may_log(state, coverage, held) == Permission(allowed, code)


def test_may_log_without_held():
    assert may_log("approved", "billable") == Permission(True, "allowed")


@pytest.mark.parametrize(
    ("total", "warned"), [(44, False), (45, True), (46, True), (0, False)]
)
def test_warning(total, warned):
    assert warning_due(total, STANDARD) is warned
    assert warning_due(total, NO_LIMIT) is False


# --- billed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "released", "quotes", "policy", "billed"),
    [
        (61, 60, [], STANDARD, 4),
        (61, 60, [Quote(1, "refused", 4)], STANDARD, 4),
        (70, 0, [Quote(1, "approved", 6)], STANDARD, 5),
        (70, 0, [Quote(1, "approved", 6)], FIXED, 6),
        (70, 20, [Quote(1, "approved", 6)], FIXED, 8),
        (95, 40, [Quote(1, "approved", 3)], STANDARD, 6),
        (30, 30, [], FIXED, 2),
        # Without a limit all time is released: no quoted blocks on top of it.
        (
            70,
            70,
            [Quote(1, "approved", 6)],
            LimitPolicy(threshold_minutes=None, quote_billing="fixed"),
            5,
        ),
    ],
)
def test_billed_blocks(minutes, released, quotes, policy, billed):
    assert billed_blocks(on(MONDAY, minutes), released, quotes, policy) == billed


@pytest.mark.parametrize(
    ("billed", "invoiced", "waived", "due"),
    [(3, 0, 0, 3), (3, 2, 0, 1), (3, 2, 1, 0), (3, 0, 1, 2), (2, 3, 0, 0)],
)
def test_to_invoice(billed, invoiced, waived, due):
    assert to_invoice(billed, invoiced, waived) == due


@pytest.mark.parametrize(
    ("billed", "capacities", "shares"),
    [
        (0, [4, 2], (0, 0)),
        (3, [4, 2], (3, 0)),
        (5, [4, 2], (4, 1)),
        (6, [4, 2], (4, 2)),
        (9, [4, 2], (4, 2)),
        (5, [0, 3, 3], (0, 3, 2)),
        (5, [], ()),
        (5, [-1, 3], (0, 3)),
    ],
)
def test_allocate(billed, capacities, shares):
    assert allocate(billed, capacities) == shares


@pytest.mark.parametrize(
    ("billed", "capacities", "settled", "shares"),
    [
        (5, [4, 3], [2, 3], (2, 3)),
        (6, [4, 3], [2, 3], (3, 3)),
        (9, [4, 3], [2, 3], (4, 3)),
        (5, [4, 3], [0, 0], (4, 1)),
        (5, [4, 3, 2], [2, 0, 1], (4, 0, 1)),
        # Less billed than invoiced: a credit note takes it back, not this.
        (1, [4, 3], [2, 1], (2, 1)),
        (9, [1, 3], [2, 1], (2, 3)),
    ],
)
def test_allocate_keeps_what_is_invoiced(billed, capacities, settled, shares):
    assert allocate(billed, capacities, settled) == shares


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
        "quote_blocks": 1,
        "warned": True,
        "asks_estimate": True,
    }


def test_assessment_of_an_estimate():
    found = look(40, cap=40, estimated_minutes=90)
    assert (found.limit_blocks, found.billed_blocks, found.held_minutes) == (3, 3, 0)
    assert (found.approval_state, found.quote_blocks) == ("needed", 3)
    assert (found.quote_due, found.asks_estimate, found.warned) == (True, False, False)


def test_assessment_of_an_estimate_within_the_hour():
    """Nothing is due before it is worked: an hour needs no quote."""
    for estimate, state in ((45, "not_needed"), (60, "not_needed"), (61, "needed")):
        found = look(10, estimated_minutes=estimate)
        assert found.approval_state == state
        assert found.quote_due is (state == "needed")
    assert found.quote_blocks == 4


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
    assert (found.approval_state, found.quote_blocks, found.billed_blocks) == (
        "approved",
        0,
        6,
    )
    assert not found.quote_due and not found.asks_estimate
    # The estimate rises by one block: a supplement, before any of it is worked.
    found = look(40, 50, estimated_minutes=91, **values)
    assert (found.approval_state, found.quote_blocks) == ("needed", 1)
    assert found.quote_due and not found.asks_estimate


def test_assessment_of_an_undecided_ticket():
    found = look(70, coverage="undecided", estimated_minutes=90, quote_state="draft")
    assert (found.released_minutes, found.held_minutes, found.warned) == (60, 10, True)
    assert (found.billed_blocks, found.to_invoice_blocks) == (0, 0)
    assert (found.quote_due, found.quote_blocks, found.asks_estimate) == (
        False,
        0,
        False,
    )


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
    assert (found.held_minutes, found.quote_due, found.quote_blocks) == (1, True, 1)


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
    assert found[1:] == (0, None, 0, 0, 0, "not_needed", False, 0, False, False)
    for coverage in ("covered", "delivery", "not_applicable"):
        assert look(40, 30, coverage=coverage) == found


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"threshold_minutes": -1}, "negative"),
        ({"warn_minutes": -1}, "negative"),
        ({"quote_billing": "free"}, "unknown_value"),
    ],
)
def test_refused_policies(settings, code):
    with pytest.raises(InvalidPolicy) as caught:
        LimitPolicy(**settings)
    assert (caught.value.code, caught.value.params) == (code, settings)


def test_lowest_limits():
    assert LimitPolicy(threshold_minutes=0, warn_minutes=0).threshold_minutes == 0
