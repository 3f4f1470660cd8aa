"""When a person looks at the monthly run: a customer with too many months due, and
billing that is late.
"""

from datetime import date, timedelta

from .months import next_month

# More months than this are not billed at once without a look of somebody.
PARK_ABOVE = 3
LATE_AFTER_DAYS = 1
STUCK_AFTER_HOURS = 3


def must_park(months: int, *, confirmed: int = 0) -> bool:
    """Does the customer wait until somebody confirms: more than three months due?
    Corrections of months that were billed do not count.

    :param months: number of months that a run would bill, see `months_to_bill`
    :param confirmed: months that somebody looked at, and said that they are right

    >>> must_park(3), must_park(4), must_park(4, confirmed=4), must_park(5, confirmed=4)
    (False, True, False, True)
    """
    return months > max(PARK_ABOVE, confirmed)


def lateness(
    month: date,
    state: str | None,
    *,
    today: date,
    hours_without_progress: int = 0,
    parked: int = 0,
) -> str | None:
    """Why the billing of a month is late, or None.

    :param month: that has ended
    :param state: of its run: draft, running, done; None when there is none
    :param today: in the company's time zone
    :param hours_without_progress: whole hours since a running run got on
    :param parked: customers that wait for somebody

    >>> lateness(date(2026, 3, 1), "draft", today=date(2026, 4, 2))
    'waiting'
    >>> lateness(date(2026, 3, 1), "draft", today=date(2026, 4, 1))
    """
    if today < next_month(month) + timedelta(days=LATE_AFTER_DAYS):
        # On the first itself only what needs a person is late.
        return "parked" if parked else None
    if state is None:
        return "missing"
    if state == "draft":
        return "waiting"
    if state == "running" and hours_without_progress >= STUCK_AFTER_HOURS:
        return "stuck"
    return "parked" if parked else None
