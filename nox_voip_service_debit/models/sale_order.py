from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _prepare_invoice(self):
        """Work and trainings are paid as the customer pays. Said at once: the mode is
        one of the keys by which invoices become one."""
        values = super()._prepare_invoice()
        if self._is_billed_by_run():
            partner = self.partner_invoice_id.with_company(self.company_id)
            values.setdefault("payment_mode_id", partner.customer_payment_mode_id.id)
        return values
