from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestHour(NoxVoipCommon):
    """The hour of a ticket: the warning, the estimate, the family of split ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        cls.hour_is_near = cls.env.ref("nox_voip_service.mail_activity_hour_is_near")

    def _warnings(self, ticket):
        return ticket.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.hour_is_near
        )

    def test_technician_is_warned_once_at_45_minutes(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 44)
        self.assertFalse(self._warnings(ticket))
        self._log(ticket, 1)
        self.assertEqual(self._warnings(ticket).user_id, self.technician)
        self._warnings(ticket).action_done()
        self._log(ticket, 5)
        self.assertFalse(self._warnings(ticket))

    def test_covered_work_knows_no_hour(self):
        ticket = self._ticket(self._pbx(self.contract_plan, name="C"), "menu")
        self._log(ticket, 100)
        ticket.estimated_minutes = 300
        self.assertState(ticket, approval_state="not_needed", held_minutes=0)
        self.assertFalse(self._warnings(ticket))

    def test_bar_shows_what_is_free_to_work(self):
        """An estimate above the hour leaves nothing of the hour to work."""
        ticket = self._ticket(self.pbx)
        self.assertEqual(ticket.limit_minutes, 60)
        ticket.estimated_minutes = 210
        self.assertState(ticket, limit_minutes=0, released_minutes=0)
        self.assertIn("none before the customer approves", ticket.limit_text)
        self._approve(ticket)
        self.assertEqual(ticket.limit_minutes, 210)
        worked = self._ticket(self.pbx)
        self._log(worked, 20)
        worked.estimated_minutes = 210
        self.assertState(worked, limit_minutes=20, limit_percentage=100)
        self.assertIn("20 of 20 minutes", worked.limit_text)

    def test_bar_shows_what_was_approved_and_not_more(self):
        """40 minutes released are three blocks, and three more were approved: of 95
        minutes 45 stand under each, and 5 are held."""
        ticket = self._ticket(self.pbx)
        self._log(ticket, 40)
        ticket.estimated_minutes = 90
        self._approve(ticket)
        self._log(ticket, 55, user=self.coordinator, held_reason="It went on.")
        self.assertState(
            ticket,
            limit_minutes=90,
            limit_parts={"released": 45, "approved": 45, "held": 5},
            released_minutes=40,
            held_minutes=5,
        )
        self.assertIn("; 5 min held", ticket.limit_text)

    def test_plan_without_a_limit(self):
        plan = self._own_plan(self.standard, quote_threshold_minutes=0)
        ticket = self._ticket(self._pbx(plan, name="Free"), estimated_minutes=600)
        self._log(ticket, 300)
        self.assertState(
            ticket, approval_state="not_needed", to_invoice_blocks=20, limit_minutes=0
        )
        self.assertEqual(ticket.limit_text, "300 minutes worked")

    def test_draft_quote_follows_the_estimate(self):
        ticket = self._ticket(self.pbx)
        for estimate, blocks in ((90, 6), (200, 14), (61, 5)):
            ticket.estimated_minutes = estimate
            self.assertEqual(ticket.quote_id.service_blocks, blocks)
        quote = ticket.quote_id
        ticket.estimated_minutes = 60
        self.assertState(ticket, approval_state="not_needed", is_release_capped=False)
        self.assertFalse(quote.exists())

    def test_estimate_over_the_hour_releases_nothing_later(self):
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        self._log(ticket, 20, user=self.coordinator, held_reason="It was urgent")
        self.assertState(
            ticket, released_minutes=0, held_minutes=20, to_invoice_blocks=0
        )

    def test_quote_that_a_new_plan_makes_due_releases_nothing(self):
        """An estimate on covered work becomes a quote when the plan changes."""
        pbx = self._pbx(self.contract_plan, name="Changed")
        ticket = self._ticket(pbx, "menu", estimated_minutes=90)
        self.assertEqual(ticket.coverage, "covered")
        pbx.period_ids.plan_id = self.standard
        self.assertState(ticket, coverage="billable", approval_state="needed")
        self.assertEqual(ticket.quote_id.service_blocks, 6)
        self._log(ticket, 20, user=self.coordinator, held_reason="It was urgent")
        self.assertState(ticket, released_minutes=0, held_minutes=20)

    def test_estimates_are_within_reason(self):
        ticket = self._ticket(self.pbx)
        for minutes in (-1, 60_001):
            with (
                self.subTest(minutes=minutes),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
            ):
                ticket.estimated_minutes = minutes
                ticket.flush_recordset()

    def test_split_tickets_share_one_hour(self):
        ticket = self._ticket(self.pbx)
        moved = self._log(ticket, 40, 40)[1]
        part = self._split(ticket, moved, "menu")
        self.assertState(
            ticket, worked_minutes=40, released_minutes=40, to_invoice_blocks=3
        )
        self.assertState(
            part,
            plan_id=self.standard,
            pbx_id=self.pbx,
            worked_minutes=40,
            released_minutes=20,
            held_minutes=10,
            to_invoice_blocks=2,
            approval_state="needed",
        )
        # Each says what the other left of the hour.
        self.assertIn("40 of 40 minutes", ticket.limit_text)
        self.assertIn("40 of 20 minutes", part.limit_text)
        self.assertState(part, limit_minutes=20, limit_percentage=200)
        self.assertIn("at most 20 minutes", part._portal_limit_text())

    def test_part_of_a_used_up_hour_has_nothing_free(self):
        ticket = self._ticket(self.pbx)
        lines = self._log(ticket, 60)
        part = self._split(ticket, lines.browse(), "menu")
        self.assertState(part, limit_minutes=0, worked_minutes=0)
        self.assertIn("none before the customer approves", part.limit_text)
        self.assertFalse(part._portal_limit_text())
        lines.unit_amount = 0.5
        self.assertIn("0 of 30 minutes", part.limit_text)

    def test_split_work_stays_where_it_is_done(self):
        """On-site work does not become remote, and covered, by being split."""
        pbx = self._pbx(self.contract_plan, name="C")
        ticket = self._ticket(pbx, "new_number", work_location="on_site")
        part = self._split(ticket, self._log(ticket, 30), "menu")
        self.assertState(part, work_location="on_site", coverage="billable")

    def test_covered_part_of_a_split_uses_nothing_of_the_hour(self):
        pbx = self._pbx(self.contract_plan, name="C")
        ticket = self._ticket(pbx, "new_number")
        moved = self._log(ticket, 30, 40)[1]
        self.assertEqual(ticket.approval_state, "needed")
        part = self._split(ticket, moved, "menu")
        self.assertState(ticket, approval_state="not_needed", to_invoice_blocks=2)
        self.assertFalse(ticket.quote_id)
        self.assertState(part, coverage="covered", to_invoice_blocks=0)

    def test_only_a_coordinator_splits_and_only_own_time(self):
        ticket, other = self._ticket(self.pbx), self._ticket(self.pbx)
        foreign = self._log(other, 10)
        with self.assertRaises(UserError):
            self._split(ticket, foreign, "menu")
        with self.assertRaises(UserError):
            ticket.with_user(self.technician).action_split()

    def _split(self, ticket, lines, category):
        wizard = (
            self.env["nox.ticket.split"]
            .with_user(self.coordinator)
            .create(
                {
                    "ticket_id": ticket.id,
                    "name": "The other part",
                    "category_id": self._category(category).id,
                    "timesheet_ids": [(6, 0, lines.ids)],
                }
            )
        )
        action = wizard.action_split()
        return self.env["helpdesk.ticket"].browse(action["res_id"])

    def test_invoiced_time_cannot_be_split_off(self):
        ticket = self._ticket(self.pbx)
        lines = self._log(ticket, 20)
        self._invoice(ticket)
        ticket.stage_id = self.stage_work
        with self.assertRaises(UserError):
            self._split(ticket, lines, "menu")
