"""On which days a PBX has a certified administrator, and who lacks what.

A certificate counts from the day of the training to its expiry, both inclusive, and
only while its holder is there: not from the day the person left.

>>> anna = Certificate("Anna", date(2026, 3, 1), last=date(2027, 2, 28))
>>> holders([anna], date(2027, 2, 28)), holders([anna], date(2027, 3, 1))
(('Anna',), ())
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .days import ONE_DAY, Span
from .errors import InvalidPeriod

VALID = "valid"
NEVER = "never"
LATER = "later"
EXPIRED = "expired"
EXPIRING = "expiring"
LEFT = "left"


@dataclass(frozen=True)
class Certificate:
    """A training that somebody passed.

    :param holder: the person
    :param first: day of the training, the first day it counts
    :param last: expiry, the last day it counts; None: it does not expire
    :param left: first day on which the person was no administrator any more
    """

    holder: Hashable
    first: date
    last: date | None = None
    left: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise InvalidPeriod(
                "end_before_start", key=self.holder, start=self.first, end=self.last
            )

    @property
    def end(self) -> date | None:
        """The last day it counts; None without end. Before `first` when the person
        left before it began."""
        ends = [] if self.last is None else [self.last]
        if self.left is not None:
            ends.append(self.left - ONE_DAY)
        return min(ends, default=None)

    def is_on(self, day: date) -> bool:
        """Does it count on that day?"""
        return Span(self.first, self.end).covers(day)


class Standing(NamedTuple):
    """Where a person stands on a day.

    :param code: ``valid``, ``never`` (no certificate), ``later`` (starts later),
        ``expired`` or ``left``
    :param day: valid or expired: the expiry (None: does not expire); later: the first
        day; left: the first day without the person
    """

    code: str
    day: date | None = None


def state(last: date | None, left: date | None, day: date, reminder_days: int) -> str:
    """How one certificate stands on a day: ``valid``, ``expiring`` (valid, and ends
    within the days of the reminder), ``expired`` or ``left``.

    :param last: its expiry, the last day it counts; None: it does not expire
    :param left: first day on which its holder was no administrator any more

    >>> last = date(2027, 2, 28)
    >>> [state(last, None, day, 30) for day in (date(2027, 1, 28), date(2027, 1, 29))]
    ['valid', 'expiring']
    >>> state(last, None, date(2027, 3, 1), 30)
    'expired'
    """
    if left is not None and left <= day:
        return LEFT
    if last is None:
        return VALID
    if last < day:
        return EXPIRED
    return EXPIRING if last <= day + timedelta(reminder_days) else VALID


def holders(certificates: Iterable[Certificate], day: date) -> tuple[Hashable, ...]:
    """Who is a certified administrator on that day, each person once."""
    return tuple(dict.fromkeys(c.holder for c in certificates if c.is_on(day)))


def standing(
    certificates: Iterable[Certificate], holder: Hashable, day: date
) -> Standing:
    """What this person has, or lacks, on that day. The best certificate speaks.

    >>> old = Certificate("Anna", date(2024, 1, 1), last=date(2025, 12, 31))
    >>> standing([old], "Anna", date(2026, 5, 1))
    Standing(code='expired', day=datetime.date(2025, 12, 31))
    >>> standing([old], "Bert", date(2026, 5, 1))
    Standing(code='never', day=None)
    """
    own = [c for c in certificates if c.holder == holder]
    running = [c for c in own if c.is_on(day)]
    if running:
        ends = [c.last for c in running if c.last is not None]
        return Standing(VALID, max(ends) if len(ends) == len(running) else None)
    gone = [c.left for c in own if c.left is not None and c.left <= day]
    if gone:
        return Standing(LEFT, max(gone))
    over = [c.last for c in own if c.last is not None and c.last < day]
    if over:
        return Standing(EXPIRED, max(over))
    if own:
        return Standing(LATER, min(c.first for c in own))
    return Standing(NEVER)
