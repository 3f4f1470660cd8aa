from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cents import SETTINGS, NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestCents(NoxCentsCommon):
    """Bills that add up under both tax roundings of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]

    def _three_pbxs(self, name):
        """A customer with three PBXs, one user each from 14 September at 10.50."""
        customer = self._customer(name)
        for number in (1, 2, 3):
            pbx = self._pbx(
                customer=customer, name=f"PBX {number}", accepted_on=date(2026, 9, 1)
            )
            self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
            self.pbxs |= pbx
        return customer

    def test_three_times_a_fraction_of_a_cent(self):
        """0.57 users at 10.50 is 5.985: three lines of 5.99 come to 17.97."""
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                customer = self._three_pbxs(setting)
                self._run("2026-10-01")
                move = self._moves().filtered(
                    lambda x, own=customer: x.partner_id == own
                )
                move.action_post()
                lines = move.invoice_line_ids.filtered("seat_charge_id")
                self.assertEqual(lines.mapped("price_subtotal"), [5.99, 5.99, 5.99])
                self.assertEqual(move.amount_untaxed, 17.97)
                self.assertEqual(move.amount_tax, 3.77)
                self.assertAddsUp(move)
                credit = self._refund(move)
                credit.action_post()
                self.assertEqual(credit.amount_total, 21.74)
                self.assertAddsUp(credit)

    def _bill_of_all(self, name):
        """A posted invoice of the run with 2 users and a ticket of 2 blocks."""
        pbx = self._customer_pbx(name)
        self.pbxs |= pbx
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        ticket = self._work(pbx, 20)
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        return pbx, ticket, move

    def test_duplicate_bills_nothing_that_was_billed(self):
        pbx, ticket, move = self._bill_of_all("Duplicate")
        move.button_draft()
        move.invoice_line_ids = [
            Command.create({"name": "A cable", "quantity": 1, "price_unit": 9.95})
        ]
        move.action_post()
        copy = move.copy()
        lines = copy.invoice_line_ids
        self.assertEqual(lines.filtered("price_unit").mapped("name"), ["A cable"])
        self.assertEqual(copy.amount_untaxed, 9.95)
        self.assertIn("left out", copy.message_ids[:1].body)
        with freeze_time("2026-04-02"):
            copy.action_post()
        credit = self._refund(copy, rebill="yes")
        credit.action_post()
        self._run("2026-04-03")
        self.assertEqual(len(self._charges(pbx)), 1)
        self.assertState(ticket, invoiced_blocks=2, billable_blocks=2)
        self.assertEqual(copy.copy().amount_untaxed, 9.95)

    def test_what_the_run_made_is_not_merged(self):
        """OCA's merge cancels what it has put on a new invoice that knows no users."""
        self.company.service_invoice_separate = True
        pbx = self._customer_pbx("Merge")
        self.pbxs = pbx
        self._sell(pbx, 10.5, 3, date(2026, 3, 1), "2026-03-01")
        ticket = self._work(pbx, 20)
        moves = self._moves(self._run("2026-04-01"))
        self.assertEqual(len(moves), 2)
        for move in moves:
            with self.assertRaises(UserError) as refusal:
                move.with_context(is_merge=True).button_cancel()
            self.assertSentence(refusal)
        self._run("2026-04-02")
        self.assertEqual(len(self._moves()), 2)
        self.assertEqual([c[2:] for c in self._charges(pbx)], [(3, 31.5, "invoiced")])
        self.assertState(ticket, invoiced_blocks=2)

    def _accuracy(self, digits):
        precision = self.env["decimal.precision"].search(
            [("name", "=", "Product Unit")]
        )
        precision.digits = digits
        self.env.registry.clear_cache()

    def test_users_are_billed_to_two_decimals(self):
        """0.57 of a user is never 1 or 0.6: with fewer decimals no run starts."""
        self._three_pbxs("Precise")
        with freeze_time("2026-10-01 00:30"):
            run = self._get_run()
            for digits in (0, 1):
                self._accuracy(digits)
                with self.subTest(digits=digits):
                    with self.assertRaisesRegex(
                        UserError, "Product Unit.*accuracy|accuracy.*Product Unit"
                    ) as refusal:
                        run.action_run()
                    self.assertSentence(refusal)
                    run._bill_customers(self.pbxs.commercial_partner_id)
                    self.assertFalse(self._moves())
                    self.assertIn("Product Unit", self._parked(run)[:1].reason)
            self._accuracy(3)
            run._bill_customers(self.pbxs.commercial_partner_id)
        move = self._moves()
        move.action_post()
        self.assertEqual(
            move.invoice_line_ids.filtered("seat_charge_id").mapped("quantity"),
            [0.57] * 3,
        )
        self.assertAddsUp(move)
        credit = self._refund(move)
        credit.invoice_line_ids.filtered("seat_charge_id")[1:].unlink()
        credit.invoice_line_ids.filtered("seat_charge_id").quantity = 0.28
        credit.action_post()
        self.assertEqual(credit.amount_untaxed, 2.94)
        self.assertAddsUp(credit)

    def test_a_day_that_is_closed_in_the_books_starts_no_run(self):
        self._three_pbxs("Closed")
        with freeze_time("2026-10-01 00:30"):
            run = self._get_run()
            for lock in ("sale_lock_date", "tax_lock_date", "fiscalyear_lock_date"):
                with self.subTest(lock=lock):
                    self.company[lock] = "2026-09-30"
                    self.assertFalse(run._hindrance())
                    self.company[lock] = "2026-10-01"
                    with self.assertRaisesRegex(UserError, "closed") as refusal:
                        run.action_run()
                    self.assertSentence(refusal)
                    self.company[lock] = False
            self.company.sale_lock_date = "2026-10-01"
            self.company.service_run_automatic = True
            run.unlink()
            run.with_company(self.company)._start_due_run()
            run = self._get_run()
            self.assertEqual(run.state, "draft")
            self.assertIn("closed", run.activity_ids.note)
