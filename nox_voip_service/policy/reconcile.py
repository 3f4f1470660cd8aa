"""What of the due months is not billed yet: due minus existing.

What should have been billed by now, less what was. So running it again, at any time
and after any interruption, adds nothing; a missed month is caught up; and a history
that was corrected afterwards becomes a revision with the difference.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .months import first_of_month
from .seats import Charge

CENT = Decimal("0.01")


class Currency(NamedTuple):
    """What a plan period is billed in.

    :param unit: its smallest amount: a cent, a whole yen, a fils of 0.001 dinar
    """

    name: str
    unit: Decimal = CENT

    def round(self, amount: Decimal) -> Decimal:
        """As the invoice rounds its lines: half a unit goes away from zero.

        >>> Currency("EUR").round(Decimal("5.985"))
        Decimal('5.99')
        >>> Currency("JPY", Decimal(1)).round(Decimal("598.5"))
        Decimal('599')
        """
        units = (amount / self.unit).quantize(Decimal(1), ROUND_HALF_UP)
        return units * self.unit


EURO = Currency("EUR")


class Existing(NamedTuple):
    """A charge that was made before.

    :param quantity: users that it bills, also after a credit note for good
    :param price: of a user for a month, excl. VAT
    :param amount: that it bills, excl. VAT, less what was credited to be charged
        again
    :param invoiced: False when its invoice was deleted or cancelled: it is due again
    :param again: users of it that were credited, to be charged again
    """

    period: Hashable
    month: date
    revision: int
    quantity: Decimal
    price: Decimal
    amount: Decimal
    invoiced: bool = True
    again: Decimal = Decimal(0)


class Step(NamedTuple):
    """What a run has to do for one month of one plan period.

    :param kind: ``create`` a first charge; ``invoice`` one again whose invoice went
        away (with this quantity); ``revise``: a new revision with the difference;
        ``clear``: an uninvoiced charge of which nothing is due any more
    :param quantity: users to bill now, negative when credited
    :param was: users that were billed for the month before this step
    :param now: users that the month comes to; what the revision's line names
    :param rounding: what the users at the price miss, excl. VAT, for all lines of the
        month at this price to come to what one line would; a cent at most
    """

    kind: str
    period: Hashable
    month: date
    revision: int
    quantity: Decimal
    price: Decimal
    was: Decimal
    now: Decimal
    rounding: Decimal = Decimal(0)


def reconcile(
    due: Iterable[Charge],
    existing: Iterable[Existing],
    *,
    correct_from: date,
    currencies: Mapping[Hashable, Currency] | None = None,
) -> list[Step]:
    """Due minus existing, month by month.

    Doing the steps and asking again gives no more steps.

    :param due: of all the months that are due; a month that is not, though it was
        billed, comes to nothing
    :param existing: all charges of the same plan periods, except of months that
        count as billed by ``billed_until``
    :param correct_from: what was billed for months before this day's month stays
        as it is; what never was, or is due again, is caught up however old
    :param currencies: of the plan periods; euros where one is not named
    """
    existing = list(existing)
    charges = {(charge.period, charge.month): charge for charge in due}
    before: dict[tuple[Hashable, date], list[Existing]] = {}
    for each in existing:
        before.setdefault((each.period, each.month), []).append(each)
    open_from = first_of_month(correct_from)
    steps: list[Step] = []
    for period, month in dict.fromkeys([*charges, *before]):
        made = before.get((period, month), [])
        is_billed = made and all(each.invoiced and not each.again for each in made)
        if month >= open_from or not is_billed:
            steps += _month_steps(period, month, charges.get((period, month)), made)
    steps.sort(key=lambda step: step.month)
    return _with_rounding(steps, existing, currencies or {})


def _with_rounding(
    steps: Iterable[Step],
    existing: Iterable[Existing],
    currencies: Mapping[Hashable, Currency],
) -> list[Step]:
    """The steps with the cent that each needs to make the parts of a month add up.

    Lines are rounded one by one: 2.03 users at 10.50 and 0.97 later are 21.32 and
    10.19, a cent more than 3 users at once. All plan periods of a month count
    together: to the customer a plan that changes at the same price is one month.
    The cent goes along with users; nothing is made for a cent alone, when a part's
    invoice went away and nothing of it is due any more.
    """
    users: dict[tuple[date, Currency, Decimal], Decimal] = defaultdict(Decimal)
    amounts: dict[tuple[date, Currency, Decimal], Decimal] = defaultdict(Decimal)
    for each in existing:
        if each.invoiced:
            key = each.month, currencies.get(each.period, EURO), each.price
            users[key] += each.quantity - each.again
            amounts[key] += each.amount
    found = []
    for step in steps:
        if step.quantity:
            currency = currencies.get(step.period, EURO)
            key = step.month, currency, step.price
            users[key] += step.quantity
            amount = currency.round(users[key] * step.price) - amounts[key]
            amounts[key] += amount
            line = currency.round(step.quantity * step.price)
            step = step._replace(rounding=amount - line)
        found.append(step)
    return found


def _month_steps(
    period: Hashable, month: date, charge: Charge | None, made: Sequence[Existing]
) -> list[Step]:
    """The steps of one month: bring what is billed at each price to what is due."""
    now = charge.quantity if charge else Decimal(0)
    billed = _billed_by_price(made)
    was = sum(billed.values(), Decimal(0))
    waiting = sorted(
        (each for each in made if not each.invoiced), key=lambda each: each.revision
    )
    following = max((each.revision for each in made), default=-1) + 1
    steps = []
    for price, quantity in _needs(charge, billed):
        if waiting:
            kind, revision = "invoice", waiting.pop(0).revision
        else:
            kind, revision = "revise" if made else "create", following
            following += 1
        steps.append(Step(kind, period, month, revision, quantity, price, was, now))
        was += quantity
    for uninvoiced in waiting:
        if uninvoiced.quantity:
            facts = (
                period,
                month,
                uninvoiced.revision,
                Decimal(0),
                uninvoiced.price,
                was,
                now,
            )
            steps.append(Step("clear", *facts))
    return steps


def _billed_by_price(made: Iterable[Existing]) -> dict[Decimal, Decimal]:
    """Users that stand on invoices and are not to be charged again, at each price."""
    billed: dict[Decimal, Decimal] = {}
    for each in made:
        if each.invoiced:
            left = each.quantity - each.again
            billed[each.price] = billed.get(each.price, Decimal(0)) + left
    return billed


def _needs(
    charge: Charge | None, billed: dict[Decimal, Decimal]
) -> Iterable[tuple[Decimal, Decimal]]:
    """What to bill at which price: first back what stands at another price."""
    due_at = charge.price if charge else None
    for price, quantity in billed.items():
        if quantity and price != due_at:
            yield price, -quantity
    if charge:
        difference = charge.quantity - billed.get(charge.price, Decimal(0))
        if difference:
            yield charge.price, difference


def months_to_bill(steps: Iterable[Step]) -> list[date]:
    """The months that a run would bill for the first time, or again."""
    return sorted({step.month for step in steps if step.kind in ("create", "invoice")})
