from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...policy import limit, quotes
from ..base.guard import for_readers

# What an approval is bound to; a change of any of these is commercial.
COMMERCIAL_FIELDS = {
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
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
    service_is_void = fields.Boolean(
        copy=False,
        readonly=True,
        help="Withdrawn before anybody was sent it, when no quote was due: it counts"
        " as if it had not been made.",
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

    def _compute_show_hours_recorded_button(self):
        """Odoo asks the number of projects, which it shows to project users alone:
        without this a coordinator cannot open a quote."""
        return super(SaleOrder, self.sudo())._compute_show_hours_recorded_button()

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("require_signature", "require_payment", "service_kind")
    def _check_signed_not_paid(self):
        for order in self.filtered(lambda order: order.service_kind == "quote"):
            if not order.require_signature or order.require_payment:
                raise ValidationError(
                    self.env._(
                        "Quote %(quote)s is for work on a ticket: the customer signs"
                        " it, and pays after the work.",
                        quote=order.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        self._check_service_signature(vals)
        commercial = COMMERCIAL_FIELDS & vals.keys()
        if commercial:
            self._check_service_lock(vals)
        if vals.get("state"):
            self._check_service_state(vals["state"])
        res = super().write(vals)
        if vals.get("state") == "sent":
            self._keep_sent_content()
        elif commercial:
            self._void_when_changed()
        return res

    def unlink(self):
        tickets = self.sudo().service_ticket_id
        res = super().unlink()
        tickets._lift_release_cap()
        for ticket in tickets.exists():
            # A quote that is due is made again: the ticket waits for one.
            ticket._sync_quote()
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

    @for_readers
    def action_cancel(self):
        """An approved quote is corrected by cancelling it and quoting again: a
        coordinator may, as long as nothing of it is invoiced."""
        for order in self.filtered(
            lambda order: order.service_ticket_id and order.state == "sale"
        ):
            order._check_may_cancel_approved()
            order.locked = False
        return super().action_cancel()

    def _action_confirm(self):
        res = super()._action_confirm()
        quotes = self.filtered(lambda order: order.service_kind == "quote")
        if quotes:
            quotes.sudo().service_approved_at = fields.Datetime.now()
            quotes.locked = True
            quotes._keep_approval()
            quotes.service_ticket_id._ensure_base_order()
            quotes._after_service_decision()
        return res

    def _action_cancel(self):
        void = self.filtered(lambda order: order._is_service_needless())
        void.sudo().service_is_void = True
        res = super()._action_cancel()
        quotes = self.filtered(lambda order: order.service_kind == "quote")
        (quotes - void)._after_service_decision()
        void._after_service_void()
        return res

    @for_readers
    def action_draft(self):
        res = super().action_draft()
        self.filtered("service_ticket_id").sudo().write(
            {
                "service_content_hash": False,
                "service_sent_at": False,
                "service_decline_reason": False,
            }
        )
        return res

    # ------------------------------------------------------------------
    # BUSINESS: the way of an order
    # ------------------------------------------------------------------

    def _check_service_signature(self, vals):
        """A signature comes from the portal, or with its proof; not from a form."""
        if self.env.su or not any(
            vals.get(name) for name in ("signature", "signed_by", "signed_on")
        ):
            return
        if any(order.service_ticket_id for order in self):
            raise AccessError(
                self.env._(
                    "The customer signs in the portal. For an approval on paper or by"
                    " mail use 'Approved otherwise', with its proof."
                )
            )

    def _check_service_state(self, state):
        """Guard every way into a state: the buttons, the portal, an RPC call."""
        for order in self.filtered("service_ticket_id"):
            if order.state == state:
                continue
            if state == "sale" and order.service_kind == "quote":
                message = order._confirmation_error_message()
                if message:
                    raise UserError(message)
            elif order.state == "sale":
                if state != "cancel":
                    raise UserError(order._service_locked_message())
                order._check_may_cancel_approved()
            elif order.state == "cancel":
                order._check_may_reopen(state)
            if state == "sent" and order.service_kind == "quote":
                order._check_ready_to_send()
                order._renew_validity()

    def _check_may_cancel_approved(self):
        self.ensure_one()
        self.service_ticket_id._check_coordinator()
        if any(self.order_line.mapped("qty_invoiced")):
            raise UserError(
                self.env._(
                    "%(order)s is invoiced. Credit the invoice first.",
                    order=self.name,
                )
            )

    def _check_may_reopen(self, state):
        """A cancelled quote may become a draft again, unless a newer one took its
        place; a base order is made anew when its ticket is invoiced."""
        self.ensure_one()
        newest = self.service_ticket_id.sudo().quote_id
        if state != "draft" or self != newest:
            raise UserError(
                self.env._(
                    "%(order)s was cancelled and stays so. Make a new quote on ticket"
                    " %(ticket)s.",
                    order=self.name,
                    ticket=self.service_ticket_id.display_name,
                )
            )

    def _service_quote_state(self):
        """State of a quote as its ticket shows it."""
        self.ensure_one()
        return quotes.state(self.state, is_expired=self.is_service_quote_expired)

    def _policy_quote(self):
        self.ensure_one()
        return limit.Quote(self.id, self._service_quote_state(), self.service_blocks)

    def _is_service_expired(self):
        self.ensure_one()
        return bool(
            self.service_kind == "quote"
            and self.state == "sent"
            and quotes.is_over(
                self.validity_date or None, self.company_id._service_today()
            )
        )

    def _check_service_lock(self, vals):
        """Approved content is locked, whoever writes; correct by cancel and quote
        again. Odoo's own lock lets a new partner and added lines through."""
        for order in self.filtered(
            lambda order: order.service_ticket_id and order.state == "sale"
        ):
            changed = [
                name
                # The lines guard themselves: what was delivered may be filled in.
                for name in COMMERCIAL_FIELDS & vals.keys() - {"order_line"}
                if order._fields[name].convert_to_cache(vals[name], order)
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
