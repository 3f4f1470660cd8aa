from odoo import models


class SaleOrderLine(models.Model):
    """What the monthly run takes from the lines of orders."""

    _inherit = "sale.order.line"

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_amount(self):
        """Where prices have VAT in them, the amount of a line is its part of what the
        order comes to, as on the invoice: printed lines add up to the printed
        subtotal. A line that changes moves the cent of its neighbours."""
        res = super()._compute_amount()
        # A line that is being created is not among those of its order yet.
        self.order_id.filtered(
            lambda order: self & order.order_line
        )._share_service_cents()
        return res

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
        kwargs.setdefault("service_cents", self.order_id.has_service_cents)
        return super()._prepare_base_line_for_taxes_computation(**kwargs)
