import os
import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common_cents import NoxCentsCommon

THOROUGH = bool(os.environ.get("NOX_THOROUGH"))
CUSTOMERS = 1000 if THOROUGH else 60
# Every customer is billed under each setting; what one billed the other corrects.
RUNS = (
    (date(2026, 9, 1), "round_globally"),
    (date(2026, 10, 1), "round_per_line"),
    (date(2026, 11, 1), "round_globally"),
)[: 3 if THOROUGH else 2]


@tagged("standard", "post_install", "-at_install")
class TestCentsHistories(NoxCentsCommon):
    """Random customers over two months, or three: users who come and go, plans that
    change at the same price, users who are corrected afterwards, work, goods at a
    discount, prices with VAT in them and without any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(8)
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
        for number in range(CUSTOMERS):
            cls._random_customer(number)
        if THOROUGH:
            # Nothing is committed, so PostgreSQL would plan for empty tables.
            cls.env.flush_all()
            cls.env.cr.execute("ANALYZE")

    @classmethod
    def _random_customer(cls, number):
        rng = cls.rng
        customer = cls._customer(
            f"Random {number}", property_account_position_id=rng.choice(cls.positions)
        )
        price = rng.randint(100, 2500) / 100
        for name in range(rng.choice((1, 1, 2, 3))):
            pbx = cls._pbx(
                customer=customer, name=f"PBX {name}", accepted_on=date(2026, 8, 1)
            )
            cls.pbxs |= pbx
            start = date(2026, 8, rng.choice((1, 1, 10, 18)))
            users = rng.randint(1, 4)
            cls._sell(pbx, price, users, start, str(start))
            for seat in pbx.seat_ids[1:]:
                if rng.random() < 0.5:
                    seat.date_end = start + timedelta(rng.randint(0, 80))
        if rng.random() < 0.3:
            # The plan changes at the same price, or at another.
            day = date(2026, rng.choice((8, 9)), rng.randint(19, 30))
            price = rng.choice((price, price, rng.randint(100, 2500) / 100))
            cls._sell(pbx, price, 0, day, "2026-08-18")
        if rng.random() < 0.15:
            cls._random_work(pbx, rng)

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
        for pbx in self.pbxs:
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

    def _previews(self, day):
        """What portal and rehearsal say the evening before."""
        with freeze_time(f"{day - timedelta(1)} 12:00"):
            portal = {
                own: own._portal_next_invoice()
                for own in self.pbxs.grouped("partner_id").values()
                if len(own) == 1
            }
            rehearsal = {}
            for line in self._rehearse(day):
                rehearsal[line.partner_id] = (
                    rehearsal.get(line.partner_id, 0) + line.amount_total
                )
        return portal, rehearsal

    def _announced(self, day):
        """``{customer: [(sentence, quantity, amount)]}`` of the next invoices, the
        evening before."""
        with freeze_time(f"{day - timedelta(1)} 12:00"):
            run = self.env["nox.billing.run"].new({"company_id": self.company.id})
            found = run._next_invoices(self.pbxs.partner_id, day)
        return {
            customer: sorted(
                (line["text"], round(line["quantity"], 2), round(line["untaxed"], 2))
                for line in lines
            )
            for customer, (lines, _parked) in found.items()
        }

    def _said(self, moves):
        """The same of the lines of posted invoices; a credit note counts down."""
        said = {}
        for line in moves.invoice_line_ids.filtered("product_id"):
            sign = 1 if line.move_id.move_type == "out_invoice" else -1
            said.setdefault(line.partner_id, []).append(
                (
                    line.name,
                    round(sign * line.quantity, 2),
                    round(sign * line.price_subtotal, 2),
                )
            )
        return {customer: sorted(lines) for customer, lines in said.items()}

    def test_bills_of_random_customers_add_up(self):
        for day, setting in RUNS:
            self.company.tax_calculation_rounding_method = setting
            portal, rehearsal = self._previews(day)
            announced = self._announced(day)
            run = self._run(day)
            self.assertFalse(self._parked(run))
            moves = self._moves(run)
            self.assertTrue(moves)
            moves.action_post()
            billed = {}
            for move in moves:
                with self.subTest(customer=move.partner_id.name, setting=setting):
                    self.assertAddsUp(move)
                sign = 1 if move.move_type == "out_invoice" else -1
                untaxed, total = billed.get(move.partner_id, (0, 0))
                billed[move.partner_id] = (
                    untaxed + sign * move.amount_untaxed,
                    total + sign * move.amount_total,
                )
            said = self._said(moves)
            for customer in self.pbxs.partner_id:
                with self.subTest(customer=customer.name, day=day):
                    untaxed, _total = billed.get(customer, (0, 0))
                    self.assertAlmostEqual(rehearsal.get(customer, 0), untaxed, 4)
                    self.assertEqual(announced[customer], said.get(customer, []))
            for pbx, invoice in portal.items():
                with self.subTest(pbx=pbx.partner_id.name, day=day):
                    untaxed, total = billed.get(pbx.partner_id, (0, 0))
                    self.assertAlmostEqual(invoice["untaxed"], untaxed, 4)
                    self.assertAlmostEqual(invoice["total"], total, 4)
            self._check_months()
            for move in self.rng.sample(list(moves), 5):
                credit = self._refund(move)
                credit.action_post()
                self.assertAddsUp(credit)
            self._correct(day)

    def _check_months(self):
        """Users of a month at one price come to users x price, rounded once."""
        for pbx in self.pbxs:
            for (month, price), charges in pbx.period_ids.charge_ids.grouped(
                lambda charge: (charge.month, charge.price_unit)
            ).items():
                users = sum(Decimal(str(each.quantity)) for each in charges)
                due = (users * Decimal(str(price))).quantize(
                    Decimal("0.01"), ROUND_HALF_UP
                )
                amount = sum(Decimal(str(each.amount)) for each in charges)
                with self.subTest(pbx=pbx.partner_id.name, month=month):
                    self.assertEqual(amount.quantize(Decimal("0.01")), due)
