"""Spans of days against the days themselves, and the day where the company is."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.days import Span, local_day

MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))
OPEN = Span(date(2026, 3, 12))
DAY = timedelta(days=1)
# Of a span without end so many days are looked at: more than the dates below reach.
HORIZON = 60


def day(number):
    return date(2026, 1, 1) + number * DAY


def days_of(span):
    """Every day of a span."""
    last = span.last or day(HORIZON)
    return {span.first + n * DAY for n in range((last - span.first).days + 1)}


@pytest.mark.parametrize(
    ("span", "when", "covers", "is_over"),
    [
        (MARCH, date(2026, 2, 28), False, False),
        (MARCH, date(2026, 3, 1), True, False),
        (MARCH, date(2026, 3, 31), True, False),
        (MARCH, date(2026, 4, 1), False, True),
        (OPEN, date(2026, 3, 11), False, False),
        (OPEN, date(2026, 3, 12), True, False),
        (OPEN, date(2099, 1, 1), True, False),
    ],
)
def test_both_days_are_included(span, when, covers, is_over):
    assert span.covers(when) is covers
    assert span.is_over(when) is is_over


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (MARCH, Span(date(2026, 3, 31), date(2026, 4, 30)), True),
        (MARCH, Span(date(2026, 4, 1), date(2026, 4, 30)), False),
        (MARCH, Span(date(2026, 3, 10), date(2026, 3, 10)), True),
        (MARCH, OPEN, True),
        (MARCH, Span(date(2026, 4, 1)), False),
        (OPEN, Span(date(2099, 1, 1)), True),
    ],
)
def test_spans_that_share_a_day(one, other, overlap):
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("span", "first", "last", "found"),
    [
        (OPEN, *MARCH, (date(2026, 3, 12), date(2026, 3, 31))),
        (MARCH, day(40), date(2026, 3, 5), (date(2026, 3, 1), date(2026, 3, 5))),
        (MARCH, date(2026, 3, 31), day(99), (date(2026, 3, 31), date(2026, 3, 31))),
        (MARCH, date(2026, 4, 1), date(2026, 4, 9), None),
        (OPEN, date(2026, 2, 1), date(2026, 3, 11), None),
    ],
)
def test_the_days_within_others(span, first, last, found):
    assert span.within(first, last) == found


@st.composite
def spans(draw):
    first = draw(st.integers(0, 20))
    length = draw(st.none() | st.integers(0, 20))
    return Span(day(first), None if length is None else day(first + length))


@given(spans(), spans(), st.integers(0, 41))
def test_a_span_is_its_days(one, other, number):
    theirs = days_of(other)
    assert one.overlaps(other) == bool(days_of(one) & theirs)
    assert one.covers(day(number)) == (day(number) in days_of(one))
    found = one.within(other.first, other.last or day(HORIZON))
    assert (days_of(found) if found else set()) == days_of(one) & theirs


@pytest.mark.parametrize(
    ("moment", "zone", "found"),
    [
        # Winter: one hour ahead of UTC; summer: two.
        (datetime(2026, 1, 31, 22, 59), "Europe/Amsterdam", date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0), "Europe/Amsterdam", date(2026, 2, 1)),
        (datetime(2026, 6, 30, 21, 59), "Europe/Amsterdam", date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0), "Europe/Amsterdam", date(2026, 7, 1)),
        (datetime(2026, 4, 1, 3, 59), "America/Curacao", date(2026, 3, 31)),
        (datetime(2026, 4, 1, 4, 0), "America/Curacao", date(2026, 4, 1)),
    ],
)
def test_the_day_is_that_of_the_company(moment, zone, found):
    assert local_day(moment, ZoneInfo(zone)) == found


@pytest.fixture
def machine_in_tokyo(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("machine_in_tokyo")
def test_where_the_machine_stands_does_not_count():
    moment, zone = datetime(2026, 1, 31, 23, 0), ZoneInfo("Europe/Amsterdam")
    assert local_day(moment, zone) == date(2026, 2, 1)
