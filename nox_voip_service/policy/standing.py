"""Work that a customer approved beforehand, up to so much: it needs no question each
time, and each use is recorded. What is above it is quoted as ever.

A quote inside it is an approved quote (`limit.Quote`) like another: the limit of a
ticket is what is released, and what was approved, by the customer or beforehand.
"""

from decimal import Decimal
from typing import NamedTuple


class Standing(NamedTuple):
    """What a customer approved beforehand: work that needs no question each time.

    :param month_amount: of all quotes of a month together; None: no such bound
    :param job_blocks: of all quotes of one request together; None: no such bound
    """

    month_amount: Decimal | None = None
    job_blocks: int | None = None


class StandingUse(NamedTuple):
    """What of it is used: in the month, and on the request."""

    month_amount: Decimal = Decimal(0)
    job_blocks: int = 0


def standing_covers(
    standing: Standing, used: StandingUse, *, blocks: int, amount: Decimal
) -> bool:
    """Is a quote inside what was approved beforehand? Whole or not at all: of what is
    larger the customer is asked for everything.

    :param blocks: that the quote offers
    :param amount: of the quote, as the customer reads it

    >>> standing, used = Standing(Decimal(500)), StandingUse(Decimal(300))
    >>> [standing_covers(standing, used, blocks=4, amount=Decimal(each))
    ...  for each in (200, 201)]
    [True, False]
    >>> [standing_covers(Standing(job_blocks=6), StandingUse(job_blocks=4),
    ...                  blocks=each, amount=Decimal(50)) for each in (2, 3)]
    [True, False]
    >>> standing_covers(Standing(), StandingUse(), blocks=1, amount=Decimal(1))
    False
    """
    bounds = []
    if standing.month_amount is not None:
        bounds.append(used.month_amount + amount <= standing.month_amount)
    if standing.job_blocks is not None:
        bounds.append(used.job_blocks + blocks <= standing.job_blocks)
    return bool(bounds) and all(bounds)
