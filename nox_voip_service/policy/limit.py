"""The limit of a plan: what is released without a quote, and what a quote offers.

More than the limit of billable work (an hour under Standaard) needs an approved quote
first. Minutes recorded before the quote fell due are *released*: they stay billable
whatever becomes of it. The functions that take ``entries`` want them in (date, id)
order.
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
    capacity,
    started_blocks,
)

Key = TypeVar("Key", bound=Hashable)

QUOTE_BILLINGS = ("actual_capped", "fixed")


@dataclass(frozen=True)
class LimitPolicy:
    """What a plan lets happen without a quote.

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


def warning_due(total_minutes: int, policy: LimitPolicy) -> bool:
    """Is the technician to be warned that the limit is near?

    :param total_minutes: worked on the ticket, and released to its family

    >>> warning_due(44, LimitPolicy()), warning_due(45, LimitPolicy())
    (False, True)
    """
    return policy.warn_minutes is not None and total_minutes >= policy.warn_minutes


# ----------------------------------------------------------------------
# RELEASED
# ----------------------------------------------------------------------


def release(
    entries: Iterable[tuple[Key, int]],
    threshold: int | None,
    caps: Mapping[Key, int | None] = MappingProxyType({}),
    floors: Mapping[Key, int] = MappingProxyType({}),
) -> dict[Key, int]:
    """Released minutes of each ticket of a family that shares one limit.

    :param entries: (ticket, minutes) in the order of recording, of the tickets
        that are billable or undecided
    :param threshold: the minutes that the family may use without a quote; None:
        no limit, everything is released
    :param caps: what a ticket had when its estimate made a quote due (or when staff
        quoted it before that), 0 when the estimate was over the limit from the
        start; no cap when absent or None
    :param floors: minutes of a ticket that an invoice of its *base order* paid_for
        (``minutes_paid_for`` of the blocks of that order, not of the quotes'): they
        are never taken back, and use the limit first; at most the cap

    >>> release([("A", 40), ("B", 30), ("A", 5)], 60)
    {'A': 40, 'B': 20}
    >>> release([("A", 40), ("A", 30)], 60, caps={"A": 40})
    {'A': 40}
    >>> release([("A", 40), ("B", 30)], 60, floors={"B": 30})
    {'A': 30, 'B': 30}
    >>> release([("A", 40), ("B", 90)], None, caps={"A": 16})
    {'A': 16, 'B': 90}
    """
    worked: dict[Key, int] = {}
    recorded = list(entries)
    for key, minutes in recorded:
        worked[key] = worked.get(key, 0) + minutes
    # A cap is what was released when it was set, so never less than was paid_for: a
    # floor above it counts blocks of a quote, which release nothing.
    most = {key: _or_all(caps.get(key), worked[key]) for key in worked}
    if threshold is None:
        return most
    paid_for = {key: min(floors.get(key, 0), most[key]) for key in worked}
    remaining = max(0, threshold - sum(paid_for.values()))
    released = dict.fromkeys(worked, 0)
    for key, minutes in recorded:
        room = min(minutes, most[key] - released[key])
        # What an invoice closed was paid for within the limit already.
        free = min(room, max(0, paid_for[key] - released[key]))
        used = min(room - free, remaining)
        remaining -= used
        released[key] += free + used
    return released


def _or_all(cap: int | None, worked: int) -> int:
    return worked if cap is None else min(cap, worked)


def recorded_before(
    entries: Iterable[tuple[float, Entry]], last_before: int | None
) -> list[tuple[float, Entry]]:
    """The entries that were there when the first quote of a ticket was made.

    A quote says what is billed whatever becomes of it: the minutes recorded before
    it. What is recorded later needs an approval, also where an earlier entry was
    deleted since, or the later one carries an earlier date.

    :param entries: (number, entry); numbers rise in the order of recording, that of
        an entry which is not saved yet is infinite
    :param last_before: number of the last entry before the quote; None: no quote

    >>> from datetime import date
    >>> late = [(7, Entry(date(2026, 3, 1), 5)), (3, Entry(date(2026, 3, 2), 16))]
    >>> [entry.minutes for _number, entry in recorded_before(late, 3)]
    [16]
    """
    return [
        (number, entry)
        for number, entry in entries
        if last_before is None or number <= last_before
    ]


def released_blocks(
    before: Sequence[Entry],
    released_minutes: int,
    policy: BlockPolicy,
    at_most: int | None = None,
) -> int:
    """Blocks of the released minutes of one ticket.

    :param before: its entries of :func:`recorded_before`, in (date, id) order
    :param at_most: blocks that the quote was made beside; where a plan rounds by day
        or entry, moving an entry to another day starts no block more

    >>> from datetime import date
    >>> moved = [Entry(date(2026, 3, 2), 5), Entry(date(2026, 3, 3), 5)]
    >>> daily = BlockPolicy(scope="day")
    >>> released_blocks(moved, 10, daily), released_blocks(moved, 10, daily, at_most=1)
    (2, 1)
    """
    found = blocks_of_first(before, released_minutes, policy)
    return found if at_most is None else min(found, at_most)


class ReleaseCap(NamedTuple):
    """What was released when a quote was made: minutes, and blocks of them."""

    minutes: int
    blocks: int


