import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

# What an approval is bound to; a change of any of these is commercial.
COMMERCIAL_FIELDS = {
    "partner_id",
    "partner_invoice_id",
    "currency_id",
    "pricelist_id",
    "fiscal_position_id",
    "payment_term_id",
    "validity_date",
    "order_line",
    "company_id",
    "service_ticket_id",
    "service_kind",
}


class SaleOrder(models.Model):
    """Service orders: a base order that carries the released time of a ticket, and
    quotes, each with an approval of its own that is bound to its content."""

    _inherit = "sale.order"

    service_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Service ticket",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    service_kind = fields.Selection(
        [("base", "Released time"), ("quote", "Quote for work")],
        copy=False,
        readonly=True,
    )
    service_blocks = fields.Integer(compute="_compute_service_blocks")
    service_sent_at = fields.Datetime(copy=False, readonly=True)
    service_approved_at = fields.Datetime(copy=False, readonly=True)
    service_content_hash = fields.Char(
        copy=False,
        readonly=True,
        help="SHA-256 of what the customer was sent; an approval counts for that "
        "content alone.",
    )
    service_by_hand = fields.Boolean(
        copy=False,
        readonly=True,
        help="Made by a coordinator: it stays when the work turns out to be short.",
    )
    service_decline_reason = fields.Text(copy=False, readonly=True)
    service_reminded_on = fields.Date(copy=False, readonly=True)
    is_service_quote_expired = fields.Boolean(
        compute="_compute_is_service_quote_expired", store=True
    )

    _one_open_quote = models.UniqueIndex(
        "(service_ticket_id) WHERE service_kind = 'quote'"
        " AND state IN ('draft', 'sent')",
        "This ticket has an open quote already.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("order_line.product_uom_qty", "order_line.is_service_time")
    def _compute_service_blocks(self):
        for order in self:
            lines = order.order_line.filtered("is_service_time")
            order.service_blocks = round(sum(lines.mapped("product_uom_qty")))

    @api.depends("validity_date", "state", "service_kind")
    def _compute_is_service_quote_expired(self):
        """Stored, so that the ticket's state can follow; the daily job refreshes it."""
        for order in self:
            order.is_service_quote_expired = order._is_service_expired()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        commercial = COMMERCIAL_FIELDS & vals.keys()
        if commercial:
            self._check_service_lock(vals)
        if vals.get("state") == "sent":
            for order in self.filtered(lambda order: order.service_kind == "quote"):
                order._check_ready_to_send()
        res = super().write(vals)
        if vals.get("state") == "sent":
            self._keep_sent_content()
        elif commercial:
            self._void_when_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_service_order(self):
        for order in self.filtered("service_ticket_id"):
            if order.service_kind == "base" or order.service_sent_at:
                raise UserError(
                    self.env._(
                        "%(order)s belongs to the history of ticket %(ticket)s. Cancel"
                        " it instead of deleting it.",
                        order=order.name,
                        ticket=order.service_ticket_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_service_send(self):
        """Send the quote of a ticket by mail, and hold the content that was sent."""
        for order in self:
            order._service_send()
        return True

    def action_cancel(self):
        """An approved quote is corrected by cancelling it and quoting again: a
        coordinator may, as long as nothing of it is invoiced."""
        for order in self.filtered(
            lambda order: order.service_ticket_id and order.state == "sale"
        ):
            order.service_ticket_id._check_coordinator()
            if any(order.order_line.mapped("qty_invoiced")):
                raise UserError(
                    self.env._(
                        "%(order)s is invoiced. Credit the invoice first.",
                        order=order.name,
                    )
                )
            order.locked = False
        return super().action_cancel()

    def _action_confirm(self):
        res = super()._action_confirm()
        quotes = self.filtered(lambda order: order.service_kind == "quote")
        if quotes:
            quotes.write({"service_approved_at": fields.Datetime.now(), "locked": True})
            quotes.service_ticket_id._ensure_base_order()
            quotes._after_service_decision()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        quotes = self.filtered(lambda order: order.service_kind == "quote")
        quotes._after_service_decision()
        return res

    def action_draft(self):
        res = super().action_draft()
        self.filtered("service_ticket_id").write(
            {
                "service_content_hash": False,
                "service_sent_at": False,
                "service_decline_reason": False,
            }
        )
        return res

    # ------------------------------------------------------------------
    # BUSINESS: sending and content
    # ------------------------------------------------------------------

    def _service_quote_state(self):
        """State of a quote as its ticket shows it."""
        self.ensure_one()
        if self.state == "sale":
            return "approved"
        if self.state == "cancel":
            return "refused"
        if self.state == "sent":
            return "expired" if self.is_service_quote_expired else "sent"
        return "draft"

    def _is_service_expired(self):
        self.ensure_one()
        return bool(
            self.service_kind == "quote"
            and self.state == "sent"
            and self.validity_date
            and self.validity_date < self.company_id._service_today()
        )

    def _service_content(self):
        """What an approval is bound to, as plain data (design 5.3)."""
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

    def _service_hash(self):
        """SHA-256 of the content, as hexadecimal text."""
        self.ensure_one()
        content = json.dumps(self._service_content(), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def _keep_sent_content(self):
        for order in self.filtered(lambda order: order.service_kind == "quote"):
            order.write(
                {
                    "service_content_hash": order._service_hash(),
                    "service_sent_at": fields.Datetime.now(),
                }
            )

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
            order.write({"state": "draft", "service_content_hash": False})
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

    def _service_send(self):
        """Mark as sent and mail it, in the customer's language, by the mail queue."""
        self.ensure_one()
        if self.state == "draft":
            self.write({"state": "sent"})
        self.message_post_with_source(
            self.env.ref("nox_voip_service.mail_template_service_quote"),
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            force_send=False,
        )

    def _find_mail_template(self):
        if self.service_kind == "quote" and self.state in ("draft", "sent"):
            return self.env.ref("nox_voip_service.mail_template_service_quote")
        return super()._find_mail_template()

    def _is_service_superfluous(self):
        """A draft that was made by itself, for work that no longer needs a quote."""
        self.ensure_one()
        ticket = self.service_ticket_id
        return not self.service_by_hand and not ticket.is_quote_due

    def _service_withdraw(self, reason):
        """Take an open quote back, with the reason for ticket and customer."""
        self.service_decline_reason = reason
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
            lang=self.partner_id.lang or self.env.lang
        )._service_quote_note()
        self.note = note
        if ticket.customer_reference and not self.client_order_ref:
            self.client_order_ref = ticket.customer_reference

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
        if not self.signature and not self.service_proof_ids:
            return self.env._(
                "%(quote)s is not signed. Let the customer sign in the portal, or use"
                " 'Approved otherwise' and attach the proof.",
                quote=self.name,
            )
        return super()._confirmation_error_message()

    def _after_service_decision(self):
        """Ticket and technician know at once what became of the quote."""
        for order in self:
            ticket = order.service_ticket_id.sudo()
            state = order._service_quote_state()
            body = (
                self.env._("Quote %(quote)s is approved.", quote=order.name)
                if state == "approved"
                else self.env._(
                    "Quote %(quote)s is refused or withdrawn. %(reason)s",
                    quote=order.name,
                    reason=order.service_decline_reason or "",
                )
            )
            ticket.message_post(body=body)
            ticket._service_activity(
                "nox_voip_service.mail_activity_quote_decided", body
            )
            if state == "approved" and not ticket.service_line_id:
                ticket.service_line_id = order.order_line.filtered("is_service_time")[
                    :1
                ]

    def _check_service_lock(self, vals):
        """Approved content is locked, whoever writes; correct by cancel and quote
        again. Odoo's own lock lets a new partner and added lines through."""
        for order in self.filtered(
            lambda order: order.service_ticket_id and order.state == "sale"
        ):
            changed = [
                name
                for name in COMMERCIAL_FIELDS & vals.keys()
                if name == "order_line"
                or order._fields[name].convert_to_cache(vals[name], order)
                != order._fields[name].convert_to_cache(order[name], order)
            ]
            if changed:
                raise UserError(order._service_locked_message())

    def _service_locked_message(self):
        self.ensure_one()
        return self.env._(
            "%(order)s is confirmed and locked: what was approved cannot change."
            " Cancel it and make a new quote.",
            order=self.name,
        )

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
            if order._is_service_expired():
                order._expire_service_quote()
            elif order._is_reminder_due():
                order._remind_service_quote()
            if not progress(1):
                break

    def _remind_service_quote(self):
        self.ensure_one()
        self.service_reminded_on = self.company_id._service_today()
        self.message_post_with_source(
            self.env.ref("nox_voip_service.mail_template_service_quote_reminder"),
            subtype_xmlid="mail.mt_comment",
            force_send=False,
        )

    def _is_reminder_due(self):
        self.ensure_one()
        today = self.company_id._service_today()
        days = self.company_id.service_quote_reminder_days
        return bool(
            days
            and self.validity_date
            and not self.service_reminded_on
            and fields.Date.subtract(self.validity_date, days=days) <= today
        )

    def _expire_service_quote(self):
        """Make the expiry visible on the ticket; it stays expired, for staff too."""
        for order in self.filtered(lambda order: not order.is_service_quote_expired):
            order.is_service_quote_expired = True
            body = self.env._(
                "Quote %(quote)s has expired without an answer.", quote=order.name
            )
            order.service_ticket_id.message_post(body=body)
            order.service_ticket_id._service_activity(
                "nox_voip_service.mail_activity_quote_decided", body
            )
