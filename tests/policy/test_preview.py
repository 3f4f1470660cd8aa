"""What the customer was shown beside what he was billed, and why they differ."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.preview import (
    EVENTS,
    FACTS,
    UNEXPLAINED,
    Line,
    compare,
    edited,
    verdict,
)


def line(key="users 1", quantity=2, amount="15.00", text="2 users", vat=None, **facts):
    return Line(key, Decimal(quantity), Decimal(amount), text, facts, vat)


@pytest.mark.parametrize(
    ("night", "bill", "since", "codes"),
    [
        ([line()], [line()], {}, []),
        # A fact that changed and moves nothing is no difference.
        ([line(users="a")], [line(users="b")], {}, []),
        (
            [line(users="a")],
            [line(quantity=3, amount="22.50", users="b")],
            {},
            ["users"],
        ),
        ([line(price="7.50")], [line(amount="16.00", price="8.00")], {}, ["price"]),
        (
            [line("work 1", minutes=20, waived=0)],
            [line("work 1", 1, "20.50", minutes=35, waived=2)],
            {},
            ["minutes", "waived"],
        ),
        (
            [line("work 1", subject="Old")],
            [line("work 1", text="Other", subject="New")],
            {},
            ["subject"],
        ),
        ([line()], [line(text="2 gebruikers")], {}, ["reworded"]),
        ([], [line("work 1")], {"work 1": {"finished"}}, ["finished"]),
        ([], [line("work 1")], {"work 1": {"logged", "finished"}}, ["finished"]),
        ([], [line("work 1")], {"work 2": {"finished"}}, [UNEXPLAINED]),
        ([], [line("work 1")], {}, [UNEXPLAINED]),
        ([line()], [], {"users 1": {"parked"}}, ["parked"]),
        ([line("work 1")], [], {"work 1": {"logged", "waived"}}, ["waived"]),
        ([line()], [], {}, [UNEXPLAINED]),
        ([line()], [line(), line("", 1, "5.00")], {}, ["by_hand"]),
        ([line()], [line(quantity=3)], {}, [UNEXPLAINED]),
        ([line()], [line(quantity=3)], {"users 1": {"period_since"}}, ["period_since"]),
        # A cent moves with another line, and not by itself.
        ([line()], [line(amount="15.01")], {}, [UNEXPLAINED]),
        (
            [line()],
            [line(amount="15.01"), line("work 1")],
            {"work 1": {"finished"}},
            ["cents", "finished"],
        ),
        ([line()], [line(amount="15.06")], {}, [UNEXPLAINED]),
        ([line(vat="21%")], [line(vat="21%")], {}, []),
        ([line(vat="21%")], [line(vat="0%")], {}, ["vat"]),
        # A preview that was kept before rates were.
        ([line()], [line(vat="0%")], {}, []),
        ([line(vat="21%")], [line(amount="16.00", vat="9%")], {}, ["vat"]),
        (
            [line(vat="21%", price="7.50")],
            [line(amount="16.00", vat="9%", price="8.00")],
            {},
            ["price", "vat"],
        ),
        # Two lines that bill the same are one.
        ([line(quantity=4, amount="30.00")], [line(), line()], {}, []),
    ],
)
def test_reasons(night, bill, since, codes):
    assert [reason.code for reason in compare(night, bill, since)] == codes


@pytest.mark.parametrize(
    ("made", "billed", "codes"),
    [
        ([line()], [line()], []),
        ([line()], [line(text="Better words")], []),
        ([line()], [line(amount="14.00")], ["edited"]),
        ([line()], [line(quantity=1)], ["edited"]),
        ([line(vat="21%")], [line(vat="0%")], ["vat"]),
        ([line(vat="21%")], [line(quantity=1, vat="0%")], ["edited", "vat"]),
        ([line(), line("work 1")], [line()], ["deleted"]),
        ([line()], [line(), line("", 1, "5.00")], ["by_hand"]),
    ],
)
def test_what_people_edited(made, billed, codes):
    reasons = edited(made, billed)
    assert [reason.code for reason in reasons] == codes
    assert verdict(reasons) == ("explained" if codes else "equal")


LINES = st.lists(
    st.builds(
        Line,
        key=st.sampled_from(["users 1", "work 1", "work 2", ""]),
        quantity=st.integers(0, 3).map(Decimal),
        amount=st.integers(0, 300).map(lambda cents: Decimal(cents) / 100),
        text=st.sampled_from(["a", "b"]),
        facts=st.fixed_dictionaries(
            {}, optional={name: st.integers(0, 1) for name in FACTS[:3]}
        ),
        vat=st.sampled_from(["0%", "21%"]),
    ),
    max_size=4,
)
HAPPENED = st.dictionaries(
    st.sampled_from(["users 1", "work 1"]), st.sets(st.sampled_from(EVENTS)), max_size=2
)


@given(night=LINES, bill=LINES, since=HAPPENED)
def test_nothing_differs_without_a_reason(night, bill, since):
    """Equal is said of equal bills alone, and each reason names a line."""
    reasons = compare(night, bill, since)
    keys = {each.key for each in [*night, *bill]}
    assert {reason.key for reason in reasons} <= keys
    if not reasons:
        assert sum(each.amount for each in night) == sum(each.amount for each in bill)
        assert {each.vat for each in night} == {each.vat for each in bill}
    assert compare(night, night, since) == []
    assert (verdict(reasons) == "equal") == (not reasons)
