from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.certificates import (
    Certificate,
    Standing,
    holders,
    standing,
    state,
)
from odoo.addons.nox_voip_service.policy.errors import (
    InvalidPeriod,
)

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in range(1, 5))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "left", "day", "counts"),
    [
        (FEB, None, None, FEB - DAY, False),
        (FEB, None, None, FEB, True),
        (FEB, None, None, date(2099, 1, 1), True),
        (FEB, MAR, None, MAR, True),
        (FEB, MAR, None, MAR + DAY, False),
        # The day somebody leaves is the first day without.
        (FEB, None, MAR, MAR - DAY, True),
        (FEB, None, MAR, MAR, False),
        # Whatever comes first ends it.
        (FEB, MAR, APR, MAR + DAY, False),
        (FEB, APR, MAR, MAR, False),
        # Gone before it began.
        (FEB, None, JAN, FEB, False),
        # A certificate of one day.
        (FEB, FEB, None, FEB, True),
    ],
)
def test_days_that_a_certificate_counts(first, last, left, day, counts):
    certificate = Certificate("Anna", first, last, left)
    assert certificate.is_on(day) is counts
    assert holders([certificate], day) == (("Anna",) if counts else ())


def test_expiry_before_the_training_is_refused():
    with pytest.raises(InvalidPeriod) as refusal:
        Certificate("Anna", FEB, JAN)
    assert refusal.value.code == "end_before_start"
    assert refusal.value.params == {"key": "Anna", "start": FEB, "end": JAN}


def test_a_person_with_two_certificates_counts_once():
    pair = [Certificate("Anna", JAN), Certificate("Anna", FEB, MAR)]
    assert holders(pair, FEB) == ("Anna",)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([], Standing("never")),
        ([Certificate("Anna", JAN)], Standing("valid")),
        ([Certificate("Anna", JAN, APR)], Standing("valid", APR)),
        # The refresher counts, the longest one speaks.
        (
            [Certificate("Anna", JAN, MAR), Certificate("Anna", FEB, APR)],
            Standing("valid", APR),
        ),
        ([Certificate("Anna", JAN, MAR), Certificate("Anna", FEB)], Standing("valid")),
        ([Certificate("Anna", JAN, FEB)], Standing("expired", FEB)),
        (
            [Certificate("Anna", JAN, JAN), Certificate("Anna", JAN, FEB)],
            Standing("expired", FEB),
        ),
        ([Certificate("Anna", JAN, None, FEB)], Standing("left", FEB)),
        ([Certificate("Anna", JAN, FEB, FEB)], Standing("left", FEB)),
        ([Certificate("Anna", JAN, None, MAR)], Standing("left", MAR)),
        ([Certificate("Anna", APR)], Standing("later", APR)),
        # Expired says more than the refresher to come.
        (
            [Certificate("Anna", JAN, FEB), Certificate("Anna", APR)],
            Standing("expired", FEB),
        ),
        # Left after today: not gone yet on this day.
        ([Certificate("Anna", JAN, None, APR)], Standing("valid")),
    ],
)
def test_standing_on_the_first_of_march(own, expected):
    others = [Certificate("Bert", JAN)]
    assert standing(others + own, "Anna", MAR) == expected


@pytest.mark.parametrize(
    ("last", "left", "reminder_days", "expected"),
    [
        (None, None, 30, "valid"),
        (date(2026, 3, 31), None, 29, "valid"),
        (date(2026, 3, 31), None, 30, "expiring"),
        (MAR, None, 0, "expiring"),
        (MAR + DAY, None, 0, "valid"),
        (MAR - DAY, None, 30, "expired"),
        # Who left has none, whatever it says; until that day it counts.
        (None, MAR, 30, "left"),
        (MAR - DAY, FEB, 30, "left"),
        (None, MAR + DAY, 30, "valid"),
        (MAR - DAY, MAR + DAY, 30, "expired"),
    ],
)
def test_state_of_one_certificate_on_the_first_of_march(
    last, left, reminder_days, expected
):
    assert state(last, left, MAR, reminder_days) == expected


ORIGIN = date(2026, 1, 1)
days = st.integers(0, 40).map(lambda n: ORIGIN + timedelta(days=n))


@st.composite
def certificates_of(draw):
    first = draw(days)
    last = draw(st.none() | st.integers(0, 20).map(lambda n: first + n * DAY))
    return Certificate(
        draw(st.sampled_from("ABC")), first, last, draw(st.none() | days)
    )


@given(st.lists(certificates_of(), max_size=5), st.sampled_from("ABC"), days)
def test_valid_means_holder(certificates, who, day):
    assert (standing(certificates, who, day).code == "valid") == (
        who in holders(certificates, day)
    )
