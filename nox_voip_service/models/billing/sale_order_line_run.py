from odoo import models


class SaleOrderLine(models.Model):
    """What the monthly run takes from the lines of orders."""

    _inherit = "sale.order.line"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_section(self):
        """Section of this line on the run's invoice: 'work'; trainings have theirs."""
        self.ensure_one()
        return "work"

    def _is_billed_by_run(self):
        """Whether the monthly run bills this line of an order that it looks at."""
        self.ensure_one()
        return bool(self.order_id.service_ticket_id)

    def _prepare_base_line_for_taxes_computation(self, **kwargs):
        """The cents of the invoice, on the quote already; a down payment leaves out
        the users, who are the run's."""
        if self.env.context.get("service_without_users") and self._is_seat_line():
            kwargs["quantity"] = 0.0
        kwargs.setdefault("service_cents", bool(self.order_id.service_ticket_id))
        return super()._prepare_base_line_for_taxes_computation(**kwargs)
