from odoo import api, models

# Nobody makes this context from outside: a request carries no such value.
INACTIVE = object()


class HelpdeskTicket(models.Model):
    """Inactive is who was asked something and does not answer. A ticket on which the
    next word or deed is ours is late, not inactive."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def search(self, domain, offset=0, limit=None, order=None):
        """The base looks for tickets of one stage for long: of those that it warns and
        closes, the ones that wait for the customer."""
        found = super().search(domain, offset=offset, limit=limit, order=order)
        if self.env.context.get("nox_inactive") is INACTIVE:
            found = found.with_context(nox_inactive=None)
            return found.filtered(lambda ticket: ticket._is_customers_turn())
        return found

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _is_customers_turn(self):
        """Whether we wrote last, and nothing is left that only we can do: give a
        verdict, make or follow up a quote, finish work that is to be billed."""
        self.ensure_one()
        ticket = self.sudo()
        if (
            ticket.decision_needed
            or ticket.coverage == "undecided"
            or ticket.quote_state in ("draft", "sent", "approved")
            or ticket._has_open_time()
        ):
            return False
        words = ticket.message_ids.filtered(
            lambda message: (
                message.message_type in ("email", "comment")
                and not message.is_internal
                and message.subtype_id != self.env.ref("mail.mt_note")
            )
        ).sorted("id")
        return bool(words) and not ticket._is_customers_word(words[-1])