def told_cap(cap: ReleaseCap, minutes: int, blocks_told: int) -> ReleaseCap:
    """The cap after a quote was sent that says so much was worked before it.

    Time from before that was deleted since is not in what the customer reads, and
    does not come back: the least that a quote said is the most that is released.

    Made beside 40 minutes, sent when 20 of them were deleted:

    >>> told_cap(ReleaseCap(40, 3), 20, 2)
    ReleaseCap(minutes=20, blocks=2)
    """
    return ReleaseCap(min(cap.minutes, minutes), min(cap.blocks, blocks_told))


def share_cap(
    cap: ReleaseCap, stays: Sequence[Entry], policy: BlockPolicy
) -> tuple[ReleaseCap, ReleaseCap]:
    """The cap of a ticket that is split, for what stays and for the new part.

    Together they are what the customer was told before: rounding two parts up
    instead of one starts no block more.

    :param stays: entries of :func:`recorded_before` that stay on the ticket

    >>> from datetime import date
    >>> share_cap(ReleaseCap(10, 1), [Entry(date(2026, 3, 2), 5)], BlockPolicy())
    (ReleaseCap(minutes=5, blocks=1), ReleaseCap(minutes=5, blocks=0))
    """
    minutes = min(cap.minutes, sum(entry.minutes for entry in stays))
    kept = ReleaseCap(minutes, released_blocks(stays, minutes, policy, cap.blocks))
    return kept, ReleaseCap(cap.minutes - kept.minutes, cap.blocks - kept.blocks)


# ----------------------------------------------------------------------
# THE QUOTE
# ----------------------------------------------------------------------


def quote_due(
    expected_minutes: int, others_released: int, threshold: int | None
) -> bool:
    """Does the work need a quote: strictly more than the threshold?

    :param expected_minutes: the larger of estimate and worked, of one ticket
    :param others_released: what the rest of its family used of the limit

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
    released: int,
    approved_blocks: int,
    policy: BlockPolicy,
) -> int:
    """Blocks that a new quote has to offer, never below 0: those of the whole job,
    less the released ones, less those approved before.

    :param released: blocks, from :func:`released_blocks`

    Estimate raised to 90 after 40 minutes; then 20 more than was approved:

    >>> from datetime import date
    >>> quote_blocks(90, [Entry(date(2026, 3, 2), 40)], 3, 0, BlockPolicy())
    3
    >>> quote_blocks(110, [Entry(date(2026, 3, 2), 95)], 3, 3, BlockPolicy())
    2
    """
    total = expected_blocks(estimate_minutes, entries, policy)
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


# ----------------------------------------------------------------------
# THE LIMIT IN MINUTES
# ----------------------------------------------------------------------


def free_minutes(policy: LimitPolicy, others_released: int) -> int | None:
    """Minutes of the limit that those split from the same request leave; None where
    the plan has no limit.

    >>> free_minutes(LimitPolicy(), 45), free_minutes(LimitPolicy(), 75)
    (15, 0)
    """
    if policy.threshold_minutes is None:
        return None
    return max(0, policy.threshold_minutes - others_released)


def allowed_minutes(
    policy: LimitPolicy,
    *,
    limit_blocks: int,
    approved_blocks: int = 0,
    released_minutes: int | None = None,
    others_released: int = 0,
) -> int | None:
    """Minutes that may be worked before the customer approves (more); None where no
    limit applies. What is above it is held.

    :param limit_blocks: released and approved blocks
    :param approved_blocks: of its approved quotes
    :param released_minutes: where a quote was made before, what was worked before it:
        the rest of the limit is not free any more
    :param others_released: minutes that those split from the same request used

    >>> allowed_minutes(LimitPolicy(), limit_blocks=3, others_released=20)
    40
    >>> allowed_minutes(LimitPolicy(), limit_blocks=2, released_minutes=16)
    16

    Six blocks are 90 minutes, and five more where the plan forgives five:

    >>> allowed_minutes(LimitPolicy(), limit_blocks=6, approved_blocks=6)
    90
    >>> forgiving = LimitPolicy(blocks=BlockPolicy(grace_minutes=5))
    >>> allowed_minutes(forgiving, limit_blocks=6, approved_blocks=6)
    95
    """
    if approved_blocks:
        return capacity(limit_blocks, policy.blocks)
    if released_minutes is not None:
        return released_minutes
    return free_minutes(policy, others_released)


class Parts(NamedTuple):
    """Worked minutes of a ticket by what became of them; they add up to the worked."""

    released: int
    approved: int
    held: int


def parts(
    worked_minutes: int, released_minutes: int, held_minutes: int, approved_minutes: int
) -> Parts:
    """Worked is released, approved or held.

    :param approved_minutes: minutes of the approved blocks; released minutes fill
        their last block before these count

    40 minutes released, 90 worked, four blocks approved, nothing held:

    >>> parts(90, 40, 0, 60)
    Parts(released=40, approved=50, held=0)
    >>> parts(61, 60, 1, 0)
    Parts(released=60, approved=0, held=1)
    """
    above = max(0, worked_minutes - held_minutes - released_minutes)
    approved = min(above, approved_minutes)
    return Parts(worked_minutes - held_minutes - approved, approved, held_minutes)
