import logging

from odoo import api, models

from ...policy import quotes

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """Quotes that nobody answers: a reminder before, an activity after."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # BUSINESS: expiry
    # ------------------------------------------------------------------

    @api.model
    def _cron_service_quotes(self):
        """Daily: remind of quotes that are about to expire, then tell the technician
        of those that have."""
        open_quotes = self.search(
            [
                ("service_kind", "=", "quote"),
                ("state", "=", "sent"),
                ("is_service_quote_expired", "=", False),
            ]
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(open_quotes))
        for order in open_quotes:
            try:
                with self.env.cr.savepoint():
                    order._follow_up_service_quote()
            except Exception:
                # The next customers get their reminder; tomorrow it is tried again.
                _logger.exception("Quote %s could not be followed up", order.name)
            if not progress(1):
                break

    def _follow_up_service_quote(self):
        """Remind of this open quote, or note that it has expired."""
        self.ensure_one()
        if self._is_service_expired():
            self._expire_service_quote()
        elif self._is_reminder_due():
            self._remind_service_quote()

    def _remind_service_quote(self):
        self.ensure_one()
        self.service_reminded_on = self.company_id._service_today()
        self._mail_quote("nox_voip_service.mail_template_service_quote_reminder")
        self._tell_who_asked(is_reminder=True)

    def _is_reminder_due(self):
        self.ensure_one()
        return quotes.is_reminder_due(
            self.validity_date or None,
            self.company_id._service_today(),
            days=self.company_id.service_quote_reminder_days,
            was_reminded=bool(self.service_reminded_on),
        )

    def _expire_service_quote(self):
        """Make the expiry visible on the ticket; it stays expired, for staff too."""
        for order in self.filtered(lambda order: not order.is_service_quote_expired):
            order.is_service_quote_expired = True
            ticket = order.service_ticket_id
            reader = ticket._in_technician_language().env
            body = reader._(
                "Quote %(quote)s has expired without an answer.", quote=order.name
            )
            ticket.message_post(body=body)
            ticket._service_activity(
                "nox_voip_service.mail_activity_quote_decided",
                reader._("The quote of this ticket was answered or has expired"),
                body,
            )
