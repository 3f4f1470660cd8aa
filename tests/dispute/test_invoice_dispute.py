from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon
from ..common_dispute import DisputeMixin


@tagged("standard", "post_install", "-at_install")
class TestInvoiceDispute(DisputeMixin, NoxVoipCommon):
    """A questioned line gets an owner, a deadline and an answer with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpDispute()

    def test_question_becomes_an_activity_with_owner_and_deadline(self):
        self.company.service_dispute_days = 5
        dispute = self._dispute()
        activity = dispute.activity_ids
        self.assertEqual(activity.user_id, self.accountant)
        self.assertEqual(
            activity.date_deadline,
            fields.Date.add(self.company._service_today(), days=5),
        )
        self.assertIn("We did this ourselves.", activity.note)
        self.assertEqual(
            (dispute.ticket_id, dispute.coverage_rule_id, dispute.line_kind),
            (self.tickets[0], self.tickets[0].coverage_rule_id, "work"),
        )
        self.assertTrue(dispute.coverage_rule_id)
        self.assertEqual(dispute.amount, 61.5)
        self.assertEqual(self.move.with_user(self.accountant).open_dispute_count, 1)

    def test_another_owner_takes_the_activity_along(self):
        dispute = self._dispute()
        other = self._user("accountant", login="nox_accountant2")
        dispute.with_user(self.accountant).write({"user_id": other.id})
        self.assertEqual(dispute.activity_ids.user_id, other)

    def test_owner_without_a_setting_is_an_accountant(self):
        self.company.service_dispute_user_id = False
        self.move.invoice_user_id = self.accountant
        self.assertEqual(self._dispute().user_id, self.accountant)
        self.move.invoice_user_id = self.technician
        owner = self._dispute(self._line_of(self.tickets[1])).user_id
        self.assertTrue(owner.has_group("nox_voip_service.group_accountant"))

    def test_one_open_question_a_line(self):
        self._dispute()
        with self.assertRaises(UserError) as refusal:
            self._dispute()
        self.assertSentence(refusal)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.env["nox.invoice.dispute"].create(
                {"move_line_id": self.line.id, "remark": "Again."}
            )
            self.env.flush_all()
        self._dispute(self._line_of(self.tickets[1]))
        self.assertEqual(self.move.dispute_count, 2)

    def test_upheld_needs_a_reason_and_tells_the_customer(self):
        dispute = self._dispute().with_user(self.accountant)
        for answer in (False, "  ", "no"):
            dispute.answer = answer
            with self.assertRaises(UserError) as refusal:
                dispute.action_uphold()
            self.assertSentence(refusal)
        self.assertEqual(dispute.state, "open")
        dispute.answer = "Your colleague asked us by phone."
        dispute.action_uphold()
        self.assertEqual(
            (dispute.state, dispute.answered_by_id), ("upheld", self.accountant)
        )
        self.assertFalse(dispute.activity_ids)
        message = dispute.message_ids.filtered(
            lambda message: self.portal.partner_id in message.notified_partner_ids
        )
        self.assertIn("Your colleague asked us by phone.", message.body)
        self.assertIn(self.move.access_token, message.body)
        with self.assertRaises(UserError):
            dispute.action_uphold()
        with self.assertRaises(UserError):
            dispute.answer = "Something else."

    def test_goodwill_credits_the_line_and_settles_the_work(self):
        dispute = self._dispute()
        dispute.answer = "Our mistake in the announcement."
        _wizard, refund = self._credit(dispute, "action_goodwill")
        self.assertEqual(dispute.state, "goodwill")
        self.assertEqual(dispute.credit_move_id, refund)
        self.assertEqual(refund.service_rebill, "no")
        self.assertEqual(refund.amount_untaxed, 61.5)
        refund.action_post()
        self.assertEqual(self.tickets.mapped("to_invoice_blocks"), [0, 0])
        self.assertEqual(self.tickets[0].credited_blocks, 3)
        self.assertEqual(self.tickets[1].credited_blocks, 0)

    def test_corrected_makes_the_work_due_again(self):
        dispute = self._dispute()
        dispute.answer = "The time belongs to another day."
        _wizard, refund = self._credit(dispute, "action_correct")
        self.assertEqual((dispute.state, refund.service_rebill), ("corrected", "yes"))
        refund.action_post()
        self.assertEqual(self.tickets.mapped("to_invoice_blocks"), [3, 0])

    def test_whole_invoice_again_keeps_the_other_lines(self):
        dispute = self._dispute()
        dispute.answer = "We make the invoice again."
        action = dispute.with_user(self.accountant).action_correct()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(**action["context"])
            .create({"journal_id": self.move.journal_id.id})
        )
        wizard.modify_moves()
        self.assertEqual(len(wizard.new_move_ids.invoice_line_ids), 2)
        self.assertEqual(dispute.credit_move_id.move_type, "out_refund")
        self.assertEqual(dispute.state, "corrected")

    def test_opening_the_wizard_answers_nothing(self):
        dispute = self._dispute()
        dispute.answer = "We credit it."
        dispute.with_user(self.accountant).action_goodwill()
        self.assertEqual(dispute.state, "open")

    def test_without_its_credit_note_the_question_is_open_again(self):
        dispute = self._dispute()
        for end in ("unlink", "button_cancel"):
            dispute.answer = "We credit it."
            _wizard, refund = self._credit(dispute, "action_goodwill")
            self.assertFalse(dispute.is_open)
            getattr(refund, end)()
            self.assertTrue(dispute.is_open)
            self.assertEqual(dispute.activity_ids.user_id, self.accountant)

    def test_remark_is_asked_and_limited(self):
        for remark in ("", "  \n ", "x" * 2001, "x" * 3_000_000):
            with self.subTest(length=len(remark)), self.assertRaises(ValidationError):
                self._dispute(remark=remark)
        self.assertEqual(len(self._dispute(remark="x" * 2000).remark), 2000)

    def test_only_lines_of_this_posted_invoice(self):
        other = self._ticket(self.pbx)
        self._log(other, 10)
        draft = self._invoice(other, post=False)
        for move, line_id in (
            (self.move, draft.invoice_line_ids.id),
            (draft, draft.invoice_line_ids.id),
            (self.move, 0),
            (self.move, self.move.line_ids.filtered("tax_line_id")[:1].id),
        ):
            with self.assertRaises(UserError) as refusal:
                move._dispute_line(line_id, "Why?", self.portal.partner_id)
            self.assertSentence(refusal)

    def test_questioned_line_is_not_deleted(self):
        dispute = self._dispute()
        self.move.button_draft()
        with self.assertRaises(UserError) as refusal:
            self.line.unlink()
        self.assertSentence(refusal)
        with self.assertRaises(UserError):
            dispute.sudo().unlink()

    def test_who_may_read_and_answer(self):
        dispute = self._dispute()
        for user, may_read, may_write in (
            (self.accountant, True, True),
            (self.coordinator, True, False),
            (self.technician, False, False),
            (self.portal, False, False),
            (self.stranger, False, False),
            (self.env.ref("base.public_user"), False, False),
        ):
            with self.subTest(user=user.login):
                own = dispute.with_user(user)
                self.assertEqual(own.has_access("read"), may_read)
                self.assertEqual(own.has_access("write"), may_write)
                self.assertEqual(own.has_access("create"), may_write)
                self.assertFalse(own.has_access("unlink"))
        dispute.answer = "It is right."
        for user in (self.coordinator, self.technician, self.portal):
            for action in ("action_uphold", "action_goodwill", "action_correct"):
                with self.assertRaises(AccessError):
                    self._rpc(user, "nox.invoice.dispute", action, dispute.ids)

    def test_other_company_sees_nothing(self):
        dispute = self._dispute()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.accountant.write({"company_ids": [(4, other.id)]})
        Dispute = self.env["nox.invoice.dispute"].with_user(self.accountant)
        self.assertFalse(
            Dispute.with_context(allowed_company_ids=other.ids).search_count(
                [("id", "=", dispute.id)]
            )
        )
        self.assertNotIn(
            dispute, Dispute.sudo().search(Dispute._get_open_domain(other))
        )
        self.assertIn(dispute, Dispute.search(Dispute._get_open_domain(self.company)))

    def test_late_questions_are_found(self):
        dispute = self._dispute()
        self.assertFalse(dispute.is_late)
        dispute.deadline = fields.Date.subtract(self.company._service_today(), days=1)
        self.assertTrue(dispute.is_late)
        late = self.env["nox.invoice.dispute"].search([("is_late", "=", True)])
        self.assertIn(dispute, late)

    def test_report_counts_per_rule_and_outcome(self):
        dispute = self._dispute()
        dispute.answer = "It is right."
        dispute.with_user(self.accountant).action_uphold()
        self._dispute()
        counts = (
            self.env["nox.invoice.dispute"]
            .with_user(self.accountant)
            ._read_group(
                [("ticket_id", "in", self.tickets.ids)],
                ["coverage_rule_id", "state"],
                ["__count"],
            )
        )
        rule = self.tickets[0].coverage_rule_id
        self.assertEqual(
            {(r, state): count for r, state, count in counts},
            {(rule, "upheld"): 1, (rule, "open"): 1},
        )
