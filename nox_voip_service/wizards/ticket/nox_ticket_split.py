from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers


class NoxTicketSplit(models.TransientModel):
    """Take part of a ticket's work to a ticket of its own, so that each has one
    verdict. Both share one hour, and what a quote promised."""

    _name = "nox.ticket.split"
    _description = "Split a Ticket"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    name = fields.Char(
        string="Title of the new ticket",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category", string="Kind of change", required=True
    )
    timesheet_ids = fields.Many2many(
        "account.analytic.line",
        string="Time to move",
        domain="[('ticket_id', '=', ticket_id)]",
    )

    @api.depends("ticket_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.ticket_id.name

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_split(self):
        self.ensure_one()
        ticket = self.ticket_id
        ticket._check_coordinator()
        if self.timesheet_ids - ticket.timesheet_ids:
            raise UserError(
                self.env._("Only time of %(ticket)s can move.", ticket=ticket.number)
            )
        root = ticket.split_root_id or ticket
        root.sudo().split_root_id = root
        part = ticket.create(self._prepare_ticket_vals())
        part.sudo().write({"split_from_id": ticket.id, "split_root_id": root.id})
        ticket._share_release_cap(part, self.timesheet_ids)
        # The time was worked already: it moves whatever the state of approval.
        self.timesheet_ids.sudo().write({"ticket_id": part.id})
        ticket.message_post(
            body=self.env._("Split: %(ticket)s.", ticket=part.display_name)
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": part.id,
            "view_mode": "form",
        }

    def _prepare_ticket_vals(self):
        ticket = self.ticket_id
        vals = {
            "name": self.name,
            "description": ticket.description,
            "category_id": self.category_id.id,
            "partner_id": ticket.partner_id.id,
            "partner_name": ticket.partner_name,
            "partner_email": ticket.partner_email,
            "pbx_id": ticket.pbx_id.id,
            "requested_on": ticket.requested_on,
            "company_id": ticket.company_id.id,
            "team_id": ticket.team_id.id,
            "user_id": ticket.user_id.id,
            "channel_id": ticket.channel_id.id,
            "customer_reference": ticket.customer_reference,
            "tag_ids": [Command.set(ticket.tag_ids.ids)],
        }
        if ticket.work_location:
            # Where it is done is known: the category's usual place does not count.
            vals["work_location"] = ticket.work_location
        return vals
