"""The life of a quote: how it stands, how long it is valid, when to remind of it."""

from datetime import date, timedelta

STATES = {"sale": "approved", "cancel": "refused"}


def state(order_state: str, *, is_expired: bool) -> str:
    """How a quote stands, by its order in Odoo.

    :param is_expired: it was found expired, and stays so for staff too

    >>> [state(each, is_expired=False) for each in ("draft", "sent", "sale", "cancel")]
    ['draft', 'sent', 'approved', 'refused']
    >>> state("sent", is_expired=True), state("sale", is_expired=True)
    ('expired', 'approved')
    """
    if order_state == "sent":
        return "expired" if is_expired else "sent"
    return STATES.get(order_state, "draft")


def is_over(valid_until: date | None, today: date) -> bool:
    """Has its term run out? The last day counts.

    >>> is_over(date(2026, 3, 31), date(2026, 3, 31)), is_over(None, date(2026, 4, 1))
    (False, False)
    >>> is_over(date(2026, 3, 31), date(2026, 4, 1))
    True
    """
    return valid_until is not None and valid_until < today


def is_reminder_due(
    valid_until: date | None, today: date, *, days: int, was_reminded: bool
) -> bool:
    """Is the customer reminded now: once, so many days before the last one?

    :param days: of the company's setting; 0 for no reminders

    >>> last, today = date(2026, 3, 31), date(2026, 3, 28)
    >>> is_reminder_due(last, today, days=3, was_reminded=False)
    True
    """
    if not days or valid_until is None or was_reminded:
        return False
    return valid_until - timedelta(days=days) <= today


def valid_until(
    chosen: date | None, *, made_on: date, today: date, days: int
) -> date | None:
    """The last day of a quote that is sent today.

    The term runs from the day it is sent, unless somebody chose another date; no
    quote is sent that has expired already.

    :param chosen: the date that stands on it; None: it does not expire
    :param days: of the company's setting

    Made on the 1st for 30 days and sent on the 5th; then one with a date of its own:

    >>> valid_until(date(2026, 3, 31), made_on=date(2026, 3, 1),
    ...             today=date(2026, 3, 5), days=30)
    datetime.date(2026, 4, 4)
    >>> valid_until(date(2026, 3, 20), made_on=date(2026, 3, 1),
    ...             today=date(2026, 3, 5), days=30)
    datetime.date(2026, 3, 20)
    """
    if chosen is None:
        return None
    term = timedelta(days=days)
    if chosen == made_on + term or is_over(chosen, today):
        return today + term
    return chosen
