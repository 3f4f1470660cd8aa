from odoo import api, fields, models

from ..base.guard import for_readers


class HelpdeskTicket(models.Model):
    """Logging time in one line at the top of the ticket. The line belongs to the form:
    saving it makes a time entry, and a refusal leaves what was typed."""

    _inherit = "helpdesk.ticket"

    log_hours = fields.Float(
        string="Log time",
        compute="_compute_log",
        inverse="_inverse_log",
        groups="base.group_user",
        help="0:20, 20m or 1h20. Saving adds the entry to the time of this ticket.",
    )
    log_note = fields.Char(
        string="What was done",
        compute="_compute_log",
        inverse="_inverse_log",
        groups="base.group_user",
    )
    log_held_reason = fields.Char(
        string="Reason to work without approval",
        compute="_compute_log",
        inverse="_inverse_log",
        groups="base.group_user",
        help="Time worked before the customer approved it is held; a coordinator says"
        " why it was worked.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_log(self):
        self.log_hours = 0
        self.log_note = self.log_held_reason = False

    def _inverse_log(self):
        for ticket in self.filtered("log_hours"):
            self.env["account.analytic.line"].create(
                {
                    "ticket_id": ticket.id,
                    "unit_amount": ticket.log_hours,
                    "name": ticket.log_note or ticket.name,
                    "date": ticket.company_id._service_today(),
                    "held_reason": ticket.log_held_reason,
                }
            )

    @api.onchange("log_hours")
    def _onchange_log_hours(self):
        return self.env["account.analytic.line"]._long_entry_warning(self.log_hours)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_log_time(self):
        """The button beside the line: the form has saved it by now."""
        return True
