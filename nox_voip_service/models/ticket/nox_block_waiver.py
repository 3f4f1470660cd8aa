from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class NoxBlockWaiver(models.Model):
    """Goodwill: blocks of a ticket that are not billed, with the reason. The verdict
    stays true: the work is billable, and given away."""

    _name = "nox.block.waiver"
    _description = "Waived Blocks"
    _order = "id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    partner_id = fields.Many2one(related="ticket_id.partner_id", store=True)
    plan_id = fields.Many2one(related="ticket_id.plan_id", store=True)
    blocks = fields.Integer(required=True, default=1)
    reason = fields.Text(required=True)
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )

    _blocks_positive = models.Constraint(
        "CHECK (blocks > 0)", "Waive at least one block."
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("reason")
    def _check_reason(self):
        if any(len((waiver.reason or "").strip()) < 3 for waiver in self):
            raise ValidationError(self.env._("Please give the reason for the waiver."))

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        Ticket = self.env["helpdesk.ticket"]
        waived = defaultdict(int)
        for vals in vals_list:
            ticket = Ticket.browse(vals.get("ticket_id"))
            ticket._check_coordinator()
            vals["user_id"] = self.env.uid
            waived[ticket] += vals.get("blocks", 1)
            if waived[ticket] > ticket.to_invoice_blocks:
                raise UserError(
                    self.env._(
                        "%(ticket)s has %(blocks)s blocks to invoice; you cannot waive"
                        " more than that. What is invoiced already is credited"
                        " instead.",
                        ticket=ticket.display_name,
                        blocks=ticket.to_invoice_blocks,
                    )
                )
        waivers = super().create(vals_list)
        for waiver in waivers:
            waiver.ticket_id.message_post(
                body=self.env._(
                    "%(blocks)s blocks waived: %(reason)s",
                    blocks=waiver.blocks,
                    reason=waiver.reason,
                )
            )
        return waivers
