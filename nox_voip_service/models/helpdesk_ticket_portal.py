from odoo import models

COLORS = {"covered": "success", "billable": "warning", "undecided": "secondary"}


class HelpdeskTicket(models.Model):
    """What the customer sees of a request: chosen values, nothing internal."""

    _inherit = "helpdesk.ticket"

    def _portal_service_values(self):
        """Values for the ticket's portal page; empty when no plan applies.

        In sudo for these values alone: plan, quote and time belong to models that a
        portal user reads only in part.
        """
        self.ensure_one()
        ticket = self.sudo()
        if ticket.coverage == "not_applicable":
            return {}
        selection = dict(self._fields["coverage"]._description_selection(self.env))
        states = dict(self._fields["approval_state"]._description_selection(self.env))
        shown = ticket.stage_id.outcome or ticket.invoiced_blocks
        return {
            "verdict": selection[ticket.coverage],
            "color": COLORS.get(ticket.coverage, "info"),
            "plan": ticket.plan_id.name or "",
            "reason": ticket.coverage_reason,
            "question": ticket.coverage_question,
            "worked": shown and ticket._portal_work_text(),
            "quote_url": ticket.quote_id.get_portal_url()
            if ticket.quote_state and ticket.quote_state != "draft"
            else "",
            "quote_state": states.get(ticket.approval_state, ""),
            "waits": ticket.approval_state == "sent",
        }

    def _portal_work_text(self):
        """Worked minutes beside billed blocks, so that anyone can check them."""
        self.ensure_one()
        if self.coverage != "billable":
            return self.env._("%(minutes)s minutes worked", minutes=self.worked_minutes)
        return self.env._(
            "%(minutes)s minutes worked, billed as %(blocks)s × %(block)s minutes",
            minutes=self.worked_minutes,
            blocks=self.billable_blocks - self.waived_blocks,
            block=self.plan_id.block_minutes,
        )
