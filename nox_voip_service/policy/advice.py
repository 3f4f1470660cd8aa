"""What the last months of a PBX cost under each plan.

A history is what happened: requests with their facts and time, users with their days.
It is priced under the terms of a plan by the rules that bill: the decision table, the
blocks, the limit, the users of a month. Assumed is what nobody can know: every quote
over the limit would have been approved, the requests and the users would have been the
same. A fact that is not known leaves a range from the cheapest to the dearest way of
filling it in, and the same way counts for both plans that are compared.

20 minutes of covered work, one user: a contract at 5.00 a month is 19.00 dearer over
the year than paying for the work.

>>> from odoo.addons.nox_voip_service.policy.coverage import Rule
>>> standard = Terms("standard", Table([Rule("all", "billable")]), LimitPolicy(),
...                  flat(Decimal("20.50")))
>>> contract = replace(standard, plan="contract", table=Table([Rule("all", "covered")]),
...                    seat_policy="prorated",
...                    user_prices=((date(2026, 1, 1), Decimal(5)),))
>>> time = (Entry(date(2026, 3, 2), 20),)
>>> year = History(date(2026, 1, 1), date(2026, 12, 31),
...                works=(Work(1, date(2026, 3, 2), Request("fault"), time),),
...                seats=(Seat(1, date(2025, 1, 1)),))
>>> price(year, standard).total.high, price(year, contract).total.high
(Decimal('41.00'), Decimal('60.00'))
>>> difference(year, standard, contract)
Range(low=Decimal('19.00'), high=Decimal('19.00'))
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from .assessment import assess
from .coverage import Request, Table, joint_outcomes
from .days import ONE_DAY, Span
from .limit import LimitPolicy, expected_blocks, quote_due, release, released_blocks
from .months import months_between
from .reconcile import EURO, Currency
from .seats import PlanPeriod, Seat, charges
from .timeblocks import Entry

ZERO = Decimal(0)


class Range(NamedTuple):
    """Amounts excl. VAT from the least to the most, over what is not known."""

    low: Decimal
    high: Decimal

    def plus(self, amount: Decimal) -> "Range":
        """
        >>> Range(Decimal(1), Decimal(3)).plus(Decimal(2))
        Range(low=Decimal('3'), high=Decimal('5'))
        """
        return Range(self.low + amount, self.high + amount)


class Work(NamedTuple):
    """One request and the time on it.

    :param day: of the request: the plan of that day decides
    :param entries: in (date, id) order
    :param estimate: total minutes that somebody expected, 0: unknown
    :param family: shared by the tickets that are split from one request
    """

    key: Hashable
    day: date
    request: Request
    entries: tuple[Entry, ...] = ()
    estimate: int = 0
    family: Hashable = None


@dataclass(frozen=True)
class Terms:
    """A plan as one customer would have it.

    :param block_price: price of one block excl. VAT, on a day and for so many
    :param seat_policy: how users of a month count; None: the plan bills no users
    :param user_prices: ``(from day, price of a user for a month excl. VAT)`` in order;
        the first counts for the days before it too
    :param once: what the plan costs once, excl. VAT: a training
    """

    plan: Hashable
    table: Table
    limit: LimitPolicy
    block_price: Callable[[date, int], Decimal]
    seat_policy: str | None = None
    user_prices: tuple[tuple[date, Decimal], ...] = ()
    once: Decimal = ZERO


@dataclass(frozen=True)
class History:
    """What happened on a PBX, from a day to a day, both inclusive."""

    first: date
    last: date
    works: tuple[Work, ...] = ()
    seats: tuple[Seat, ...] = ()
    currency: Currency = field(default=EURO)


class Stay(NamedTuple):
    """A plan that a PBX really had, from a day to a day, both inclusive.

    :param price: of a user for a month excl. VAT; None: no users were billed
    """

    span: Span
    terms: Terms
    price: Decimal | None = None


class Price(NamedTuple):
    """What a history costs.

    :param users: of the months
    :param work: billed by the block
    :param once: a training
    :param included: what the covered work would have cost at the block's price; its
        high counts what may be covered
    :param blocks: billed blocks, if all that may be billable is
    """

    users: Decimal
    work: Range
    once: Decimal
    included: Range
    blocks: int

    @property
    def total(self) -> Range:
        return self.work.plus(self.users + self.once)


def flat(amount: Decimal) -> Callable[[date, int], Decimal]:
    """One price of a block, on any day.

    >>> flat(Decimal("20.50"))(date(2026, 3, 2), 7)
    Decimal('20.50')
    """
    return lambda day, blocks: amount


# ----------------------------------------------------------------------
# WORK
# ----------------------------------------------------------------------


def work_blocks(works: Iterable[Work], limit: LimitPolicy) -> dict[Hashable, int]:
    """Blocks of each request if it is billable and its quotes are approved.

    61 minutes need a quote; approved, they are five blocks. Under a plan that bills a
    quote whole, the estimate is what was quoted:

    >>> day = date(2026, 3, 2)
    >>> work = Work(1, day, Request(), (Entry(day, 61),), estimate=90)
    >>> work_blocks([work], LimitPolicy())
    {1: 5}
    >>> work_blocks([work], LimitPolicy(quote_billing="fixed"))
    {1: 6}
    """
    works = list(works)
    families: dict[Hashable, list[Work]] = {}
    for work in works:
        own = work.key if work.family is None else ("family", work.family)
        families.setdefault(own, []).append(work)
    found: dict[Hashable, int] = {}
    for members in families.values():
        released = release(
            [(work.key, entry.minutes) for work in members for entry in work.entries],
            limit.threshold_minutes,
        )
        for work in members:
            found[work.key] = _blocks(work, limit, released)
    return {work.key: found[work.key] for work in works}


def _blocks(work: Work, limit: LimitPolicy, released: dict[Hashable, int]) -> int:
    own = released.get(work.key, 0)
    others = sum(released.values()) - own
    worked = sum(entry.minutes for entry in work.entries)
    expected = max(work.estimate, worked)
    free = released_blocks(work.entries, own, limit.blocks)
    quoted = 0
    # What is over the limit was quoted for the whole job, and approved.
    if quote_due(expected, others, limit.threshold_minutes) and worked:
        quoted = max(0, expected_blocks(expected, work.entries, limit.blocks) - free)
    return assess(
        work.entries,
        limit,
        "billable",
        released_minutes=own,
        released_blocks=free,
        others_released=others,
        estimated_minutes=work.estimate,
        approved_blocks=quoted,
        quote_state="approved" if quoted else None,
    ).billed_blocks


def _values(history: History, terms: Terms) -> dict[Hashable, tuple[int, Decimal]]:
    """``{request: (blocks, amount)}`` if it is billable under these terms."""
    blocks = work_blocks(history.works, terms.limit)
    return {
        work.key: (
            blocks[work.key],
            history.currency.round(
                blocks[work.key] * terms.block_price(work.day, blocks[work.key])
            ),
        )
        for work in history.works
    }


def _amounts(outcome: str, value: Decimal) -> tuple[Decimal, ...]:
    """What a request may cost by an outcome; what no row answers, people decide."""
    return {"covered": (ZERO,), "billable": (value,)}.get(outcome, (ZERO, value))


# ----------------------------------------------------------------------
# USERS
# ----------------------------------------------------------------------


def user_periods(
    span: Span, terms: Terms, last: date, own_price: Decimal | None = None
) -> list[PlanPeriod]:
    """The days of a plan that bills users, one period for each price."""
    if terms.seat_policy is None:
        return []
    end = min(span.last or last, last)
    if own_price is not None:
        prices = [(span.first, own_price)]
    else:
        prices = [
            (max(day, span.first), amount)
            for (day, amount), (following, _amount) in pairwise(
                [*terms.user_prices, (date.max, ZERO)]
            )
            if following > span.first and day <= end
        ]
        # The first price counts for the days before it too.
        if terms.user_prices and (not prices or prices[0][0] > span.first):
            prices.insert(0, (span.first, terms.user_prices[0][1]))
    return [
        PlanPeriod(
            key=(terms.plan, start),
            start=start,
            end=min(following - ONE_DAY, end),
            price=amount,
            policy=terms.seat_policy,
        )
        for (start, amount), (following, _amount) in pairwise(
            [*prices, (date.max, ZERO)]
        )
    ]


def users_amount(
    seats: Iterable[Seat], periods: Sequence[PlanPeriod], history: History
) -> Decimal:
    """Users x price of each month, rounded once for a month and a price."""
    sums: dict[tuple[date, Decimal], Decimal] = {}
    months = months_between(history.first, history.last)
    for charge in charges(seats, periods, months):
        at = charge.month, charge.price
        sums[at] = sums.get(at, ZERO) + charge.quantity
    amounts = (
        history.currency.round(quantity * amount)
        for (_month, amount), quantity in sums.items()
    )
    return sum(amounts, ZERO)


# ----------------------------------------------------------------------
# PRICE
# ----------------------------------------------------------------------


def price(history: History, terms: Terms) -> Price:
    """The whole history under the terms of one plan."""
    return _price(history, [Stay(Span(history.first, history.last), terms)])


def as_it_was(history: History, stays: Sequence[Stay]) -> Price:
    """The history under the plans that the PBX really had, each on its days.

    What was billed, to the cent, where no quote limited the work, nothing was waived or
    decided by hand and prices stayed what they were.
    """
    return _price(history, stays)._replace(once=ZERO)


def _price(history: History, stays: Sequence[Stay]) -> Price:
    low = high = included_low = included_high = ZERO
    most = 0
    users: list[PlanPeriod] = []
    for stay in stays:
        mine = stay.span.within(history.first, history.last)
        if mine is None:
            continue
        users += user_periods(mine, stay.terms, history.last, stay.price)
        own = replace(
            history,
            works=tuple(work for work in history.works if mine.covers(work.day)),
        )
        values = _values(own, stay.terms)
        for work in own.works:
            blocks, value = values[work.key]
            outcomes = joint_outcomes([stay.terms.table], work.request)
            costs = [each for (one,) in outcomes for each in _amounts(one, value)]
            low, high = low + min(costs), high + max(costs)
            included_low += value - max(costs)
            included_high += value - min(costs)
            most += blocks if max(costs) else 0
    once = max((stay.terms.once for stay in stays), default=ZERO)
    return Price(
        users=users_amount(history.seats, users, history),
        work=Range(low, high),
        once=once,
        included=Range(included_low, included_high),
        blocks=most,
    )


# ----------------------------------------------------------------------
# COMPARE
# ----------------------------------------------------------------------


def work_difference(history: History, one: Terms, other: Terms) -> Range:
    """How much more the work costs under the other plan, whatever the unknown facts
    turn out to be; the same facts count for both."""
    low = high = ZERO
    values, others = _values(history, one), _values(history, other)
    for work in history.works:
        found = [
            there - here
            for outcome, another in joint_outcomes(
                [one.table, other.table], work.request
            )
            for here in _amounts(outcome, values[work.key][1])
            for there in _amounts(another, others[work.key][1])
        ]
        low, high = low + min(found), high + max(found)
    return Range(low, high)


def difference(history: History, one: Terms, other: Terms) -> Range:
    """How much more the other plan would have cost: negative where it is cheaper."""
    return work_difference(history, one, other).plus(
        fixed_cost(history, other) - fixed_cost(history, one)
    )


def fixed_cost(history: History, terms: Terms) -> Decimal:
    """What hangs on no request: users and what the plan costs once."""
    whole = Span(history.first, history.last)
    periods = user_periods(whole, terms, history.last)
    return users_amount(history.seats, periods, history) + terms.once


def better(
    current: Hashable, differences: Iterable[tuple[Hashable, Range]]
) -> tuple[Hashable, Decimal] | None:
    """The plan that would surely have been cheapest, and what it would have saved.

    :param differences: of each plan with the current one
    :return: None where no plan is cheaper whatever the unknown facts turn out to be

    >>> better("contract", [("standard", Range(Decimal(-90), Decimal(-80))),
    ...                     ("self", Range(Decimal(-300), Decimal(5)))])
    ('standard', Decimal('80'))
    >>> better("contract", [("standard", Range(Decimal(-90), Decimal(0)))])
    """
    sure = [
        (found.high, plan)
        for plan, found in differences
        if plan != current and found.high < 0
    ]
    if not sure:
        return None
    high, plan = min(sure, key=lambda each: each[0])
    return plan, -high
