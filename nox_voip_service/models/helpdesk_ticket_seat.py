from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """Closing a ticket about users proposes the change of the seat ledger, so that
    work and bill cannot drift apart."""

    _inherit = "helpdesk.ticket"

    seat_ids = fields.One2many("nox.pbx.seat", "ticket_id")
    seat_change = fields.Selection(related="category_id.seat_change")
    is_seat_change_due = fields.Boolean(
        compute="_compute_is_seat_change_due",
        store=True,
        help="The work is done, and the users of the PBX are not brought up to date.",
    )
    is_seat_change_done = fields.Boolean(copy=False, readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "stage_id.outcome", "category_id.seat_change", "pbx_id", "is_seat_change_done"
    )
    def _compute_is_seat_change_due(self):
        for ticket in self:
            ticket.is_seat_change_due = bool(
                ticket.stage_id.outcome == "done"
                and ticket.category_id.seat_change
                and ticket.pbx_id
                and not ticket.is_seat_change_done
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_change_seats(self):
        """Propose the change of the ledger that belongs to this ticket."""
        self.ensure_one()
        if not self.pbx_id:
            raise UserError(self.env._("Choose the PBX first."))
        return {
            "name": self.env._("Update the users of the PBX"),
            "type": "ir.actions.act_window",
            "res_model": "nox.seat.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }
