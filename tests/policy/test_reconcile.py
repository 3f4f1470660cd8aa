"""Due minus existing: a run that can be run again."""

import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from odoo.addons.nox_voip_service.policy.reconcile import (
    Currency,
    Existing,
    Step,
    months_to_bill,
    reconcile,
)
from odoo.addons.nox_voip_service.policy.run_control import (
    must_park,
)

from .simulated_charges import (
    APR,
    EUR,
    EVENTS,
    FEB,
    JAN,
    LONG_AGO,
    MAR,
    Books,
    cents,
    charge,
)


def billed(month, quantity, revision=0, price=EUR, period="p", **values):
    quantity = Decimal(quantity)
    values.setdefault("amount", cents(quantity - values.get("again", 0), price))
    return Existing(period, month, revision, quantity, price, **values)


def short(steps):
    """``kind month revision quantity was now`` of each step."""
    return [
        (step.kind, step.month, step.revision, *map(str, step[4:5] + step[6:8]))
        for step in steps
    ]


# --- due minus existing -----------------------------------------------------


@pytest.mark.parametrize(
    ("due", "existing", "steps"),
    [
        ([], [], []),
        ([charge(MAR, 24)], [], [("create", MAR, 0, "24", "0", "24")]),
        # Nobody used it: nothing to bill, so nothing is made.
        ([charge(MAR, 0)], [], []),
        # The second run adds nothing.
        ([charge(MAR, 24)], [billed(MAR, 24)], []),
        # Missed months are caught up, oldest first, each by itself.
        (
            [charge(MAR, 24), charge(JAN, 22), charge(FEB, 23)],
            [billed(FEB, 23)],
            [("create", JAN, 0, "22", "0", "22"), ("create", MAR, 0, "24", "0", "24")],
        ),
        # A deleted draft is due again: the same charge, with what is due now.
        (
            [charge(MAR, 25)],
            [billed(MAR, 24, invoiced=False)],
            [("invoice", MAR, 0, "25", "0", "25")],
        ),
        # Corrected afterwards, in both directions.
        (
            [charge(MAR, "25.29")],
            [billed(MAR, 24)],
            [("revise", MAR, 1, "1.29", "24", "25.29")],
        ),
        (
            [charge(MAR, "23.5")],
            [billed(MAR, 24)],
            [("revise", MAR, 1, "-0.5", "24", "23.5")],
        ),
        (
            [charge(MAR, 24)],
            [billed(MAR, 24), billed(MAR, 2, 1)],
            [("revise", MAR, 2, "-2", "26", "24")],
        ),
        # A stop of a month that is billed already.
        ([], [billed(MAR, 24)], [("revise", MAR, 1, "-24", "24", "0")]),
        ([charge(MAR, 0)], [billed(MAR, 24)], [("revise", MAR, 1, "-24", "24", "0")]),
        ([], [billed(MAR, 24), billed(MAR, -24, 1)], []),
        # A revision whose invoice went away.
        (
            [charge(MAR, 25)],
            [billed(MAR, 24), billed(MAR, 3, 1, invoiced=False)],
            [("invoice", MAR, 1, "1", "24", "25")],
        ),
        (
            [charge(MAR, 24)],
            [billed(MAR, 24), billed(MAR, 3, 1, invoiced=False)],
            [("clear", MAR, 1, "0", "24", "24")],
        ),
        ([charge(MAR, 24)], [billed(MAR, 24), billed(MAR, 0, 1, invoiced=False)], []),
        # Two of them: one carries it all, the other is cleared.
        (
            [charge(MAR, 26)],
            [billed(MAR, 24, invoiced=False), billed(MAR, 3, 1, invoiced=False)],
            [("invoice", MAR, 0, "26", "0", "26"), ("clear", MAR, 1, "0", "26", "26")],
        ),
        (
            [charge(MAR, 26)],
            [billed(MAR, 3, 1, invoiced=False), billed(MAR, 0, 0, invoiced=False)],
            [("invoice", MAR, 0, "26", "0", "26"), ("clear", MAR, 1, "0", "26", "26")],
        ),
        # Credited, to be charged again; and credited for good.
        (
            [charge(MAR, 24)],
            [billed(MAR, 24, again=Decimal(24))],
            [("revise", MAR, 1, "24", "0", "24")],
        ),
        (
            [charge(MAR, 24)],
            [billed(MAR, 24, again=Decimal(24)), billed(MAR, 24, 1)],
            [],
        ),
        (
            [charge(MAR, 24)],
            [billed(MAR, 24, again=Decimal("1.5"))],
            [("revise", MAR, 1, "1.5", "22.5", "24")],
        ),
        # Two periods of one month are two charges.
        (
            [charge(MAR, 10, period="a"), charge(MAR, 14, period="b")],
            [billed(MAR, 10, period="a")],
            [("create", MAR, 0, "14", "0", "14")],
        ),
    ],
)
def test_reconcile(due, existing, steps):
    assert short(reconcile(due, existing, correct_from=LONG_AGO)) == steps


