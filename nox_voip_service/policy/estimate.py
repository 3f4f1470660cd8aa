"""What a kind of work usually takes, and what to tell the customer before it starts.

>>> usual_minutes(20, [5, 6, 7, 8])
20
>>> usual_minutes(20, [5, 6, 7, 8, 90])
7
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from . import timeblocks

# Fewer finished jobs than this say little; then the catalogue's figure counts.
ENOUGH_JOBS = 5


@dataclass(frozen=True)
class Estimate:
    """What a request is expected to come to.

    :param minutes: usual minutes of such a job; 0 when nobody knows
    :param blocks: the same in blocks of the plan, rounded up as time is
    :param quote_first: more than may be worked without an approved quote
    """

    minutes: int
    blocks: int
    quote_first: bool


def usual_minutes(configured: int, finished: Sequence[int]) -> int:
    """Minutes that a job of this kind usually takes.

    :param configured: the catalogue's figure, in minutes
    :param finished: worked minutes of finished jobs of this kind, in any order

    From five finished jobs on their median counts, halves rounded up: one job that
    got out of hand does not move it.

    >>> usual_minutes(20, [10, 11, 12, 13, 14, 15])
    13
    """
    if len(finished) < ENOUGH_JOBS:
        return configured
    ordered = sorted(finished)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle] + 1) // 2


def estimate(
    minutes: int, policy: timeblocks.BlockPolicy, threshold_minutes: int | None
) -> Estimate:
    """What so many minutes come to under a plan.

    :param minutes: expected minutes of the whole job
    :param threshold_minutes: above this a quote comes first; None for no limit

    >>> estimate(20, timeblocks.BlockPolicy(), 60)
    Estimate(minutes=20, blocks=2, quote_first=False)
    >>> estimate(61, timeblocks.BlockPolicy(), 60).quote_first
    True
    """
    blocks = timeblocks.blocks([timeblocks.Entry(date.min, minutes)], policy)
    over = threshold_minutes is not None and minutes > threshold_minutes
    return Estimate(minutes, blocks, over)
