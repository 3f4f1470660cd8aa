"""Calendar months, and which of them are due.

Users are billed in arrears: a month is due when it has ended.

>>> months_due(date(2026, 1, 31), None, today=date(2026, 4, 1))
[datetime.date(2026, 1, 1), datetime.date(2026, 2, 1), datetime.date(2026, 3, 1)]
"""

from calendar import monthrange
from datetime import date

from .days import ONE_DAY


def first_of_month(day: date) -> date:
    """
    >>> first_of_month(date(2028, 2, 29))
    datetime.date(2028, 2, 1)
    """
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """
    >>> last_of_month(date(2028, 2, 1)), last_of_month(date(2026, 2, 1))
    (datetime.date(2028, 2, 29), datetime.date(2026, 2, 28))
    """
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """The first day of the month after that of ``day``.

    >>> next_month(date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return last_of_month(day) + ONE_DAY


def previous_month(day: date) -> date:
    """The first day of the month before that of ``day``.

    >>> previous_month(date(2026, 1, 31))
    datetime.date(2025, 12, 1)
    """
    return first_of_month(first_of_month(day) - ONE_DAY)


def has_ended(month: date, today: date) -> bool:
    """Is the month of a day over, so that its users can be billed?

    >>> has_ended(date(2026, 3, 1), date(2026, 3, 31))
    False
    >>> has_ended(date(2026, 3, 1), date(2026, 4, 1))
    True
    """
    return next_month(month) <= today


def is_billed_elsewhere(month: date, billed_until: date | None) -> bool:
    """Was the month billed by another system, before going live?

    :param billed_until: months before the one of this day count as billed

    >>> is_billed_elsewhere(date(2026, 2, 1), date(2026, 3, 15))
    True
    >>> is_billed_elsewhere(date(2026, 3, 1), date(2026, 3, 15))
    False
    """
    return billed_until is not None and month < first_of_month(billed_until)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all calendar months from one day's to another's.

    >>> months_between(date(2026, 11, 30), date(2027, 1, 1))
    [datetime.date(2026, 11, 1), datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)]
    >>> months_between(date(2027, 1, 1), date(2026, 12, 31))
    []
    """
    months, month = [], first_of_month(first)
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months


def months_due(
    start: date,
    end: date | None,
    *,
    today: date,
    billed_until: date | None = None,
) -> list[date]:
    """The months of a plan period that have ended: the first day of each.

    :param start: first day of the period
    :param end: its last day, None while it lasts
    :param today: in the company's time zone
    :param billed_until: months before the one of this day count as billed (by
        another system, before going live)

    >>> months_due(date(2020, 1, 1), None, today=date(2026, 4, 1),
    ...            billed_until=date(2026, 3, 1))
    [datetime.date(2026, 3, 1)]
    """
    ended = first_of_month(today) - ONE_DAY
    last = ended if end is None else min(end, ended)
    return months_between(max(start, billed_until or start), last)
