"""A code by mail: six digits, for ten minutes, for five tries."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5
# So many codes one person can ask for in an hour.
PER_HOUR = 5
HOUR = timedelta(hours=1)


class Code(NamedTuple):
    """A code that was mailed.

    :param tries: wrong ones
    :param confirmed_at: the right code was typed
    :param is_used: an approval was given with it; it counts for no other
    """

    sent_at: datetime
    tries: int = 0
    confirmed_at: datetime | None = None
    is_used: bool = False


def state(code: Code | None, now: datetime) -> str:
    """How the newest code of a person for a quote stands: ``none``, ``open``,
    ``blocked``, ``confirmed``.

    A code is typed within ten minutes of the mail, and the approval is given within ten
    minutes of that.

    >>> noon = datetime(2026, 3, 2, 12)
    >>> minutes = lambda number: noon + timedelta(minutes=number)
    >>> state(None, noon), state(Code(noon), minutes(9)), state(Code(noon), minutes(10))
    ('none', 'open', 'none')
    >>> state(Code(noon, tries=5), minutes(1))
    'blocked'
    >>> typed = Code(noon, confirmed_at=minutes(9))
    >>> state(typed, minutes(18)), state(typed, minutes(19))
    ('confirmed', 'none')
    >>> state(typed._replace(is_used=True), minutes(9))
    'none'
    """
    if code is None or code.is_used:
        return "none"
    if now >= (code.confirmed_at or code.sent_at) + LIFETIME:
        return "none"
    if code.confirmed_at:
        return "confirmed"
    return "blocked" if code.tries >= TRIES else "open"


def may_send(sent: Iterable[datetime], now: datetime) -> bool:
    """May another code be mailed, after those that were sent?

    >>> noon = datetime(2026, 3, 2, 12)
    >>> may_send([noon] * 4, noon), may_send([noon] * 5, noon)
    (True, False)
    >>> may_send([noon] * 5, noon + timedelta(hours=1))
    True
    """
    return sum(1 for each in sent if now - each < HOUR) < PER_HOUR
