from odoo import models


class HelpdeskTicket(models.Model):
    """The clocks of a ticket follow its quote."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _is_waiting_for_approval(self):
        """Whether the next word is the customer's: a quote was sent and is open."""
        self.ensure_one()
        return self.quote_state == "sent"

    def _stop_or_start_sla_clocks(self):
        for ticket in self:
            waits = ticket._is_waiting_for_approval()
            for clock in ticket.ticket_sla_ids:
                if clock.waits_for_approval != waits:
                    clock.waits_for_approval = waits
                    clock._stage_recompute()
