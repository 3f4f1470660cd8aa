from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestOwed(NoxVoipCommon):
    """Nothing billable leaves the bill without a reason and a name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)

    def _finished(self, *minutes):
        ticket = self._ticket(self.pbx)
        self._log(ticket, *minutes or (20,))
        return self._finish(ticket)

    # ------------------------------------------------------------------
    # THE ARCHIVE
    # ------------------------------------------------------------------

    def test_nobody_archives_what_is_to_be_billed(self):
        ticket = self._finished()
        for user in (self.technician, self.coordinator):
            with self.subTest(user=user.name), self.assertRaises(UserError) as refusal:
                ticket.with_user(user).active = False
            self.assertSentence(refusal)
        open_quote = self._over_the_hour(self.pbx)
        with self.assertRaises(ValidationError):
            open_quote.with_user(self.technician).active = False
        undecided = self._ticket(self.pbx, category_id=False)
        self._log(undecided, 5)
        with self.assertRaises(ValidationError):
            undecided.with_user(self.technician).active = False

    def test_what_is_invoiced_or_waived_can_be_archived(self):
        invoiced = self._finished()
        self._invoice(invoiced)
        waived = self._finished()
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": waived.id, "blocks": 2, "reason": "Goodwill"}
        )
        (invoiced | waived).with_user(self.technician).active = False
        self.assertFalse((invoiced | waived).filtered("active"))

    def test_an_archived_ticket_is_billed_all_the_same(self):
        """However it came into the archive: another addon, the database."""
        ticket = self._finished()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET active = false WHERE id = %s", ticket.ids
        )
        self.env.invalidate_all()
        action = self.env.ref("nox_voip_service.helpdesk_ticket_action_to_invoice")
        domain = [*safe_eval(action.domain), ("id", "=", ticket.id)]
        self.assertEqual(self.env["helpdesk.ticket"].search(domain), ticket)
        run = self.env["nox.billing.run"].create({"company_id": self.company.id})
        self.assertIn(ticket, run._tickets_to_bill(self.customer))
        self.assertIn(self.customer, run._customers_due())

    # ------------------------------------------------------------------
    # OUT OF THE SERVICE PLANS
    # ------------------------------------------------------------------

    def test_work_does_not_leave_the_plans_by_a_tick(self):
        other = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Sales",
                "company_id": self.company.id,
                "uses_service_plans": False,
            }
        )
        for values in (
            {"about_pbx": False},
            {"team_id": other.id},
            {"pbx_id": False},
            {"partner_id": self._customer("Without a PBX").id},
        ):
            for user in (self.technician, self.coordinator):
                ticket = self._ticket(self.pbx)
                self._log(ticket, 20)
                with (
                    self.subTest(values=values, user=user.name),
                    self.assertRaises(UserError) as refusal,
                ):
                    ticket.with_user(user).write(values)
                self.assertSentence(refusal)

    def test_what_nobody_worked_on_is_free_to_go(self):
        ticket = self._ticket(self.pbx)
        ticket.with_user(self.technician).about_pbx = False
        self.assertState(ticket, coverage="not_applicable")

    def test_waived_work_may_leave(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "blocks": 2, "reason": "It was an advertisement"}
        )
        ticket.with_user(self.technician).about_pbx = False
        self.assertState(ticket, coverage="not_applicable")

    def test_a_team_leaves_the_plans_without_unbilled_work(self):
        ticket = self._ticket(self.pbx)
        ticket.team_id = self.env["helpdesk.ticket.team"].create(
            {"name": "Desk", "company_id": self.company.id}
        )
        self._log(ticket, 20)
        with self.assertRaisesRegex(ValidationError, "1 requests of Desk"):
            ticket.team_id.uses_service_plans = False

    def test_the_outcome_of_a_stage_stays_while_work_hangs_on_it(self):
        self._finished()
        with self.assertRaises(UserError):
            self.stage_done.with_user(self.manager).outcome = "dropped"

    def test_a_kind_in_use_is_archived_and_not_deleted(self):
        kind = self._category("call_group").copy({"name": "Rare"})
        ticket = self._ticket(self.pbx, category_id=kind.id)
        ticket.active = False
        with self.assertRaisesRegex(UserError, "Archive the kind"):
            kind.unlink()
        kind.active = False
        self.assertEqual(ticket.category_id, kind)
        self._category("call_group").copy({"name": "Unused"}).unlink()

    # ------------------------------------------------------------------
    # TIME
    # ------------------------------------------------------------------

    def test_changes_after_the_finish_are_told(self):
        ticket = self._finished(20, 30, 10)
        first, second, third = ticket.timesheet_ids.sorted("id")
        other = self._ticket(self.pbx)
        before = ticket.message_ids
        first.with_user(self.technician).unit_amount = 10 / 60
        second.with_user(self.technician).unlink()
        third.with_user(self.technician).ticket_id = other
        told = " ".join((ticket.message_ids - before).mapped("body"))
        for words in ("20 min became", "10 min", "deleted", "30 min", other.number):
            self.assertIn(words, told)
        self.assertEqual(
            (ticket.message_ids - before).author_id, self.technician.partner_id
        )

    def test_unfinished_work_is_corrected_in_silence(self):
        ticket = self._ticket(self.pbx)
        line = self._log(ticket, 20)
        before = len(ticket.message_ids)
        line.with_user(self.technician).unit_amount = 10 / 60
        self.assertEqual(len(ticket.message_ids), before)

    def test_billable_time_does_not_leave_the_tickets(self):
        line = self._log(self._ticket(self.pbx), 20)
        with self.assertRaisesRegex(UserError, "nobody would bill it"):
            line.with_user(self.technician).ticket_id = False

    def test_time_is_recorded_on_a_day_that_was(self):
        ticket = self._ticket(self.pbx)
        today = self.company._service_today()
        for user in (self.technician, self.coordinator):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                self._log(ticket, 5, day=fields.Date.add(today, years=1), user=user)
        line = self._log(ticket, 5, day=today)
        with self.assertRaises(UserError):
            line.with_user(self.technician).date = fields.Date.add(today, days=1)

    def test_work_before_the_acceptance_is_asked_about(self):
        ticket = self._ticket(self.pbx)
        with self.assertRaisesRegex(UserError, "belongs to its delivery"):
            self._log(ticket, 5, day=date(1990, 1, 2))
        self._log(ticket, 5, day=date(1990, 1, 2), user=self.coordinator)
        self.assertState(ticket, worked_minutes=5)
