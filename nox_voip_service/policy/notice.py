"""A letter about a change: when it may come into force, and what proves that the
customer was told.

A change comes into force on a day that the letter names, never before the day on which
the customer was told plus the term of the notice. Telling is proven by a mail that was
sent and did not come back, by the letter that was opened, or by a letter by post.
"""

from datetime import date, timedelta
from typing import NamedTuple

from .months import next_month

# What proves that a mail arrived: it was sent and did not come back, or only that it
# was opened.
PROOFS = ("sent", "opened")


class Delivery(NamedTuple):
    """What became of a letter: days where the sender is, None as long as it did not
    happen.

    :param sent_on: the mail was handed over
    :param returned_on: it came back, or could not be handed over
    :param opened_on: the customer read the letter in the portal
    :param posted_on: it was done by post
    """

    sent_on: date | None = None
    returned_on: date | None = None
    opened_on: date | None = None
    posted_on: date | None = None


def told_on(delivery: Delivery, proof: str = "sent") -> date | None:
    """The day on which the customer was told, as far as it is proven; None: it is not.

    A mail that was opened arrived on the day it was sent; one that came back proves
    nothing, and a letter that was read in the portal all the same counts from then.

    :param proof: of :data:`PROOFS`

    >>> sent, back, read = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 9)
    >>> told_on(Delivery(sent)), told_on(Delivery(sent), "opened")
    (datetime.date(2026, 12, 1), None)
    >>> told_on(Delivery(sent, opened_on=read), "opened")
    datetime.date(2026, 12, 1)
    >>> told_on(Delivery(sent, back)), told_on(Delivery(sent, back, read))
    (None, datetime.date(2026, 12, 9))
    >>> told_on(Delivery(sent, back, posted_on=date(2026, 12, 4)))
    datetime.date(2026, 12, 4)
    """
    days = [delivery.opened_on, delivery.posted_on]
    if not delivery.returned_on and (proof == "sent" or delivery.opened_on):
        days.append(delivery.sent_on)
    return min((day for day in days if day), default=None)


def earliest(told: date, term_days: int) -> date:
    """The first day on which a change may come into force.

    >>> earliest(date(2026, 12, 1), 31)
    datetime.date(2027, 1, 1)
    """
    return told + timedelta(days=term_days)


def day_in_force(wanted: date, told: date, term_days: int) -> date:
    """The day that a letter names which the customer gets on a day: the day that was
    wanted, or else the first one that leaves the term. What was to start on the first
    of a month starts on a first.

    >>> day_in_force(date(2027, 1, 1), date(2026, 12, 1), 31)
    datetime.date(2027, 1, 1)
    >>> day_in_force(date(2027, 1, 1), date(2026, 12, 2), 31)
    datetime.date(2027, 2, 1)
    >>> day_in_force(date(2027, 1, 15), date(2026, 12, 20), 31)
    datetime.date(2027, 1, 20)
    """
    first = earliest(told, term_days)
    if wanted >= first:
        return wanted
    if wanted.day == 1 and first.day != 1:
        return next_month(first)
    return first


def lack(told: date | None, in_force_on: date, term_days: int) -> str:
    """What a letter lacks to come into force; empty: nothing.

    :param told: of :func:`told_on`

    >>> new_year = date(2027, 1, 1)
    >>> lack(None, new_year, 31), lack(date(2026, 12, 2), new_year, 31)
    ('proof', 'term')
    >>> lack(date(2026, 12, 1), new_year, 31)
    ''
    """
    if told is None:
        return "proof"
    return "term" if earliest(told, term_days) > in_force_on else ""


def state(
    delivery: Delivery,
    *,
    by_post: bool,
    has_started: bool = False,
    is_withdrawn: bool = False,
) -> str:
    """How a letter stands: what happened last of what matters.

    :param by_post: it goes by post: there is no address, or the mail came back

    >>> sent, back = date(2026, 12, 1), date(2026, 12, 2)
    >>> state(Delivery(), by_post=False), state(Delivery(), by_post=True)
    ('to_send', 'to_post')
    >>> state(Delivery(sent), by_post=False), state(Delivery(sent, back), by_post=False)
    ('sent', 'returned')
    >>> state(Delivery(sent, back), by_post=True)
    'to_post'
    >>> state(Delivery(sent, opened_on=back), by_post=False)
    'opened'
    >>> state(Delivery(posted_on=sent), by_post=True)
    'posted'
    >>> state(Delivery(sent), by_post=False, has_started=True)
    'in_force'
    >>> state(Delivery(sent), by_post=False, has_started=True, is_withdrawn=True)
    'withdrawn'
    """
    for found, happened in (
        ("withdrawn", is_withdrawn),
        ("in_force", has_started),
        ("opened", delivery.opened_on),
        ("posted", delivery.posted_on),
        ("to_post", by_post),
        ("returned", delivery.returned_on),
        ("sent", delivery.sent_on),
    ):
        if happened:
            return found
    return "to_send"
