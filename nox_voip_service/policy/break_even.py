"""Where two plans cost the same: the users, or the blocks of work, at which the cheaper
one changes.

20 minutes of covered work, one user: a contract at 5.00 a month is dearer over the
year than paying for the work; with no user it would be cheaper, or with a block more.

>>> from dataclasses import replace
>>> from datetime import date
>>> from odoo.addons.nox_voip_service.policy.advice import Work, flat
>>> from odoo.addons.nox_voip_service.policy.coverage import Request, Rule, Table
>>> from odoo.addons.nox_voip_service.policy.limit import LimitPolicy
>>> from odoo.addons.nox_voip_service.policy.timeblocks import Entry
>>> standard = Terms("standard", Table([Rule("all", "billable")]), LimitPolicy(),
...                  flat(Decimal("20.50")))
>>> contract = replace(standard, plan="contract", table=Table([Rule("all", "covered")]),
...                    seat_policy="prorated",
...                    user_prices=((date(2026, 1, 1), Decimal(5)),))
>>> time = (Entry(date(2026, 3, 2), 20),)
>>> year = History(date(2026, 1, 1), date(2026, 12, 31),
...                works=(Work(1, date(2026, 3, 2), Request("fault"), time),),
...                seats=(Seat(1, date(2025, 1, 1)),))
>>> break_even_users(year, standard, contract)
UserPoint(least=0, most=0)
>>> break_even_blocks(year, standard, contract)
3
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from .advice import (
    History,
    Terms,
    fixed_cost,
    user_periods,
    users_amount,
    work_difference,
)
from .days import Span
from .seats import Seat


class UserPoint(NamedTuple):
    """The most users with whom the plan that bills users is not the dearer one.

    :param least: whatever the unknown facts turn out to be; None: dearer with any
        number of users
    :param most: at best
    """

    least: int | None
    most: int | None


def _by_users(one: Terms, other: Terms) -> tuple[Terms, Terms] | None:
    """(plan without users, plan that bills them); None where both or neither do."""
    if (one.seat_policy is None) == (other.seat_policy is None):
        return None
    return (one, other) if one.seat_policy is None else (other, one)


def break_even_users(history: History, one: Terms, other: Terms) -> UserPoint | None:
    """Up to how many users, all through, the plan that bills users pays, with the work
    as it was. One more, and the other plan is cheaper. None: neither bills users, or
    both do, or their price is not known.
    """
    pair = _by_users(one, other)
    if pair is None or not any(amount for _day, amount in pair[1].user_prices):
        return None
    without, with_users = pair
    saved = work_difference(history, with_users, without).plus(
        without.once - with_users.once
    )
    periods = user_periods(Span(history.first, history.last), with_users, history.last)

    def cost(users: int) -> Decimal:
        everybody = [Seat(number, history.first) for number in range(users)]
        return users_amount(everybody, periods, history)

    least, most = (_most_users(amount, cost) for amount in saved)
    return UserPoint(least, most)


def _most_users(amount: Decimal, cost: Callable[[int], Decimal]) -> int | None:
    """The most users who cost no more than an amount; None where none do."""
    if amount < 0:
        return None
    hundred = cost(100)
    if not hundred:
        return None
    # A guess, and from there to the point itself: a month rounds.
    users = int(amount * 100 / hundred)
    while users and cost(users) > amount:
        users -= 1
    while cost(users + 1) <= amount:
        users += 1
    return users


def break_even_blocks(history: History, one: Terms, other: Terms) -> int | None:
    """From how many blocks of work that the first plan bills and the other does not,
    the other pays: because it includes them, or because an own administrator takes
    them over. One less, and the first is cheaper. None: the other costs nothing more
    to begin with, or a block has no price.
    """
    more = fixed_cost(history, other) - fixed_cost(history, one)
    block = one.block_price(history.last, 1)
    if more <= 0 or block <= 0:
        return None
    blocks = int(more / block)
    while history.currency.round(blocks * block) < more:
        blocks += 1
    while blocks and history.currency.round((blocks - 1) * block) >= more:
        blocks -= 1
    return blocks
