"""What was credited cannot be credited again."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.credit import capped, is_beyond, left

hundredths = st.integers(-2_000, 2_000).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("billed", "credited", "rest"),
    [
        # Nothing, a part, all of it, and too much.
        ("3", "0", "3"),
        ("3", "1", "2"),
        ("3", "3", "0"),
        ("3", "6", "0"),
        # A credit note of the credit note: it may be credited again.
        ("3", "0.00", "3"),
        # Billed a second time by taking back too much: no more than was billed.
        ("3", "-3", "3"),
        # Users of part of a month.
        ("0.57", "0.28", "0.29"),
        # A correction downwards.
        ("-0.97", "0", "-0.97"),
        ("-0.97", "-0.97", "0"),
        ("-0.97", "-2", "0"),
        # The invoice was cancelled.
        ("0", "2", "0"),
    ],
)
def test_left(billed, credited, rest):
    assert left(Decimal(billed), Decimal(credited)) == Decimal(rest)


@pytest.mark.parametrize(
    ("wanted", "rest", "given_back"),
    [
        ("3", "1", "1"),
        ("1", "3", "1"),
        ("0", "3", "0"),
        ("-1", "3", "0"),
        # What was billed with a minus is given back with one.
        ("-0.97", "-0.5", "-0.5"),
        ("-0.5", "-0.97", "-0.5"),
        ("1", "-0.97", "0"),
        ("1", "0", "0"),
    ],
)
def test_no_more_than_is_left(wanted, rest, given_back):
    assert capped(Decimal(wanted), Decimal(rest)) == Decimal(given_back)


@given(billed=hundredths, wishes=st.lists(hundredths, max_size=8))
def test_whatever_is_asked_the_net_bill_stays_between_nothing_and_the_bill(
    billed, wishes
):
    """Positive wishes credit, negative ones take back, in any order."""
    credited = Decimal(0)
    sign = -1 if billed < 0 else 1
    for wish in wishes:
        if wish * sign > 0:
            credited += capped(wish, left(billed, credited))
        else:
            credited -= capped(-wish, credited)
        assert not is_beyond(billed, credited)
        assert min(billed, 0) <= billed - credited <= max(billed, 0)


@given(billed=hundredths, credited=hundredths)
def test_beyond_is_where_one_cent_more_than_the_rest_was_given(billed, credited):
    if not is_beyond(billed, credited):
        rest = left(billed, credited)
        assert credited + rest == billed
        cent = Decimal("-0.01" if billed < 0 else "0.01")
        assert is_beyond(billed, credited + rest + cent)
        assert not is_beyond(billed, credited + rest + cent, slack=Decimal("0.01"))
