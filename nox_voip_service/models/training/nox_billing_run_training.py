from odoo import models


class NoxBillingRun(models.Model):
    """Attended trainings join the finished work of a customer in the monthly run."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _get_training_line_domain(self):
        """Order lines with people who attended and are not billed yet. Those on the
        order of a ticket come with the ticket."""
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "sale"),
            ("product_id.is_admin_training", "=", True),
            ("qty_to_invoice", ">", 0),
            ("order_id.service_ticket_id", "=", False),
        ]

    def _training_lines_to_invoice(self, customers):
        return self.env["sale.order.line"].search(
            self._get_training_line_domain()
            + [("order_id.partner_id.commercial_partner_id", "in", customers.ids)]
        )

    def _trainings_to_invoice(self, customers):
        """Orders with attended trainings that join the work of these customers; the
        rest of such an order is left to whoever sold it."""
        return self._training_lines_to_invoice(customers).order_id

    def _customers_of_orders(self, today=None):
        lines = self.env["sale.order.line"].search(self._get_training_line_domain())
        return (
            super()._customers_of_orders(today)
            | lines.order_id.partner_id.commercial_partner_id
        )

    def _other_orders_to_bill(self, customers):
        return super()._other_orders_to_bill(customers) | self._trainings_to_invoice(
            customers
        )
