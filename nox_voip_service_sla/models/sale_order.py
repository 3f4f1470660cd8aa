from odoo import models

# What makes a quote open, or ends it.
STATE_FIELDS = {"state", "validity_date", "is_service_quote_expired"}


class SaleOrder(models.Model):
    """A quote that is sent stops the clocks of its ticket; its approval, refusal,
    withdrawal or expiry starts them again."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if STATE_FIELDS & vals.keys():
            # In sudo: the customer decides, in the portal.
            self.sudo().service_ticket_id._stop_or_start_sla_clocks()
        return res
