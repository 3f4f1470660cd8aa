"""What is left to credit of what was billed.

Money goes back once. Whatever credit notes there are, drafts included, together they
give back between nothing and the whole of what was billed:

>>> left(Decimal(3), credited=Decimal(2))
Decimal('1')
>>> left(Decimal(3), credited=Decimal(3))
Decimal('0')

A correction downwards was billed with a minus, and is given back with one:

>>> left(Decimal("-0.97"), credited=Decimal(0))
Decimal('-0.97')
"""

from decimal import Decimal

NOTHING = Decimal(0)


def left(billed: Decimal, credited: Decimal) -> Decimal:
    """What may still be credited; it has the sign of the bill.

    :param billed: users, blocks, people or an amount on the invoice
    :param credited: the same on its credit notes, less what was taken back of them

    More was credited than billed, before this rule held: nothing is left, and it is
    not billed anew:

    >>> left(Decimal(2), credited=Decimal(4))
    Decimal('0')
    """
    if billed < NOTHING:
        return -left(-billed, -credited)
    return min(max(billed - credited, NOTHING), billed)


def capped(wanted: Decimal, rest: Decimal) -> Decimal:
    """As much of a wanted credit as is left.

    >>> capped(Decimal(3), rest=Decimal(1))
    Decimal('1')
    >>> capped(Decimal("-0.97"), rest=Decimal("-0.5"))
    Decimal('-0.5')
    """
    if rest < NOTHING:
        return -capped(-wanted, -rest)
    return min(max(wanted, NOTHING), rest)


def is_beyond(billed: Decimal, credited: Decimal, slack: Decimal = NOTHING) -> bool:
    """Whether more is credited than was billed, or more taken back than credited.

    :param slack: the cents by which parts may differ from the whole, for each was
        rounded by itself

    >>> is_beyond(Decimal("5.99"), credited=Decimal("6.00"), slack=Decimal("0.03"))
    False
    >>> is_beyond(Decimal(2), credited=Decimal(-2))
    True
    """
    lowest, highest = min(billed, NOTHING), max(billed, NOTHING)
    return not lowest - slack <= credited <= highest + slack
