from odoo import api, fields, models

from odoo.addons.nox_voip_service.models.base.guard import for_readers


class NoxTimerClose(models.TransientModel):
    """Stop the timers that run on tickets, and close these."""

    _name = "nox.timer.close"
    _description = "Stop Timers and Close"

    ticket_ids = fields.Many2many("helpdesk.ticket", required=True, readonly=True)
    stage_id = fields.Many2one("helpdesk.ticket.stage", required=True, readonly=True)
    timer_text = fields.Text(string="Running", compute="_compute_timer_text")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("ticket_ids")
    def _compute_timer_text(self):
        for dialog in self:
            dialog.timer_text = "\n".join(
                f"{ticket.display_name}: {ticket.timer_text}"
                for ticket in dialog.ticket_ids
                if ticket.timer_text
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_close(self):
        """Record the time until now, of colleagues too, and move on to the stage."""
        self.ensure_one()
        tickets = self.ticket_ids
        tickets.check_access("write")
        # In sudo: a technician sees but the timers of his own.
        tickets.sudo().timer_ids.with_env(self.env)._stop_timers()
        tickets.write({"stage_id": self.stage_id.id})
        return {"type": "ir.actions.act_window_close"}

    @for_readers
    def action_discard(self):
        """Delete the timers without time, and move on to the stage. Each may delete
        his own: of a colleague's the time is his to tell."""
        self.ensure_one()
        tickets = self.ticket_ids
        tickets.check_access("write")
        for ticket in tickets.sudo().filtered("timer_ids"):
            timers, text = ticket.timer_ids, ticket.timer_text
            timers.with_env(self.env).unlink()
            ticket.message_post(
                body=self.env._("%(timer)s was ended without time.", timer=text)
            )
        tickets.write({"stage_id": self.stage_id.id})
        return {"type": "ir.actions.act_window_close"}
