from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.nox_voip_service.tests.common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestTimer(NoxVoipCommon):
    """Start and stop on a ticket, by the technician unless another is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        cls.ticket = cls._ticket(cls.pbx)

    def setUp(self):
        super().setUp()
        self.start = datetime.combine(self.day, datetime.min.time()) + timedelta(
            hours=9
        )

    @contextmanager
    def _at(self, minutes=0, seconds=0):
        """So long after nine o'clock (UTC)."""
        with freeze_time(self.start + timedelta(minutes=minutes, seconds=seconds)):
            yield
            self.env.flush_all()

    def _start(self, ticket=None, user=None, **at):
        ticket = ticket or self.ticket
        with self._at(**at):
            ticket.with_user(user or self.technician).button_start_work()
        return ticket.sudo().timer_ids[-1:]

    def _stop(self, ticket=None, user=None, **at):
        with self._at(**at):
            (ticket or self.ticket).with_user(user or self.technician).button_end_work()

    def test_start_and_stop_record_whole_minutes(self):
        rows = [
            # seconds, minutes on the ticket
            (40, 1),
            (19 * 60 + 40, 20),
            (20 * 60 + 20, 20),
            (24 * 3600, 1440),
        ]
        for seconds, minutes in rows:
            with self.subTest(seconds=seconds):
                ticket = self._ticket(self.pbx)
                timer = self._start(ticket)
                self.assertEqual(timer.project_id, self.company._service_project())
                self.assertState(ticket, worked_minutes=0, billable_blocks=0)
                self._stop(ticket, seconds=seconds)
                self.assertFalse(timer.exists())
                self.assertState(ticket, worked_minutes=minutes)
                entry = ticket.timesheet_ids
                self.assertEqual(entry.unit_amount, minutes / 60)
                self.assertEqual(entry.employee_id.user_id, self.technician)
                self.assertEqual((entry.date, entry.date_time), (self.day, self.start))
                self.assertEqual(
                    entry.date_time_end, self.start + timedelta(minutes=minutes)
                )

    def test_less_than_half_a_minute_is_nothing(self):
        timer = self._start()
        self._stop(seconds=20)
        self.assertFalse(timer.exists())
        self.assertFalse(self.ticket.timesheet_ids)

    def test_after_midnight_it_is_the_day_of_the_start_where_the_company_is(self):
        """23:30 UTC is half past midnight of the next day in Amsterdam."""
        self.start = datetime.combine(self.day, datetime.min.time()) - timedelta(
            minutes=30
        )
        self._start()
        self._stop(minutes=20)
        self.assertEqual(self.ticket.timesheet_ids.date, self.day)

    def test_a_running_timer_is_no_time_for_quote_bill_and_book(self):
        self._log(self.ticket, 20)
        timer = self._start()
        self.assertState(self.ticket, worked_minutes=20, to_invoice_blocks=2)
        self.assertNotIn(timer, self.ticket._service_entries())
        self.assertFalse(timer.so_line)
        with self._at(minutes=30):
            invoice = self._invoice(self._worked_ticket())
        self.assertEqual(invoice.invoice_line_ids.mapped("quantity"), [2])
        book = self.env["nox.time.book"].search([("ticket_id", "=", self.ticket.id)])
        self.assertEqual(sum(book.mapped("minutes")), 20)

    def _worked_ticket(self):
        other = self._ticket(self.pbx)
        self._log(other, 20)
        self._start(other)
        return other

    def test_a_timer_of_another_ticket_is_asked_about_and_stopped(self):
        other = self._ticket(self.pbx, name="Other")
        self._start()
        with self._at(minutes=20):
            action = other.with_user(self.technician).button_start_work()
            dialog = Form(
                self.env[action["res_model"]]
                .with_user(self.technician)
                .with_context(**action["context"])
            )
            self.assertEqual(dialog.timer_ticket_id, other)
            self.assertEqual(dialog.name, "Other")
            running = dialog.running_timer_id
            self.assertEqual(running.display_name, self.ticket.display_name)
            dialog.save().action_switch()
        self.assertEqual(self.ticket.worked_minutes, 20)
        self.assertFalse(self.ticket.timer_ids)
        self._stop(other, minutes=30)
        self.assertEqual(other.worked_minutes, 10)

    def test_work_is_resumed_from_an_entry(self):
        entry = self._log(self.ticket, 20)
        with self._at():
            action = entry.with_user(self.technician).button_resume_work()
            dialog = Form(
                self.env[action["res_model"]]
                .with_user(self.technician)
                .with_context(active_model=entry._name, active_id=entry.id)
            )
            dialog.save().action_switch()
        self.assertEqual(entry.unit_amount, 20 / 60)
        self.assertEqual(self.ticket.timer_ids.name, entry.name)
        self._stop(minutes=10)
        self.assertState(self.ticket, worked_minutes=30, to_invoice_blocks=2)

    def test_who_may_not_log_time_may_not_start(self):
        waiting = self._over_the_hour(self.pbx)
        self._send(waiting)
        with self.assertRaises(UserError) as refusal:
            self._start(waiting)
        self.assertSentence(refusal)
        self.assertIn(waiting.quote_name, str(refusal.exception))
        self.assertFalse(waiting.with_user(self.technician).show_time_control)
        with self.assertRaises(UserError):
            self._start(self._finish(self._worked(20)))
        portal = self._portal_user(self.customer, "portal-timer")
        with self.assertRaises(AccessError):
            self._start(user=portal)
        other = self._portal_user(self._customer("Other"), "portal-other")
        with self.assertRaises(AccessError) as denial:
            self._start(user=other)
        self.assertNotIn(self.ticket.number, str(denial.exception))

    def _worked(self, minutes):
        ticket = self._ticket(self.pbx)
        self._log(ticket, minutes)
        return ticket

    def test_the_timer_that_crosses_the_hour_is_recorded_and_held_above_it(self):
        ticket = self._worked(50)
        self._start(ticket)
        self._stop(ticket, minutes=20)
        self.assertState(
            ticket, worked_minutes=70, released_minutes=60, held_minutes=10
        )
        with self.assertRaises(UserError):
            self._start(ticket, minutes=30)

    def test_work_during_which_a_quote_fell_due_is_recorded_and_held(self):
        """The colleague crosses the hour and sends the quote while the timer runs:
        what was told as released does not grow, and no minute is lost."""
        ticket = self._worked(50)
        self._start(ticket)
        self._log(ticket, 20, user=self.colleague)
        ticket.estimated_minutes = 120
        self._send(ticket)
        released = ticket.released_minutes
        self._stop(ticket, minutes=15)
        self.assertState(ticket, worked_minutes=85, released_minutes=released)
        entry = ticket.timesheet_ids.filtered("held_reason")
        self.assertIn("Technician", entry.held_reason)
        self.assertEqual(entry.unit_amount, 0.25)

    def test_a_forgotten_timer_is_corrected_first(self):
        timer = self._start()
        with self.assertRaises(UserError) as refusal:
            self._stop(minutes=31 * 60)
        self.assertSentence(refusal)
        with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
            timer.with_user(self.technician).unit_amount = 2
        self.assertSentence(refusal)
        timer.with_user(self.technician).date_time = self.start + timedelta(hours=30)
        self._stop(minutes=31 * 60)
        self.assertEqual(self.ticket.worked_minutes, 60)

    def test_closing_asks_about_a_running_timer(self):
        self._start()
        self._start(user=self.colleague, minutes=5)
        with self._at(minutes=20), self.assertRaises(RedirectWarning) as question:
            self.ticket.with_user(self.technician).stage_id = self.stage_done
        text, action, _button, context = question.exception.args
        self.assertIn("Technician", text)
        self.assertIn("Colleague", text)
        self.env.invalidate_all()
        model = self.env["ir.actions.act_window"].browse(action).res_model
        with self._at(minutes=20):
            dialog = (
                self.env[model]
                .with_user(self.technician)
                .with_context(**context)
                .create({})
            )
            self.assertIn("Colleague", dialog.timer_text)
            dialog.action_close()
        self.assertTrue(self.ticket.is_finished)
        self.assertFalse(self.ticket.timer_ids)
        self.assertEqual(self.ticket.worked_minutes, 35)
        self.assertEqual(
            set(self.ticket.timesheet_ids.employee_id.user_id.mapped("login")),
            {"nox_technician", "nox_colleague"},
        )

    def test_closing_without_its_own_time_but_not_without_a_colleagues(self):
        self._start()
        context = {
            "default_ticket_ids": self.ticket.ids,
            "default_stage_id": self.stage_done.id,
        }
        dialogs = self.env["nox.timer.close"].with_context(**context)
        dialog = dialogs.with_user(self.colleague).create({})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            dialog.action_discard()
        dialogs.with_user(self.technician).create({}).action_discard()
        self.assertTrue(self.ticket.closed)
        self.assertFalse(self.ticket.timesheet_ids)
        said = self.ticket.message_ids.filtered_domain([("body", "like", "Technician")])
        self.assertEqual(said.author_id, self.technician.partner_id)

    def test_one_timer_for_each(self):
        self._start()
        self._start(user=self.colleague)
        lines = self.env["account.analytic.line"].with_user(self.technician)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            lines.create({"timer_ticket_id": self.ticket.id})

    def test_a_ticket_with_a_timer_is_not_archived(self):
        self._start()
        with self.assertRaises(UserError) as refusal:
            self.ticket.with_user(self.coordinator).active = False
        self.assertSentence(refusal)

    def test_customers_see_no_timer_on_their_lists(self):
        timer = self._start()
        portal = self._portal_user(self.customer, "portal-list")
        project = timer.project_id
        project.privacy_visibility = "portal"
        project.message_subscribe(portal.partner_id.ids)
        others = timer.create(
            {
                "project_id": project.id,
                "unit_amount": 1,
                "employee_id": timer.employee_id.id,
            }
        )
        lines = self.env["account.analytic.line"].with_user(portal)
        listed = lines.sudo().search(lines._timesheet_get_portal_domain())
        self.assertIn(others.id, listed.ids)
        self.assertNotIn(timer.id, listed.ids)

    def test_where_nobody_can_be_asked_the_time_is_recorded(self):
        self._start()
        with self._at(minutes=20):
            self.ticket.sudo().stage_id = self.stage_done
        self.assertState(self.ticket, worked_minutes=20, to_invoice_blocks=2)
        forgotten = self._ticket(self.pbx)
        self._start(forgotten, user=self.colleague)
        with self._at(minutes=31 * 60):
            forgotten.sudo().stage_id = self.stage_done
        self.assertFalse(forgotten.timer_ids)
        self.assertIn("Colleague", forgotten.message_ids[0].body)

    def test_the_day_of_time_is_kept_and_checked_also_by_its_start(self):
        """Waived time stays on its day; no time goes to a day that has not come."""
        waived = self._log(self.ticket, 20)
        free = self._log(self._ticket(self.pbx), 20).with_user(self.technician)
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": self.ticket.id, "blocks": 2, "reason": "Our own mistake"}
        )
        with self.assertRaises(UserError) as refusal:
            waived.with_user(self.technician).date_time = self.start - timedelta(days=2)
        self.assertIn("waived", str(refusal.exception))
        with self.assertRaises(UserError) as refusal:
            free.date_time = self.start + timedelta(days=20)
        self.assertIn("to come", str(refusal.exception))
        free.date_time = self.start + timedelta(days=1)
        self.assertEqual(free.date, self.day + timedelta(days=1))

    def test_screens_show_who_works_and_the_right_button(self):
        mine = self.ticket.with_user(self.technician)
        self.assertEqual(mine.show_time_control, "start")
        self._start()
        mine.invalidate_recordset()
        self.assertEqual(mine.show_time_control, "stop")
        theirs = self.ticket.with_user(self.colleague)
        self.assertEqual(theirs.show_time_control, "start")
        self.assertIn("Technician", theirs.timer_text)
        form = Form(mine)
        self.assertIn("Technician", form.timer_text)
        found = mine.search([("timer_ids", "!=", False)])
        self.assertEqual(found, mine)
