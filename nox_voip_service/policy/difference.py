"""Why this month's amount differs from last month's, in parts that add up.

More or fewer users are counted at last month's price; what remains is the price,
but for what rounding explains.

>>> before = Billed(Decimal(24), Decimal("180.00"))
>>> now = Billed(Decimal("25.29"), Decimal("196.00"))
>>> [(part.kind, str(part.change), str(part.amount)) for part in explain(before, now)]
[('users', '1.29', '9.68'), ('price', '0', '6.32')]
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
GROWTH_PERCENT = 30
HALF_A_CENT = Decimal("0.005")


class Billed(NamedTuple):
    """What stands on one month's invoice for one PBX.

    :param quantity: users
    :param amount: excl. VAT, in the invoice's currency
    """

    quantity: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)


class Part(NamedTuple):
    """A part of the difference.

    :param kind: ``new``, ``gone``, ``users`` or ``price``
    :param change: of the number of users; nothing for a price
    :param amount: of the difference, excl. VAT
    """

    kind: str
    change: Decimal
    amount: Decimal


def explain(before: Billed, now: Billed) -> list[Part]:
    """The parts of the difference; their amounts add up to it.

    >>> explain(Billed(), Billed(Decimal(2), Decimal("15.00")))
    [Part(kind='new', change=Decimal('2'), amount=Decimal('15.00'))]
    >>> explain(Billed(Decimal(2), Decimal("15.00")), Billed())
    [Part(kind='gone', change=Decimal('-2'), amount=Decimal('-15.00'))]
    >>> explain(Billed(), Billed())
    []
    """
    change = now.quantity - before.quantity
    difference = now.amount - before.amount
    if not before.quantity or not now.quantity:
        kind = "gone" if before.quantity else "new"
        return [Part(kind, change, difference)] if difference or change else []
    if not change:
        return [Part("price", change, difference)] if difference else []
    share = change / before.quantity
    by_users = (before.amount * share).quantize(CENT, ROUND_HALF_UP)
    rest = difference - by_users
    # Both amounts are rounded, and half a cent of the first counts once per share.
    if abs(rest) <= CENT + HALF_A_CENT * abs(share):
        return [Part("users", change, difference)]
    return [Part("users", change, by_users), Part("price", Decimal(0), rest)]


def has_grown(users: float, before: float) -> bool:
    """Do so many users more than in the month before deserve a look?

    >>> has_grown(13, 10), has_grown(13.01, 10), has_grown(5, 0)
    (False, True, False)
    """
    return bool(before) and 100 * users > (100 + GROWTH_PERCENT) * before
