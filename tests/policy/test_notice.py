"""When a change may come into force, and what proves that the customer was told."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.notice import (
    PROOFS,
    Delivery,
    day_in_force,
    earliest,
    lack,
    state,
    told_on,
)

D1, D2, D3, D4 = (date(2026, 12, day) for day in (1, 2, 3, 4))
some_day = st.dates(date(2026, 1, 1), date(2028, 12, 31))
maybe = st.none() | some_day


@pytest.mark.parametrize(
    ("sent", "returned", "opened", "posted", "by_mail", "by_opening"),
    [
        (None, None, None, None, None, None),
        (D1, None, None, None, D1, None),
        (D1, None, D3, None, D1, D1),
        (D1, D2, None, None, None, None),
        (D1, D2, D3, None, D3, D3),
        (D1, D2, None, D4, D4, D4),
        (D1, D2, D4, D3, D3, D3),
        (None, D2, None, None, None, None),
        (None, None, None, D4, D4, D4),
        # Read in the portal before the mail queue had its turn.
        (D2, None, D1, None, D1, D1),
    ],
)
def test_told_on(sent, returned, opened, posted, by_mail, by_opening):
    way = Delivery(sent, returned, opened, posted)
    assert told_on(way, "sent") == by_mail
    assert told_on(way, "opened") == by_opening


@given(maybe, maybe, maybe, maybe, st.sampled_from(PROOFS))
def test_nobody_was_told_on_a_day_on_which_nothing_happened(
    sent, returned, opened, posted, proof
):
    found = told_on(Delivery(sent, returned, opened, posted), proof)
    assert found in (None, sent, opened, posted)
    if returned and not opened and not posted:
        assert found is None


@given(some_day, some_day, st.integers(0, 100))
def test_no_letter_names_a_day_before_the_term(wanted, told, term):
    found = day_in_force(wanted, told, term)
    assert found >= earliest(told, term)
    assert found >= wanted
    assert lack(told, found, term) == ""
    if wanted >= earliest(told, term):
        assert found == wanted
    elif wanted.day == 1:
        assert found.day == 1
        assert found - earliest(told, term) < timedelta(days=31)
    else:
        assert found == earliest(told, term)


@given(some_day, some_day, st.integers(0, 100))
def test_what_starts_was_told_in_time(told, in_force, term):
    in_time = told + timedelta(days=term) <= in_force
    assert (lack(told, in_force, term) == "") == in_time
    assert lack(None, in_force, term) == "proof"


@pytest.mark.parametrize(
    ("way", "by_post", "expected"),
    [
        (Delivery(), False, "to_send"),
        (Delivery(), True, "to_post"),
        (Delivery(D1), False, "sent"),
        (Delivery(D1, D2), False, "returned"),
        (Delivery(None, D2), False, "returned"),
        (Delivery(D1, D2), True, "to_post"),
        (Delivery(D1, D2, None, D3), True, "posted"),
        (Delivery(D1, D2, D3), True, "opened"),
        (Delivery(D1, None, D2), False, "opened"),
    ],
)
def test_state(way, by_post, expected):
    assert state(way, by_post=by_post) == expected
    assert state(way, by_post=by_post, has_started=True) == "in_force"
    assert state(way, by_post=by_post, is_withdrawn=True) == "withdrawn"
