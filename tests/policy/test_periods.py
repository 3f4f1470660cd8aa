"""Months that are due, and due minus existing: a run that can be run again."""

import random
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings, strategies as st

from odoo.addons.nox_voip_service.policy.periods import (
    Existing,
    Step,
    first_of_month,
    last_of_month,
    lateness,
    months_between,
    months_due,
    months_to_bill,
    must_park,
    next_month,
    reconcile,
)
from odoo.addons.nox_voip_service.policy.seats import Charge

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
LONG_AGO = date(2020, 1, 1)
EUR = Decimal("4.50")


def charge(month, quantity, price=EUR, period="p"):
    return Charge(period, month, Decimal(quantity), price, ())


def cents(quantity, price):
    return (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)


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


# --- months ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "first", "last", "following"),
    [
        ((2026, 1, 31), (2026, 1, 1), (2026, 1, 31), (2026, 2, 1)),
        ((2026, 2, 1), (2026, 2, 1), (2026, 2, 28), (2026, 3, 1)),
        ((2028, 2, 29), (2028, 2, 1), (2028, 2, 29), (2028, 3, 1)),
        ((2100, 2, 28), (2100, 2, 1), (2100, 2, 28), (2100, 3, 1)),
        ((2026, 4, 30), (2026, 4, 1), (2026, 4, 30), (2026, 5, 1)),
        ((2026, 12, 15), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1)),
    ],
)
def test_edges_of_a_month(day, first, last, following):
    assert first_of_month(date(*day)) == date(*first)
    assert last_of_month(date(*day)) == date(*last)
    assert next_month(date(*day)) == date(*following)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (JAN, JAN, [JAN]),
        (date(2026, 1, 31), date(2026, 3, 1), [JAN, FEB, MAR]),
        (date(2026, 1, 31), date(2026, 2, 28), [JAN, FEB]),
        (date(2026, 2, 2), FEB, [FEB]),
        (MAR, FEB, []),
        (date(2025, 12, 31), JAN, [date(2025, 12, 1), JAN]),
    ],
)
def test_months_between(first, last, found):
    assert months_between(first, last) == found


@pytest.mark.parametrize(
    ("start", "end", "today", "billed_until", "due"),
    [
        # In arrears: on the first of April March is due, on the last of March not.
        (JAN, None, APR, None, [JAN, FEB, MAR]),
        (JAN, None, date(2026, 3, 31), None, [JAN, FEB]),
        (JAN, None, date(2026, 4, 30), None, [JAN, FEB, MAR]),
        (JAN, None, date(2026, 1, 31), None, []),
        (JAN, None, date(2025, 6, 1), None, []),
        # Start on the 31st, stop within a month, stop on its last day.
        (date(2026, 1, 31), None, FEB, None, [JAN]),
        (JAN, date(2026, 2, 3), APR, None, [JAN, FEB]),
        (JAN, date(2026, 1, 31), APR, None, [JAN]),
        (JAN, JAN, APR, None, [JAN]),
        (JAN, date(2026, 3, 15), MAR, None, [JAN, FEB]),
        # 29 February is of a month that ends with it.
        (date(2028, 2, 29), None, date(2028, 2, 29), None, []),
        (date(2028, 2, 29), None, date(2028, 3, 1), None, [date(2028, 2, 1)]),
        # Going live bills no history.
        (LONG_AGO, None, APR, MAR, [MAR]),
        (LONG_AGO, None, APR, date(2026, 3, 31), [MAR]),
        (LONG_AGO, None, APR, APR, []),
        (LONG_AGO, date(2026, 2, 3), APR, MAR, []),
        (date(2026, 3, 12), None, APR, LONG_AGO, [MAR]),
    ],
)
def test_months_due(start, end, today, billed_until, due):
    found = months_due(start, end, today=today, billed_until=billed_until)
    assert found == due


# --- due minus existing ----------------------------------------------------


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


