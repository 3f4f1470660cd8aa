"""Customers by chance, and the packs of their invoices, worked out by counting."""

import itertools
from fractions import Fraction

from .builder import (
    INVOICED,
    MONTH,
    cents,
    chained,
    decimal,
    moment,
    order,
    order_line,
    tax,
)
from .story_users import Users
from .story_work import Work


class Story(Work, Users):
    """One customer and one month; ``pack()`` is the pack of the invoice."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.decimals, self.currency = rnd.choice([(2, "EUR"), (0, "JPY"), (3, "KWD")])
        self.included = rnd.random() < 0.25
        self.taxes = [tax(rate, self.included) for rate in ("21", "9", "0")]
        self.early = not self.included and rnd.random() < 0.2
        self.parts, self.lines = {}, []
        self.numbers = itertools.count(1)

    def part(self, kind, id_, content):
        self.parts[id_] = (kind, id_, content)
        return id_

    def money(self, least, most):
        places = 10**self.decimals
        units = self.rnd.randint(least * places, most * places)
        return Fraction(units, places)

    def decimal(self, amount):
        return decimal(amount, self.decimals)

    def price(self, source, amount, discount=0):
        content = {
            "source": source,
            "product": "Work",
            "unit": "block",
            "price": self.decimal(amount),
            "discount": str(discount),
            "currency": self.currency,
            "list_price": self.decimal(amount),
            "list_currency": self.currency,
            "pricelist": None,
            "rule": None,
            "since": None,
            "set_on": str(MONTH),
        }
        return self.part("price", f"price:{source}:{amount}:{discount}", content)

    def line(self, source, quantity, unit, text="text", discount=0, **refs):
        self.lines.append(
            {
                "id": f"line:{len(self.lines) + 1}",
                "position": len(self.lines) + 1,
                "source": source,
                "text": text,
                "written_at": moment(INVOICED, 5),
                "quantity": decimal(quantity),
                "price_unit": self.decimal(unit),
                "discount": str(discount),
                "gross": cents(
                    Fraction(quantity) * unit * (100 - discount) / 100, self.decimals
                ),
                "taxes": [self.rnd.choice(self.taxes)["id"]],
                **dict.fromkeys(("ticket", "charge", "quote", "price", "credits")),
                "training": [],
                **refs,
            }
        )
        return self.lines[-1]["id"]

    def goods(self):
        price = self.money(300, 900)
        discount = self.rnd.choice([0, 0, 5, 10])
        self.line(
            "goods", self.rnd.randint(1, 4), price, "A phone", discount=discount,
            price=self.price("order", price, discount),
        )  # fmt: skip

    def training(self):
        price = self.money(300, 350)
        number = next(self.numbers)
        line = order_line("2.00", self.decimal(price), is_work=False)
        sold = order(f"S{number}", None, [line], "order")
        order_id = self.part("quote", f"quote:S{number}", sold)
        people = ["J. Jansen", "P. Bakker"]
        places = [
            self.part(
                "training",
                f"training:{number}:{person}",
                {
                    "person": person,
                    "day": str(MONTH),
                    "hours": "4.00",
                    "result": None,
                    "order": order_id,
                    "certificate": None,
                },
            )
            for person in people
        ]
        self.line(
            "training", 2, price, f"Training: {', '.join(people)}", training=places,
            quote=order_id, price=self.price("order", price),
        )  # fmt: skip

    def amounts(self, lines):
        """Amounts of the lines and totals by rate."""
        by_rate = []
        for each in self.taxes:
            own = [line for line in lines if line["taxes"] == [each["id"]]]
            rate = 1 + Fraction(each["rate"]) / 100
            if not own:
                continue
            gross = [line.pop("gross") for line in own]
            if self.included:
                base = cents(sum(gross) / rate, self.decimals)
                due = sum(gross) - base
                parts = [cents(amount / rate, self.decimals) for amount in gross]
                step = Fraction(1, 10**self.decimals)
                n = 0
                while (off := base - sum(parts)) != 0:
                    parts[n % len(parts)] += step if off > 0 else -step
                    n += 1
                pairs = list(zip(parts, gross))
            else:
                base = sum(gross)
                taxed = base
                if self.early:
                    taxed -= sum(cents(amount / 50, self.decimals) for amount in gross)
                due = cents(taxed * (rate - 1), self.decimals)
                pairs = [(part, cents(part * rate, self.decimals)) for part in gross]
            for line, (amount, incl) in zip(own, pairs):
                line.update(amount=self.decimal(amount), amount_incl=self.decimal(incl))
            by_rate.append(
                {
                    "taxes": [each["id"]],
                    "base": self.decimal(base),
                    "tax": self.decimal(due),
                }
            )
        untaxed = sum((Fraction(line["amount"]) for line in lines), Fraction(0))
        due = sum((Fraction(each["tax"]) for each in by_rate), Fraction(0))
        return {
            "untaxed": self.decimal(untaxed),
            "tax": self.decimal(due),
            "total": self.decimal(untaxed + due),
            "by_rate": by_rate,
        }

    def invoice(self, lines, **changes):
        return {
            "number": "INV/2026/00012",
            "type": "invoice",
            "state": "posted",
            "date": str(INVOICED),
            "due_date": None,
            "posted_at": moment(INVOICED, 6),
            "language": "en_US",
            "whole_cents": True,
            "currency": {"code": self.currency, "decimals": self.decimals},
            "company": {
                "name": "Nox Telecom",
                "vat": None,
                "country": "NL",
                "timezone": "Europe/Amsterdam",
                "tax_rounding": self.rnd.choice(["round_globally", "round_per_line"]),
            },
            "customer": {"name": "Bakker", "vat": None, "reference": None},
            "reverses": None,
            "taxes": [
                each
                for each in self.taxes
                if any(line["taxes"] == [each["id"]] for line in lines)
            ],
            "lines": lines,
            "totals": self.amounts(lines),
            "early_payment": {"percentage": "2", "computation": "mixed"}
            if self.early
            else None,
            **changes,
        }

    def pack(self):
        makers = [self.ticket, self.users, self.goods, self.training]
        if self.rnd.random() < 0.7:
            self.users()
            makers.remove(self.users)
        for _each in range(self.rnd.randint(1, 4)):
            maker = self.rnd.choice(makers)
            maker()
            if maker == self.users:
                makers.remove(maker)
        if not self.lines:
            self.goods()
        invoice = self.invoice(self.lines)
        self.drop_unused()
        return chained([("invoice", "invoice:1", invoice), *self.parts.values()])

    def drop_unused(self):
        """What no line leads to is no part of this invoice."""
        reached, new = set(), names(self.lines) & set(self.parts)
        while new:
            reached |= new
            new = set().union(*(names(self.parts[id_][2]) for id_ in new)) - reached
            new &= set(self.parts)
        self.parts = {id_: self.parts[id_] for id_ in self.parts if id_ in reached}


def names(value):
    """Every text in a value."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        value = list(value.values())
    return set().union(*map(names, value)) if isinstance(value, list) else set()
