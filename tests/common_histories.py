import os
import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common_cents import NoxCentsCommon

THOROUGH = bool(os.environ.get("NOX_THOROUGH"))
CUSTOMERS = 1000 if THOROUGH else 60
# Every customer is billed under each setting; what one billed the other corrects.
RUNS = (
    (date(2026, 9, 1), "round_globally"),
    (date(2026, 10, 1), "round_per_line"),
    (date(2026, 11, 1), "round_globally"),
)[: 3 if THOROUGH else 2]

ACCOUNTING = ("account_move", "account_move_line", "account_partial_reconcile")


@tagged("standard", "post_install", "-at_install")
class NoxHistoriesCommon(NoxCentsCommon):
    """Random customers over two months, or three: users who come and go, plans that
    change at the same price, users who are corrected afterwards, work, goods at a
    discount, prices with VAT in them and without any."""

    seed = 8
    customers = CUSTOMERS
    work_share = 0.2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(cls.seed)
        tax = cls.company.account_sale_tax_id
        cls.positions = [False, False, False]
        for name, values in (
            ("Exempt", {"amount": 0}),
            ("Incl.", {"price_include_override": "tax_included"}),
        ):
            position = cls.env["account.fiscal.position"].create(
                {"name": name, "company_id": cls.company.id}
            )
            other = tax.copy({"name": f"{name} histories", **values})
            other.fiscal_position_ids = position
            other.original_tax_ids = tax
            cls.positions.append(position.id)
        cls.goods = cls.env["product.product"].create(
            {"name": "Cable", "type": "service", "invoice_policy": "order"}
        )
        cls.pbxs = cls.env["nox.pbx"]
        cls._random_customers()
        if THOROUGH:
            cls._analyse(model._table for model in cls.env.values() if model._auto)

    @classmethod
    def _analyse(cls, tables=ACCOUNTING):
        """Let PostgreSQL count: nothing is committed, so it would plan for what tests
        before this one left behind. Of empty tables it would learn the wrong thing."""
        cls.env.flush_all()
        names = SQL(", ").join(SQL.identifier(name) for name in sorted(tables))
        cls.env.cr.execute(SQL("ANALYZE %s", names))

    @classmethod
    def _random_customers(cls):
        """All of them; the contracts of one day are signed together."""
        rng = cls.rng
        sold, changed, busy = [], [], []
        for number in range(cls.customers):
            customer = cls._random_customer(number)
            price = rng.randint(100, 2500) / 100
            for name in range(rng.choice((1, 1, 2, 3))):
                pbx = cls._pbx(
                    customer=customer, name=f"PBX {name}", accepted_on=date(2026, 8, 1)
                )
                cls.pbxs |= pbx
                start = date(2026, 8, rng.choice((1, 1, 10, 18)))
                sold.append((pbx, price, rng.randint(1, 4), start))
            if rng.random() < 0.3:
                # The plan changes at the same price, or at another.
                day = date(2026, rng.choice((8, 9)), rng.randint(19, 30))
                price = rng.choice((price, price, rng.randint(100, 2500) / 100))
                changed.append((pbx, price, 0, day))
            if rng.random() < cls.work_share:
                busy.append(pbx)
        for signed in sorted({start for _pbx, _price, _users, start in sold}):
            cls._sell_together([sale for sale in sold if sale[-1] == signed], signed)
        for pbx, _price, _users, start in sold:
            for seat in pbx.seat_ids[1:]:
                if rng.random() < 0.5:
                    seat.date_end = start + timedelta(rng.randint(0, 80))
        cls._sell_together(changed, "2026-08-18")
        for pbx in busy:
            cls._random_work(pbx, rng)

    @classmethod
    def _random_customer(cls, number):
        return cls._customer(
            f"Random {number}",
            property_account_position_id=cls.rng.choice(cls.positions),
            # Not everybody in the trade register has a VAT number.
            vat="NL123456782B90" if number % 3 else False,
        )

    @classmethod
    def _random_work(cls, pbx, rng):
        """Work with a quote, and goods on it in fractions of a cent."""
        day = date(2026, 8, 20)
        with freeze_time(f"{day} 09:00"):
            ticket = cls._ticket(pbx, "new_number", requested_on=day)
            cls._log(ticket, rng.randint(1, 60), day=day)
            ticket.estimated_minutes = 120
            ticket.quote_id.order_line = [
                Command.create(
                    {
                        "product_id": cls.goods.id,
                        "product_uom_qty": rng.choice((0.28, 0.45, 1, 3)),
                        "price_unit": rng.randint(100, 9999) / 100,
                        "discount": rng.choice((0, 3, 12.5)),
                    }
                )
                for _line in range(2)
            ]
            cls._approve(ticket)
            cls._finish(ticket)

    def _correct(self, day):
        """Users who turn out to have left earlier, or to have come before."""
        first = day - timedelta(60)
        for pbx in self.pbxs.filtered("seat_ids"):
            if self.rng.random() < 0.5:
                seat = self.rng.choice(pbx.seat_ids)
                seat.date_end = max(
                    seat.date_start, day - timedelta(self.rng.randint(1, 60))
                )
            elif self.rng.random() < 0.5:
                start = max(
                    pbx.period_ids.filtered("contract_line_id")[-1:].date_start, first
                )
                start += timedelta(self.rng.randint(0, 20))
                self._seats(pbx, 1, start, first=1000 + day.month * 10)
