"""Spans of whole days: from when to when something is in force, both days included."""

from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from ``first`` to ``last``, both inclusive; None while it lasts."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Is it in force on that day?

        >>> march = Span(date(2026, 3, 1), date(2026, 3, 31))
        >>> march.covers(date(2026, 3, 31)), march.covers(date(2026, 4, 1))
        (True, False)
        >>> Span(date(2026, 3, 1)).covers(date(2030, 1, 1))
        True
        """
        return self.first <= day and (self.last is None or day <= self.last)

    def is_over(self, day: date) -> bool:
        """Was its last day before that day?

        >>> march = Span(date(2026, 3, 1), date(2026, 3, 31))
        >>> march.is_over(date(2026, 3, 31)), march.is_over(date(2026, 4, 1))
        (False, True)
        """
        return self.last is not None and self.last < day

    def overlaps(self, other: "Span") -> bool:
        """Do they share a day?

        >>> Span(date(2026, 3, 1), date(2026, 3, 11)).overlaps(Span(date(2026, 3, 11)))
        True
        """
        return self.first <= (other.last or date.max) and other.first <= (
            self.last or date.max
        )

    def within(self, first: date, last: date) -> "Span | None":
        """Its days from one day to another; None when there are none.

        >>> Span(date(2026, 3, 12)).within(date(2026, 3, 1), date(2026, 3, 31))
        Span(first=datetime.date(2026, 3, 12), last=datetime.date(2026, 3, 31))
        """
        start, stop = max(self.first, first), min(self.last or last, last)
        return Span(start, stop) if start <= stop else None


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day on which something happens where the company is.

    :param moment: naive, in UTC, as Odoo stores it

    Half past eleven in the evening in UTC is the next day in Amsterdam:

    >>> from zoneinfo import ZoneInfo
    >>> local_day(datetime(2026, 3, 31, 23, 30), ZoneInfo("Europe/Amsterdam"))
    datetime.date(2026, 4, 1)
    """
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
