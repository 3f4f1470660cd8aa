from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestSubscription(NoxVoipCommon):
    """From quote to subscription: what was sold starts, and is billed by the run
    alone."""

    def test_quote_becomes_a_running_plan_and_is_never_invoiced_itself(self):
        pbx = self._pbx(name="Garage", accepted_on=date(2025, 12, 1))
        order = self._sell(pbx, 6.75, 10, date(2026, 3, 10), "2026-03-02")
        period = order.order_line.plan_period_id
        self.assertEqual(period.plan_id, self.contract_plan)
        self.assertEqual(
            (period.price_unit, period.date_start), (6.75, date(2026, 3, 10))
        )
        line = period.contract_line_id
        self.assertEqual((line.quantity, line.price_unit), (10, 6.75))
        self.assertEqual(line.recurring_next_date, date(2026, 4, 1))
        self.assertEqual(order.invoice_status, "no")
        order.order_line.qty_delivered = 5
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_indexation_starts_a_new_period(self):
        pbx = self._pbx(name="Index", accepted_on=date(2025, 12, 1))
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        with freeze_time("2026-03-20 09:00"):
            index = self.env["nox.price.index"].create(
                {"percentage": 3.5, "company_id": self.company.id}
            )
            index.line_ids.filtered(lambda line: line.pbx_id != pbx).unlink()
            index.action_apply()
        self.assertEqual(
            pbx.period_ids.filtered("contract_line_id")
            .sorted("date_start")
            .mapped(lambda p: (p.date_start, p.price_unit)),
            [(date(2026, 3, 1), 10), (date(2026, 4, 1), 10.35)],
        )
