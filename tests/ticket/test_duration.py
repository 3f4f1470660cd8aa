from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import NoxVoipCommon


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


@tagged("standard", "post_install", "-at_install")
class TestEncodedInDays(NoxVoipCommon):
    """A company that shows timesheets in days has hours on its tickets all the same."""

    def test_an_entry_is_hours(self):
        self.company.timesheet_encode_uom_id = self.env.ref("uom.product_uom_day")
        ticket = self._ticket(self._pbx())
        vals = {"ticket_id": ticket.id, "name": "Work", "unit_amount": 0.25}
        self._rpc(self.technician, "account.analytic.line", "create", [vals])
        self._rpc(
            self.technician,
            "helpdesk.ticket",
            "web_save",
            ticket.ids,
            {"log_hours": 0.25},
            {},
        )
        self.env.invalidate_all()
        self.assertState(ticket, worked_minutes=30, billable_blocks=2)

    def test_another_unit_is_refused(self):
        ticket = self._ticket(self._pbx())
        line = self._log(ticket, 15)
        day = self.env.ref("uom.product_uom_day")
        with self.assertRaises(ValidationError) as refusal:
            self._log(ticket, 15, product_uom_id=day.id)
        self.assertSentence(refusal)
        with self.assertRaises(ValidationError):
            line.product_uom_id = day

    def test_time_is_sold_in_blocks(self):
        """0.25 day and 12 times two blocks are on nobody's invoice."""
        plan = self.standard.with_company(self.company)
        for name in ("day", "hour", "dozen"):
            unit = self.env.ref(f"uom.product_uom_{name}")
            other = self.block_product.copy({"uom_id": unit.id})
            with self.subTest(unit=name):
                with self.assertRaises(ValidationError) as refusal:
                    plan.with_user(self.manager).time_product_id = other
                self.assertSentence(refusal)
        plan.time_product_id = self.block_product.copy(
            {"uom_id": self.env.ref("uom.product_uom_unit").id}
        )
        with self.assertRaises(ValidationError):
            plan.time_product_id.uom_id = self.env.ref("uom.product_uom_hour")
        hourly = self._own_plan(self.standard, block_minutes=60)
        hourly.time_product_id = self.block_product.copy(
            {"uom_id": self.env.ref("uom.product_uom_hour").id}
        )


@tagged("standard", "post_install", "-at_install")
class TestDayOfTime(NoxVoipCommon):
    """A day is one of the company's clock."""

    def test_time_without_a_day_is_of_the_companys_today(self):
        ticket = self._ticket(self._pbx(self.standard))
        self.company.service_tz = "Europe/Amsterdam"
        self.technician.tz = "UTC"
        midnight = fields.Datetime.to_string(fields.Datetime.now())[:10] + " 23:30:00"
        with freeze_time(midnight):
            line = (
                self.env["account.analytic.line"]
                .with_user(self.technician)
                .create({"ticket_id": ticket.id, "name": "Work", "unit_amount": 0.5})
            )
            self.assertEqual(line.date, self.company._service_today())
            self.assertGreater(line.date, fields.Date.today())
