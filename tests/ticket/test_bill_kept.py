"""Billable time ends on an invoice, waived, covered by facts or held: every other way
out is refused."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestBillKept(NoxVoipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx()
        cls.unbilled_team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Administration",
                "uses_service_plans": False,
                "company_id": cls.company.id,
            }
        )

    def _worked(self, *minutes, finish=False, **values):
        ticket = self._ticket(self.pbx, **values)
        self._log(ticket, *(minutes or (20,)))
        return self._finish(ticket) if finish else ticket

    def assertRefused(self, user, ticket, **vals):
        """Refused with a sentence, and the ticket stays on the bill."""
        before = (ticket.coverage, ticket.billable_blocks, ticket.active)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            ticket.with_user(user).write(vals)
        self.assertRegex(str(refusal.exception), f"{ticket.number}.* .*[.:]")
        self.env.invalidate_all()
        self.assertEqual(
            (ticket.coverage, ticket.billable_blocks, ticket.active), before
        )

    def test_no_flag_takes_work_off_the_bill(self):
        """About a PBX, team, PBX, customer, company: none is a reason."""
        other = self._customer("Without a PBX")
        company = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += company
        self.coordinator.company_ids += company
        changes = [
            {"about_pbx": False},
            {"team_id": self.unbilled_team.id},
            {"pbx_id": False},
            {"partner_id": other.id},
            {"partner_id": False},
            {"company_id": company.id},
        ]
        for finish in (False, True):
            ticket = self._worked(finish=finish)
            for vals in changes:
                for user in (self.technician, self.coordinator):
                    with self.subTest(finish=finish, user=user.login, **vals):
                        self.assertRefused(user, ticket, **vals)

    def test_a_technician_brings_no_team_that_bills_nothing(self):
        ticket = self._worked(team_id=False)
        self.unbilled_team.user_ids = self.colleague
        self.assertRefused(self.technician, ticket, user_id=self.colleague.id)

    def test_finished_work_keeps_a_verdict(self):
        plan = self._pbx(self.contract_plan, name="Contract")
        for ticket in (
            self._worked(finish=True),
            self._finish(self._log(self._ticket(plan, "new_number"), 20).ticket_id),
        ):
            self.assertEqual(ticket.to_invoice_blocks, 2)
            self.assertRefused(self.technician, ticket, category_id=False)

    def test_covered_by_facts_is_a_way(self):
        ticket = self._log(
            self._ticket(self._pbx(self.contract_plan, name="Contract"), "new_number"),
            20,
        ).ticket_id
        ticket.with_user(self.technician).category_id = self._category("call_group")
        self.assertState(ticket, coverage="covered", to_invoice_blocks=0)

    def test_a_reason_of_a_coordinator_is_a_way(self):
        ticket = self._worked()
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "blocks": 2, "reason": "Our own mistake"}
        )
        ticket.with_user(self.technician).about_pbx = False
        self.assertEqual(ticket.coverage, "not_applicable")

    def test_a_pbx_before_its_acceptance_is_looked_at_by_a_coordinator(self):
        """Work of the delivery is a fact, but it takes the bill away."""
        new = self._pbx(name="New")
        new.accepted_on = False
        ticket = self._worked()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            ticket.with_user(self.technician).pbx_id = new
        self.env.invalidate_all()
        ticket.with_user(self.coordinator).pbx_id = new
        self.assertEqual(ticket.coverage, "delivery")

    def test_what_was_never_about_a_pbx_is_marked_freely(self):
        ticket = self._ticket(self.pbx, partner_id=False, pbx_id=False)
        self._log(ticket, 5)
        ticket.with_user(self.technician).about_pbx = False
        self.assertEqual(ticket.coverage, "not_applicable")

    def test_open_work_is_not_archived(self):
        held = self._worked(61, estimated_minutes=0)
        self._log(held, 10, user=self.coordinator, held_reason="It was on fire")
        undecided = self._worked(20, category_id=False)
        for ticket in (self._worked(finish=True), self._worked(), held, undecided):
            for user in (self.technician, self.coordinator):
                self.assertRefused(user, ticket, active=False)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                ticket.with_user(self.coordinator).action_archive()
            self.env.invalidate_all()

    def test_invoiced_and_free_work_is_archived(self):
        invoiced = self._worked()
        self._invoice(invoiced)
        free = self._ticket(self.pbx)
        for ticket in (invoiced, free):
            ticket.with_user(self.technician).active = False
            self.assertFalse(ticket.active)

    def test_archived_work_is_billed_all_the_same(self):
        """Archived before the rule, or by a script: the bill does not lose it."""
        ticket = self._worked(finish=True)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET active = false WHERE id = %s", [ticket.id]
        )
        self.env.invalidate_all()
        run = self.env["nox.billing.run"].new({"company_id": self.company.id})
        self.assertIn(ticket, run._tickets_to_bill(self.customer))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.helpdesk_ticket_action_to_invoice"
        )
        domain = [("invoice_status", "=", "to_invoice")]
        domain += [("active", "in", [True, False])]
        self.assertEqual(action["domain"].replace('"', "'"), str(domain))
        self.assertIn(ticket, self.env["helpdesk.ticket"].search(domain))
        self.assertEqual(
            self._invoice(ticket).invoice_line_ids.quantity, 2, "the invoice bills it"
        )

    def test_archived_pbx_and_customer_are_billed(self):
        ticket = self._worked(finish=True)
        self.env.flush_all()
        for table, number in (
            ("nox_pbx", self.pbx.id),
            ("res_partner", self.customer.id),
        ):
            if "active" in self.env[table.replace("_", ".")]._fields:
                self.env.cr.execute(
                    f"UPDATE {table} SET active = false WHERE id = %s",  # noqa: S608
                    [number],
                )
        self.env.invalidate_all()
        run = self.env["nox.billing.run"].new({"company_id": self.company.id})
        self.assertIn(ticket, run._tickets_to_bill(self.customer))
        self.assertIn(self.customer, run._customers_due())

    def test_undecided_time_is_dropped_by_a_coordinator(self):
        ticket = self._worked(category_id=False)
        self.assertEqual(ticket.coverage, "undecided")
        self.assertRefused(self.technician, ticket, stage_id=self.stage_dropped.id)
        for billing, goes in (("bill", False), ("waive", True)):
            dialog = (
                self.env["nox.ticket.drop"]
                .with_user(self.coordinator)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "billing": billing,
                        "reason": "Never mind",
                    }
                )
            )
            if goes:
                dialog.action_drop()
            else:
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    dialog.action_drop()
                self.env.invalidate_all()
        self.assertState(ticket, outcome="dropped", drop_billing="waive")
        # And it does not become billable behind everybody's back.
        self.assertRefused(
            self.technician, ticket, category_id=self._category("new_number").id
        )

    def test_a_dropped_ticket_does_not_become_billable(self):
        ticket = self._log(
            self._ticket(self._pbx(self.contract_plan, name="Contract"), "call_group"),
            20,
        ).ticket_id
        ticket.with_user(self.technician).stage_id = self.stage_dropped
        self.assertRefused(
            self.technician, ticket, category_id=self._category("new_number").id
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["nox.coverage.override"].with_user(self.coordinator).create(
                {
                    "ticket_id": ticket.id,
                    "coverage": "billable",
                    "reason": "Outside the contract",
                }
            )

    def test_a_stage_that_closes_says_how(self):
        stage = self.stage_work.copy({"name": "Parked", "closed": True})
        self.assertRefused(self.technician, self._worked(), stage_id=stage.id)
        ticket = self._worked(finish=True)
        for vals in ({"outcome": False}, {"outcome": "dropped"}):
            with self.assertRaises(UserError) as refusal:
                self.stage_done.with_user(self.manager).write(vals)
            self.assertSentence(refusal)
        self.assertTrue(ticket.is_finished)

    def test_a_team_with_open_work_keeps_its_plans(self):
        team = self.unbilled_team.copy({"uses_service_plans": True})
        ticket = self._worked(team_id=team.id)
        with self.assertRaises(UserError) as refusal:
            team.with_user(self.manager).uses_service_plans = False
        self.assertSentence(refusal)
        self._invoice(ticket)
        team.with_user(self.manager).uses_service_plans = False

    def test_a_kind_in_use_is_archived(self):
        parent = self.env["helpdesk.ticket.category"].create({"name": "Parent"})
        kind = self._category("call_group").copy({"parent_id": parent.id})
        ticket = self._worked(category_id=kind.id, finish=True)
        self._invoice(ticket)
        ticket.active = False
        for each in (kind, parent):
            with self.assertRaises(UserError) as refusal:
                each.with_user(self.manager).unlink()
            self.assertSentence(refusal)
        kind.with_user(self.manager).action_archive()
        self.assertState(ticket, category_id=kind, coverage="billable")

    def test_time_stays_on_a_ticket(self):
        """Moved to none, or to a project that nobody bills by the block."""
        ticket = self._worked(finish=True)
        line = ticket.timesheet_ids
        project = line.project_id.copy({"name": "Elsewhere"})
        for vals in ({"ticket_id": False}, {"project_id": project.id}):
            for user in (self.technician, self.coordinator):
                with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                    line.with_user(user).write(vals)
                self.env.invalidate_all()
        self.assertSentence(refusal)
        self.assertEqual(ticket.to_invoice_blocks, 2)

    def test_changed_time_of_finished_work_leaves_a_trace(self):
        ticket = self._worked(20, 10, finish=True)
        first, second = ticket.timesheet_ids.sorted("unit_amount", reverse=True)
        first.with_user(self.technician).unit_amount = 5 / 60
        note = ticket.message_ids[0]
        self.assertEqual(note.author_id, self.technician.partner_id)
        self.assertIn("from 20 to 5 minutes", note.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        second.with_user(self.technician).unlink()
        self.assertIn("from 10 to 0 minutes", ticket.message_ids[0].body)
        other = self._worked(20)
        first.with_user(self.technician).ticket_id = other
        self.assertIn("from 5 to 0 minutes", ticket.message_ids[0].body)
        self.assertNotIn("after the work", other.message_ids[0].body or "")

    def test_time_of_open_work_changes_quietly(self):
        ticket = self._worked(20)
        count = len(ticket.message_ids)
        ticket.timesheet_ids.with_user(self.technician).unit_amount = 5 / 60
        self.assertEqual(len(ticket.message_ids), count)

    def test_time_is_of_today_or_before(self):
        ticket = self._ticket(self.pbx)
        tomorrow = fields.Date.add(self.company._service_today(), days=2)
        with self.assertRaises(UserError) as refusal:
            self._log(ticket, 20, day=tomorrow)
        self.assertSentence(refusal)
        line = self._log(ticket, 20)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.with_user(self.technician).date = tomorrow
        self.env.invalidate_all()
        self.assertEqual(line.date, self.day)

    def test_time_before_the_acceptance_is_asked_about(self):
        ticket = self._ticket(self.pbx)
        for user, reason in (
            (self.technician, False),
            (self.technician, "In a hurry"),
            (self.coordinator, False),
        ):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                self._log(ticket, 20, day="1990-01-02", user=user, held_reason=reason)
            self.assertSentence(refusal)
            self.assertIn("delivery", str(refusal.exception))
        line = self._log(
            ticket,
            20,
            day=fields.Date.subtract(self.pbx.accepted_on, days=1),
            user=self.coordinator,
            held_reason="Agreed with the customer",
        )
        self.assertEqual(ticket.to_invoice_blocks, 2)
        line.with_user(self.coordinator).unit_amount = 0.25
        warning = line._onchange_date_of_ticket()
        self.assertIn("accepted", warning["warning"]["message"])
