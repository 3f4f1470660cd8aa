from odoo import api, models
from odoo.fields import Domain

from .helpdesk_ticket_request import ASKABLE

# Enough for a person; who has more begins with the oldest.
MOST_WAITING = 50


class HelpdeskTicket(models.Model):
    """What waits for a customer: a question to answer, a quote to approve."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _portal_waiting(self):
        """``{ticket: what is asked}`` of the requests that wait for this user, the
        oldest first. A quote for named approvers waits for them alone."""
        user = self.env.user
        if not self.env["nox.pbx"].has_access("read"):
            return {}
        asked = Domain.OR(
            Domain("coverage_missing", "like", name)
            for name in ("pbx", "scope", *ASKABLE)
        ) & Domain("coverage", "=", "undecided")
        quoted = Domain("approval_state", "=", "sent") & (
            Domain("pbx_id.approver_ids", "=", False)
            | Domain("pbx_id.approver_ids", "in", user.partner_id.ids)
        )
        tickets = self.search(
            Domain("commercial_partner_id", "=", user.commercial_partner_id.id)
            & Domain("closed", "=", False)
            & (asked | quoted),
            order="requested_on, id",
            limit=MOST_WAITING,
        )
        waiting = {ticket: ticket.sudo()._portal_asks() for ticket in tickets}
        return {ticket: text for ticket, text in waiting.items() if text}

    def _portal_asks(self):
        """What the customer is asked for on this request; empty for nothing."""
        self.ensure_one()
        if self.approval_state == "sent":
            return self.env._(
                "Approve or decline the quote of %(amount)s including VAT",
                amount=self.quote_id._portal_amount(),
            )
        missing = self._portal_missing()
        if not missing:
            return ""
        if len(missing) == 1:
            return self.env._("Answer our question")
        return self.env._("Answer our questions")
