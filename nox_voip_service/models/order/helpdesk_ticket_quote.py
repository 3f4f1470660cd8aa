from itertools import repeat

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...policy import assessment, limit
from ..base.guard import for_readers

QUOTE_STATES = [
    ("draft", "Being made"),
    ("sent", "Sent"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("expired", "Expired"),
]


class HelpdeskTicket(models.Model):
    """The orders of a ticket: one confirmed base order that carries the released time,
    and a quote of its own for everything above the limit
    (docs/ARCHITECTURE.md#quote-to-limit)."""

    _inherit = "helpdesk.ticket"

    service_order_ids = fields.One2many("sale.order", "service_ticket_id")
    service_line_id = fields.Many2one(
        "sale.order.line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The order line that Odoo's own reports file the time of this ticket "
        "under. What is billed follows from the released and approved blocks.",
    )
    quote_id = fields.Many2one(
        "sale.order",
        string="Newest quote",
        compute="_compute_quote",
        store=True,
        index="btree_not_null",
    )
    quote_state = fields.Selection(
        QUOTE_STATES, compute="_compute_quote", store=True, tracking=True
    )
    quote_name = fields.Char(related="quote_id.name", related_sudo=True)
    quote_sent_on = fields.Datetime(
        string="Quote sent on", compute="_compute_quote", store=True
    )
    approved_blocks = fields.Integer(compute="_compute_quote", store=True)
    invoiced_blocks = fields.Integer(compute="_compute_closed_blocks", store=True)
    base_invoiced_blocks = fields.Integer(
        compute="_compute_closed_blocks",
        store=True,
        help="Of those, the blocks of released time: never taken back.",
    )
    credited_blocks = fields.Integer(
        compute="_compute_closed_blocks",
        store=True,
        help="Blocks credited with the answer 'do not bill this work again'.",
    )
    waiver_ids = fields.One2many("nox.block.waiver", "ticket_id", readonly=True)
    waived_blocks = fields.Integer(compute="_compute_closed_blocks", store=True)
    warned_on = fields.Date(copy=False, readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "service_order_ids.state",
        "service_order_ids.service_kind",
        "service_order_ids.service_sent_at",
        "service_order_ids.service_is_void",
        "service_order_ids.is_service_quote_expired",
        "service_order_ids.order_line.product_uom_qty",
        "service_order_ids.order_line.is_service_time",
    )
    def _compute_quote(self):
        for ticket in self:
            orders = ticket.service_order_ids.filtered(
                lambda order: (
                    order.service_kind == "quote" and not order.service_is_void
                )
            ).sorted("id")
            quotes = [order._policy_quote() for order in orders]
            ticket.quote_id = orders[-1:]
            ticket.quote_state = limit.newest_state(quotes)
            ticket.quote_sent_on = orders[-1:].service_sent_at
            ticket.approved_blocks = limit.approved_blocks(quotes)

    @api.depends(
        "service_order_ids.order_line.qty_invoiced",
        "service_order_ids.order_line.credited_blocks",
        "waiver_ids.blocks",
    )
    def _compute_closed_blocks(self):
        for ticket in self:
            lines = ticket.service_order_ids.order_line.filtered("is_service_time")
            base = lines.filtered(lambda line: line.order_id.service_kind == "base")
            found = assessment.closed(
                [line._policy_line() for line in base],
                [line._policy_line() for line in lines - base],
                sum(ticket.waiver_ids.mapped("blocks")),
            )
            ticket.invoiced_blocks = found.invoiced
            ticket.base_invoiced_blocks = found.base
            ticket.credited_blocks = sum(lines.mapped("credited_blocks"))
            ticket.waived_blocks = found.waived

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_orders(self):
        self.ensure_one()
        orders = self.service_order_ids
        action = {
            "name": self.env._("Quotes and orders"),
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", orders.ids)],
            "context": {"create": False},
        }
        if len(orders) == 1:
            action.update(view_mode="form", res_id=orders.id)
        return action

    @for_readers
    def action_create_quote(self):
        """Make a quote by hand: after a refusal or expiry, or for less than an hour."""
        self.ensure_one()
        self._check_coordinator()
        if self.coverage != "billable":
            raise UserError(
                self.env._("Only billable work is quoted; this ticket is not billable.")
            )
        if self.quote_state in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "Quote %(quote)s of this ticket is still open.",
                    quote=self.quote_name,
                )
            )
        if self.quote_state == "expired":
            # Of an order that is sent, as an expired one is, there can be one only.
            self.sudo().quote_id._service_withdraw(
                self.env._("Expired; replaced by a new quote.")
            )
        self._create_quote(by_hand=True)
        return self.action_view_orders()

    @for_readers
    def action_send_quote(self):
        """Send the draft quote to the customer: one click.

        In sudo, for a technician has no rights on orders: what is sent is what the
        ticket says, in its customer's language.
        """
        self.ensure_one()
        self.check_access("write")
        if self.quote_state != "draft":
            raise UserError(self.env._("There is no draft quote to send."))
        self.sudo().quote_id._service_send()
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _remember_without_orders(self):
        """Odoo looks up the orders of every ticket that gets time, to bring their
        delivered quantity up to date. A ticket without a quote and without a line
        that its time is filed under has none: no query has to find that out."""
        without = self.filtered(
            lambda ticket: not ticket.quote_id and not ticket.service_line_id
        )
        self._fields["service_order_ids"]._insert_cache(without, repeat(()))

    def _after_service_change(self):
        """What follows from a change of facts, time or estimate: a draft quote is
        made or brought up to date, the technician is warned."""
        for ticket in self.filtered("plan_id"):
            ticket._sync_quote()
            if ticket.is_warned and not ticket.warned_on:
                ticket._warn_technician()

    def _sync_quote(self):
        """Make the draft quote that is due, or bring it up to date."""
        self.ensure_one()
        quote = self.sudo().quote_id
        if self.quote_state in ("draft", "sent") and self.coverage != "billable":
            quote._service_drop(self.env._("The work is not billable any more."))
        elif self.quote_state == "draft" and quote._is_service_superfluous():
            quote._service_drop(self.env._("The work needs no quote any more."))
        elif self.quote_state == "draft":
            quote._service_sync()
            quote._approve_by_standing()
        elif self.approval_state == "needed" and self.quote_state in (
            False,
            "approved",
        ):
            self._create_quote()

    def _create_quote(self, by_hand=False):
        """Create the draft quote for what is above the limit.

        :param by_hand: staff wanted it, whether or not one is due

        In sudo because the one who logs the time or enters the estimate is a
        technician, without rights on orders; every value comes from the ticket.
        """
        self.ensure_one()
        # The database allows one open quote: it must know how the others ended.
        self.sudo().service_order_ids.flush_recordset(["state"])
        # And the minutes before the quote: of two who cross the hour at one moment
        # the second is repeated, and then hears that a quote is needed.
        self.flush_recordset(["worked_minutes"])
        vals = self._prepare_service_order_vals("quote", self._quote_blocks())
        order = (
            self.env["sale.order"]
            .sudo()
            .with_company(self.company_id)
            .create({**vals, "service_by_hand": by_hand})
        )
        self._freeze_release()
        if order._approve_by_standing():
            return order
        if self.company_id.service_quote_autosend and not self._needs_estimate():
            order._service_send()
        return order

    def _quote_blocks(self):
        """Blocks that the next quote asks for: those of the whole job, less released,
        less approved before. Estimate 90 minutes, 40 worked: 6 - 3 = 3."""
        self.ensure_one()
        return limit.quote_blocks(
            self.estimated_minutes,
            self._policy_entries(),
            self._released_blocks(),
            self.approved_blocks,
            self.plan_id._block_policy(),
        )

    def _needs_estimate(self):
        return limit.needs_estimate(self.estimated_minutes, self.worked_minutes)

    def _service_partner(self):
        """The customer that orders: the company, not the person who asked."""
        self.ensure_one()
        return self.pbx_id.partner_id or self.commercial_partner_id

    def _prepare_service_order_vals(self, kind, blocks):
        self.ensure_one()
        partner = self._service_partner()
        lang = partner._service_lang()
        return {
            "partner_id": partner.id,
            # One delivery address for all, or Odoo splits the invoices.
            "partner_shipping_id": partner.id,
            "company_id": self.company_id.id,
            "user_id": False,
            "team_id": False,
            "service_ticket_id": self.id,
            "service_kind": kind,
            "ticket_ids": [Command.link(self.id)],
            "origin": self.number,
            "client_order_ref": self._masked_reference(),
            "sale_order_template_id": False,
            "require_signature": kind == "quote",
            "require_payment": False,
            "validity_date": fields.Date.add(
                self.company_id._service_today(),
                days=self.company_id.service_quote_validity_days,
            )
            if kind == "quote"
            else False,
            "note": self.with_context(lang=lang)._service_quote_note()
            if kind == "quote"
            else False,
            "order_line": [
                Command.create(
                    self.with_context(lang=lang)._prepare_service_time_line_vals(blocks)
                )
            ],
        }

    def _prepare_service_time_line_vals(self, blocks):
        self.ensure_one()
        product = self.plan_id.with_company(self.company_id).time_product_id
        if not product:
            raise UserError(
                self.env._(
                    "Service plan %(plan)s has no product for time in %(company)s. A"
                    " service manager can set it on the plan.",
                    plan=self.plan_id.name,
                    company=self.company_id.name,
                )
            )
        return {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": blocks,
            "is_service_time": True,
            "name": self._service_line_name(),
        }

    def _service_line_name(self):
        """Number, subject and description, without passwords or names of patients."""
        self.ensure_one()
        return f"{self._masked_title()}\n{self._masked_text()}".strip()[:1000]

    def _service_quote_note(self):
        """What the customer reads before approving, a paragraph for each sentence: the
        reason of the verdict, what was worked before the quote and is billed beside
        it, what approving comes to."""
        self.ensure_one()
        parts = [self._coverage_reason_in(self.env.context.get("lang"))]
        before = self.released_minutes
        if before:
            parts.append(
                self.env._(
                    "%(minutes)s minutes were worked before this quote, which count as"
                    " %(blocks)s × %(block)s minutes. They are billed whether or not"
                    " you approve it, and are not part of its amount.",
                    minutes=before,
                    blocks=self._released_blocks(),
                    block=self.plan_id.block_minutes,
                )
            )
        elif not self.approved_blocks:
            parts.append(self.env._("Without your approval nothing is billed."))
        parts.append(self._service_quote_terms(before))
        return Markup().join(Markup("<p>%s</p>") % part for part in parts if part)

    def _service_quote_terms(self, before):
        """What approving the quote comes to.

        :param before: minutes that are billed beside it
        """
        self.ensure_one()
        if self.plan_id.quote_billing == "fixed":
            return self.env._(
                "This is a fixed price. Nothing above it is billed without a new"
                " approval."
            )
        if before:
            return self.env._(
                "On top of that you pay for the time worked, in blocks of %(minutes)s"
                " minutes, and never more than this quote without a new approval.",
                minutes=self.plan_id.block_minutes,
            )
        return self.env._(
            "You pay for the time worked, in blocks of %(minutes)s minutes, and never"
            " more than this quote without a new approval.",
            minutes=self.plan_id.block_minutes,
        )
