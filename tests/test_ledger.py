from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
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

    def test_import_is_accepted_whole_or_refused_whole_with_the_row(self):
        fields = ["pbx_id/.id", "name", "extension", "date_start"]
        rows = [
            [str(self.pbx.id), "Dirk", "301", "2026-02-01"],
            [str(self.pbx.id), "Eva", "201", "2026-02-01"],
        ]
        before = self.env["nox.pbx.seat"].search_count([])
        result = self.env["nox.pbx.seat"].load(fields, rows)
        self.assertFalse(result["ids"])
        self.assertEqual(result["messages"][-1]["rows"], {"from": 1, "to": 1})
        self.assertIn("201", result["messages"][-1]["message"])
        self.assertEqual(self.env["nox.pbx.seat"].search_count([]), before)
        rows[1][2] = "302"
        self.assertEqual(len(self.env["nox.pbx.seat"].load(fields, rows)["ids"]), 2)

    def test_finished_ticket_proposes_the_change(self):
        ticket = self._ticket(self.pbx, "replace_user")
        self._log(ticket, 20)
        self.assertFalse(ticket.is_seat_change_due)
        self._finish(ticket)
        self.assertTrue(ticket.is_seat_change_due)
        change = self.env["nox.seat.change"].create(
            {
                "ticket_id": ticket.id,
                "seat_id": self.seat.id,
                "name": "Frank",
                "last_day": date(2026, 5, 31),
                "first_day": date(2026, 6, 1),
            }
        )
        self.assertEqual(change.kind, "replace")
        change.action_apply()
        self.assertFalse(ticket.is_seat_change_due)
        self.assertEqual(ticket.seat_ids.replaces_id, self.seat)

    def test_comparison_with_a_list_of_the_pbx(self):
        self._new(name="Gone", extension="203")
        compare = self.env["nox.seat.compare"].create(
            {
                "pbx_id": self.pbx.id,
                "date": date(2026, 6, 1),
                "text": "ext;name\n201;anna\n202;New One\n",
            }
        )
        compare.action_compare()
        self.assertEqual(
            {line.extension: line.kind for line in compare.line_ids},
            {"201": "same", "202": "add", "203": "end"},
        )
        compare.action_apply()
        self.assertEqual(self.pbx._users_on(date(2026, 6, 1)), 2)
        compare.text = "201;x\n201;y"
        with self.assertRaisesRegex(UserError, "Row 2"):
            compare.action_compare()
