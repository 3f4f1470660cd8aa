from odoo import fields, models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers


class NoxTicketDrop(models.TransientModel):
    """Drop a request, and decide what becomes of its billable time."""

    _name = "nox.ticket.drop"
    _description = "Drop a Request"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    to_invoice_blocks = fields.Integer(related="ticket_id.to_invoice_blocks")
    billing = fields.Selection(
        [("bill", "Bill the work done"), ("waive", "Waive the work done")],
        required=True,
        default="bill",
    )
    reason = fields.Text(required=True)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_drop(self):
        self.ensure_one()
        ticket = self.ticket_id
        ticket._check_coordinator()
        stage = ticket._stage_with_outcome("dropped", ticket.team_id)
        if not stage:
            raise UserError(
                self.env._(
                    "No stage has the outcome 'Dropped'. A manager can set it on a"
                    " stage."
                )
            )
        if ticket.to_invoice_blocks and self.billing == "waive":
            self.env["nox.block.waiver"].create(
                {
                    "ticket_id": ticket.id,
                    "blocks": ticket.to_invoice_blocks,
                    "reason": self.reason,
                }
            )
        open_quote = ticket.sudo().quote_id.filtered(
            lambda order: order.state in ("draft", "sent")
        )
        open_quote._action_cancel()
        ticket.message_post(
            body=self.env._("Request dropped: %(reason)s", reason=self.reason)
        )
        ticket.sudo().drop_billing = self.billing
        ticket.write({"stage_id": stage.id})
        return {"type": "ir.actions.act_window_close"}