@pytest.mark.parametrize(
    ("day", "state", "idle", "parked", "late"),
    [
        (1, None, 0, 0, None),
        (1, "draft", 0, 0, None),
        (1, "running", 9, 0, None),
        (1, "done", 0, 1, "parked"),
        (2, None, 0, 0, "missing"),
        (2, "draft", 0, 0, "waiting"),
        (2, "running", 2, 0, None),
        (2, "running", 3, 0, "stuck"),
        (2, "running", 2, 1, "parked"),
        (2, "done", 9, 0, None),
        (2, "done", 9, 2, "parked"),
    ],
)
def test_billing_is_late(day, state, idle, parked, late):
    assert (
        lateness(MAR, state, today=APR.replace(day=day), idle_hours=idle, parked=parked)
        == late
    )


# --- any order of runs, crashes, deletions and corrections ------------------


class Books:
    """Charges as the database keeps them, and all that happens to them."""

    MONTHS = (JAN, FEB, MAR)
    PRICES = (EUR, EUR, EUR, Decimal("4.75"))

    def __init__(self, rng):
        self.rng = rng
        self.due = {}
        self.made = {}
        # Months and prices of which a part went away, and nothing was billed since.
        self.parted = set()

    def correct(self):
        month, period = self.rng.choice(self.MONTHS), self.rng.choice("ab")
        hundredths = self.rng.choice((0, self.rng.randint(0, 2500)))
        self.due[period, month] = charge(
            month,
            Decimal(hundredths).scaleb(-2),
            self.rng.choice(self.PRICES),
            period,
        )

    def forget(self):
        """The plan period was made shorter: the month is not due any more."""
        if self.due:
            del self.due[self.rng.choice(list(self.due))]

    def lose_invoice(self):
        self.change(lambda each: {"invoiced": False})

    def credit_to_charge_again(self):
        """The whole of it, or a part."""
        whole = self.rng.random() < 0.5

        def credit(each):
            rest = each.quantity - each.again
            if whole:
                return {"again": each.quantity, "amount": Decimal(0)}
            credited = cents(rest / 2, each.price)
            return {
                "again": each.again + rest / 2,
                "amount": each.amount - credited,
            }

        self.change(credit)

    def change(self, values):
        keys = [key for key, each in self.made.items() if each.invoiced]
        if keys:
            key = self.rng.choice(keys)
            self.parted.add((self.made[key].month, self.made[key].price))
            self.made[key] = self.made[key]._replace(**values(self.made[key]))

    def crash(self):
        """A run that is killed somewhere: only its first steps are done."""
        steps = self.steps()
        self.do(steps[: self.rng.randint(0, len(steps))])

    def run(self):
        self.do(self.steps())
        assert self.steps() == [], "the second run adds nothing"
        for key in {*self.due, *((p, m) for p, m, _revision in self.made)}:
            self.check(key)
        self.check_amounts()

    def steps(self):
        return reconcile(self.due.values(), self.made.values(), correct_from=LONG_AGO)

    def do(self, steps):
        for step in steps:
            key = (step.period, step.month, step.revision)
            old = self.made.get(key)
            if step.kind in ("create", "revise"):
                assert old is None, "unique in the database"
            else:
                assert not old.invoiced
            assert (step.kind == "create") == (not old and step.revision == 0), (
                "a first charge is revision 0"
            )
            amount = cents(step.quantity, step.price) + step.rounding
            self.made[key] = Existing(
                *key,
                step.quantity,
                step.price,
                amount,
                invoiced=step.kind != "clear",
            )
            if step.quantity:
                self.parted.discard((step.month, step.price))

    def check(self, key):
        """At each price exactly what is due stands on invoices."""
        on_invoices = {}
        for each in self.made.values():
            if (each.period, each.month) == key and each.invoiced:
                left = each.quantity - each.again
                on_invoices[each.price] = on_invoices.get(each.price, 0) + left
        due = self.due.get(key)
        expected = {due.price: due.quantity} if due and due.quantity else {}
        assert {p: q for p, q in on_invoices.items() if q} == expected

    def check_amounts(self):
        """The parts of a month at one price, in all plan periods, are what one line
        would be."""
        users, amounts = defaultdict(Decimal), defaultdict(Decimal)
        for each in self.made.values():
            if each.invoiced:
                users[each.month, each.price] += each.quantity - each.again
                amounts[each.month, each.price] += each.amount
        for month, price in users.keys() - self.parted:
            exact = cents(users[month, price], price)
            assert amounts[month, price] == exact


EVENTS = ("correct", "correct", "run", "crash", "lose_invoice")
EVENTS += ("credit_to_charge_again", "forget")


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
