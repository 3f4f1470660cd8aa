"""Minutes worked become started blocks.

The terms bill 15 minutes at a time, after calculation. One entry's hours are
rounded to whole minutes once; from there on everything is an integer. A started
block is a whole block, and the sum of a ticket is rounded up once:

>>> six = [Entry(date(2026, 3, 2), 35)] * 6
>>> blocks(six, BlockPolicy())
14

Rounding each entry, or the sum of hours as a float, would give 18 or 15.
A plan may round per day or per entry instead, and may leave some minutes of a
next block unbilled (grace).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .errors import InvalidDuration, InvalidPolicy

DAY_MINUTES = 1440
SCOPES = ("ticket", "day", "entry")


class Entry(NamedTuple):
    """One time entry. A sequence of them stands in (date, id) order."""

    day: date
    minutes: int


@dataclass(frozen=True)
class BlockPolicy:
    """How a plan rounds.

    :param block_minutes: minutes in one billed block
    :param grace_minutes: minutes of a next block that are not billed yet; fewer
        than a block
    :param scope: what is added up before rounding: ``ticket``, ``day``, ``entry``

    >>> BlockPolicy(block_minutes=0)
    Traceback (most recent call last):
    ...
    odoo.addons.nox_voip_service.policy.errors.InvalidPolicy: not_positive block=0
    """

    block_minutes: int = 15
    grace_minutes: int = 0
    scope: str = "ticket"

    def __post_init__(self) -> None:
        if self.block_minutes < 1:
            raise InvalidPolicy("not_positive", block=self.block_minutes)
        if self.grace_minutes < 0:
            raise InvalidPolicy("negative", grace=self.grace_minutes)
        if self.grace_minutes >= self.block_minutes:
            raise InvalidPolicy(
                "grace_too_long", grace=self.grace_minutes, block=self.block_minutes
            )
        if self.scope not in SCOPES:
            raise InvalidPolicy("unknown_value", scope=self.scope)


def minutes_from_hours(hours: object) -> int:
    """The whole minutes of *one* entry typed as hours.

    35 minutes typed as 0.58 is 35 again: see :func:`rounded_minutes`.

    >>> minutes_from_hours(0.58), minutes_from_hours(35 / 60), minutes_from_hours(24)
    (35, 35, 1440)
    >>> minutes_from_hours(-0.25)
    Traceback (most recent call last):
    ...
    odoo.addons.nox_voip_service.policy.errors.InvalidDuration: not_positive hours=-0.25

    :raises InvalidDuration: ``not_a_number`` (also for True, None, text, NaN and
        infinite), ``not_positive`` (also for less than half a minute) or
        ``over_a_day``
    """
    if isinstance(hours, bool) or not isinstance(
        hours, (int, float, Decimal, Fraction)
    ):
        raise InvalidDuration("not_a_number", hours=hours)
    if isinstance(hours, Decimal):
        finite = hours.is_finite()
    else:
        finite = not isinstance(hours, float) or math.isfinite(hours)
    if not finite:
        raise InvalidDuration("not_a_number", hours=hours)
    # Compared before multiplying: 60 times a huge float is infinite.
    if hours > 25:
        raise InvalidDuration("over_a_day", hours=hours)
    minutes = rounded_minutes(hours) if hours > 0 else 0
    if minutes < 1:
        raise InvalidDuration("not_positive", hours=hours)
    if minutes > DAY_MINUTES:
        raise InvalidDuration("over_a_day", hours=hours)
    return minutes


def rounded_minutes(hours: float | Decimal | Fraction) -> int:
    """Hours as whole minutes; the books of the time round alike in SQL.

    Exact halves go to the even minute, as Python's ``round`` does; hours of two
    decimals never come near a half.

    >>> rounded_minutes(0.58), rounded_minutes(1.5), rounded_minutes(0)
    (35, 90, 0)
    """
    return round(hours * 60)


def hours_from_minutes(minutes: int) -> float:
    """Hours for a field that shows hours; the way back is exact.

    >>> hours_from_minutes(20), minutes_from_hours(hours_from_minutes(20))
    (0.3333333333333333, 20)
    """
    return minutes / 60


def started_blocks(minutes: int, policy: BlockPolicy) -> int:
    """Blocks that were started in so many minutes together.

    >>> [started_blocks(m, BlockPolicy()) for m in (0, 1, 15, 16, 60, 61)]
    [0, 1, 1, 2, 4, 5]
    >>> [started_blocks(m, BlockPolicy(grace_minutes=5)) for m in (3, 20, 21)]
    [1, 1, 2]
    """
    if minutes <= 0:
        return 0
    # -(-a // b) is ceil(a / b) without a float.
    return max(1, -(-(minutes - policy.grace_minutes) // policy.block_minutes))


def capacity(limit_blocks: int, policy: BlockPolicy) -> int:
    """The most minutes that still fit in so many blocks of one group.

    >>> capacity(4, BlockPolicy()), capacity(4, BlockPolicy(grace_minutes=5))
    (60, 65)
    >>> capacity(0, BlockPolicy(grace_minutes=5))
    0
    """
    if limit_blocks <= 0:
        return 0
    return limit_blocks * policy.block_minutes + policy.grace_minutes


def groups(entries: Sequence[Entry], policy: BlockPolicy) -> list[list[int]]:
    """The minutes of the entries, in the groups that are rounded together.

    >>> two_days = [Entry(date(2026, 3, 2), 5), Entry(date(2026, 3, 3), 7)]
    >>> groups(two_days, BlockPolicy()), groups(two_days, BlockPolicy(scope="day"))
    ([[5, 7]], [[5], [7]])
    """
    if policy.scope == "entry":
        return [[entry.minutes] for entry in entries]
    if policy.scope == "ticket":
        return [[entry.minutes for entry in entries]]
    by_day: dict[date, list[int]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry.minutes)
    return list(by_day.values())


def blocks(entries: Sequence[Entry], policy: BlockPolicy) -> int:
    """Started blocks of the entries of one ticket.

    >>> three = [Entry(date(2026, 3, 2), 5)] * 3
    >>> blocks(three, BlockPolicy()), blocks(three, BlockPolicy(scope="entry"))
    (1, 3)
    """
    return sum(started_blocks(sum(group), policy) for group in groups(entries, policy))


def first_minutes(entries: Sequence[Entry], minutes: int) -> list[Entry]:
    """The entries that hold the first so many minutes; the last may be cut.

    >>> [e.minutes for e in first_minutes([Entry(date(2026, 3, 2), 50)] * 2, 60)]
    [50, 10]
    """
    first = []
    for entry in entries:
        if minutes <= 0:
            break
        first.append(Entry(entry.day, min(entry.minutes, minutes)))
        minutes -= entry.minutes
    return first


def blocks_of_first(entries: Sequence[Entry], minutes: int, policy: BlockPolicy) -> int:
    """Started blocks of the first so many minutes, in order.

    >>> blocks_of_first([Entry(date(2026, 3, 2), 61)], 60, BlockPolicy())
    4
    """
    return blocks(first_minutes(entries, minutes), policy)


def held_minutes(
    entries: Sequence[Entry], limit_blocks: int | None, policy: BlockPolicy
) -> int:
    """Minutes above a limit in blocks: they are on no invoice.

    Groups eat the limit in order; of each group counts what does not fit in the
    blocks that are left. None is no limit.

    >>> held_minutes([Entry(date(2026, 3, 2), 95)], 6, BlockPolicy())
    5
    """
    if limit_blocks is None:
        return 0
    held, remaining = 0, limit_blocks
    for group in groups(entries, policy):
        total = sum(group)
        held += max(0, total - capacity(remaining, policy))
        remaining -= started_blocks(total, policy)
    return held


def minutes_paid_for(
    entries: Sequence[Entry], closed_blocks: int, policy: BlockPolicy
) -> int:
    """Minutes that so many blocks pay for, of what was worked.

    Never more than those blocks: the blocks of this result are at most
    ``closed_blocks``, whatever the plan adds up before rounding.

    >>> minutes_paid_for([Entry(date(2026, 3, 2), 20)], 2, BlockPolicy())
    20
    >>> minutes_paid_for([Entry(date(2026, 3, 2), 35)], 2, BlockPolicy())
    30
    """
    worked = sum(entry.minutes for entry in entries)
    return worked - held_minutes(entries, closed_blocks, policy)


def frozen_entries(
    entries: Sequence[Entry], closed_blocks: int, policy: BlockPolicy
) -> int:
    """How many of the leading entries are frozen by the closed blocks.

    Closed is invoiced or waived. An entry is frozen when it begins below the
    closed limit; one that straddles the limit is frozen whole. Two blocks
    invoiced for 20 minutes freeze 5 minutes more as well: they are paid for.

    >>> day = date(2026, 3, 2)
    >>> frozen_entries([Entry(day, 20), Entry(day, 5), Entry(day, 5), Entry(day, 1)],
    ...                2, BlockPolicy())
    3

    The frozen ones always lead: a group with an entry beyond its limit has started
    more blocks than were left, so that nothing is left for the groups after it.
    """
    frozen, remaining = 0, closed_blocks
    for group in groups(entries, policy):
        limit, start = capacity(remaining, policy), 0
        for minutes in group:
            if start >= limit:
                return frozen
            frozen += 1
            start += minutes
        remaining -= started_blocks(start, policy)
    return frozen
