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

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from .errors import InvalidPolicy
from .timeblocks import (
    BlockPolicy,
    Entry,
    blocks,
    blocks_of_first,
    held_minutes,
    started_blocks,
)

Key = TypeVar("Key", bound=Hashable)

QUOTE_BILLINGS = ("actual_capped", "fixed")
QUOTE_STATES = ("draft", "sent", "approved", "refused", "expired")
# Coverages whose time counts towards the warning and the limit.
COUNTED = ("billable", "undecided")


@dataclass(frozen=True)
class LimitPolicy:
    """The hour of a plan.

    :param threshold_minutes: strictly more than this needs a quote; None: no limit
    :param warn_minutes: the technician is warned from here; None: no warning
    :param quote_billing: ``actual_capped`` bills what was worked up to the limit,
        ``fixed`` the quoted blocks whole
    """

    blocks: BlockPolicy = field(default_factory=BlockPolicy)
    threshold_minutes: int | None = 60
    warn_minutes: int | None = 45
    quote_billing: str = "actual_capped"

    def __post_init__(self) -> None:
        for name in ("threshold_minutes", "warn_minutes"):
            minutes = getattr(self, name)
            if minutes is not None and minutes < 0:
                raise InvalidPolicy("negative", **{name: minutes})
        if self.quote_billing not in QUOTE_BILLINGS:
            raise InvalidPolicy("unknown_value", quote_billing=self.quote_billing)


class Quote(NamedTuple):
    """A quote of a ticket: its state and the blocks it offers. Sequences of quotes
    have the newest last and the approved ones in order of approval."""

    key: Hashable
    state: str
    blocks: int


class Permission(NamedTuple):
    """May it be done, and the code of why (not)."""

    allowed: bool
    code: str


# ----------------------------------------------------------------------
# RELEASED
# ----------------------------------------------------------------------


def release(
    entries: Iterable[tuple[Key, int]],
    threshold: int | None,
    caps: Mapping[Key, int | None] = MappingProxyType({}),
    floors: Mapping[Key, int] = MappingProxyType({}),
) -> dict[Key, int]:
    """Released minutes of each ticket of a family that shares one hour.

    :param entries: (ticket, minutes) in the order of recording, of the tickets
        that are billable or undecided
    :param threshold: the minutes that the family may use without a quote; None:
        no limit, everything is released
    :param caps: what a ticket had when its estimate made a quote due (or when staff
        quoted it before that), 0 when the estimate was over the limit from the
        start; no cap when absent or None
    :param floors: minutes of a ticket that an invoice of its *base order* settled:
        they are never taken back, and use the hour first

    >>> release([("A", 40), ("B", 30), ("A", 5)], 60)
    {'A': 40, 'B': 20}
    >>> release([("A", 40), ("A", 30)], 60, caps={"A": 40})
    {'A': 40}
    >>> release([("A", 40), ("B", 30)], 60, floors={"B": 30})
    {'A': 30, 'B': 30}
    """
    worked: dict[Key, int] = {}
    recorded = list(entries)
    for key, minutes in recorded:
        worked[key] = worked.get(key, 0) + minutes
    if threshold is None:
        return worked
    settled = {key: min(floors.get(key, 0), worked[key]) for key in worked}
    remaining = max(0, threshold - sum(settled.values()))
    released = dict.fromkeys(worked, 0)
    for key, minutes in recorded:
        cap = caps.get(key)
        room = minutes if cap is None else min(minutes, max(0, cap - released[key]))
        # What an invoice settled was paid for by the hour already.
        free = min(room, max(0, settled[key] - released[key]))
        used = min(room - free, remaining)
        remaining -= used
        released[key] += free + used
    return {key: max(minutes, settled[key]) for key, minutes in released.items()}


# ----------------------------------------------------------------------
# THE QUOTE
# ----------------------------------------------------------------------


def quote_due(
    expected_minutes: int, others_released: int, threshold: int | None
) -> bool:
    """Does the work need a quote: strictly more than the threshold?

    :param expected_minutes: the larger of estimate and worked, of one ticket
    :param others_released: what the rest of its family used of the hour

    >>> quote_due(60, 0, 60), quote_due(61, 0, 60), quote_due(41, 20, 60)
    (False, True, True)
    """
    return threshold is not None and expected_minutes + others_released > threshold


