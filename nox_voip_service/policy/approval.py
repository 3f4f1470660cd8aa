"""The hour: what is released, what is held, when a quote is due (design 5.3).

More than an hour of billable work needs an approved quote first. Minutes recorded
before the quote fell due are *released*: they stay billable whatever becomes of it.
The limit of a ticket is blocks(released) + approved blocks; what was worked above
it is *held* and reaches no invoice.

A ticket of 61 minutes under the Standaard plan: an hour is billed, a minute held.

>>> from datetime import date
>>> released = release([("T1", 61)], 60)
>>> found = assess([Entry(date(2026, 3, 2), 61)], LimitPolicy(), "billable",
...                released_minutes=released["T1"])
>>> found.billed_blocks, found.held_minutes, found.approval_state
(4, 1, 'needed')

Everything here is a pure function of what is recorded; the functions that take
``entries`` want them in (date, id) order.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .hour import (
    LimitPolicy,
    Quote,
    ReleaseCap,
    approved_blocks,
    expected_blocks,
    limit_blocks,
    needs_estimate,
    newest_state,
    quote_blocks,
    quote_due,
    recorded_before,
    release,
    released_blocks,
    share_cap,
    told_cap,
    warning_due,
)
from .timeblocks import Entry, blocks, blocks_of_first, held_minutes

__all__ = [
    "COUNTED",
    "Assessment",
    "LimitPolicy",
    "Permission",
    "Quote",
    "ReleaseCap",
    "allocate",
    "approval_state",
    "approved_blocks",
    "assess",
    "billed_blocks",
    "expected_blocks",
    "limit_blocks",
    "may_log",
    "needs_estimate",
    "newest_state",
    "not_limited",
    "quote_blocks",
    "quote_due",
    "recorded_before",
    "release",
    "released_blocks",
    "share_cap",
    "to_invoice",
    "told_cap",
    "warning_due",
]

# Coverages whose time counts towards the warning and the limit.
COUNTED = ("billable", "undecided")


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
    """The state of approval of a ticket: that of its newest quote (design 5.3).

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


def billed_blocks(
    entries: Sequence[Entry],
    released_minutes: int,
    quotes: Iterable[Quote],
    policy: LimitPolicy,
) -> int:
    """Blocks that the ticket is billed for, before waiving.

    Estimate 90, approved (6 blocks), 70 minutes worked:

    >>> from datetime import date
    >>> worked, quotes = [Entry(date(2026, 3, 2), 70)], [Quote(1, "approved", 6)]
    >>> billed_blocks(worked, 0, quotes, LimitPolicy())
    5
    >>> billed_blocks(worked, 0, quotes, LimitPolicy(quote_billing="fixed"))
    6
    """
    released = blocks_of_first(entries, released_minutes, policy.blocks)
    return _billed(
        blocks(entries, policy.blocks), limit_blocks(released, quotes), policy
    )


def _billed(worked_blocks: int, limit: int, policy: LimitPolicy) -> int:
    return limit if policy.quote_billing == "fixed" else min(worked_blocks, limit)


def to_invoice(billed: int, invoiced: int, waived: int) -> int:
    """Blocks still to be invoiced; those waived count as settled.

    Three invoiced, one of them credited as not to be billed again:

    >>> to_invoice(billed=3, invoiced=2, waived=1)
    0
    """
    return max(0, billed - invoiced - waived)


def allocate(
    billed: int, capacities: Sequence[int], settled: Sequence[int] = ()
) -> tuple[int, ...]:
    """Share billed blocks over the orders: the base order first, then the quotes in
    order of approval. What fits in none is on none.

    :param settled: blocks that each order has invoiced already; they stay where
        they are, also when an earlier order gets more room afterwards

    >>> allocate(7, [4, 2, 5])
    (4, 2, 1)
    >>> allocate(5, [4, 3], settled=[2, 3])
    (2, 3)
    """
    shares = list(settled) or [0] * len(capacities)
    rest = billed - sum(shares)
    for place, room in enumerate(capacities):
        share = max(0, min(rest, room - shares[place]))
        shares[place] += share
        rest -= share
    return tuple(shares)


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
    :param quote_blocks: what a new quote has to offer now; 0 when none is due
    :param warned: the warning of the plan is reached
    :param asks_estimate: a quote is needed, and cannot be sent before the
        technician gives the total
    """

    worked_minutes: int
    released_minutes: int
    limit_blocks: int | None
    held_minutes: int
    billed_blocks: int
    to_invoice_blocks: int
    approval_state: str
    quote_due: bool
    quote_blocks: int
    warned: bool
    asks_estimate: bool


def not_limited(entries: Sequence[Entry]) -> Assessment:
    """A ticket to which no limit applies: covered, part of the delivery, without a
    plan. Its time is worked, and nothing of it is billed."""
    worked = sum(entry.minutes for entry in entries)
    return Assessment(worked, 0, None, 0, 0, 0, "not_needed", False, 0, False, False)


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
    :param released_minutes: of this ticket, from :func:`release`
    :param released_blocks: those in blocks; None: a ticket without a quote, whose
        first minutes they are
    :param others_released: of the rest of its family
    :param estimated_minutes: total of the job as the technician expects, 0: unknown
    :param approved_blocks: of its approved quotes, from :func:`approved_blocks`
    :param quote_state: of its newest quote, from :func:`newest_state`
    """
    if coverage not in COUNTED:
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
        quote_blocks=wanted if due else 0,
        warned=warning_due(worked + others_released, policy),
        asks_estimate=state == "needed" and needs_estimate(estimated_minutes, worked),
    )
