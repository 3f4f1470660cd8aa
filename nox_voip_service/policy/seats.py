"""How many users a calendar month is billed for, and why.

A seat is one user of a PBX, from its first to its last day, both inclusive. Its
month is the share of its days: ``prorated`` counts user-days over the days of the
calendar month, ``first_day`` the users on the first of the month.

24 users all March, and 2 more from the 12th (20 of 31 days):

>>> staff = [Seat(n, date(2026, 1, 1)) for n in range(24)]
>>> new = [Seat("x", date(2026, 3, 12)), Seat("y", date(2026, 3, 12))]
>>> plan = PlanPeriod("contract", date(2026, 1, 1))
>>> (march,) = charges(staff + new, [plan], [date(2026, 3, 1)])
>>> march.quantity
Decimal('25.29')
>>> [(line.users, line.first, line.days, line.month_days) for line in march.lines]
[(24, None, 31, 31), (2, datetime.date(2026, 3, 12), 20, 31)]

Where plans or prices change within a month, each part is the rounded share up to
its end, less the parts before it, so that the parts add up to the rounded whole.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from .days import ONE_DAY, Span
from .errors import InvalidPeriod, InvalidPolicy
from .months import first_of_month, last_of_month

SEAT_POLICIES = ("prorated", "first_day")


@dataclass(frozen=True)
class Seat:
    """One user of a PBX.

    :param last: last day, inclusive; None while it lasts
    :param charged: off for a door phone, a fax
    :param replaces: key of the seat that it takes over; on the day of the
        replacement the two count once
    """

    key: Hashable
    first: date
    last: date | None = None
    charged: bool = True
    replaces: Hashable = None

    def __post_init__(self) -> None:
        _check_dates(self.key, self.first, self.last)

    def is_on(self, day: date) -> bool:
        """Is it in use on that day?"""
        return Span(self.first, self.last).covers(day)


@dataclass(frozen=True)
class PlanPeriod:
    """A plan that bills users, from a day to a day, both inclusive. A new price is a
    new period. Plans that bill no users are left out.

    :param price: of a user for a month, excl. VAT
    :param policy: ``prorated`` or ``first_day``
    """

    key: Hashable
    start: date
    end: date | None = None
    price: Decimal = Decimal(0)
    policy: str = "prorated"

    def __post_init__(self) -> None:
        _check_dates(self.key, self.start, self.end)
        if self.policy not in SEAT_POLICIES:
            raise InvalidPolicy("unknown_value", policy=self.policy)


class Line(NamedTuple):
    """A part of the explanation: "2 users from 12 March (20/31)".

    :param first: their first day in the month, None: from its beginning
    :param last: their last day in the month, None: to its end
    :param days: of the month that each of them is counted
    """

    users: int
    first: date | None
    last: date | None
    days: int
    month_days: int


class Charge(NamedTuple):
    """What one calendar month of one plan period is to be billed.

    :param month: its first day
    :param quantity: users, two decimals
    :param lines: why; their user-days make up the quantity before rounding
    """

    period: Hashable
    month: date
    quantity: Decimal
    price: Decimal
    lines: tuple[Line, ...]


def _check_dates(key: Hashable, first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise InvalidPeriod("end_before_start", key=key, first=first, last=last)


# ----------------------------------------------------------------------
# USERS
# ----------------------------------------------------------------------


def spans(seats: Iterable[Seat]) -> list[Span]:
    """The days of each slot. A slot is what the bill counts as one user: a successor
    goes on in the slot of the leaver.

    A successor who starts on the leaver's last day counts from the day after it:

    >>> leaver = Seat(1, date(2026, 1, 1), date(2026, 3, 11))
    >>> successor = Seat(2, date(2026, 3, 11), replaces=1)
    >>> spans([leaver, successor])
    [Span(first=datetime.date(2026, 1, 1), last=None)]
    """
    charged = {seat.key: seat for seat in seats if seat.charged}
    taking_over = successors(charged)
    taken = {seat.key for seat in taking_over.values()}
    found = []
    for seat in charged.values():
        if seat.key not in taken:
            found += _chain(seat, taking_over)
    return sorted(found, key=lambda span: (span.first, span.last or date.max))


def successors(charged: dict[Hashable, Seat]) -> dict[Hashable, Seat]:
    """Who goes on in whose slot: a seat that was in use on the successor's first
    day or the day before it. Of several who claim one slot, the first has it."""
    found: dict[Hashable, Seat] = {}
    for seat in sorted(charged.values(), key=lambda seat: seat.first):
        left = charged.get(seat.replaces)
        if (
            left is not None
            and left.key not in found
            and (left.is_on(seat.first) or left.is_on(seat.first - ONE_DAY))
            and not _leads_to(seat, left, charged)
        ):
            found[left.key] = seat
    return found


def _leads_to(seat: Seat, left: Seat, charged: dict[Hashable, Seat]) -> bool:
    """Do the links go round in a circle? Such links mean nothing."""
    seen: set[Hashable] = set()
    each: Seat | None = left
    while each is not None and each.key not in seen:
        if each.key == seat.key:
            return True
        seen.add(each.key)
        each = charged.get(each.replaces)
    return False


def _chain(seat: Seat, taking_over: dict[Hashable, Seat]) -> list[Span]:
    """The days of a seat and of those who took it over, one after the other."""
    found = [Span(seat.first, seat.last)]
    while (follower := taking_over.get(seat.key)) is not None:
        # On the day of the replacement the two count once.
        first = follower.first + ONE_DAY * seat.is_on(follower.first)
        seat = follower
        if seat.last is not None and seat.last < first:
            continue
        before = found[-1]
        if before.last is not None and before.last + ONE_DAY == first:
            found[-1] = Span(before.first, seat.last)
        else:
            found.append(Span(first, seat.last))
    return found


def users_on(seats: Iterable[Seat], day: date) -> int:
    """The number of users of a PBX that are billed on a day.

    >>> users_on([Seat(1, date(2026, 3, 1)), Seat(2, date(2026, 3, 9))],
    ...          date(2026, 3, 8))
    1
    """
    return sum(span.covers(day) for span in spans(seats))


# ----------------------------------------------------------------------
# THE MONTH
# ----------------------------------------------------------------------


def charges(
    seats: Iterable[Seat], periods: Sequence[PlanPeriod], months: Iterable[date]
) -> list[Charge]:
    """The charges of calendar months, one for each plan period in each, in order.

    Under ``first_day`` the period that runs on the first carries the whole month:
    nothing is billed for the plans that follow within it, and a plan that starts
    later begins to bill with the next month.

    :param seats: all of one PBX
    :param periods: all of the same PBX that bill users
    :param months: any day in each

    :raises InvalidPeriod: ``overlap``, when two periods share a day
    """
    ordered = sorted(periods, key=lambda period: period.start)
    for period, following in pairwise(ordered):
        if period.end is None or following.start <= period.end:
            raise InvalidPeriod("overlap", first=period.key, second=following.key)
    slots = spans(seats)
    return [charge for month in months for charge in _month(slots, ordered, month)]


def _month(
    slots: list[Span], periods: list[PlanPeriod], month: date
) -> Iterable[Charge]:
    begin, end = first_of_month(month), last_of_month(month)
    user_days, billed, paid_whole = 0, 0, False
    for period in periods:
        start, stop = max(period.start, begin), min(period.end or end, end)
        if start > stop:
            continue
        lines: list[Line] = []
        if period.policy == "first_day":
            # The month is what its first day was.
            if start == begin:
                paid_whole = True
                lines = [
                    line._replace(last=None, days=line.month_days)
                    for line in _lines(slots, begin, begin, begin, end)
                ]
        elif not paid_whole:
            lines = _lines(slots, start, stop, begin, end)
        user_days += sum(line.users * line.days for line in lines)
        hundredths = _hundredths(user_days, end.day)
        quantity = Decimal(hundredths - billed).scaleb(-2)
        billed = hundredths
        yield Charge(period.key, begin, quantity, period.price, tuple(lines))


def _lines(
    slots: list[Span], start: date, stop: date, begin: date, end: date
) -> list[Line]:
    """The slots within a part of a month, those with the same days together."""
    counted = Counter(
        (max(slot.first, start), min(slot.last or stop, stop)) for slot in slots
    )
    return [
        Line(
            users=users,
            first=None if first == begin else first,
            last=None if last == end else last,
            days=(last - first).days + 1,
            month_days=end.day,
        )
        for (first, last), users in sorted(
            counted.items(), key=lambda item: (item[0][0], -item[0][1].toordinal())
        )
        if first <= last
    ]


def _hundredths(user_days: int, month_days: int) -> int:
    """Users in hundredths, to the nearest: no month has days for an exact half."""
    return (200 * user_days + month_days) // (2 * month_days)