def expected_blocks(
    estimate_minutes: int, entries: Sequence[Entry], policy: BlockPolicy
) -> int:
    """Blocks of the whole job: what was worked, or the total estimate when that is
    more. Where a plan rounds by day or entry, the rest of the estimate counts as
    one entry on a day of its own: nobody knows yet in how many visits it comes.

    >>> expected_blocks(90, [], BlockPolicy())
    6
    """
    worked = sum(entry.minutes for entry in entries)
    if policy.scope == "ticket":
        return started_blocks(max(estimate_minutes, worked), policy)
    rest = started_blocks(estimate_minutes - worked, policy)
    return blocks(entries, policy) + rest


def quote_blocks(
    estimate_minutes: int,
    entries: Sequence[Entry],
    released_minutes: int,
    approved_blocks: int,
    policy: BlockPolicy,
) -> int:
    """Blocks that a new quote has to offer, never below 0: those of the whole job,
    less the released ones, less those approved before.

    Estimate raised to 90 after 40 minutes; then 20 more than was approved:

    >>> from datetime import date
    >>> quote_blocks(90, [Entry(date(2026, 3, 2), 40)], 40, 0, BlockPolicy())
    3
    >>> quote_blocks(110, [Entry(date(2026, 3, 2), 95)], 40, 3, BlockPolicy())
    2
    """
    total = expected_blocks(estimate_minutes, entries, policy)
    released = blocks_of_first(entries, released_minutes, policy)
    return max(0, total - released - approved_blocks)


def needs_estimate(estimate_minutes: int, worked_minutes: int) -> bool:
    """Must the technician first give the total? Without an estimate above what was
    worked, a quote would offer only work that is done: it stays a draft.

    >>> needs_estimate(0, 61), needs_estimate(61, 61), needs_estimate(90, 61)
    (True, True, False)
    """
    return estimate_minutes <= worked_minutes


def approved_blocks(quotes: Iterable[Quote]) -> int:
    """Blocks of the approved quotes. A refused supplement takes none of them away.

    >>> approved_blocks([Quote(1, "approved", 6), Quote(2, "refused", 4)])
    6
    """
    return sum(quote.blocks for quote in quotes if quote.state == "approved")


def newest_state(quotes: Sequence[Quote]) -> str | None:
    """The state of the newest quote; None without quotes.

    >>> newest_state([Quote(1, "approved", 6), Quote(2, "refused", 4)])
    'refused'
    """
    return quotes[-1].state if quotes else None


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


def warning_due(total_minutes: int, policy: LimitPolicy) -> bool:
    """Is the technician to be warned that the hour is near?

    :param total_minutes: worked on the ticket, and released to its family

    >>> warning_due(44, LimitPolicy()), warning_due(45, LimitPolicy())
    (False, True)
    """
    return policy.warn_minutes is not None and total_minutes >= policy.warn_minutes


# ----------------------------------------------------------------------
# WHAT IS BILLED
# ----------------------------------------------------------------------


def limit_blocks(released_blocks: int, quotes: Iterable[Quote]) -> int:
    """The most blocks that may be billed: released and approved.

    >>> limit_blocks(3, [Quote(1, "approved", 3), Quote(2, "sent", 2)])
    6
    """
    return released_blocks + approved_blocks(quotes)


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
    # Without a threshold all time is released: quoted blocks would come on top.
    fixed = policy.quote_billing == "fixed" and policy.threshold_minutes is not None
    return limit if fixed else min(worked_blocks, limit)


def to_invoice(billed: int, invoiced: int, waived: int) -> int:
    """Blocks still to be invoiced; those waived count as settled.

    Three invoiced, one of them credited as not to be billed again:

    >>> to_invoice(billed=3, invoiced=2, waived=1)
    0
    """
    return max(0, billed - invoiced - waived)


def allocate(billed: int, capacities: Sequence[int]) -> tuple[int, ...]:
    """Share billed blocks over the orders: the base order first, then the quotes in
    order of approval. What fits in none is on none.

    >>> allocate(7, [4, 2, 5])
    (4, 2, 1)
    """
    shares = []
    for room in capacities:
        share = max(0, min(billed, room))
        shares.append(share)
        billed -= share
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
    :param others_released: of the rest of its family
    :param estimated_minutes: total of the job as the technician expects, 0: unknown
    :param approved_blocks: of its approved quotes, from :func:`approved_blocks`
    :param quote_state: of its newest quote, from :func:`newest_state`
    """
    if coverage not in COUNTED:
        return not_limited(entries)
    worked = sum(entry.minutes for entry in entries)
    billable = coverage == "billable"
    limit = blocks_of_first(entries, released_minutes, policy.blocks) + approved_blocks
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
