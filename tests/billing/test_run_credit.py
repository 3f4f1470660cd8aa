from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestRunCredit(NoxMonthCommon):
    """An invoice of the run that was deleted, copied or credited: what is due again."""

    def test_line_deleted_alone_is_due_again(self):
        self.pbxs = pbx = self._customer_pbx("Line")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        self._work(pbx, 20)
        run = self._run("2026-04-01")
        move = self._moves(run)
        move.invoice_line_ids.filtered("seat_charge_id").unlink()
        self.assertEqual(self._charges(pbx)[0][-1], "due")
        self._run("2026-04-02")
        self.assertEqual(sum(self._moves(run).mapped("amount_untaxed")), 61)

    def test_corrected_invoice_is_not_billed_twice(self):
        """Odoo's 'reverse and create invoice' bills again at once; deleting that
        draft makes the month due, deleting the credit note settles it."""
        self.pbxs = pbx = self._customer_pbx("Modify")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        draft = self._refund(move, modify=True)
        self.assertFalse(self._moves(self._run("2026-04-02")) - move - draft)
        self.assertEqual(len(self._charges(pbx)), 1)
        draft.unlink()
        self._run("2026-04-03")
        again = self._charges(pbx)[1:]
        self.assertEqual([c[1:3] for c in again], [(1, 2.0)])

    def test_deleted_credit_note_takes_its_answer_along(self):
        self.pbxs = pbx = self._customer_pbx("Credit")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        self.assertTrue(move.has_service_work, "the wizard asks")
        refund = self._refund(move, rebill="yes")
        self.assertEqual(pbx.period_ids.charge_ids.rebilled_quantity, 2)
        refund.unlink()
        self._run("2026-04-02")
        self.assertEqual(len(self._charges(pbx)), 1)

    def test_part_of_a_charge_credited_long_ago_is_charged_again(self):
        self.pbxs = pbx = self._customer_pbx("Part")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        self.company.service_correction_months = 0
        with freeze_time("2026-04-10 09:00"):
            refund = self._refund(move, rebill="yes")
            refund.invoice_line_ids.filtered("seat_charge_id").quantity = 0.5
            refund.action_post()
        self._run("2026-05-01")
        march = [c for c in self._charges(pbx) if c[0] == "2026-03-01"]
        self.assertEqual([c[1:3] for c in march], [(0, 2.0), (1, 0.5)])

    def test_credited_invoice_with_a_correction_and_its_cent_is_charged_again(self):
        """An invoice with April, and March corrected downwards: credited whole and
        charged again, it comes to the same euros."""
        self.company.service_invoice_mode = "post"
        self.pbxs = pbx = self._customer_pbx("Both ways")
        self._sell(pbx, 10.5, 3, date(2026, 3, 1), "2026-03-01")
        first = self._moves(self._run("2026-04-01"))
        with freeze_time("2026-04-10 09:00"):
            pbx.seat_ids[0].date_end = date(2026, 3, 1)
        second = self._moves(self._run("2026-05-01")) - first
        charges = self._charges(pbx)
        self.assertEqual([c[2:4] for c in charges[1:]], [(-0.97, -10.18), (2.0, 21.0)])
        self.assertAlmostEqual(second.amount_untaxed, 10.82)
        with freeze_time("2026-05-10 09:00"):
            self._refund(second, rebill="yes").action_post()
        again = self._moves(self._run("2026-05-11")) - first - second
        again = again.filtered(lambda move: move.move_type == "out_invoice")
        self.assertAlmostEqual(again.amount_untaxed, 10.82)
        self.assertEqual(
            sum(c[3] for c in self._charges(pbx) if c[0] == "2026-03-01"),
            31.5 - 2 * 10.18,
        )

    def test_work_that_joined_a_credit_note_is_billed_once(self):
        """Users to credit for more than the work costs: one credit note, and the work
        on it is billed, not waived and not due again."""
        self.pbxs = pbx = self._customer_pbx("Less")
        self._sell(pbx, 100, 2, date(2026, 3, 1), "2026-03-01")
        self._run("2026-04-01").move_ids.filtered(
            lambda move: move.partner_id == pbx.partner_id
        ).action_post()
        with freeze_time("2026-04-10 09:00"):
            pbx.seat_ids.date_end = date(2026, 3, 10)
        ticket = self._work(pbx, 20, day=date(2026, 4, 10))
        credit = self._moves(self._run("2026-05-01"))
        self.assertEqual(credit.move_type, "out_refund")
        # 1.35 users at 100 back, less 2 blocks of 20.50.
        self.assertAlmostEqual(credit.amount_untaxed, 135 - 41)
        credit.action_post()
        self.assertEqual(ticket.invoiced_blocks, 2)
        self.assertEqual(ticket.waived_blocks, 0)
        self.assertEqual(self._moves(self._run("2026-05-02")), credit)
