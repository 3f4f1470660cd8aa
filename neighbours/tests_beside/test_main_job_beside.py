"""The main job and a month with all of them at once."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common_month import NoxMonthCommon

NINE = datetime(2026, 3, 16, 9)


@tagged("standard", "post_install", "-at_install")
class TestMainJobBeside(NoxMonthCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = NINE.date()
        cls.env["tier.definition"].search([]).active = False
        cls.env["tier.definition"].create(
            {
                "name": "Above fifty euros",
                "model_id": cls.env.ref("sale.model_sale_order").id,
                "reviewer_id": cls.manager.id,
                "definition_domain": "[('amount_untaxed', '>', 50)]",
                "company_id": cls.company.id,
            }
        )
        cls.pbxs = cls.env["nox.pbx"]
        for name in ("Bakery", "Garage"):
            pbx = cls._pbx(
                cls.contract_plan,
                cls._customer(name),
                name=name,
                accepted_on=date(2025, 12, 1),
            )
            cls._sell(pbx, 10, 4, date(2026, 3, 1), "2026-03-01")
            cls.pbxs |= pbx

    def _runs(self, ticket, minutes, start):
        """The technician's timer, so many minutes from so many after nine."""
        mine = ticket.with_user(self.technician)
        with freeze_time(NINE + timedelta(minutes=start)):
            mine.button_start_work()
        with freeze_time(NINE + timedelta(minutes=start + minutes)):
            mine.button_end_work()
        self.env.flush_all()

    def test_ticket_verdict_time_hour_quote_approval_work_and_month(self):
        bakery = self.pbxs[0]
        with freeze_time(NINE):
            ticket = self._ticket(bakery, "new_number")
            double = self._ticket(bakery, "new_number")
            self.assertState(ticket, coverage="billable", worked_minutes=0)
        self._runs(ticket, 40, start=0)
        self._runs(double, 15, start=45)
        with freeze_time(NINE + timedelta(minutes=70)):
            ids = [ticket.id, double.id]
            dialogs = self.env["helpdesk.ticket.merge"].with_user(self.coordinator)
            dialogs.with_context(active_ids=ids).create({}).merge_tickets()
            self.assertState(ticket, worked_minutes=55, to_invoice_blocks=4)
            ticket.with_user(self.technician).estimated_minutes = 120
            ticket.with_user(self.technician).action_send_quote()
            self.assertEqual(ticket.quote_state, "draft")
            self.env.invalidate_all()
            ticket.quote_id.with_user(self.manager)._validate_tier()
            self.env.invalidate_all()
            ticket.with_user(self.technician).action_send_quote()
            self.assertEqual(ticket.quote_state, "sent")
            self._approve(ticket)
        self._runs(ticket, 50, start=120)
        with freeze_time(NINE + timedelta(hours=4)):
            self._finish(ticket)
        self.assertState(ticket, worked_minutes=105, held_minutes=0)
        moves = self._moves(self._run("2026-04-01"))
        # Seven blocks of 20.50 and four users at 10.00; four users.
        self.assertEqual(
            sorted(moves.mapped("amount_untaxed")), [40.0, 40.0 + 7 * 20.50]
        )
        self.assertFalse(self._moves(self._run("2026-04-01")) - moves)
