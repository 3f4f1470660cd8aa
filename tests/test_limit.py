from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestHold(NoxVoipCommon):
    """While a quote is needed, open or refused no technician gets more time onto the
    ticket, whatever the way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)

    def setUp(self):
        super().setUp()
        self.ticket = self._over_the_hour(self.pbx)
        self.line = self.ticket.timesheet_ids

    def _vals(self, **values):
        return {
            "ticket_id": self.ticket.id,
            "name": "More",
            "unit_amount": 0.25,
            "date": str(self.day),
            **values,
        }

    def assertHeld(self, user=None):
        """Every way in is refused with a sentence that says who can help, and
        nothing is stored."""
        user = user or self.technician
        other = self._log(self._ticket(self.pbx), 30)
        command = {"timesheet_ids": [(0, 0, self._vals(ticket_id=self.ticket.id))]}
        ways = {
            "create": ("account.analytic.line", "create", [self._vals()]),
            "save": ("account.analytic.line", "web_save", [], self._vals(), {}),
            "form": ("helpdesk.ticket", "write", self.ticket.ids, command),
            "more": (
                "account.analytic.line",
                "write",
                self.line.ids,
                {"unit_amount": 2.0},
            ),
            "move": (
                "account.analytic.line",
                "write",
                other.ids,
                {"ticket_id": self.ticket.id},
            ),
        }
        for way, call in ways.items():
            with self.subTest(way=way, state=self.ticket.approval_state):
                with self.assertRaises(UserError) as refusal:
                    self._rpc(user, *call)
                self.assertSentence(refusal)
                self.assertIn("coordinator", str(refusal.exception))
        self.assertEqual(self.ticket.worked_minutes, 61)
        self.assertEqual(self.line.unit_amount, 61 / 60)

    def test_held_in_each_state_of_the_quote(self):
        self.assertEqual(self.ticket.approval_state, "needed")
        self.assertHeld()
        self._send(self.ticket)
        self.assertEqual(self.ticket.approval_state, "sent")
        self.assertHeld()
        self._decline(self.ticket)
        self.assertEqual(self.ticket.approval_state, "refused")
        self.assertHeld()

    def test_import_is_refused_with_the_row(self):
        result = self._rpc(
            self.technician,
            "account.analytic.line",
            "load",
            ["ticket_id/.id", "name", "unit_amount", "date"],
            [[str(self.ticket.id), "Imported", "0.5", str(self.day)]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("needs a quote", result["messages"][0]["message"])
        self.assertEqual(self.ticket.worked_minutes, 61)

    def test_form_of_the_ticket_is_refused(self):
        ticket = self._ticket(self.pbx).with_user(self.technician)
        with Form(ticket) as form, form.timesheet_ids.new() as line:
            line.name, line.unit_amount = "Work", 0.5
        self.assertEqual(ticket.worked_minutes, 30)
        form = Form(self.ticket.with_user(self.technician))
        with form.timesheet_ids.new() as line:
            line.name, line.unit_amount = "Work", 0.5
        with self.assertRaises(UserError):
            form.save()
        self.assertEqual(self.ticket.worked_minutes, 61)

    def test_less_time_is_always_welcome(self):
        self._send(self.ticket)
        self.line.with_user(self.technician).unit_amount = 0.5
        self.assertEqual(self.ticket.worked_minutes, 30)

    def test_work_stage_waits_for_the_approval(self):
        ticket = self.ticket.with_user(self.technician)
        with self.assertRaises(UserError):
            ticket.stage_id = self.stage_work
        self._approve(self.ticket)
        ticket.stage_id = self.stage_work
        self.assertEqual(ticket.stage_id, self.stage_work)

    def test_other_team_is_no_way_around_the_approval(self):
        """Whose first stage is one of work: OCA moves the ticket there by itself."""
        Team, Stage = (
            self.env["helpdesk.ticket.team"],
            self.env["helpdesk.ticket.stage"],
        )
        work = Stage.create({"name": "On it", "is_work": True, "sequence": -5})
        team = Team.create({"name": "Field", "company_id": self.company.id})
        desk = Team.create({"name": "Desk", "company_id": self.company.id})
        work.team_ids = team
        intake = Stage.create({"name": "Intake", "team_ids": desk.ids, "sequence": -5})
        self.ticket.write({"team_id": desk.id, "stage_id": intake.id})
        ticket = self.ticket.with_user(self.technician)
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            ticket.team_id = team
            self.env.flush_all()
        self.assertIn("quote", str(refusal.exception))
        self.env.invalidate_all()
        self.assertState(ticket, team_id=desk, stage_id=intake)
        self._approve(self.ticket)
        ticket.team_id = team
        self.assertEqual(ticket.stage_id, work)

    def test_work_that_crossed_the_hour_may_change_hands(self):
        """Only the way into work is barred: what is there already stays there."""
        ticket = self._ticket(self.pbx, stage_id=self.stage_work.id)
        self._log(ticket, 61)
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Desk", "company_id": self.company.id}
        )
        ticket.with_user(self.technician).team_id = team
        self.assertState(ticket, stage_id=self.stage_work, approval_state="needed")

    def test_coordinator_records_what_happened_with_a_reason(self):
        self._send(self.ticket)
        for reason in (False, "", "  "):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self._log(self.ticket, 30, user=self.coordinator, held_reason=reason)
        with self.assertRaises(UserError):
            self._log(self.ticket, 30, held_reason="I am only a technician")
        self._log(
            self.ticket, 30, user=self.coordinator, held_reason="The customer begged"
        )
        self.assertState(
            self.ticket, worked_minutes=91, held_minutes=31, to_invoice_blocks=4
        )

    def test_held_time_is_billed_once_approved(self):
        self._send(self.ticket)
        self._log(self.ticket, 20, user=self.coordinator, held_reason="It was urgent")
        self.assertState(self.ticket, held_minutes=21, to_invoice_blocks=4)
        self._approve(self.ticket)
        self.assertState(self.ticket, held_minutes=0, to_invoice_blocks=6)

    def test_above_an_approved_limit_it_holds_again(self):
        self._approve(self.ticket)
        self._log(self.ticket, 40)
        self.assertState(self.ticket, approval_state="needed", held_minutes=11)
        with self.assertRaises(UserError):
            self._log(self.ticket, 1)

    def test_closed_ticket_takes_time_once_it_is_open_again(self):
        """Ten minutes forgotten after 55 would be held, with a quote that nobody
        sees: the ticket is closed. Open again it asks for its decision."""
        ticket = self._ticket(self.pbx)
        line = self._log(ticket, 55)
        loose = self._log(self._ticket(self.pbx), 10)
        self._finish(ticket)
        vals = self._vals(ticket_id=ticket.id, held_reason="Forgotten")
        ways = {
            "create": ("account.analytic.line", "create", [vals]),
            "line": ("helpdesk.ticket", "write", ticket.ids, {"log_hours": 1 / 6}),
            "more": ("account.analytic.line", "write", line.ids, {"unit_amount": 1.1}),
            "move": (
                "account.analytic.line",
                "write",
                loose.ids,
                {"ticket_id": ticket.id},
            ),
        }
        for user in (self.technician, self.coordinator):
            for way, call in ways.items():
                with self.subTest(user=user.name, way=way):
                    with self.assertRaises(UserError) as refusal:
                        self._rpc(user, *call)
                    self.assertSentence(refusal)
                    self.assertIn("Open it again", str(refusal.exception))
        self.assertState(ticket, worked_minutes=55, held_minutes=0)
        ticket.with_user(self.technician).stage_id = self.stage_work
        self._log(ticket, 10)
        self.assertState(ticket, held_minutes=5, decision_needed="estimate")

    def test_closed_ticket_that_costs_nothing_takes_time(self):
        ticket = self._ticket(self._pbx(self.contract_plan, name="C"), "menu")
        self._finish(ticket)
        self._log(ticket, 10)
        self.assertEqual(ticket.worked_minutes, 10)

    def test_hold_ends_when_the_work_turns_out_to_be_short(self):
        self.ticket.estimated_minutes = 0
        self.line.unit_amount = 0.5
        self.assertState(
            self.ticket, approval_state="not_needed", quote_id=self.env["sale.order"]
        )
        self._log(self.ticket, 20)
        self.assertEqual(self.ticket.worked_minutes, 50)


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
            approved_minutes=45,
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


@tagged("standard", "post_install", "-at_install")
class TestNoDuration(NoxVoipCommon):
    """What is no working time is refused with a sentence, and nothing is stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket(cls._pbx(cls.standard))

    def test_every_way_in_refuses(self):
        line = self._log(self.ticket, 10)
        for hours in (0, -0.25, 24.01, 25, float("nan"), float("inf"), "x", False):
            vals = {"ticket_id": self.ticket.id, "name": "x", "unit_amount": hours}
            ways = [
                ("account.analytic.line", "create", [vals]),
                ("account.analytic.line", "web_save", [], vals, {}),
                ("account.analytic.line", "write", line.ids, {"unit_amount": hours}),
                (
                    "helpdesk.ticket",
                    "web_save",
                    self.ticket.ids,
                    {"timesheet_ids": [(0, 0, vals)]},
                    {},
                ),
            ]
            for model, method, *args in ways:
                with self.subTest(hours=hours, model=model, method=method):
                    with self.assertRaises(ValidationError) as refusal:
                        self._rpc(self.technician, model, method, *args)
                    self.assertSentence(refusal)
        self.assertEqual(self.ticket.timesheet_ids, line)
        self.assertEqual(self.ticket.worked_minutes, 10)

    def test_import_refuses_row_by_row(self):
        rows = [
            [str(self.ticket.id), "Imported", hours]
            for hours in ("0", "-0.25", "25", "nan", "a while")
        ]
        for row in rows:
            with self.subTest(hours=row[2]):
                result = self._rpc(
                    self.technician,
                    "account.analytic.line",
                    "load",
                    ["ticket_id/.id", "name", "unit_amount"],
                    [row],
                )
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"][0]["message"])
        self.assertFalse(self.ticket.timesheet_ids)

    def test_duration_without_a_value_is_refused(self):
        with self.assertRaises(ValidationError):
            self._rpc(
                self.technician,
                "account.analytic.line",
                "create",
                [{"ticket_id": self.ticket.id, "name": "x"}],
            )

    def test_time_that_is_not_on_a_ticket_is_left_alone(self):
        line = self.env["account.analytic.line"].create(
            {
                "name": "A correction",
                "unit_amount": -1,
                "project_id": self.company._service_project().id,
                "employee_id": self.technician.employee_id.id,
            }
        )
        self.assertEqual(line.unit_amount, -1)
