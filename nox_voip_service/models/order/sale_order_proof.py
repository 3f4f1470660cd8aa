from odoo import fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_proof_ids = fields.Many2many(
        "ir.attachment",
        "sale_order_service_proof_rel",
        string="Proof of approval",
        copy=False,
        readonly=True,
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_approved_otherwise(self):
        """Record an approval on paper or by mail, with its proof."""
        self.ensure_one()
        self.service_ticket_id._check_coordinator()
        return {
            "name": self.env._("Approved otherwise"),
            "type": "ir.actions.act_window",
            "res_model": "nox.quote.proof",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    @for_readers
    def action_withdraw_quote(self):
        """Take an open quote back; what is above the limit stays held."""
        for order in self:
            order.service_ticket_id._check_coordinator()
            if order.service_kind != "quote" or order.state not in ("draft", "sent"):
                raise UserError(self.env._("Only an open quote can be withdrawn."))
            order._service_withdraw(
                self.env._("Withdrawn by %(name)s.", name=self.env.user.name)
            )
        return True
