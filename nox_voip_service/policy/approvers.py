"""Who may approve a quote on a day, up to which amount: the approvers that a customer
named, and on the days that they are away their deputies."""

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Approver(NamedTuple):
    """An approver that the customer named.

    :param person: who
    :param limit: the most of one quote; None: no bound of his own
    :param deputy: who stands in, from `away_from` to `away_until` (both inclusive;
        None: since ever, until further notice)
    """

    person: Hashable
    limit: Decimal | None = None
    deputy: Hashable | None = None
    away_from: date | None = None
    away_until: date | None = None


def deputises(approver: Approver, day: date) -> bool:
    """Does the deputy stand in on a day?

    >>> anna = Approver("Anna", None, "Bram", date(2026, 7, 1), date(2026, 7, 31))
    >>> deputises(anna, date(2026, 7, 31)), deputises(anna, date(2026, 8, 1))
    (True, False)
    >>> deputises(Approver("Anna"), date(2026, 7, 1))
    False
    """
    return (
        approver.deputy is not None
        and (approver.away_from is None or approver.away_from <= day)
        and (approver.away_until is None or day <= approver.away_until)
    )


def acting(approvers: Iterable[Approver], day: date) -> dict[Hashable, Decimal | None]:
    """``{person: limit}`` of who may approve on a day, the named ones first. A deputy
    has the limit of whom he stands in for; of two limits the larger one counts.

    >>> anna = Approver("Anna", Decimal(500), "Bram", date(2026, 7, 1))
    >>> acting([anna, Approver("Cor")], date(2026, 7, 2))
    {'Anna': Decimal('500'), 'Cor': None, 'Bram': Decimal('500')}
    >>> acting([anna, Approver("Bram", Decimal(900))], date(2026, 7, 2))["Bram"]
    Decimal('900')
    """
    named = list(approvers)
    pairs = [(each.person, each.limit) for each in named]
    pairs += [(each.deputy, each.limit) for each in named if deputises(each, day)]
    found: dict[Hashable, Decimal | None] = {}
    for person, limit in pairs:
        known = found.get(person, limit)
        bounds = [each for each in (limit, known) if each is not None]
        found[person] = max(bounds) if len(bounds) == 2 else None
    return found


def may_approve(limit: Decimal | None, amount: Decimal) -> bool:
    """Is an amount inside the limit of an approver?

    >>> may_approve(Decimal(500), Decimal(500)), may_approve(Decimal(500), Decimal(501))
    (True, False)
    >>> may_approve(None, Decimal(10_000))
    True
    """
    return limit is None or amount <= limit


def who_hears(
    approvers: Iterable[Approver], day: date, amount: Decimal
) -> tuple[Hashable, ...]:
    """Whom a use of a standing approval belongs to: the first named approver whose
    limit it is inside of, and his deputy when one stands in; nobody when it is above
    all limits, and then the customer is asked.

    >>> anna = Approver("Anna", Decimal(100))
    >>> cor = Approver("Cor", None, "Dirk", date(2026, 7, 1))
    >>> day = date(2026, 7, 2)
    >>> [who_hears([anna, cor], day, Decimal(each)) for each in (100, 101)]
    [('Anna',), ('Cor', 'Dirk')]
    >>> who_hears([anna], day, Decimal(101))
    ()
    """
    for each in approvers:
        if may_approve(each.limit, amount):
            return (
                (each.person, each.deputy) if deputises(each, day) else (each.person,)
            )
    return ()
