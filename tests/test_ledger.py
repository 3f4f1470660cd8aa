import random
from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestSeatLedger(NoxVoipCommon):
    """Who uses which extension from when to when: history that can be proven."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.contract_plan, accepted_on=date(2026, 1, 1))
        cls.seat = cls.env["nox.pbx.seat"].create(
            {
                "name": "Anna",
                "extension": "201",
                "pbx_id": cls.pbx.id,
                "date_start": date(2026, 1, 1),
            }
        )

    def _new(self, **values):
        return self.env["nox.pbx.seat"].create(
            {
                "name": "Bert",
                "extension": "202",
                "pbx_id": self.pbx.id,
                "date_start": date(2026, 2, 1),
                **values,
            }
        )

    def _flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_an_extension_belongs_to_one_user_at_a_time(self):
        with self.assertRaisesRegex(ValidationError, "Extension 201"):
            self._new(extension="201")

    def test_refused_texts_and_dates(self):
        for values in (
            {"name": "=cmd|'/C calc'!A0"},
            {"extension": "+31"},
            {"name": "x" * 200},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._new(**values)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self._new(date_end=date(2025, 1, 1))

    def test_replacement_counts_once_on_its_day(self):
        successor = self.seat._replace("Carla", date(2026, 3, 11), date(2026, 3, 11))
        self.assertEqual(successor.replaces_id, self.seat)
        self.assertEqual(successor.extension, "201")
        for day in (10, 11, 12):
            self.assertEqual(self.pbx._users_on(date(2026, 3, day)), 1)

    def test_history_of_a_billed_user_is_corrected_never_deleted(self):
        pbx = self._pbx(name="Billed", accepted_on=date(2026, 1, 1))
        self._sell(pbx, 10, 2, date(2026, 1, 1))
        gone, seat = pbx.seat_ids
        gone.date_end = date(2026, 1, 20)
        period = pbx.period_ids.filtered("contract_line_id")
        charge = self.env["nox.seat.charge"].create(
            {
                "period_id": period.id,
                "company_id": self.company.id,
                "month": date(2026, 2, 1),
                "quantity": 1,
                "price_unit": 10,
                "currency_id": period.currency_id.id,
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": pbx.partner_id.id,
                "invoice_line_ids": [
                    Command.create({"name": "Users", "quantity": 1, "price_unit": 10})
                ],
            }
        )
        charge.move_line_id = move.invoice_line_ids
        self.env.flush_all()
        self.assertFalse(gone.billed_month)  # Left before the billed month.
        self.assertEqual(seat.billed_month, date(2026, 2, 1))
        with self.assertRaisesRegex(UserError, "on the invoice of February 2026"):
            seat.with_user(self.coordinator).unlink()
        with self.assertRaisesRegex(UserError, "add a user to the other PBX"):
            seat.pbx_id = self.pbx
        # A correction is allowed, and logged, even where logging was switched off.
        self._flush_tracking()
        before = seat.message_ids
        seat.with_user(self.technician).with_context(tracking_disable=True).write(
            {"name": "User hundred and one", "date_end": date(2026, 2, 10)}
        )
        self._flush_tracking()
        tracked = (seat.message_ids - before).sudo().tracking_value_ids
        self.assertEqual(set(tracked.field_id.mapped("name")), {"name", "date_end"})
        gone.with_user(self.coordinator).unlink()

    def test_a_user_is_replaced_once_and_the_leaver_stays_gone(self):
        successor = self.seat._replace("Carla", date(2026, 3, 10), date(2026, 3, 11))
        with self.assertRaisesRegex(UserError, "replaced by 201 Carla already"):
            self.seat._replace("Dirk", date(2026, 3, 10), date(2026, 3, 11))
        with self.assertRaises(ValidationError):
            self.seat.date_end = False
        self.assertEqual(successor.replaces_id, self.seat)

    def test_users_of_any_past_day_can_be_found(self):
        self.seat.date_end = date(2026, 3, 10)
        other = self._new(date_start=date(2026, 3, 5))
        Seat = self.env["nox.pbx.seat"].with_user(self.technician)
        for day, expected in (
            ("2025-12-31", Seat),
            ("2026-03-04", self.seat),
            ("2026-03-10", self.seat | other),
            ("2026-03-11", other),
        ):
            found = Seat.search([("pbx_id", "=", self.pbx.id), ("used_on", "=", day)])
            self.assertEqual(found, expected, day)

    def test_graph_adds_up_to_the_users_of_every_day(self):
        rng = random.Random(8)
        for number in range(12):
            first = fields.Date.add(date(2026, 1, 1), days=rng.randrange(50))
            seat = self._new(
                name=f"User {number}",
                extension=str(300 + number),
                date_start=first,
                charged=rng.random() > 0.2,
            )
            for _ in range(rng.randrange(3)):
                last = fields.Date.add(seat.date_start, days=rng.randrange(9))
                later = fields.Date.add(last, days=rng.choice([0, 0, 1, 5]))
                seat = seat._replace("Next", last, later)
            if rng.random() > 0.5:
                seat.date_end = fields.Date.add(seat.date_start, days=rng.randrange(9))
        self.env.flush_all()
        history = self.env["nox.user.history"].with_user(self.accountant)
        changes = history.search_read(
            [("pbx_id", "=", self.pbx.id)], ["date", "change"]
        )
        for number in range(120):
            day = fields.Date.add(date(2025, 12, 20), days=number)
            self.assertEqual(
                sum(each["change"] for each in changes if each["date"] <= day),
                self.pbx._users_on(day),
                day,
            )

    def test_finished_ticket_proposes_the_change(self):
        ticket = self._ticket(
            self.pbx,
            "replace_user",
            seat_leaver_id=self.seat.id,
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
        self.assertEqual(ticket.seat_ids.replaces_id, self.seat)
        self.assertEqual(
            (ticket.seat_ids.extension, ticket.seat_ids.date_start),
            ("201", date(2026, 6, 1)),
        )
        self.assertEqual(self.seat.date_end, date(2026, 5, 31))
        self.assertIn("Frank takes the place", ticket.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "already"):
            as_technician.action_apply_seats()

    def test_billable_and_leaving_tickets_change_the_ledger_too(self):
        add = self._ticket(self.pbx, "add_user", seat_name="Gea", replaces_user="no")
        self._log(add, 10)
        leave = self._ticket(
            self.pbx,
            "remove_user",
            seat_leaver_id=self.seat.id,
            seat_day=date(2026, 6, 30),
        )
        self._log(leave, 10)
        for ticket in self._finish(add | leave):
            self.assertTrue(ticket.with_user(self.technician).action_apply_seats())
        self.assertEqual(add.coverage, "billable")
        self.assertEqual(add.seat_ids.extension, "202")  # The next number.
        self.assertEqual(self.seat.date_end, date(2026, 6, 30))
        right = self._ticket(self.pbx, "add_user", replaces_user="no")
        self._finish(right).with_user(self.technician).action_seats_are_right()
        self.assertFalse(right.is_seat_change_due or right.seat_ids)

    def test_verdict_and_ledger_follow_the_same_facts(self):
        """A covered replacement adds nobody; a billable extra user ends nobody."""
        replaced = self._ticket(
            self.pbx,
            "add_user",
            replaces_user="yes",
            seat_leaver_id=self.seat.id,
            seat_name="Frank",
            seat_day=date(2026, 6, 1),
        )
        extra = self._ticket(
            self.pbx,
            "replace_user",
            replaces_user="no",
            seat_leaver_id=self.seat.id,
            seat_name="Gea",
            seat_day=date(2026, 6, 1),
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
        self.assertEqual(replaced.seat_ids.replaces_id, self.seat)
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
        self.seat.extension = "reception"
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

    def test_pbx_with_a_history_stays_with_its_customer(self):
        """Users, prices, charges and trainings are of one customer."""
        other = self._customer("Other")

        def priced(pbx):
            self._sell(pbx, 10, 0, date(2026, 3, 10), "2026-03-01")

        for name, fill in (
            ("users", lambda pbx: self._seats(pbx, 1, date(2026, 2, 1))),
            ("price", priced),
            ("training", lambda pbx: self._certified(pbx, "Anna")),
        ):
            pbx = self._pbx(name=f"With {name}")
            pbx.partner_id = other
            pbx.partner_id = self.customer  # Nothing hangs on it yet.
            fill(pbx)
            with self.subTest(name=name):
                for values in (
                    {"partner_id": other.id},
                    {"company_id": self.env["res.company"].create({"name": name}).id},
                ):
                    with self.assertRaisesRegex(UserError, "make a new one"):
                        pbx.write(values)
                pbx.write({"partner_id": self.customer.id})

    def test_change_from_the_pbx_and_the_list(self):
        def change(action, **values):
            return (
                self.env[action["res_model"]]
                .with_user(self.technician)
                .with_context(**action["context"])
                .create(values)
            )

        change(self.pbx.action_change_seat(), name="Hans").action_apply()
        hans = self.pbx.seat_ids - self.seat
        self.assertEqual((hans.name, hans.extension), ("Hans", "202"))
        change(
            self.seat.action_replace(), name="Ine", first_day=date(2026, 4, 1)
        ).action_apply()
        self.assertEqual(self.seat.date_end, date(2026, 3, 31))
        leaving = change(hans.action_end())
        self.assertEqual(leaving.last_day, self.company._service_today())
        leaving.action_apply()
        self.assertEqual(hans.date_end, self.company._service_today())
        with self.assertRaisesRegex(UserError, "name, extension and first day"):
            change(self.pbx.action_change_seat()).action_apply()
        with self.assertRaisesRegex(UserError, "Choose the one user"):
            (hans | self.seat).action_end()

    def test_nobody_else_touches_the_ledger(self):
        portal = self._portal_user(self.customer, "ledger_own")
        stranger = self._portal_user(self._customer("Other"), "ledger_other")
        nobody = new_test_user(
            self.env, login="ledger_nobody", groups="base.group_user"
        )
        Seat = self.env["nox.pbx.seat"]
        for user, read, write, unlink in (
            (self.technician, True, True, False),
            (self.coordinator, True, True, True),
            (self.accountant, True, False, False),
            (portal, True, False, False),
            (stranger, False, False, False),
            (nobody, False, False, False),
        ):
            with self.subTest(user=user.login):
                seat = self.seat.with_user(user)
                self.assertEqual(seat.has_access("read"), read)
                self.assertEqual(seat.has_access("write"), write)
                self.assertEqual(seat.has_access("unlink"), unlink)
                self.assertEqual(Seat.with_user(user).has_access("create"), write)
                for model in ("nox.seat.change", "nox.seat.compare"):
                    may = self.env[model].with_user(user).has_access("create")
                    self.assertEqual(may, write, model)
                history = self.env["nox.user.history"].with_user(user)
                staff = user in self.technician | self.coordinator | self.accountant
                self.assertEqual(history.has_access("read"), staff)

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other Nox"})
        user = new_test_user(
            self.env,
            login="ledger_company",
            groups="nox_voip_service.group_coordinator",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        context = {"allowed_company_ids": other.ids}
        for model in ("nox.pbx.seat", "nox.user.history"):
            domain = [("pbx_id", "=", self.pbx.id)]
            self.assertTrue(self.env[model].search(domain), model)
            found = self.env[model].with_user(user).with_context(context)
            self.assertFalse(found.search(domain), model)
        with self.assertRaises(AccessError):
            compare = (
                self.env["nox.seat.compare"]
                .with_user(user)
                .with_context(context)
                .create({"pbx_id": self.pbx.id, "text": "201;Anna"})
            )
            compare.action_compare()
            compare.action_apply()
