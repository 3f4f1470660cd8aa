from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestPlan(NoxVoipCommon):
    """The decision table as its manager edits it, and what a plan change leaves alone
    (docs/ARCHITECTURE.md#plans-do-not-look-back)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.contract_plan.rule_ids
        cls.pbx = cls._pbx(cls.standard)

    def _audit(self, plan):
        plan.invalidate_recordset(["audit_summary", "audit_gap_count"])
        return html2plaintext(plan.audit_summary)

    # ------------------------------------------------------------------
    # THE TABLE
    # ------------------------------------------------------------------

    def test_gap_is_shown_in_words(self):
        self.assertEqual(self.contract_plan.audit_gap_count, 1)
        self.assertIn(
            "Kind of work: Other, Where: Remote", self._audit(self.contract_plan)
        )

    def test_row_that_fills_the_gap(self):
        plan = self.contract_plan
        plan.with_user(self.manager).rule_ids = [
            Command.create(
                {
                    "name": "Anything else",
                    "sequence": 900,
                    "outcome": "billable",
                    "clause": "Contract",
                    "reason": "Not part of the contract.",
                }
            )
        ]
        self.assertEqual(plan.audit_gap_count, 0)
        self.assertNotIn("No row answers", self._audit(plan))
        # A row at the end answers for what is known; a fact that matters still waits.
        ticket = self._ticket(self._pbx(plan, name="Contract"), "fault")
        self.assertState(ticket, coverage="undecided")

    def test_row_that_can_never_match_is_refused(self):
        for change in (
            # A catch-all above everything.
            lambda rules: rules.create(
                {
                    "plan_id": self.contract_plan.id,
                    "name": "All free",
                    "sequence": 1,
                    "outcome": "covered",
                    "clause": "Contract",
                    "reason": "Everything.",
                }
            ),
            # The first row loses its condition.
            lambda rules: rules.sorted("sequence")[:1].write({"work_location": False}),
        ):
            with self.assertRaises(ValidationError) as refusal, self.cr.savepoint():
                change(self.rules.with_user(self.manager))
                self.env.flush_all()
            self.assertIn("can never match", str(refusal.exception))
            self.assertSentence(refusal)

    def test_dragging_a_row_above_others_is_refused_when_it_hides_them(self):
        plan = self.standard
        last = plan.rule_ids.sorted("sequence")[-1:]
        with self.assertRaises(ValidationError), self.cr.savepoint():
            last.with_user(self.manager).sequence = 0
            self.env.flush_all()

    def test_edited_table_decides_at_once_and_keeps_what_was_said(self):
        pbx = self._pbx(self.contract_plan, name="Contract")
        before = self._ticket(pbx, "question")
        said = before.coverage_reason
        self.assertState(before, coverage="covered")
        self.assertTrue(said)
        rule = before.coverage_rule_id.with_user(self.manager)
        rule.write({"outcome": "billable", "reason": "Questions are billed now."})
        after = self._ticket(pbx, "question")
        self.assertState(after, coverage="billable")
        self.assertEqual(after.coverage_reason, "Questions are billed now.")
        self.assertState(before, coverage="covered")
        self.assertEqual(before.coverage_reason, said)

    def test_only_managers_edit_the_table(self):
        for user in (self.technician, self.coordinator, self.accountant):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.rules[:1].with_user(user).outcome = "covered"
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.contract_plan.with_user(user).quote_threshold_minutes = 600

    def test_overridden_rules_are_counted(self):
        ticket = self._ticket(self.pbx)
        rule = ticket.coverage_rule_id
        before = rule.override_count
        self.env["nox.coverage.override"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "coverage": "covered", "reason": "Our mistake."}
        )
        rule.invalidate_recordset(["override_count"])
        self.assertEqual(rule.override_count, before + 1)

    def test_verdict_without_a_plan_is_not_given(self):
        """It would show 'billable' on work that no plan bills: free, and silent."""
        ticket = self._ticket(self.pbx, pbx_id=False, partner_id=False)
        self._log(ticket, 20)
        self.assertState(ticket, coverage="undecided", plan_id=self.standard.browse())
        override = self.env["nox.coverage.override"].with_user(self.coordinator)
        for coverage in ("billable", "covered"):
            vals = {
                "ticket_id": ticket.id,
                "coverage": coverage,
                "reason": "We agreed so",
            }
            with self.subTest(coverage=coverage), self.assertRaises(UserError) as no:
                override.create(vals)
            self.assertIn("Choose the PBX first", str(no.exception))
        ticket.write({"partner_id": self.customer.id, "pbx_id": self.pbx.id})
        override.create(
            {"ticket_id": ticket.id, "coverage": "billable", "reason": "We agreed so"}
        )
        self.assertState(ticket, coverage="billable", to_invoice_blocks=2)

    def test_verdict_does_not_outlive_the_plan(self):
        """A ticket that loses its PBX loses the verdict that was given for it."""
        ticket = self._ticket(self.pbx)
        self.env["nox.coverage.override"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "coverage": "billable", "reason": "We agreed so"}
        )
        ticket.pbx_id = False
        self.assertState(ticket, coverage="undecided", is_overridden=False)
        ticket.pbx_id = self.pbx
        self._log(ticket, 20)
        self.assertState(ticket, coverage="billable", to_invoice_blocks=2)

    # ------------------------------------------------------------------
    # ANOTHER WAY OF COUNTING
    # ------------------------------------------------------------------

    def test_plan_counts_as_it_did_once_time_is_on_it(self):
        """Blocks that were invoiced would be due again under another block, and
        minutes that were held would be released by another hour."""
        plan = self._own_plan(self.standard).with_user(self.manager)
        plan.block_minutes = 10
        plan.block_minutes = 15
        ticket = self._ticket(self._pbx(plan, name="Own"))
        self._log(ticket, 20)
        self._invoice(ticket)
        for name, value in {
            "block_minutes": 10,
            "grace_minutes": 5,
            "rounding_scope": "entry",
            "quote_threshold_minutes": 15,
            "quote_billing": "fixed",
        }.items():
            with self.subTest(field=name), self.assertRaises(UserError) as refusal:
                plan.write({name: value})
            self.assertSentence(refusal)
            self.assertIn("'Change plan'", str(refusal.exception))
        plan.write({"block_minutes": 15, "name": "Same figures, other name"})
        self._refund(ticket.service_order_ids.invoice_ids)
        self.assertState(ticket, billable_blocks=2, to_invoice_blocks=0)

    def test_plan_counts_as_it_did_once_a_quote_is_out(self):
        plan = self._own_plan(self.standard)
        self._ticket(self._pbx(plan, name="Own"), estimated_minutes=90)
        with self.assertRaises(UserError):
            plan.with_user(self.manager).quote_billing = "fixed"

    def test_another_warning_reaches_the_open_tickets(self):
        plan = self._own_plan(self.standard)
        pbx = self._pbx(plan, name="Own")
        ticket, finished = self._ticket(pbx), self._ticket(pbx)
        self._log(ticket, 30)
        self._log(finished, 30)
        self._finish(finished)
        plan.with_user(self.manager).warn_minutes = 25
        self.assertState(ticket, is_warned=True)
        self.assertTrue(ticket.warned_on)
        self.assertState(finished, is_warned=False, warned_on=False)

    # ------------------------------------------------------------------
    # ANOTHER PLAN
    # ------------------------------------------------------------------

    def _change_plan(self, plan, start):
        wizard = (
            self.env["nox.pbx.change.plan"]
            .with_user(self.coordinator)
            .create(
                {
                    "pbx_id": self.pbx.id,
                    "plan_id": plan.id,
                    "date_start": start,
                    "price_unit": 7.5,
                    "billed_until": start,
                }
            )
        )
        return wizard, wizard.action_change()

    def test_work_done_keeps_its_plan_until_somebody_confirms(self):
        fresh = self._ticket(self.pbx)
        worked = self._ticket(self.pbx)
        self._log(worked, 20)
        quoted = self._ticket(self.pbx, estimated_minutes=90)
        billed = self._ticket(self.pbx)
        self._log(billed, 20)
        self._invoice(billed)
        start = fields.Date.subtract(self.day, months=1)
        _wizard, action = self._change_plan(self.contract_plan, start)
        self.assertState(fresh, plan_id=self.contract_plan, coverage="covered")
        for ticket in (worked, quoted, billed):
            self.assertState(ticket, plan_id=self.standard, coverage="billable")
        self.assertEqual(action["res_model"], "nox.coverage.review")
        review = Form(
            self.env["nox.coverage.review"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        ).save()
        chosen = {line.ticket_id: line.is_selected for line in review.line_ids}
        self.assertEqual(chosen, {worked: True, quoted: True, billed: False})
        review.action_apply()
        for ticket in (worked, quoted):
            self.assertState(ticket, plan_id=self.contract_plan, coverage="covered")
        # A draft that nobody was sent leaves no trace.
        self.assertState(quoted, quote_state=False)
        self.assertState(worked, to_invoice_blocks=0)
        self.assertState(billed, plan_id=self.standard, invoiced_blocks=2)
        review.line_ids.filtered(lambda line: line.ticket_id == billed).write(
            {"is_selected": True}
        )
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            review.action_apply()
        self.assertIn("Credit the invoice first", str(refusal.exception))

    def test_date_can_be_emptied_while_the_form_is_open(self):
        wizard = Form(
            self.env["nox.pbx.change.plan"]
            .with_user(self.coordinator)
            .with_context(default_pbx_id=self.pbx.id)
        )
        wizard.date_start = False
        self.assertEqual(wizard.review_count, 0)

    def test_acceptance_moved_back_and_forth(self):
        """Before acceptance a request belongs to delivery, time or not stays as it
        was judged."""
        fresh = self._ticket(self.pbx)
        worked = self._ticket(self.pbx)
        self._log(worked, 20)
        self.pbx.with_user(self.coordinator).accepted_on = fields.Date.add(
            self.day, days=1
        )
        self.assertState(fresh, coverage="delivery")
        self.assertState(worked, coverage="billable")
