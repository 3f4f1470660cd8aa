import hashlib
import json
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...policy import masking, quotes

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """A quote: what is sent, what an approval is bound to, what comes of it."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # BUSINESS: sending and content
    # ------------------------------------------------------------------

    def _service_content(self):
        """What an approval is bound to, as plain data: customer, currency, term, lines
        with taxes, total."""
        self.ensure_one()
        return {
            "partner": self.partner_id.id,
            "invoice_partner": self.partner_invoice_id.id,
            "currency": self.currency_id.name,
            "validity": str(self.validity_date or ""),
            "lines": [
                [
                    line.product_id.id,
                    line.name,
                    line.product_uom_qty,
                    line.product_uom_id.id,
                    line.price_unit,
                    line.discount,
                    sorted(line.tax_ids.ids),
                ]
                for line in self.order_line.sorted(
                    lambda line: (line.sequence, line.id)
                )
            ],
            "total": self.amount_total,
        }

    def _service_hashed_text(self):
        """The content as it is hashed, letter by letter."""
        return json.dumps(self._service_content(), sort_keys=True)

    def _service_hash(self):
        """SHA-256 of the content, as hexadecimal text."""
        self.ensure_one()
        return hashlib.sha256(self._service_hashed_text().encode()).hexdigest()

    def _keep_sent_content(self):
        for order in self.filtered(lambda order: order.service_kind == "quote"):
            order.sudo().write(
                {
                    "service_content_hash": order._service_hash(),
                    "service_sent_at": fields.Datetime.now(),
                    "service_grade_needed": order._needed_grade(),
                }
            )
            order.service_ticket_id._promise_release()

    def _void_when_changed(self):
        """A commercial change after sending returns the quote to draft."""
        for order in self.filtered(
            lambda order: (
                order.service_kind == "quote"
                and order.state == "sent"
                and order.service_content_hash
            )
        ):
            if order.service_content_hash == order._service_hash():
                continue
            order.sudo().write({"state": "draft", "service_content_hash": False})
            order.message_post(
                body=self.env._(
                    "Changed after sending: the customer cannot approve the old"
                    " version any more. Send it again."
                )
            )

    def _check_ready_to_send(self):
        self.ensure_one()
        ticket = self.service_ticket_id
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("Only an open quote can be sent."))
        if ticket._needs_estimate() and ticket.worked_minutes:
            raise UserError(
                self.env._(
                    "Enter first how long the whole job will take: the estimate of"
                    " %(ticket)s is not above the %(worked)s minutes worked.",
                    ticket=ticket.display_name,
                    worked=ticket.worked_minutes,
                )
            )
        if any(line._is_line_optional() for line in self.order_line):
            raise UserError(
                self.env._(
                    "A quote for work has no optional products: the customer approves"
                    " it as it is. Move them out of the optional section, or offer"
                    " them on an order of their own."
                )
            )
        if not self.service_blocks:
            raise UserError(self.env._("There is no block of work on this quote."))
        if ticket.pbx_id.reference_required and not self.client_order_ref:
            raise UserError(
                self.env._(
                    "%(customer)s wants its reference on every order. Fill it in on"
                    " the ticket first.",
                    customer=self.partner_id.display_name,
                )
            )

    def _renew_validity(self):
        """The term of a quote runs from the day it is sent, unless somebody chose
        another date; no quote is sent that has expired already."""
        self.ensure_one()
        company = self.company_id
        last = quotes.valid_until(
            self.validity_date or None,
            made_on=company._service_day(self.create_date),
            today=company._service_today(),
            days=company.service_quote_validity_days,
        )
        if last != (self.validity_date or None):
            self.validity_date = last

    def _service_send(self):
        """Mark as sent and mail it to those who may approve it."""
        self.ensure_one()
        if self.state == "draft":
            self.write({"state": "sent"})
        self._mail_quote(
            "nox_voip_service.mail_template_service_quote",
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
        )
        self._tell_who_asked()
        self._warn_of_approvers_without_login()

    def _find_mail_template(self):
        if self.service_kind == "quote" and self.state in ("draft", "sent"):
            return self.env.ref("nox_voip_service.mail_template_service_quote")
        return super()._find_mail_template()

    def _is_service_superfluous(self):
        """A draft that was made by itself, for work that no longer needs a quote."""
        self.ensure_one()
        ticket = self.service_ticket_id
        return not self.service_by_hand and not ticket.is_quote_due

    def _is_service_needless(self):
        """A draft that nobody was sent, for work that may go on without a quote."""
        self.ensure_one()
        return (
            self.service_kind == "quote"
            and self.state == "draft"
            and not self.service_sent_at
            and not self.service_ticket_id.is_quote_due
        )

    def _after_service_void(self):
        """The hour is what it was before these quotes were made."""
        tickets = self.service_ticket_id
        tickets._lift_release_cap()
        for order in self:
            order.service_ticket_id.message_post(
                body=self.env._(
                    "Quote %(quote)s was withdrawn before it was sent: it counts as if"
                    " it had not been made.",
                    quote=order.name,
                )
            )

    def _service_drop(self, reason):
        """Take back a quote that is not needed any more. A draft that made itself
        and that nobody was sent leaves no trace: nobody declined it."""
        self.ensure_one()
        if self.state == "draft" and not self.service_by_hand:
            if not self.service_sent_at:
                return self.unlink()
        return self._service_withdraw(reason)

    def _service_withdraw(self, reason):
        """Take an open quote back, with the reason for ticket and customer."""
        self.sudo().service_decline_reason = masking.masked(reason or "")
        return self._action_cancel()

    def _service_sync(self):
        """Bring a draft quote up to date with its ticket's time and estimate."""
        self.ensure_one()
        ticket = self.service_ticket_id
        line = self.order_line.filtered("is_service_time")[:1]
        blocks = ticket._quote_blocks()
        if line and line.product_uom_qty != blocks:
            line.product_uom_qty = blocks
        note = ticket.with_context(
            lang=self.partner_id._service_lang()
        )._service_quote_note()
        self.note = note
        if ticket.customer_reference and not self.client_order_ref:
            self.client_order_ref = ticket._masked_reference()

    # ------------------------------------------------------------------
    # BUSINESS: approval
    # ------------------------------------------------------------------

    def _has_to_be_signed(self):
        """Only what was sent, and is still what was sent, can be signed."""
        to_sign = super()._has_to_be_signed()
        if self.service_kind != "quote":
            return to_sign
        return (
            to_sign
            and self.state == "sent"
            and not self._is_service_expired()
            and self.service_content_hash == self._service_hash()
        )

    def _confirmation_error_message(self):
        """Refuse what nobody may approve: expired, unsent or changed content."""
        self.ensure_one()
        if self.service_kind != "quote":
            return super()._confirmation_error_message()
        if self._is_service_expired():
            return self.env._(
                "%(quote)s was valid until %(date)s. Send a new quote.",
                quote=self.name,
                date=self.validity_date,
            )
        if not self.service_content_hash:
            return self.env._(
                "%(quote)s has not been sent to the customer, so nobody can have"
                " approved it.",
                quote=self.name,
            )
        if self.service_content_hash != self._service_hash():
            return self.env._(
                "%(quote)s was changed after it was sent. Send it again.",
                quote=self.name,
            )
        if not (
            self.signature or self.service_proof_ids or self.sudo().standing_use_ids
        ):
            return self.env._(
                "%(quote)s is not signed. Let the customer sign in the portal, or use"
                " 'Approved otherwise' and attach the proof.",
                quote=self.name,
            )
        return self._grade_refusal() or super()._confirmation_error_message()

    def _after_service_decision(self):
        """Ticket and technician know at once what became of the quote."""
        for order in self:
            ticket = order.service_ticket_id.sudo()
            state = order._service_quote_state()
            env = ticket._in_technician_language().env
            body = (
                env._("Quote %(quote)s is approved.", quote=order.name)
                if state == "approved"
                else env._(
                    "Quote %(quote)s is refused or withdrawn. %(reason)s",
                    quote=order.name,
                    reason=order.service_decline_reason or "",
                )
            )
            ticket.message_post(body=body)
            ticket._service_activity(
                "nox_voip_service.mail_activity_quote_decided",
                env._("The quote of this ticket was answered or has expired"),
                body,
            )
            if state == "approved" and not ticket.service_line_id:
                ticket.service_line_id = order.order_line.filtered("is_service_time")[
                    :1
                ]

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
            user_env = ticket._in_technician_language().env
            body = user_env._(
                "Quote %(quote)s has expired without an answer.", quote=order.name
            )
            ticket.message_post(body=body)
            ticket._service_activity(
                "nox_voip_service.mail_activity_quote_decided",
                user_env._("The quote of this ticket was answered or has expired"),
                body,
            )
