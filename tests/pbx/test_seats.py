import random
from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon
from ..common_seats import SeatMixin


@tagged("standard", "post_install", "-at_install")
class TestSeats(SeatMixin, NoxVoipCommon):
    """Who uses which extension from when to when: history that can be proven."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSeats()

    def _new(self, **values):
        bert = {"extension": "202", "name": "Bert", "date_start": date(2026, 2, 1)}
        return self._seat(**{**bert, **values})

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
        successor = self.anna._replace("Carla", date(2026, 3, 11), date(2026, 3, 11))
        self.assertEqual(successor.replaces_id, self.anna)
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
        successor = self.anna._replace("Carla", date(2026, 3, 10), date(2026, 3, 11))
        with self.assertRaisesRegex(UserError, "replaced by 201 Carla already"):
            self.anna._replace("Dirk", date(2026, 3, 10), date(2026, 3, 11))
        with self.assertRaises(ValidationError):
            self.anna.date_end = False
        self.assertEqual(successor.replaces_id, self.anna)

    def test_users_of_any_past_day_can_be_found(self):
        self.anna.date_end = date(2026, 3, 10)
        other = self._new(date_start=date(2026, 3, 5))
        Seat = self.env["nox.pbx.seat"].with_user(self.technician)
        for day, expected in (
            ("2025-12-31", Seat),
            ("2026-03-04", self.anna),
            ("2026-03-10", self.anna | other),
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
        hans = self.pbx.seat_ids - self.anna
        self.assertEqual((hans.name, hans.extension), ("Hans", "202"))
        change(
            self.anna.action_replace(), name="Ine", first_day=date(2026, 4, 1)
        ).action_apply()
        self.assertEqual(self.anna.date_end, date(2026, 3, 31))
        leaving = change(hans.action_end())
        self.assertEqual(leaving.last_day, self.company._service_today())
        leaving.action_apply()
        self.assertEqual(hans.date_end, self.company._service_today())
        with self.assertRaisesRegex(UserError, "name, extension and first day"):
            change(self.pbx.action_change_seat()).action_apply()
        with self.assertRaisesRegex(UserError, "Choose the one user"):
            (hans | self.anna).action_end()

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
                seat = self.anna.with_user(user)
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
