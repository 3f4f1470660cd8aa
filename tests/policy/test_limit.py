"""The hour: each rule of the limit by itself."""

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.assessment import (
    OrderLine,
    Permission,
    approval_state,
    assess,
    closed,
    may_log,
    share,
    to_invoice,
)
from odoo.addons.nox_voip_service.policy.errors import (
    InvalidPolicy,
)
from odoo.addons.nox_voip_service.policy.limit import (
    LimitPolicy,
    Quote,
    allowed_minutes,
    approved_blocks,
    expected_blocks,
    needs_estimate,
    newest_state,
    parts,
    quote_blocks,
    quote_due,
    release,
    warning_due,
)
from odoo.addons.nox_voip_service.policy.timeblocks import (
    BlockPolicy,
)

from .limit_cases import FIXED, MONDAY, NO_LIMIT, STANDARD, on

QUARTER = BlockPolicy()
FORGIVING = LimitPolicy(blocks=BlockPolicy(grace_minutes=5))


# --- released --------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "threshold", "caps", "floors", "released"),
    [
        ([], 60, {}, {}, {}),
        ([("A", 61)], 60, {}, {}, {"A": 60}),
        ([("A", 60)], 60, {}, {}, {"A": 60}),
        ([("A", 61)], None, {"A": 10}, {"A": 5}, {"A": 10}),
        ([("A", 61)], None, {}, {"A": 5}, {"A": 61}),
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
        (90, on(MONDAY, 40), 3, 0, 3),
        (0, on(MONDAY, 61), 4, 0, 1),
        (110, on(MONDAY, 95), 3, 3, 2),
        (45, on(MONDAY, 40), 3, 5, 0),
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
    assert approved_blocks([]) == 0
    assert newest_state([]) is None


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
        # Without a limit a fixed quote is what was worked before it and the quote.
        (
            70,
            20,
            [Quote(1, "approved", 2)],
            LimitPolicy(threshold_minutes=None, quote_billing="fixed"),
            4,
        ),
    ],
)
def test_billed_blocks(minutes, released, quotes, policy, billed):
    found = assess(
        on(MONDAY, minutes),
        policy,
        "billable",
        released_minutes=released,
        approved_blocks=approved_blocks(quotes),
    )
    assert found.billed_blocks == billed


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
def test_share(billed, capacities, shares):
    assert share(billed, 0, [OrderLine(blocks) for blocks in capacities]) == shares


@pytest.mark.parametrize(
    ("billed", "capacities", "invoiced", "shares"),
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
def test_share_keeps_what_is_invoiced(billed, capacities, invoiced, shares):
    lines = [OrderLine(*each) for each in zip(capacities, invoiced, strict=True)]
    assert share(billed, 0, lines) == shares


@pytest.mark.parametrize(
    ("waived", "lines", "shares"),
    [
        # Goodwill comes off the end, a credited block off the line that carried it.
        (1, [OrderLine(3), OrderLine(2)], (3, 1)),
        (1, [OrderLine(3, credited=1), OrderLine(2)], (2, 2)),
        (1, [OrderLine(3), OrderLine(2, credited=1)], (3, 1)),
        (2, [OrderLine(3, credited=1), OrderLine(2)], (2, 1)),
        (9, [OrderLine(3), OrderLine(2)], (0, 0)),
        (1, [OrderLine(3, invoiced=2, credited=1), OrderLine(2, invoiced=2)], (2, 2)),
    ],
)
def test_share_of_five_blocks_after_goodwill(waived, lines, shares):
    assert share(5, waived, lines) == shares


@pytest.mark.parametrize(
    ("base", "quotes", "waived", "found"),
    [
        ([], [], 0, (0, 0, 0)),
        ([OrderLine(3, 2, 1)], [], 1, (2, 2, 2)),
        ([OrderLine(3, 3)], [OrderLine(4, 2)], 0, (5, 3, 0)),
        ([], [OrderLine(4, 2, 2), OrderLine(1, 1)], 0, (3, 0, 2)),
    ],
)
def test_closed(base, quotes, waived, found):
    assert closed(base, quotes, waived) == found


# --- the limit in minutes -------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "facts", "minutes"),
    [
        (STANDARD, {"limit_blocks": 0}, 60),
        (STANDARD, {"limit_blocks": 0, "others_released": 45}, 15),
        (STANDARD, {"limit_blocks": 0, "others_released": 75}, 0),
        (STANDARD, {"limit_blocks": 2, "released_minutes": 16}, 16),
        (STANDARD, {"limit_blocks": 0, "released_minutes": 0}, 0),
        (STANDARD, {"limit_blocks": 5, "approved_blocks": 3}, 75),
        (NO_LIMIT, {"limit_blocks": 2}, None),
        (NO_LIMIT, {"limit_blocks": 2, "released_minutes": 20}, 20),
        (FORGIVING, {"limit_blocks": 5, "approved_blocks": 3}, 80),
        (FORGIVING, {"limit_blocks": 0}, 60),
    ],
)
def test_allowed_minutes(policy, facts, minutes):
    assert allowed_minutes(policy, **facts) == minutes


@pytest.mark.parametrize("worked", range(0, 140, 7))
def test_nothing_is_held_within_the_allowed_minutes_and_all_above(worked):
    """The sentence to the customer and what is held say the same, grace included."""
    for policy in (STANDARD, FORGIVING):
        found = assess(
            on(MONDAY, worked),
            policy,
            "billable",
            released_minutes=0,
            approved_blocks=4,
        )
        most = allowed_minutes(policy, limit_blocks=4, approved_blocks=4)
        assert found.held_minutes == max(0, worked - most)


@given(*[st.integers(0, 300)] * 4)
def test_parts_add_up_to_what_is_worked(worked, released, held, approved):
    held = min(held, worked)
    found = parts(worked, released, held, approved)
    assert sum(found) == worked
    assert min(found) >= 0
    assert found.approved <= approved


# --- settings ---------------------------------------------------------------


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
