from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        res = super()._action_confirm()
        for line in self.order_line:
            if line._seat_plan() and not line.plan_period_id:
                line._start_service_plan()
        return res
