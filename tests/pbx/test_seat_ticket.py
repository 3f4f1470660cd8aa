from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import NoxVoipCommon
from ..common_seats import SeatMixin


@tagged("standard", "post_install", "-at_install")
class TestSeatTicket(SeatMixin, NoxVoipCommon):
    """A finished ticket changes the users, by the facts that decided its verdict."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSeats()

    def test_finished_ticket_proposes_the_change(self):
        ticket = self._ticket(
            self.pbx,
            "replace_user",
            seat_leaver_id=self.anna.id,
            seat_day=date(2026, 6, 1),
        )
        self._log(ticket, 20)
        self.assertFalse(ticket.is_seat_change_due)
        self.assertFalse(ticket.seat_proposal)  # Nobody knows the name yet.
        self._finish(ticket)
        self.assertTrue(ticket.is_seat_change_due)
        as_technician = ticket.with_user(self.technician)
        action = as_technician.action_apply_seats()
        self.assertEqual(action["res_model"], "nox.seat.change")
        ticket.seat_name = "Frank"
        self.assertIn("Frank takes the place of 201 Anna", ticket.seat_proposal)
        self.assertTrue(as_technician.action_apply_seats())
        self.assertFalse(ticket.is_seat_change_due)
        self.assertEqual(ticket.seat_ids.replaces_id, self.anna)
        self.assertEqual(
            (ticket.seat_ids.extension, ticket.seat_ids.date_start),
            ("201", date(2026, 6, 1)),
        )
        self.assertEqual(self.anna.date_end, date(2026, 5, 31))
        self.assertIn("Frank takes the place", ticket.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "already"):
            as_technician.action_apply_seats()

    def test_billable_and_leaving_tickets_change_the_ledger_too(self):
        add = self._ticket(self.pbx, "add_user", seat_name="Gea", replaces_user="no")
        self._log(add, 10)
        leave = self._ticket(
            self.pbx,
            "remove_user",
            seat_leaver_id=self.anna.id,
            seat_day=date(2026, 6, 30),
        )
        self._log(leave, 10)
        for ticket in self._finish(add | leave):
            self.assertTrue(ticket.with_user(self.technician).action_apply_seats())
        self.assertEqual(add.coverage, "billable")
        self.assertEqual(add.seat_ids.extension, "202")  # The next number.
        self.assertEqual(self.anna.date_end, date(2026, 6, 30))
        right = self._ticket(self.pbx, "add_user", replaces_user="no")
        self._finish(right).with_user(self.technician).action_seats_are_right()
        self.assertFalse(right.is_seat_change_due or right.seat_ids)

    def test_verdict_and_ledger_follow_the_same_facts(self):
        """A covered replacement adds nobody; a billable extra user ends nobody."""
        facts = {"seat_leaver_id": self.anna.id, "seat_day": date(2026, 6, 1)}
        replaced = self._ticket(
            self.pbx, "add_user", replaces_user="yes", seat_name="Frank", **facts
        )
        extra = self._ticket(
            self.pbx, "replace_user", replaces_user="no", seat_name="Gea", **facts
        )
        self.assertState(replaced, coverage="covered", seat_change="replace")
        self.assertState(extra, coverage="billable", seat_change="add")
        self._log(replaced, 10)
        self._log(extra, 10)
        for ticket in self._finish(extra | replaced):
            ticket.with_user(self.technician).action_apply_seats()
        self.assertEqual(
            (extra.seat_ids.name, extra.seat_ids.extension), ("Gea", "202")
        )
        self.assertFalse(extra.seat_ids.replaces_id)
        self.assertEqual(replaced.seat_ids.replaces_id, self.anna)
        self.assertEqual(replaced.seat_ids.extension, "201")
        self.assertEqual(self.pbx._users_on(date(2026, 6, 2)), 2)
        self.assertEqual(self.pbx._users_on(date(2026, 5, 31)), 1)

    def test_unknown_fact_leaves_what_the_kind_of_change_says(self):
        add = self._ticket(self.pbx, "add_user")
        leave = self._ticket(self.pbx, "remove_user", replaces_user="yes")
        other = self._ticket(self.pbx, "new_number", replaces_user="yes")
        self.assertEqual(
            (add + leave + other).mapped("seat_change"), ["add", "remove", False]
        )

    def test_form_asks_who_leaves_where_somebody_is_replaced(self):
        for category, answer, is_asked in (
            ("add_user", "yes", True),
            ("add_user", "no", False),
            ("replace_user", "yes", True),
            ("replace_user", "no", False),
            ("remove_user", False, True),
        ):
            with self.subTest(category=category, answer=answer):
                ticket = self._ticket(self.pbx, category)
                form = Form(ticket.with_user(self.technician))
                if answer:
                    form.replaces_user = answer
                self.assertNotEqual(
                    form._get_modifier("seat_leaver_id", "invisible"), is_asked
                )
                self.assertEqual(
                    form._get_modifier("seat_name", "invisible"),
                    category == "remove_user",
                )

    def test_dialog_of_a_ticket_makes_no_other_change_than_its_facts(self):
        ticket = self._ticket(self.pbx, "add_user", replaces_user="yes")
        self._log(ticket, 10)
        action = self._finish(ticket).with_user(self.technician).action_change_seats()
        change = (
            self.env["nox.seat.change"]
            .with_user(self.technician)
            .with_context(**action["context"])
        )
        form = Form(change)
        self.assertEqual(form.kind, "replace")
        self.assertTrue(form._get_modifier("kind", "readonly"))
        with self.assertRaisesRegex(UserError, "Replaces a user"):
            change.create({"kind": "add", "name": "Frank"}).action_apply()
        self.assertFalse(ticket.seat_ids)

    def test_change_is_of_the_day_the_work_was_closed(self):
        """On the company's clock: at 23:30 UTC it is the next day there."""
        ticket = self._ticket(self.pbx, "add_user", seat_name="Gea", replaces_user="no")
        self._log(ticket, 10)
        with freeze_time("2026-05-11 23:30"):
            self._finish(ticket)
            self.env.flush_all()
        with freeze_time("2026-06-02 10:00"):
            self.assertIn("05/12/2026", ticket.seat_proposal)
            ticket.with_user(self.technician).action_apply_seats()
        self.assertEqual(ticket.seat_ids.date_start, date(2026, 5, 12))

    def test_proposal_without_an_extension_asks_for_it(self):
        """A PBX whose extensions are no numbers has no next one."""
        self.anna.extension = "reception"
        ticket = self._ticket(self.pbx, "add_user", seat_name="Gea", replaces_user="no")
        self._log(ticket, 10)
        as_technician = self._finish(ticket).with_user(self.technician)
        self.assertFalse(ticket.seat_proposal)
        action = as_technician.action_apply_seats()
        self.assertEqual(action["res_model"], "nox.seat.change")
        ticket.seat_extension = "desk"
        self.assertIn("desk", ticket.seat_proposal)
        self.assertTrue(as_technician.action_apply_seats())
        self.assertEqual(ticket.seat_ids.extension, "desk")
