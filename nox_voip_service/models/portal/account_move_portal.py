from odoo import models


class AccountMove(models.Model):
    """An invoice as its customer meets it in the portal."""

    _inherit = "account.move"

    def _has_to_be_paid(self):
        """No button to pay that leads to a page without a way to pay."""
        return super()._has_to_be_paid() and self.company_id.sudo().has_online_payment
