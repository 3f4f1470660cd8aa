from odoo import models


class ContractContract(models.Model):
    _inherit = "contract.contract"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _prepare_invoice(self, date_invoice, journal=None):
        """The contract's own payment mode, else the customer's: said at once, so that
        users and work of one mode become one invoice."""
        values = super()._prepare_invoice(date_invoice, journal=journal)
        partner = self.invoice_partner_id.with_company(self.company_id)
        values.setdefault("payment_mode_id", partner.customer_payment_mode_id.id)
        return values
