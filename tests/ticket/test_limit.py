from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import NoxVoipCommon


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
