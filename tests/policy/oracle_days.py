"""A day-by-day calculator of the month, written differently.

It opens a book on every day, writes down who is in, and lets those who hand over
their place that day stand together. It knows no spans, no chains and no formulas;
the policy must agree with it on every day of every history.
"""

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def days(first, last):
    """Every day from one to another."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def users(seats, day):
    """Places taken on a day; leaver and successor stand together on the day of
    their replacement."""
    here = {
        seat.key: {seat.key}
        for seat in seats
        if seat.charged and seat.first <= day <= (seat.last or date.max)
    }
    for seat in seats:
        if seat.key in here and seat.first == day and seat.replaces in here:
            here[seat.replaces] |= here[seat.key]
            for key in list(here[seat.replaces]):
                here[key] = here[seat.replaces]
    return len({id(group) for group in here.values()})


def rounded(share):
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def write(seats, periods, first, last):
    """``({(period, month): quantity}, {day: users})`` of whole months."""
    count = {day: users(seats, day) for day in days(first, last)}
    plan = {
        day: period
        for period in periods
        for day in days(max(first, period.start), min(last, period.end or last))
    }
    shares, whole = defaultdict(Fraction), set()
    for day in days(first, last):
        period, month = plan.get(day), day.replace(day=1)
        if period is None:
            continue
        shares[month, period.key] += 0
        if period.policy == "first_day":
            if day.day == 1:
                shares[month, period.key] += count[day]
                whole.add(month)
        elif month not in whole:
            shares[month, period.key] += Fraction(
                count[day], monthrange(day.year, day.month)[1]
            )
    quantities, so_far, billed = {}, defaultdict(Fraction), defaultdict(Decimal)
    for (month, key), share in shares.items():
        so_far[month] += share
        quantities[key, month] = rounded(so_far[month]) - billed[month]
        billed[month] += quantities[key, month]
    return quantities, count


def amounts(quantities, periods):
    """``{(month, price): EUR}``: the users at one price as if they were one line."""
    price = {period.key: period.price for period in periods}
    users = defaultdict(Fraction)
    for (key, month), quantity in quantities.items():
        users[month, price[key]] += Fraction(quantity)
    return {
        (month, each): rounded(total * Fraction(each))
        for (month, each), total in users.items()
        if total
    }
