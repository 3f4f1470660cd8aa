from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_histories import RUNS, NoxHistoriesCommon


@tagged("standard", "post_install", "-at_install")
class TestCentsHistories(NoxHistoriesCommon):
    """Bills of random customers are announced as they come, and add up."""

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
            self._check_statements(moves)
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
                self._check_statements(credit)
            self._correct(day)

    def _check_statements(self, moves):
        """The statement beside a bill has its lines, to the cent."""
        for move in moves:
            said = move._statement_values()
            amounts = [row["amount"] for row in said["users"] + said["others"]]
            for group in said["work"]:
                amounts += [row["amount"] for part in group["parts"] for row in part]
            amount = sum(self._money(move, each) for each in amounts)
            with self.subTest(statement=move.name):
                self.assertEqual(amount, self._money(move, move.amount_untaxed))

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
