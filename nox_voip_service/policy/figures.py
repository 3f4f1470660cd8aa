"""The arithmetic behind the manager's page: middles, shares, trends and rates."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median_low
from typing import NamedTuple

from .assessment import Assessment, assess
from .limit import LimitPolicy, released_blocks
from .months import first_of_month, previous_month
from .timeblocks import BlockPolicy, Entry

PERIODS = {"month": 1, "quarter": 3, "year": 12}
# Fewer requests than this in a half-year show no trend.
ENOUGH = 3
# Percent points; less is no trend.
TREND_POINTS = 5
CENT = Decimal("0.01")


def median(values: Sequence[float]) -> float | None:
    """The middle value; of two the one between them; None of nothing.

    >>> median([5, 1, 3]), median([1, 2, 4, 9]), median([])
    (3, 3.0, None)
    """
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest value that so many percent are not above (nearest rank).

    >>> percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), percentile([7], 90)
    (9, 7)
    >>> percentile([], 90) is None
    True
    """
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def share(part: int, whole: int) -> int | None:
    """Whole percent, halves up; None of nothing.

    >>> share(1, 3), share(1, 8), share(0, 5), share(0, 0)
    (33, 13, 0, None)
    """
    if not whole:
        return None
    return (200 * part + whole) // (2 * whole)


def trend(before: tuple[int, int], now: tuple[int, int]) -> str:
    """How a share moved between two half-years.

    :param before: part and whole of the earlier half-year
    :return: ``up``, ``down``, ``same``; ``unknown`` with few requests

    >>> trend((1, 10), (4, 10)), trend((4, 10), (1, 10)), trend((1, 20), (2, 25))
    ('up', 'down', 'same')
    >>> trend((0, 2), (5, 5))
    'unknown'
    """
    if min(before[1], now[1]) < ENOUGH:
        return "unknown"
    points = Decimal(100 * now[0]) / now[1] - Decimal(100 * before[0]) / before[1]
    if abs(points) < TREND_POINTS:
        return "same"
    return "up" if points > 0 else "down"


def effective_rate(revenue: Decimal, minutes: int) -> Decimal | None:
    """What an hour brought, to the cent; None when nothing was worked.

    >>> effective_rate(Decimal("180.00"), 90), effective_rate(Decimal(180), 0)
    (Decimal('120.00'), None)
    """
    if minutes <= 0:
        return None
    return (revenue * 60 / minutes).quantize(CENT, ROUND_HALF_UP)


def loses_money(revenue: Decimal, cost: Decimal) -> bool:
    """Do the users of a contract bring less than its included time costs?

    >>> loses_money(Decimal(100), Decimal(120)), loses_money(Decimal(0), Decimal(0))
    (True, False)
    """
    return revenue < cost


def period_days(period: str, today: date) -> tuple[date, date]:
    """First and last day of the complete months that ended last.

    >>> period_days("month", date(2026, 3, 15))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    >>> period_days("quarter", date(2026, 3, 1))
    (datetime.date(2025, 12, 1), datetime.date(2026, 2, 28))
    """
    end = first_of_month(today)
    start = end
    for _month in range(PERIODS[period]):
        start = previous_month(start)
    return start, end - timedelta(days=1)


def half_years(today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The last two half-years of complete months, the earlier one first.

    >>> half_years(date(2026, 3, 15))[1]
    (datetime.date(2025, 9, 1), datetime.date(2026, 2, 28))
    """
    start, end = period_days("year", today)
    middle = first_of_month(end)
    for _month in range(5):
        middle = previous_month(middle)
    return (start, middle - timedelta(days=1)), (middle, end)


class Job(NamedTuple):
    """The work of one ticket and what it may bill.

    :param entries: in (date, id) order
    :param before: those recorded before its first quote; all of them without one
    :param released: minutes of them that need no approval, from `limit.release`
    :param released_blocks: that its quote was made beside; None: as they come out
    :param approved_blocks: of its approved quotes
    """

    entries: Sequence[Entry]
    before: Sequence[Entry]
    released: int
    released_blocks: int | None = None
    approved_blocks: int = 0


class Recount(NamedTuple):
    """A ticket as it is counted, and as it would be.

    :param minutes: that are paid for: what is held is not
    :param rounding: minutes that rounding added, as the plan counts
    :param held: minutes above its limit
    """

    minutes: int
    blocks: int
    new_blocks: int
    rounding: int
    held: int
    new_held: int


def recount(job: Job, policy: BlockPolicy, other: BlockPolicy) -> Recount:
    """The same work under other blocks, by the rules that bill. Released are the same
    minutes, an approved quote counts for the same minutes; the blocks of both, and so
    what is held, are counted again.

    38 minutes in blocks of 15, and of 5. 58 minutes of which 50 are released: they
    fill the four blocks that 50 minutes start, but not ten blocks of 5.

    >>> short, long = [Entry(date(2026, 3, 2), 38)], [Entry(date(2026, 3, 2), 58)]
    >>> recount(Job(short, short, 38), BlockPolicy(), BlockPolicy(5))
    Recount(minutes=38, blocks=3, new_blocks=8, rounding=7, held=0, new_held=0)
    >>> recount(Job(long, long, 50), BlockPolicy(), BlockPolicy(5))
    Recount(minutes=58, blocks=4, new_blocks=10, rounding=2, held=0, new_held=8)
    >>> quoted = Job(long, long, 50, approved_blocks=1)
    >>> recount(quoted, BlockPolicy(), BlockPolicy(5)).new_held
    0
    """
    found = _assessed(job, policy, job.released_blocks, job.approved_blocks)
    approved = math.ceil(
        job.approved_blocks * policy.block_minutes / other.block_minutes
    )
    most = job.released_blocks if other == policy else None
    new = _assessed(job, other, most, approved)
    minutes = found.worked_minutes - found.held_minutes
    return Recount(
        minutes=minutes,
        blocks=found.billed_blocks,
        new_blocks=new.billed_blocks,
        rounding=found.billed_blocks * policy.block_minutes - minutes,
        held=found.held_minutes,
        new_held=new.held_minutes,
    )


def _assessed(
    job: Job, policy: BlockPolicy, at_most: int | None, approved_blocks: int
) -> Assessment:
    return assess(
        job.entries,
        LimitPolicy(policy),
        "billable",
        released_minutes=job.released,
        released_blocks=released_blocks(job.before, job.released, policy, at_most),
        approved_blocks=approved_blocks,
    )


def block_price(price: Decimal, policy: BlockPolicy, other: BlockPolicy) -> Decimal:
    """The price of another block at the same price of a minute.

    >>> block_price(Decimal("20.50"), BlockPolicy(), BlockPolicy(5))
    Decimal('6.83')
    """
    return (price * other.block_minutes / policy.block_minutes).quantize(
        CENT, ROUND_HALF_UP
    )


def usual_price(prices: Iterable[Decimal]) -> Decimal | None:
    """What others pay for a user: a price that somebody has, in the middle.

    >>> usual_price(map(Decimal, ("5.25", "7.10", "6.25", "5.95")))
    Decimal('5.95')
    >>> usual_price([])
    """
    found = [each for each in prices if each > 0]
    return median_low(found) if found else None
