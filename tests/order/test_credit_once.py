from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_month import NoxMonthCommon
from ..training.test_training import TrainingCase
from .test_invoice import InvoiceCase


@tagged("standard", "post_install", "-at_install")
class TestWorkCreditedOnce(InvoiceCase):
    """What was credited of the work on a ticket cannot be credited again."""

    def assertNothingLeft(self, move):
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self._refund(move)
        self.assertSentence(refusal)
        self.assertIn("nothing is left to credit", str(refusal.exception))

    def test_second_credit_note_is_refused(self):
        for post in (False, True):
            with self.subTest(post=post):
                ticket = self._worked(20)
                move = self._invoice(ticket)
                refund = self._refund(move)
                if post:
                    refund.action_post()
                self.assertNothingLeft(move)
                self.assertState(ticket, invoiced_blocks=0, waived_blocks=2)

    def test_second_credit_note_holds_what_is_left(self):
        ticket = self._worked(40)
        move = self._invoice(ticket)
        first = self._refund(move, rebill="yes")
        first.invoice_line_ids.quantity = 2
        second = self._refund(move)
        self.assertEqual(second.invoice_line_ids.quantity, 1)
        self.assertAlmostEqual(second.amount_total, 24.81)
        (first + second).action_post()
        self.assertState(
            ticket, invoiced_blocks=0, waived_blocks=1, to_invoice_blocks=2
        )
        self.assertNothingLeft(move)
        again = self._invoice(ticket)
        self._refund(again).action_post()
        self.assertState(ticket, invoiced_blocks=0, waived_blocks=3)

    def test_draft_is_not_raised_above_what_was_billed(self):
        ticket = self._worked(40)
        move = self._invoice(ticket)
        first = self._refund(move)
        first.invoice_line_ids.quantity = 1
        second = self._refund(move)
        for values in ({"quantity": 3}, {"price_unit": 21}, {"quantity": -2}):
            with self.subTest(values=values):
                with self.assertRaises(UserError) as refusal, self.cr.savepoint():
                    second.invoice_line_ids.write(values)
                self.assertIn("cannot be credited again", str(refusal.exception))
                self.env.invalidate_all()

    def test_cancelled_credit_note_leaves_its_part_and_does_not_come_back(self):
        ticket = self._worked(20)
        move = self._invoice(ticket)
        first = self._refund(move)
        first.button_cancel()
        self._refund(move).action_post()
        with self.assertRaises(UserError), self.cr.savepoint():
            first.button_draft()
        self.env.invalidate_all()
        self.assertState(ticket, invoiced_blocks=0, waived_blocks=2)

    def test_invoice_with_a_credit_note_is_not_cancelled(self):
        ticket = self._worked(20)
        move = self._invoice(ticket)
        self._refund(move).action_post()
        with self.assertRaises(UserError), self.cr.savepoint():
            move.button_draft()
            move.button_cancel()
        self.env.invalidate_all()
        self.assertState(ticket, invoiced_blocks=0, waived_blocks=2)

    def test_credit_note_is_taken_back_once(self):
        ticket = self._worked(20)
        move = self._invoice(ticket)
        refund = self._refund(move)
        refund.action_post()
        back = self._refund(refund)
        back.action_post()
        self.assertEqual(back.move_type, "out_invoice")
        self.assertState(ticket, invoiced_blocks=2, waived_blocks=0)
        self.assertNothingLeft(refund)
        self._refund(move).action_post()
        self.assertState(ticket, invoiced_blocks=0, waived_blocks=2)

    def test_invoice_credited_in_part_is_not_corrected(self):
        ticket = self._worked(40)
        move = self._invoice(ticket)
        first = self._refund(move)
        first.invoice_line_ids.quantity = 2
        first.action_post()
        with self.assertRaises(UserError) as refusal:
            self._refund(move, modify=True)
        self.assertIn("would bill that part anew", str(refusal.exception))


