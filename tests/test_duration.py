from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NoxVoipCommon


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
