"""What was approved beforehand, and who hears of it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.approvers import (
    Approver,
    acting,
    deputises,
    may_approve,
    who_hears,
)
from odoo.addons.nox_voip_service.policy.standing import (
    Standing,
    StandingUse,
    standing_covers,
)

D = Decimal
amounts = st.integers(0, 1000).map(Decimal)


@pytest.mark.parametrize(
    ("month", "job", "used_amount", "used_blocks", "blocks", "amount", "covers"),
    [
        # EUR 500 a month, any job.
        (500, None, 0, 0, 20, "500", True),
        (500, None, 0, 0, 1, "500.01", False),
        (500, None, "351.17", 0, 6, "148.83", True),
        (500, None, "351.18", 0, 6, "148.83", False),
        (500, None, 500, 0, 1, "0.01", False),
        # Six blocks a job, any month.
        (None, 6, 10_000, 0, 6, "148.83", True),
        (None, 6, 0, 0, 7, "173.64", False),
        (None, 6, 0, 4, 2, "49.61", True),
        (None, 6, 0, 4, 3, "74.42", False),
        # Both: both hold.
        (500, 6, 400, 0, 4, "99.22", True),
        (500, 6, 450, 0, 4, "99.22", False),
        (500, 6, 0, 3, 4, "99.22", False),
        # Nothing was agreed.
        (None, None, 0, 0, 1, "1", False),
        (0, None, 0, 0, 1, "0.01", False),
        (None, 0, 0, 0, 1, "1", False),
    ],
)
def test_standing_covers(month, job, used_amount, used_blocks, blocks, amount, covers):
    standing = Standing(month if month is None else D(month), job)
    used = StandingUse(D(used_amount), used_blocks)
    found = standing_covers(standing, used, blocks=blocks, amount=D(amount))
    assert found == covers


@given(
    st.builds(Standing, st.none() | amounts, st.none() | st.integers(0, 20)),
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 8)), max_size=20),
)
def test_uses_one_after_another_stay_inside(standing, quotes):
    """Of whatever comes, in whatever order: what is used is what was agreed."""
    used = {}
    total = D(0)
    for job, blocks in quotes:
        amount = blocks * D("20.50")
        before = StandingUse(total, used.get(job, 0))
        if standing_covers(standing, before, blocks=blocks, amount=amount):
            used[job] = used.get(job, 0) + blocks
            total += amount
    assert standing.month_amount is None or total <= standing.month_amount
    assert standing.job_blocks is None or max(used.values(), default=0) <= (
        standing.job_blocks
    )
    if standing == Standing():
        assert not used


JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
LAST = date(2026, 7, 31)


@pytest.mark.parametrize(
    ("start", "end", "day", "stands_in"),
    [
        (JULY, LAST, JULY, True),
        (JULY, LAST, LAST, True),
        (JULY, LAST, AUGUST, False),
        (JULY, LAST, date(2026, 6, 30), False),
        (None, LAST, date(2020, 1, 1), True),
        (JULY, None, date(2030, 1, 1), True),
        (None, None, JULY, True),
    ],
)
def test_days_of_a_deputy(start, end, day, stands_in):
    anna = Approver("Anna", D(500), "Bram", start, end)
    assert deputises(anna, day) == stands_in
    assert ("Bram" in acting([anna], day)) == stands_in
    assert not deputises(anna._replace(deputy=None), day)


def test_of_two_limits_the_larger_counts():
    anna = Approver("Anna", D(100), "Cor", JULY, LAST)
    bram = Approver("Bram", None, "Cor", JULY, LAST)
    assert acting([anna], JULY)["Cor"] == 100
    assert acting([anna, bram], JULY)["Cor"] is None
    assert acting([anna, Approver("Cor", D(50))], JULY) == {"Anna": 100, "Cor": 100}
    assert acting([anna, Approver("Cor", D(50))], AUGUST) == {"Anna": 100, "Cor": 50}
    assert acting([], JULY) == {}


@given(
    st.lists(
        st.builds(Approver, st.sampled_from("abc"), st.none() | amounts, st.none()),
        max_size=4,
    ),
    amounts,
)
def test_who_hears_is_who_may(approvers, amount):
    heard = who_hears(approvers, JULY, amount)
    may = [each for each in approvers if may_approve(each.limit, amount)]
    assert heard == tuple(each.person for each in may[:1])
    assert all(may_approve(acting(approvers, JULY)[each], amount) for each in heard)
