from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...policy import assessment, timeblocks
from ..base.guard import for_readers


class HelpdeskTicket(models.Model):
    """From finished work to an invoice that can be checked against the clock."""

    _inherit = "helpdesk.ticket"

    invoice_status = fields.Selection(
        [
            ("no", "Nothing to invoice"),
            ("working", "Not finished"),
            ("to_invoice", "To invoice"),
            ("invoiced", "Invoiced"),
        ],
        compute="_compute_invoice_status",
        store=True,
        index=True,
    )
    has_goods_to_invoice = fields.Boolean(
        compute="_compute_invoice_status",
        store=True,
        groups="base.group_user",
        help="Something else on its orders is due: a phone, the fee of a number.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "service_order_ids.order_line.qty_to_invoice",
        "service_order_ids.order_line.is_service_time",
        "to_invoice_blocks",
        "invoiced_blocks",
        "is_finished",
    )
    def _compute_invoice_status(self):
        for ticket in self:
            goods = any(
                line.qty_to_invoice
                for line in ticket.service_order_ids.order_line
                if not line.is_service_time
            )
            ticket.has_goods_to_invoice = goods
            if ticket.to_invoice_blocks or goods:
                ticket.invoice_status = (
                    "to_invoice" if ticket.is_finished else "working"
                )
            else:
                ticket.invoice_status = "invoiced" if ticket.invoiced_blocks else "no"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_invoice_service_work(self):
        """Invoice the finished billable tickets among these: one draft invoice per
        customer."""
        if not self.env.user.has_group("nox_voip_service.group_accountant"):
            raise AccessError(self.env._("Only accountants invoice service work."))
        moves = self._create_service_invoices()
        action = {
            "name": self.env._("Invoices of service work"),
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
            "context": {"create": False, "default_move_type": "out_invoice"},
        }
        if len(moves) == 1:
            action.update(view_mode="form", res_id=moves.id)
        return action

    @for_readers
    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        moves = self.sudo().service_order_ids.invoice_ids
        return dict(
            action,
            domain=[("id", "in", moves.ids)],
            context={"create": False, "default_move_type": "out_invoice"},
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _get_service_work_domain(self):
        """Tickets whose work is ready for an invoice, archived ones too."""
        return [("invoice_status", "=", "to_invoice"), ("active", "in", [True, False])]

    def _create_service_invoices(self):
        """Draft invoices for the finished work on these tickets, grouped by Odoo's
        own keys (customer, currency, fiscal position...)."""
        tickets = self.filtered(lambda t: t.invoice_status == "to_invoice")
        if not tickets:
            raise UserError(
                self.env._(
                    "There is nothing to invoice on these tickets: they are not"
                    " finished, not billable, or invoiced already."
                )
            )
        orders = tickets._service_orders_to_invoice()
        return orders._create_invoices(grouped=False)

    def _service_orders_to_invoice(self):
        """The confirmed orders of these tickets that have something to invoice; the
        base order of work that is billed before it is finished is made here."""
        self._ensure_base_order()
        return self.service_order_ids.filtered(
            lambda order: order.state == "sale" and order.invoice_status == "to invoice"
        ).sorted(
            lambda order: (
                order.service_ticket_id.number,
                order.service_kind != "base",
                order.id,
            )
        )

    def _ensure_base_order(self):
        """Give each ticket with released billable time its confirmed base order.

        Made when the work is finished and not with the first minute, so that
        logging time stays cheap. In sudo: whoever finishes a ticket has no rights
        on orders, and all values come from the ticket.
        """
        due = self.sudo().filtered(
            lambda ticket: (
                ticket.released_minutes
                and ticket.billable_blocks
                and not ticket._base_order()
            )
        )
        entries = due._service_entries()
        for company, tickets in due.grouped("company_id").items():
            orders = (
                due.env["sale.order"]
                .with_company(company)
                .create(
                    [
                        ticket._prepare_service_order_vals(
                            "base", ticket._released_blocks(entries=entries)
                        )
                        for ticket in tickets
                    ]
                )
            )
            orders.action_confirm()
            for ticket, order in zip(tickets, orders, strict=True):
                ticket.service_line_id = order.order_line.filtered("is_service_time")[
                    :1
                ]

    def _base_order(self):
        """The order of the released time, when there is one."""
        return self.service_order_ids.filtered(
            lambda order: order.service_kind == "base" and order.state != "cancel"
        )

    def _unbilled_base_order(self):
        """That order, while nothing of it is on an invoice."""
        return self._base_order().filtered(
            lambda order: not any(order.order_line.mapped("qty_invoiced"))
        )

    def _drop_base_order(self):
        """Take back the base order, for another customer: it is made again from what
        the ticket says when it is invoiced."""
        unbilled = self.sudo()._unbilled_base_order()
        self.sudo().service_line_id = False
        unbilled._action_cancel()

    def _released_blocks(self, until=None, entries=None):
        """Blocks of the released minutes: what the base order carries."""
        self.ensure_one()
        entries = self._service_entries() if entries is None else entries
        return self._released_in_blocks(self.released_minutes, entries, until)

    def _policy_entries(self, until=None, entries=None):
        """This ticket's entries in (date, id) order, up to a date if given.

        :param entries: what `_service_entries` found for many tickets at once
        """
        self.ensure_one()
        entries = self._service_entries() if entries is None else entries
        return [
            entry for _id, entry in entries[self] if not until or entry.day <= until
        ]

    def _delivered_blocks(self, until=None, entries=None):
        """``{order line: whole blocks}`` over the ticket's orders: the base order is
        filled first, then the quotes in order of approval.

        :param until: leave out the work after this date
        :param entries: what `_service_entries` found for many tickets at once
        """
        self.ensure_one()
        ticket = self.sudo()
        lines = ticket._service_time_lines()
        if not lines:
            return {}
        if ticket.coverage != "billable" or not ticket.plan_id:
            return dict.fromkeys(lines, 0)
        billed = ticket.billable_blocks
        if until:
            worked = timeblocks.blocks(
                ticket._policy_entries(until, entries),
                ticket.plan_id._block_policy(),
            )
            billed = min(billed, worked)
        base = lines.filtered(lambda line: line.order_id.service_kind == "base")[:1]
        quotes = lines - base
        # The released blocks are set apart for the base order, made or not yet.
        released = ticket._released_blocks(entries=entries)
        shares = assessment.share(
            billed,
            ticket.waived_blocks,
            [
                base._policy_line()._replace(blocks=released),
                *(line._policy_line() for line in quotes),
            ],
        )
        delivered = dict(zip(quotes, shares[1:], strict=True))
        if base:
            delivered[base] = shares[0]
        return delivered

    def _service_time_lines(self):
        """Time lines of the confirmed orders: base first, then by approval."""
        self.ensure_one()
        orders = self.service_order_ids.filtered(lambda order: order.state == "sale")
        return orders.sorted(
            lambda order: (
                order.service_kind != "base",
                order.service_approved_at or fields.Datetime.now(),
                order.id,
            )
        ).order_line.filtered("is_service_time")

    def _service_invoice_text(self, line, quantity):
        """The invoice line of a ticket: number, subject, minutes, blocks, reason.

        In the language of the environment, which is the customer's.
        """
        self.ensure_one()
        parts = [self._masked_title()]
        if line.order_id.service_kind == "quote":
            parts.append(
                self.env._("Approved quote %(quote)s", quote=line.order_id.name)
            )
        parts.append(self._service_worked_text(quantity))
        if line.qty_invoiced:
            parts.append(
                self.env._(
                    "Billed before: %(blocks)s × %(block)s minutes.",
                    blocks=round(line.qty_invoiced),
                    block=self.plan_id.block_minutes,
                )
            )
        parts.append(self._coverage_reason_in(self.env.lang))
        return "\n".join(filter(None, parts))

    def _service_worked_text(self, quantity):
        """The minutes worked, and so many blocks billed of them."""
        self.ensure_one()
        return self.env._(
            "Worked: %(worked)s minutes. Billed here: %(blocks)s × %(block)s minutes.",
            worked=self.worked_minutes,
            blocks=round(quantity),
            block=self.plan_id.block_minutes,
        )

    def _link_invoiced_time(self):
        """Link of each ticket's time what its invoices settle, and nothing else."""
        for ticket in self:
            lines = ticket.sudo().timesheet_ids
            paid_for = (
                ticket._frozen_entries()
                if ticket.invoiced_blocks
                else self.env["account.analytic.line"].sudo()
            )
            invoice = (
                ticket.sudo()
                .service_order_ids.invoice_ids.filtered(
                    lambda move: (
                        move.move_type == "out_invoice" and move.state != "cancel"
                    )
                )
                .sorted("id")[-1:]
            )
            (lines - paid_for).filtered("timesheet_invoice_id").write(
                {"timesheet_invoice_id": False}
            )
            paid_for.filtered(lambda line: not line.timesheet_invoice_id).write(
                {"timesheet_invoice_id": invoice.id}
            )

    def _read_work(self):
        """Read at once, for all of these tickets, what `_delivered_blocks` asks of
        each; the entries of `_service_entries`."""
        self.sudo().service_order_ids.order_line.mapped("qty_invoiced")
        return self._service_entries()
