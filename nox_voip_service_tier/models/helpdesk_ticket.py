from odoo import models

from odoo.addons.nox_voip_service.models.base.guard import for_readers


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_send_quote(self):
        """Say who validates the quote where it was not sent yet."""
        res = super().action_send_quote()
        quote = self.sudo().quote_id
        if quote.state != "draft" or not quote.review_ids:
            return res
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": quote.with_env(self.env)._validation_message(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