def test_a_step_says_all():
    (step,) = reconcile([charge(MAR, 25)], [billed(MAR, 24)], correct_from=MAR)
    assert step == Step(
        "revise", "p", MAR, 1, Decimal(1), EUR, Decimal(24), Decimal(25)
    )
    (step,) = reconcile([], [billed(MAR, 3, invoiced=False)], correct_from=MAR)
    assert step == Step("clear", "p", MAR, 0, Decimal(0), EUR, Decimal(0), Decimal(0))


HALF = Decimal("10.50")


@pytest.mark.parametrize(
    ("due", "existing", "cent"),
    [
        # 2.03 users are 21.32 and 0.97 are 10.19, but 3 users are 31.50.
        ([charge(MAR, "2.03", HALF)], [], ["0.00"]),
        ([charge(MAR, 3, HALF)], [billed(MAR, "2.03", price=HALF)], ["-0.01"]),
        ([charge(MAR, "2.03", HALF)], [billed(MAR, 3, price=HALF)], ["0.01"]),
        # A plan that changes at the same price; another price is another sum.
        (
            [charge(MAR, "0.97", HALF, "a"), charge(MAR, "2.03", HALF, "b")],
            [],
            ["0.00", "-0.01"],
        ),
        (
            [charge(MAR, "0.97", HALF, "a"), charge(MAR, "2.03", EUR, "b")],
            [],
            ["0.00", "0.00"],
        ),
        # The same users of two months are two months.
        ([charge(FEB, "0.97", HALF), charge(MAR, "2.03", HALF)], [], ["0.00"] * 2),
        # What the cent was given for is credited: it comes back with it.
        (
            [charge(MAR, 0, HALF)],
            [
                billed(MAR, "2.03", price=HALF),
                billed(MAR, "0.97", 1, HALF, amount=Decimal("10.18")),
            ],
            ["0.00"],
        ),
        # Credited with its cent, to be charged again: with its cent again.
        (
            [charge(MAR, 3, HALF)],
            [
                billed(MAR, "2.03", price=HALF),
                billed(MAR, "0.97", 1, HALF, again=Decimal("0.97")),
            ],
            ["-0.01"],
        ),
        # A draft that was deleted bills nothing.
        (
            [charge(MAR, 3, HALF)],
            [billed(MAR, "2.03", price=HALF, invoiced=False)],
            ["0.00"],
        ),
        # Nothing is due: nothing to say.
        (
            [charge(MAR, "2.03", HALF)],
            [
                billed(MAR, "2.03", price=HALF),
                billed(MAR, "0.97", 1, HALF, invoiced=False),
            ],
            ["0"],
        ),
    ],
)
def test_parts_at_one_price_add_up_to_the_cent(due, existing, cent):
    steps = reconcile(due, existing, correct_from=LONG_AGO)
    assert [str(step.rounding) for step in steps] == cent


YEN = {"p": Currency("JPY", Decimal(1))}
THOUSAND = Decimal(1050)


@pytest.mark.parametrize(
    ("due", "existing", "missing"),
    [
        # 2.03 users are 2132 yen and 0.97 are 1019, but 3 users are 3150.
        (
            [charge(MAR, 3, THOUSAND)],
            [billed(MAR, "2.03", price=THOUSAND, amount=Decimal(2132))],
            ["-1"],
        ),
        (
            [charge(MAR, "2.03", THOUSAND), charge(MAR, "0.97", THOUSAND, "euros")],
            [],
            ["0", "0.00"],
        ),
    ],
)
def test_parts_add_up_in_the_currency_of_their_period(due, existing, missing):
    steps = reconcile(due, existing, correct_from=LONG_AGO, currencies=YEN)
    assert [str(step.rounding) for step in steps] == missing


