from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...models.base.guard import for_readers


class NoxQuoteProof(models.TransientModel):
    """An approval that did not come through the portal: who, when and the proof."""

    _name = "nox.quote.proof"
    _description = "Approval Outside the Portal"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    content_hash = fields.Char(
        default=lambda self: self._default_content_hash(), readonly=True
    )
    amount_total = fields.Monetary(related="order_id.amount_total")
    currency_id = fields.Many2one(related="order_id.currency_id")
    signed_by = fields.Char(required=True, size=200)
    signed_on = fields.Datetime(required=True, default=fields.Datetime.now)
    proof = fields.Binary(required=True, attachment=False)
    proof_name = fields.Char()

    @api.model
    def _default_content_hash(self):
        order = self.env["sale.order"].browse(self.env.context.get("default_order_id"))
        return order.service_content_hash

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("signed_on", "signed_by")
    def _check_signed(self):
        for proof in self:
            if proof.signed_on > fields.Datetime.now():
                raise ValidationError(
                    self.env._("A quote cannot have been approved in the future.")
                )
            if not (proof.signed_by or "").strip():
                raise ValidationError(self.env._("Who approved the quote?"))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_approve(self):
        self.ensure_one()
        order = self.order_id
        order.service_ticket_id._check_coordinator()
        if self.content_hash != order.service_content_hash:
            raise UserError(
                self.env._("The quote was changed meanwhile. Look at it once more.")
            )
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.proof_name or self.env._("Proof of approval"),
                "datas": self.proof,
                "res_model": "sale.order",
                "res_id": order.id,
            }
        )
        # In sudo, as the portal does: a form of the order cannot sign it.
        order.sudo().write(
            {
                "service_proof_ids": [Command.link(attachment.id)],
                "signed_by": self.signed_by,
                "signed_on": self.signed_on,
            }
        )
        order.message_post(
            body=self.env._(
                "Approved by %(name)s outside the portal.", name=self.signed_by
            ),
            attachment_ids=attachment.ids,
        )
        order.action_confirm()
        order._keep_copy()
        return True
