"""The monthly statement beside an invoice: which months it is about, where work that
was included stands, and what it would have cost.

>>> first_and_last([date(2026, 2, 1), date(2026, 3, 1)], date(2026, 4, 1))
(datetime.date(2026, 2, 1), datetime.date(2026, 3, 31))
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from . import months

Row = TypeVar("Row")


class Included(NamedTuple):
    """Work that the plan covers: started blocks, and what so many cost without it."""

    blocks: int
    amount: Decimal


class Bill(NamedTuple):
    """An invoice of a month, and the telephone systems whose users it bills."""

    id: int
    systems: frozenset[int]


def first_and_last(billed: Iterable[date], made_on: date) -> tuple[date, date]:
    """The first and the last day of the months that an invoice is about.

    Several months when the run caught up; without a month that it names, the month
    before the day of the invoice:

    >>> first_and_last([], date(2026, 4, 1))
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))

    :param billed: months that are billed for the first time; corrections name older
        ones and are left out
    :param made_on: day of the invoice
    """
    named = sorted(months.first_of_month(day) for day in billed)
    if not named:
        named = [months.previous_month(made_on)]
    return named[0], months.last_of_month(named[-1])


def home(bills: Sequence[Bill], system: int) -> int:
    """On the statement of which invoice the included work of a telephone system
    stands: once, beside its users, or on the first one.

    >>> bills = [Bill(7, frozenset({1})), Bill(8, frozenset({2})), Bill(9, frozenset())]
    >>> home(bills, 2), home(bills, 3)
    (8, 7)

    :param bills: of one customer and month, the first one first
    """
    for bill in bills:
        if system in bill.systems:
            return bill.id
    return bills[0].id


def would_have_cost(included: Iterable[Included]) -> Included:
    """Blocks and amount of all included work.

    >>> would_have_cost([Included(2, Decimal("41.00")), Included(1, Decimal("20.50"))])
    Included(blocks=3, amount=Decimal('61.50'))
    >>> would_have_cost([])
    Included(blocks=0, amount=Decimal('0'))
    """
    work = list(included)
    return Included(
        sum(one.blocks for one in work), sum((one.amount for one in work), Decimal(0))
    )


def parts(rows: Sequence[Row], most: int) -> list[Sequence[Row]]:
    """Rows of a long table in parts that each get their headings again and stay on
    one page, also where a printer of web pages can do neither.

    >>> parts(["a", "b", "c"], most=2)
    [['a', 'b'], ['c']]
    >>> parts([], most=2)
    []

    :param most: rows of a part
    """
    return [rows[start : start + most] for start in range(0, len(rows), most)]
