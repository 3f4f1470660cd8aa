"""The days that each user counts in a month, as the customer may check them.

The bill counts slots: on the day of a replacement two users are one place. Here
each day of a slot belongs to one user, the leaver's last day to the leaver, so that
the days of all users add up to the user-days that were billed.

>>> leaver = Seat(1, date(2026, 3, 1), date(2026, 3, 11))
>>> successor = Seat(2, date(2026, 3, 11), replaces=1)
>>> plan = PlanPeriod("contract", date(2026, 1, 1))
>>> [(user.key, user.first.day, user.last.day, user.days)
...  for user in user_days([leaver, successor], plan, date(2026, 3, 1))]
[(1, 1, 11, 11), (2, 12, 31, 20)]
"""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import NamedTuple

from .days import ONE_DAY
from .months import first_of_month, last_of_month
from .seats import PlanPeriod, Seat, successors


class UserDays(NamedTuple):
    """One user's days in a month, both inclusive.

    :param key: of the seat
    :param days: that count; 0 on a plan that looks at the first of the month when
        the user was not there on that day
    """

    key: Hashable
    first: date
    last: date
    days: int


def user_days(seats: Iterable[Seat], period: PlanPeriod, month: date) -> list[UserDays]:
    """The users of one plan period in a calendar month, in order of first day.

    :param seats: all of one PBX
    :param month: any day in it
    """
    begin, end = first_of_month(month), last_of_month(month)
    start, stop = max(period.start, begin), min(period.end or end, end)
    charged = {seat.key: seat for seat in seats if seat.charged}
    leavers = {
        successor.key: charged[key] for key, successor in successors(charged).items()
    }
    found = []
    for seat in charged.values():
        first = max(_own_first(seat, leavers.get(seat.key)), start)
        last = min(seat.last or stop, stop)
        if first <= last:
            days = (last - first).days + 1
            if period.policy == "first_day":
                days = end.day if first == begin else 0
            found.append(UserDays(seat.key, first, last, days))
    return sorted(found, key=lambda user: (user.first, user.last))


def _own_first(seat: Seat, leaver: Seat | None) -> date:
    """A successor counts from the day after the leaver's last day."""
    if leaver is not None and leaver.is_on(seat.first):
        return seat.first + ONE_DAY
    return seat.first