def test_new_price_of_a_billed_month():
    """What was billed at the old price is credited, the whole at the new one billed:
    two revisions, for each is a line of one price."""
    new = Decimal("4.75")
    steps = reconcile([charge(MAR, 25, new)], [billed(MAR, 24)], correct_from=MAR)
    assert [(step.quantity, step.price, step.revision) for step in steps] == [
        (Decimal(-24), EUR, 1),
        (Decimal(25), new, 2),
    ]
    assert [(step.was, step.now) for step in steps] == [
        (Decimal(24), Decimal(25)),
        (Decimal(0), Decimal(25)),
    ]
    both = [billed(MAR, 24), billed(MAR, -24, 1), billed(MAR, 25, 2, new)]
    assert reconcile([charge(MAR, 25, new)], both, correct_from=MAR) == []
    half = both[:2]
    (step,) = reconcile([charge(MAR, 25, new)], half, correct_from=MAR)
    assert (step.kind, step.revision, step.quantity) == ("revise", 2, Decimal(25))


@pytest.mark.parametrize(
    ("correct_from", "existing", "kinds"),
    [
        (FEB, [billed(MAR, 20)], ["revise"]),
        (MAR, [billed(MAR, 20)], ["revise"]),
        (date(2026, 3, 31), [billed(MAR, 20)], ["revise"]),
        (APR, [billed(MAR, 20)], []),
        # Never billed, or due again: however long ago.
        (APR, [], ["create"]),
        (APR, [billed(MAR, 20, invoiced=False)], ["invoice"]),
        (APR, [billed(MAR, 20, again=Decimal(5))], ["revise"]),
        (APR, [billed(MAR, 20), billed(MAR, 4, 1, invoiced=False)], ["invoice"]),
        (APR, [billed(MAR, 20), billed(MAR, 4, 1)], []),
    ],
)
def test_months_open_to_correction(correct_from, existing, kinds):
    steps = reconcile([charge(MAR, 24)], existing, correct_from=correct_from)
    assert [step.kind for step in steps] == kinds


# --- months that wait for somebody ------------------------------------------


@pytest.mark.parametrize(
    ("months", "parked"), [(0, False), (3, False), (4, True), (12, True)]
)
def test_more_than_three_months_wait_for_somebody(months, parked):
    due = [
        charge(date(2025, month, 1), 3, period=period)
        for month in range(1, months + 1)
        for period in "ab"
    ]
    steps = reconcile(due, [], correct_from=LONG_AGO)
    assert months_to_bill(steps) == [date(2025, m, 1) for m in range(1, months + 1)]
    assert must_park(months) is parked
    assert must_park(months, confirmed=months) is False
    assert must_park(months + 4, confirmed=months) is True


def test_what_counts_for_parking():
    """Corrections do not; a month whose draft was deleted does."""
    due = [charge(date(2025, month, 1), 3) for month in range(1, 13)]
    wrong = [each._replace(quantity=Decimal(2)) for each in due]
    made = [billed(each.month, each.quantity) for each in wrong]
    assert not months_to_bill(reconcile(due, made, correct_from=LONG_AGO))
    gone = [each._replace(invoiced=False) for each in made]
    steps = reconcile(due, gone, correct_from=LONG_AGO)
    assert len(months_to_bill(steps)) == 12


# --- any order of runs, crashes, deletions and corrections ------------------


def live(rng, events):
    books = Books(rng)
    for event in events:
        getattr(books, event)()
    books.run()


def test_books():
    for seed in range(max(200, settings().max_examples)):
        rng = random.Random(seed)
        live(rng, rng.choices(EVENTS, k=rng.randint(1, 12)))


@given(
    st.randoms(use_true_random=False), st.lists(st.sampled_from(EVENTS), max_size=20)
)
def test_any_books(rng, events):
    live(rng, events)
