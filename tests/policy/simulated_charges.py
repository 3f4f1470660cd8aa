"""Made-up books of charges: runs, crashes, deletions and corrections in any order.

After every run it holds what stands on invoices against what is due: at each price
the same users, and the same amount to the cent.
"""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.nox_voip_service.policy.reconcile import Existing, reconcile
from odoo.addons.nox_voip_service.policy.seats import Charge

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
LONG_AGO = date(2020, 1, 1)
EUR = Decimal("4.50")


def charge(month, quantity, price=EUR, period="p"):
    return Charge(period, month, Decimal(quantity), price, ())


def cents(quantity, price):
    return (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)


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
