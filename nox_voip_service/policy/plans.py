"""Which plan counts on a day.

A PBX runs under one plan at a time, from its first day until the next plan starts or
the service ends.

>>> history = [(date(2026, 1, 1), "standard"), (date(2026, 3, 12), "contract")]
>>> plan_on(history, date(2026, 3, 11)), plan_on(history, date(2026, 3, 12))
('standard', 'contract')
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

Plan = TypeVar("Plan")


def plan_on(history: Iterable[tuple[date, Plan]], day: date) -> Plan | None:
    """The plan by which a request of that day counts; None before the first one.

    After the service ended it is the last one: such a request is undecided, and a
    coordinator who gives it a verdict does so under this plan.

    :param history: ``(first day, plan)`` in order of time
    """
    found = None
    for start, plan in history:
        if start <= day:
            found = plan
    return found


def running_plan(
    history: Iterable[tuple[date, Plan]], day: date, ended_on: date | None
) -> Plan | None:
    """The plan under which the PBX runs on a day; None when it does not.

    :param ended_on: last day of the service, if it ends

    >>> running_plan([(date(2026, 1, 1), "standard")], date(2026, 7, 1),
    ...              ended_on=date(2026, 6, 30))
    """
    if ended_on is not None and day > ended_on:
        return None
    return plan_on(history, day)


def later_start(
    history: Iterable[tuple[date, Plan]], day: date, plan: Plan
) -> date | None:
    """First day after ``day`` of another plan, or None: for the reason that says from
    when a contract counts.

    >>> later_start([(date(2026, 3, 12), "contract")], date(2026, 3, 1), "standard")
    datetime.date(2026, 3, 12)
    """
    return next((s for s, later in history if s > day and later != plan), None)
