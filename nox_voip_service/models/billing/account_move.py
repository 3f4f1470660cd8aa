from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty

from ..base.guard import for_readers

SERVICE_REBILL = [
    ("no", "No: it is settled"),
    ("yes", "Yes: what is credited is due again"),
]


class AccountMove(models.Model):
    _inherit = "account.move"

    service_rebill = fields.Selection(
        SERVICE_REBILL,
        string="Bill it again",
        default="no",
        copy=False,
        help="What becomes of the service work and of the users on this credit note.",
    )
    service_run_id = fields.Many2one(
        "nox.billing.run",
        string="Monthly run",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    service_cents = fields.Boolean(
        string="Lines in whole cents",
        readonly=True,
        help="Each line is rounded by itself and VAT once over the sum of a rate,"
        " whatever the company's tax rounding: so it is where users, service work or"
        " trainings are billed. What was made before keeps its cents.",
    )
    has_service_work = fields.Boolean(compute="_compute_has_service_work")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_has_service_work(self):
        """Work, users, trainings: what could be billed again after a credit note."""
        for move in self:
            move.has_service_work = any(
                line._credit_source() for line in move.sudo().invoice_line_ids
            )

    @api.depends("partner_id.vat")
    @api.depends_context("lang")
    def _compute_taxes_legal_notes(self):
        """An invoice with VAT that its customer pays himself says so, with his VAT
        number, in the language of the page, and so does one with what is exempt: the
        law asks for the words, and the taxes of the Dutch chart have no note."""
        res = super()._compute_taxes_legal_notes()
        for move in self:
            if not move.is_sale_document():
                continue
            taxes = move.invoice_line_ids.tax_ids.filtered(
                lambda tax: is_html_empty(tax.invoice_legal_notes)
            )
            notes = []
            if any(tax._is_reverse_charge() for tax in taxes):
                notes.append(move._reverse_charge_note())
            if any(tax._is_exempt() for tax in taxes):
                notes.append(self.env._("Exempt from VAT (vrijgesteld van btw)."))
            for note in notes:
                move.taxes_legal_notes = Markup("%s<p>%s</p>") % (
                    Markup(move.taxes_legal_notes or ""),
                    note,
                )
        return res

    def _reverse_charge_note(self):
        number = self.commercial_partner_id.vat
        if not number:
            return self.env._("VAT reverse charge (btw verlegd).")
        return self.env._(
            "VAT reverse charge (btw verlegd). VAT number of %(customer)s: %(number)s.",
            customer=self.commercial_partner_id.name,
            number=number,
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if "service_rebill" in vals:
            self._check_rebill_open(vals["service_rebill"])
        return super().write(vals)

    @for_readers
    def action_post(self):
        res = super().action_post()
        # Odoo unlinks all time of a credited order; the part that is still
        # invoiced stays linked.
        self.filtered("reversed_entry_id")._service_tickets()._link_invoiced_time()
        return res

    @for_readers
    def button_cancel(self):
        if self.env.context.get("is_merge"):
            self._check_mergeable()
        res = super().button_cancel()
        self._service_tickets()._link_invoiced_time()
        return res

    @for_readers
    def button_draft(self):
        res = super().button_draft()
        self._service_tickets()._link_invoiced_time()
        return res

    def copy_data(self, default=None):
        """A duplicate bills nothing that was billed: it leaves out users, service work
        and trainings. A credit note, and what corrects an invoice, names them again.
        """
        vals_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            return vals_list
        for move, values in zip(self, vals_list, strict=True):
            if move.service_cents:
                move._leave_out_service_lines(values)
        return vals_list

    def _get_copy_message_content(self, default):
        content = super()._get_copy_message_content(default)
        if self.env.context.get("include_business_fields") or not self._service_lines():
            return content
        return Markup("%s<br/>%s") % (
            content,
            self.env._(
                "Users, service work and trainings were left out: they are billed once."
            ),
        )

    def _post(self, soft=True):
        self._check_service_blocks()
        posted = super()._post(soft)
        posted.filtered("service_cents")._tell_booked_later()
        return posted

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_rebill_open(self, rebill):
        """Whether what is credited is due again is decided before the credit note is
        posted: another answer afterwards would bill it a second time."""
        for move in self if not self.env.su else ():
            if move.state != "draft" and move.service_rebill != rebill:
                raise UserError(
                    self.env._(
                        "%(move)s is posted: whether it is billed again was decided"
                        " with it. Reset it to draft first.",
                        move=move.name,
                    )
                )

    def _check_service_blocks(self):
        """A draft can be edited, but no invoice is posted with more blocks than were
        released or approved, or with part of a block
        (docs/ARCHITECTURE.md#nothing-above-the-limit)."""
        invoices = self.filtered(lambda move: move.is_sale_document())
        lines = invoices.sudo().invoice_line_ids.filtered(
            lambda line: any(line.sale_line_ids.mapped("is_service_time"))
        )
        for line in lines:
            if line.quantity != round(line.quantity):
                raise UserError(
                    self.env._(
                        "%(line)s: work is billed and credited in whole blocks.",
                        line=line.name.split("\n")[0],
                    )
                )
        bills = invoices.filtered(lambda move: move.move_type == "out_invoice")
        for ticket in bills._service_tickets():
            allowed = ticket.billable_blocks - ticket.waived_blocks
            if ticket.invoiced_blocks > allowed:
                raise UserError(
                    self.env._(
                        "With this invoice %(invoiced)s blocks of %(ticket)s would be"
                        " billed, and %(allowed)s are released or approved.",
                        invoiced=ticket.invoiced_blocks,
                        ticket=ticket.display_name,
                        allowed=max(0, allowed),
                    )
                )

    def _tell_booked_later(self):
        """Where the books of the invoice's day are closed, Odoo books it on the first
        day that is open, and says nothing: the month of the VAT is another one."""
        for move in self.filtered(lambda each: each.date != each.invoice_date):
            locks = move._get_violated_lock_dates(move.invoice_date, True)
            if locks:
                move.message_post(
                    body=self.env._(
                        "This is dated %(day)s and booked on %(booked)s: the books are"
                        " closed, %(locks)s.",
                        day=format_date(self.env, move.invoice_date),
                        booked=format_date(self.env, move.date),
                        locks=move.company_id._format_lock_dates(locks),
                    )
                )

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        """Whole cents, and the month of the users for an electronic invoice."""
        base_line = super()._prepare_product_base_line_for_taxes_computation(
            product_line
        )
        base_line["service_cents"] = self.service_cents
        charge = product_line.sudo().seat_charge_id
        if charge:
            base_line["deferred_start_date"] = charge.month
            base_line["deferred_end_date"] = charge.month_end
        return base_line

    def _prepare_epd_base_line_for_taxes_computation(self, epd_line):
        base_line = super()._prepare_epd_base_line_for_taxes_computation(epd_line)
        base_line["service_cents"] = self.service_cents
        return base_line

    def _prepare_epd_base_lines_for_taxes_computation_from_base_lines(self, base_lines):
        epd_lines = (
            super()._prepare_epd_base_lines_for_taxes_computation_from_base_lines(
                base_lines
            )
        )
        for base_line in epd_lines:
            base_line["service_cents"] = self.service_cents
        return epd_lines

    def _service_lines(self):
        """The lines that bill or credit users, service work or trainings."""
        return self.sudo().line_ids.filtered(
            lambda line: (
                line.seat_charge_id
                or line.rounding_charge_id
                or any(
                    each.order_id.service_ticket_id or each.is_admin_training
                    for each in line.sale_line_ids
                )
            )
        )

    def _leave_out_service_lines(self, values):
        """Take the lines that bill something of ours, headings that would stand above
        nothing, and VAT, which follows, from the values of a duplicate."""
        self.ensure_one()
        gone = self._service_lines()
        lines = self.line_ids
        kept, heading = [], []
        for line, command in zip(lines, values.get("line_ids") or [], strict=True):
            if line.display_type in ("line_section", "line_subsection"):
                heading = [command]
            elif line.display_type in ("product", "line_note") and line not in gone:
                kept += [*heading, command]
                heading = []
        values["line_ids"] = kept

    def _check_mergeable(self):
        """Called by `account_invoice_merge`, when it cancels what it has merged: the
        lines of its new invoice would not know which month of users they bill."""
        for move in self:
            if move._service_lines():
                raise UserError(
                    self.env._(
                        "%(invoice)s bills users, service work or trainings and cannot"
                        " be merged. Cancel it instead: what it billed is due again,"
                        " and the next run puts it on one invoice.",
                        invoice=move.display_name,
                    )
                )

    def _service_tickets(self):
        """Tickets whose work is on these invoices or credit notes."""
        lines = self.sudo().line_ids.sale_line_ids.filtered("is_service_time")
        return lines.order_id.service_ticket_id

    def _link_timesheets_to_invoice(self, start_date=None, end_date=None):
        res = super()._link_timesheets_to_invoice(start_date, end_date)
        self._service_tickets()._link_invoiced_time()
        return res
