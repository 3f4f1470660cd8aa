from datetime import date

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
