"""How a quote stands, and the days on which that changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.quotes import (
    is_over,
    is_reminder_due,
    state,
    valid_until,
)

MADE = date(2026, 3, 1)
SENT = date(2026, 3, 5)
LAST = date(2026, 3, 31)
DAY = timedelta(days=1)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("order_state", "stands", "when_expired"),
    [
        ("draft", "draft", "draft"),
        ("sent", "sent", "expired"),
        # Who signed in time keeps the approval; a refusal stays one.
        ("sale", "approved", "approved"),
        ("cancel", "refused", "refused"),
    ],
)
def test_a_quote_stands_as_its_order(order_state, stands, when_expired):
    assert state(order_state, is_expired=False) == stands
    assert state(order_state, is_expired=True) == when_expired


@pytest.mark.parametrize(
    ("last", "today", "over"),
    [
        (LAST, LAST - DAY, False),
        (LAST, LAST, False),
        (LAST, LAST + DAY, True),
        (None, date(2099, 1, 1), False),
    ],
)
def test_the_last_day_counts(last, today, over):
    assert is_over(last, today) is over


@pytest.mark.parametrize(
    ("last", "today", "number", "was_reminded", "due"),
    [
        (LAST, date(2026, 3, 27), 3, False, False),
        (LAST, date(2026, 3, 28), 3, False, True),
        # A day on which nothing ran is caught up.
        (LAST, date(2026, 3, 30), 3, False, True),
        (LAST, date(2026, 3, 30), 1, False, True),
        (LAST, date(2026, 3, 29), 1, False, False),
        # Once, never without a term, never when the company does not want it.
        (LAST, date(2026, 3, 28), 3, True, False),
        (None, date(2026, 3, 28), 3, False, False),
        (LAST, LAST, 0, False, False),
    ],
)
def test_one_reminder_before_the_last_day(last, today, number, was_reminded, due):
    assert is_reminder_due(last, today, days=number, was_reminded=was_reminded) is due


@pytest.mark.parametrize(
    ("chosen", "today", "number", "last"),
    [
        # The term that was put on it when it was made runs from the day it is sent.
        (LAST, SENT, 30, date(2026, 4, 4)),
        (LAST, MADE, 30, LAST),
        # A date that somebody chose stays, also when it is today.
        (date(2026, 3, 30), SENT, 30, date(2026, 3, 30)),
        (date(2026, 4, 1), SENT, 30, date(2026, 4, 1)),
        (SENT, SENT, 30, SENT),
        # Chosen for yesterday: it would have expired before it arrives.
        (SENT - DAY, SENT, 30, date(2026, 4, 4)),
        # A company whose quotes are valid for the day alone.
        (MADE, SENT, 0, SENT),
        (None, SENT, 30, None),
    ],
)
def test_the_term_runs_from_the_day_of_sending(chosen, today, number, last):
    assert valid_until(chosen, made_on=MADE, today=today, days=number) == last


@given(chosen=days, made_on=days, waited=st.integers(0, 60), number=st.integers(0, 60))
def test_no_quote_is_sent_that_has_expired(chosen, made_on, waited, number):
    today = made_on + timedelta(days=waited)
    last = valid_until(chosen, made_on=made_on, today=today, days=number)
    assert not is_over(last, today)
    assert last in (chosen, today + timedelta(days=number))
