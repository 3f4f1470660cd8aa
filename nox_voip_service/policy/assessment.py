"""What a ticket comes to: its state of approval, what is billed, what is held.

The limit of a ticket is blocks(released) + approved blocks; what was worked above it
is *held* and reaches no invoice.

A ticket of 61 minutes under the Standaard plan: an hour is billed, a minute held.

>>> from datetime import date
>>> found = assess([Entry(date(2026, 3, 2), 61)], LimitPolicy(), "billable",
...                released_minutes=60)
>>> found.billed_blocks, found.held_minutes, found.approval_state
(4, 1, 'needed')

Everything here is a pure function of what is recorded; the functions that take
``entries`` want them in (date, id) order.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .limit import (
    LimitPolicy,
    expected_blocks,
    quote_due,
    warning_due,
)
from .timeblocks import Entry, blocks, blocks_of_first, held_minutes

# Coverages whose time counts towards the warning and the limit.
COUNTED = ("billable", "undecided")


# More work has no approval (yet).
OPEN_APPROVALS = ("needed", "sent", "refused", "expired")


def is_open(approval_state: str | None) -> bool:
    """Does more work on the ticket lack an approval?

    >>> is_open("refused"), is_open("approved"), is_open("not_needed")
    (True, False, False)
    """
    return approval_state in OPEN_APPROVALS


def counts(coverage: str | None) -> bool:
    """Does the time of such work count towards the limit? Undecided work may turn
    out to be billable.

    >>> [counts(each) for each in ("billable", "undecided", "covered", None)]
    [True, True, False, False]
    """
    return coverage in COUNTED


class Permission(NamedTuple):
    """May it be done, and the code of why (not)."""

    allowed: bool
    code: str


# ----------------------------------------------------------------------
# THE STATE
# ----------------------------------------------------------------------


def approval_state(
    quote_state: str | None, *, billable: bool, needs_quote: bool
) -> str:
    """The state of approval of a ticket: that of its newest quote.

    :param quote_state: of the newest quote, None without quotes
    :param billable: only billable work is quoted
    :param needs_quote: the expected work is over the hour, and more than what is
        released and approved: asks for a quote, or after an approval for a
        supplement

    >>> approval_state("approved", billable=True, needs_quote=False)
    'approved'
    >>> approval_state("approved", billable=True, needs_quote=True)
    'needed'
    """
    if not billable:
        return "not_needed"
    if quote_state in ("sent", "refused", "expired"):
        return str(quote_state)
    if quote_state == "draft" or needs_quote:
        return "needed"
    return "approved" if quote_state == "approved" else "not_needed"


def may_log(state: str, coverage: str, held: int = 0) -> Permission:
    """May a technician record more time on the ticket?

    The entry that crosses the limit is accepted, the next one is not: after it the
    state is ``needed``. Finding out whether work is covered is work: an undecided
    ticket accepts time always.

    >>> may_log("sent", "billable")
    Permission(allowed=False, code='quote_sent')
    >>> may_log("sent", "undecided").allowed, may_log("approved", "billable").allowed
    (True, True)
    """
    if coverage != "billable" or state == "not_needed":
        return Permission(True, "allowed")
    if state == "approved":
        return Permission(held == 0, "above_limit" if held else "allowed")
    return Permission(False, f"quote_{state}")


# ----------------------------------------------------------------------
# WHAT IS BILLED
# ----------------------------------------------------------------------


def _billed(worked_blocks: int, limit: int, policy: LimitPolicy) -> int:
    return limit if policy.quote_billing == "fixed" else min(worked_blocks, limit)


def to_invoice(billed: int, invoiced: int, waived: int) -> int:
    """Blocks still to be invoiced; those waived need no bill.

    Three invoiced, one of them credited as not to be billed again:

    >>> to_invoice(billed=3, invoiced=2, waived=1)
    0
    """
    return max(0, billed - invoiced - waived)


class OrderLine(NamedTuple):
    """The line of an order that carries blocks of a ticket.

    :param blocks: that it may carry: of the released minutes, or those approved
    :param invoiced: that stand on its invoices
    :param credited: that were credited without a new bill
    """

    blocks: int
    invoiced: int = 0
    credited: int = 0


def share(billed: int, waived: int, lines: Sequence[OrderLine]) -> tuple[int, ...]:
    """Blocks that each order carries: the base order first, then the quotes in order
    of approval. What fits in none is on none.

    A block that was credited without a new bill comes off the line that carried it;
    goodwill comes off the end. What a line has invoiced stays on it, also when an
    earlier one gets more room afterwards.

    :param billed: blocks of the ticket
    :param waived: of those, waived or credited without a new bill
    :param lines: of the base order, made or not yet, and of the approved quotes

    >>> share(7, 0, [OrderLine(4), OrderLine(2), OrderLine(5)])
    (4, 2, 1)
    >>> share(5, 0, [OrderLine(4, invoiced=2), OrderLine(3, invoiced=3)])
    (2, 3)

    One of three blocks was credited for good, and one of the quote's waived:

    >>> share(5, 2, [OrderLine(3, credited=1), OrderLine(2)])
    (2, 1)
    """
    shares = [line.invoiced for line in lines]
    rest = max(0, billed - waived) - sum(shares)
    for index, line in enumerate(lines):
        room = max(0, line.blocks - line.credited)
        more = max(0, min(rest, room - shares[index]))
        shares[index] += more
        rest -= more
    return tuple(shares)


class Closed(NamedTuple):
    """Blocks of a ticket that need no further bill.

    :param invoiced: on invoices
    :param base: of those, on invoices of the base order
    :param waived: by a coordinator, or credited without a new bill
    """

    invoiced: int
    base: int
    waived: int


def closed(
    base: Iterable[OrderLine], quotes: Iterable[OrderLine], waived: int
) -> Closed:
    """What is invoiced and waived of a ticket, over all its orders.

    :param waived: blocks that a coordinator waived

    Three blocks invoiced, one of them credited for good, one waived:

    >>> closed([OrderLine(3, invoiced=2, credited=1)], [], 1)
    Closed(invoiced=2, base=2, waived=2)
    """
    of_base, of_quotes = list(base), list(quotes)
    first = sum(line.invoiced for line in of_base)
    lines = of_base + of_quotes
    return Closed(
        invoiced=sum(line.invoiced for line in lines),
        base=first,
        waived=waived + sum(line.credited for line in lines),
    )


# ----------------------------------------------------------------------
# SUMMARY
# ----------------------------------------------------------------------


class Assessment(NamedTuple):
    """All figures of one ticket (whole minutes, whole blocks).

    :param worked_minutes: the sum of the entries
    :param released_minutes: billable whatever becomes of a quote
    :param limit_blocks: released and approved blocks; None: no limit applies
    :param held_minutes: worked above the limit, on no invoice
    :param billed_blocks: what the ticket is billed for, before waiving
    :param to_invoice_blocks: what of that is neither invoiced nor waived
    :param approval_state: see :func:`approval_state`
    :param quote_due: billable work that is over the hour, or held by an earlier
        estimate, and more than what is released and approved
    :param warned: the warning of the plan is reached
    """

    worked_minutes: int
    released_minutes: int
    limit_blocks: int | None
    held_minutes: int
    billed_blocks: int
    to_invoice_blocks: int
    approval_state: str
    quote_due: bool
    warned: bool


def not_limited(entries: Sequence[Entry]) -> Assessment:
    """A ticket to which no limit applies: covered, part of the delivery, without a
    plan. Its time is worked, and nothing of it is billed."""
    worked = sum(entry.minutes for entry in entries)
    return Assessment(worked, 0, None, 0, 0, 0, "not_needed", False, False)


def assess(
    entries: Sequence[Entry],
    policy: LimitPolicy,
    coverage: str,
    *,
    released_minutes: int,
    released_blocks: int | None = None,
    others_released: int = 0,
    estimated_minutes: int = 0,
    approved_blocks: int = 0,
    quote_state: str | None = None,
    invoiced_blocks: int = 0,
    waived_blocks: int = 0,
) -> Assessment:
    """The whole of one ticket's money and limit, in one look.

    :param entries: of this ticket, in (date, id) order
    :param coverage: its verdict; an undecided ticket is held to the hour as if it
        were billable, but nothing of it is billed or quoted yet
    :param released_minutes: of this ticket, from `limit.release`
    :param released_blocks: those in blocks; None: a ticket without a quote, whose
        first minutes they are
    :param others_released: of the rest of its family
    :param estimated_minutes: total of the job as the technician expects, 0: unknown
    :param approved_blocks: of its approved quotes, from `limit.approved_blocks`
    :param quote_state: of its newest quote, from `limit.newest_state`
    """
    if not counts(coverage):
        return not_limited(entries)
    worked = sum(entry.minutes for entry in entries)
    billable = coverage == "billable"
    if released_blocks is None:
        released_blocks = blocks_of_first(entries, released_minutes, policy.blocks)
    limit = released_blocks + approved_blocks
    billed = _billed(blocks(entries, policy.blocks), limit, policy) if billable else 0
    held = held_minutes(entries, limit, policy.blocks)
    expected = max(estimated_minutes, worked)
    wanted = max(0, expected_blocks(expected, entries, policy.blocks) - limit)
    over = quote_due(expected, others_released, policy.threshold_minutes)
    # A started block that is released already is paid for: nothing to approve in it.
    due = billable and wanted > 0 and (over or held > 0)
    state = approval_state(quote_state, billable=billable, needs_quote=due)
    return Assessment(
        worked_minutes=worked,
        released_minutes=released_minutes,
        limit_blocks=limit,
        held_minutes=held,
        billed_blocks=billed,
        to_invoice_blocks=to_invoice(billed, invoiced_blocks, waived_blocks),
        approval_state=state,
        quote_due=due,
        warned=warning_due(worked + others_released, policy),
    )