@tagged("standard", "post_install", "-at_install")
class TestGoodsCreditedOnce(InvoiceCase):
    """Goods on a quote for work that are credited for good are not due again."""

    def _billed(self, **values):
        """A ticket of an hour's quote with 3 phones, all delivered and invoiced."""
        phone = self.env["product.product"].create(
            {
                "name": "Phone",
                "type": "consu",
                "list_price": 89.0,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                **values,
            }
        )
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        ticket.quote_id.order_line = [
            Command.create({"product_id": phone.id, "product_uom_qty": 3})
        ]
        self._approve(ticket)
        line = ticket.quote_id.order_line.filtered(lambda o: o.product_id == phone)
        line.qty_delivered = 2
        return ticket, line, self._invoice(ticket)

    def test_goods_credited_for_good_are_not_due_again(self):
        for policy, billed in (("order", 3), ("delivery", 2)):
            for rebill, due in (("no", 0), ("yes", 1)):
                with self.subTest(policy=policy, rebill=rebill):
                    ticket, line, move = self._billed(invoice_policy=policy)
                    self.assertEqual(line.qty_invoiced, billed)
                    refund = self._refund(move, rebill=rebill)
                    refund.invoice_line_ids.quantity = 1
                    refund.action_post()
                    self.assertEqual(line.qty_invoiced, billed - 1)
                    self.assertEqual(line.qty_to_invoice, due)
                    self.assertEqual(ticket.has_goods_to_invoice, bool(due))

    def test_goods_are_due_when_their_credit_note_is_taken_back_or_cancelled(self):
        ticket, line, move = self._billed()
        refund = self._refund(move)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (0, 0))
        refund.service_rebill = "yes"
        self.assertEqual(line.qty_to_invoice, 3)
        refund.service_rebill = "no"
        refund.action_post()
        self.assertEqual(ticket._portal_cost()[1], 0)
        self._refund(refund).action_post()
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (3, 0))
        self.assertEqual(ticket._portal_cost()[1], 3 * 89)


@tagged("standard", "post_install", "-at_install")
class TestUsersCreditedOnce(NoxMonthCommon):
    """The same for users: nobody's net bill of a month falls below nothing."""

    def test_users_are_credited_once(self):
        self.pbxs = pbx = self._customer_pbx("Once")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        first = self._refund(move, rebill="yes")
        first.invoice_line_ids.filtered("seat_charge_id").quantity = 0.57
        second = self._refund(move)
        line = second.invoice_line_ids.filtered("seat_charge_id")
        self.assertAlmostEqual(line.quantity, 1.43)
        (first + second).action_post()
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self._refund(move)
        self.assertSentence(refusal)
        self.assertAlmostEqual(pbx.period_ids.charge_ids.rebilled_quantity, 0.57)
        self.assertAlmostEqual(
            move.amount_untaxed, sum((first + second).mapped("amount_untaxed"))
        )


@tagged("standard", "post_install", "-at_install")
class TestTrainingCreditedOnce(TrainingCase):
    """The same for trainings, and who was credited for good is not billed again."""

    def test_training_is_credited_once_and_not_due_again(self):
        order = self._held("passed", "failed")
        move = order._create_invoices()
        move.action_post()
        self.assertTrue(move.has_service_work, "the wizard asks")
        refund = self._refund(move)
        refund.invoice_line_ids.filtered("sale_line_ids").quantity = 1
        refund.action_post()
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0])
        self._refund(move, rebill="yes").action_post()
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [1])
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self._refund(move)
        self.assertSentence(refusal)


@tagged("standard", "post_install", "-at_install")
class TestMostIsTheBill(InvoiceCase):
    """What the customer reads as the most is what an invoice of it comes to."""

    def test_most_that_is_promised_is_what_is_billed_to_the_cent(self):
        """A block before the quote and three on it: VAT of 82.00, and not of two
        parts, which come to a cent more."""
        ticket = self._ticket(self.pbx)
        self._log(ticket, 15)
        ticket.estimated_minutes = 60
        ticket.with_user(self.coordinator).action_create_quote()
        self._approve(ticket)
        untaxed, total, _currency = ticket._portal_approved_amounts()
        self._log(ticket, 45)
        move = self._invoice(ticket)
        self.assertAlmostEqual(move.amount_total, 99.22)
        self.assertAlmostEqual(untaxed, move.amount_untaxed)
        self.assertAlmostEqual(total, move.amount_total)
