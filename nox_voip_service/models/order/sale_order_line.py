from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...policy import assessment

# Figures that follow from the ticket; Odoo lets a salesperson write them.
COUNTED_FIELDS = {"qty_delivered", "qty_invoiced", "qty_to_invoice", "invoice_lines"}
COMMERCIAL_LINE_FIELDS = {
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "order_id",
    "is_service_time",
}


class SaleOrderLine(models.Model):
    """Time on a service order is delivered in whole blocks, decided per ticket."""

    _inherit = "sale.order.line"

    is_service_time = fields.Boolean(copy=False, readonly=True)
    credited_blocks = fields.Integer(
        compute="_compute_credited_blocks",
        store=True,
        help="Blocks, or people trained, on credit notes that said: do not bill this"
        " again.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "invoice_lines.move_id.state",
        "invoice_lines.move_id.service_rebill",
        "invoice_lines.move_id.move_type",
        "invoice_lines.move_id.reversed_entry_id",
        "invoice_lines.quantity",
    )
    def _compute_credited_blocks(self):
        """Work billed on a credit note, where users went back for more, has a negative
        quantity there: it is billed, not credited. What takes such a credit note back
        bills its blocks after all."""
        for line in self:
            counted = line.is_service_time or line.is_admin_training
            line.credited_blocks = counted and round(line._credited_for_good())

    @api.depends(
        "order_id.service_ticket_id.billable_blocks",
        "order_id.service_ticket_id.waived_blocks",
        "order_id.service_ticket_id.released_minutes",
        "order_id.service_ticket_id.approved_blocks",
        "credited_blocks",
        "qty_invoiced",
        "is_service_time",
    )
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    @api.depends("is_service_time")
    def _compute_remaining_hours_available(self):
        """Blocks are no prepaid hours; Odoo would look up the unit of each line."""
        own = self.filtered("is_service_time")
        own.remaining_hours_available = False
        return super(SaleOrderLine, self - own)._compute_remaining_hours_available()

    def _prepare_qty_delivered(self):
        """Whole blocks, from the ticket: the base order is filled first, then the
        quotes in order of approval. 7 blocks, a base order of 4, quotes of 2 and 5: 4,
        2, 1."""
        own = self.filtered(lambda line: line.is_service_time)
        # Odoo would count the hours of each line, in a query of its own.
        delivered = super(SaleOrderLine, self - own)._prepare_qty_delivered()
        delivered.update(dict.fromkeys(own, 0.0))
        tickets = own.order_id.service_ticket_id
        entries = tickets._read_work()
        for ticket in tickets:
            blocks_by_line = ticket._delivered_blocks(entries=entries)
            delivered.update(
                (line, blocks) for line, blocks in blocks_by_line.items() if line in own
            )
        return delivered

    def _get_sale_order_line_multiline_description_sale(self):
        """The customer reads what is sold, on the quote and on the invoice; the code
        of our own products says nothing to them."""
        line = self
        if line.product_id.is_admin_training or line._seat_plan():
            line = line.with_context(display_default_code=False)
        return super(
            SaleOrderLine, line
        )._get_sale_order_line_multiline_description_sale()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for line in lines:
            if line.order_id.service_ticket_id and line.order_id.state == "sale":
                raise UserError(line.order_id._service_locked_message())
        lines.order_id._void_when_changed()
        return lines

    def write(self, vals):
        self._check_not_counted(vals)
        commercial = COMMERCIAL_LINE_FIELDS & vals.keys()
        if commercial:
            self._check_service_lock(vals)
        res = super().write(vals)
        if commercial:
            self.order_id._void_when_changed()
        return res

    def unlink(self):
        orders = self.order_id
        res = super().unlink()
        orders.exists()._void_when_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        for order in self.order_id:
            if order.service_ticket_id and order.state == "sale":
                raise UserError(order._service_locked_message())

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _policy_line(self):
        """Blocks that this line may carry, has invoiced, and got credited for good; of
        no line, none."""
        return assessment.OrderLine(
            blocks=round(self.product_uom_qty),
            invoiced=round(self.qty_invoiced),
            credited=self.credited_blocks,
        )

    def _check_service_lock(self, vals):
        for line in self:
            order = line.order_id
            if not order.service_ticket_id or order.state != "sale":
                continue
            for name in COMMERCIAL_LINE_FIELDS & vals.keys():
                field = line._fields[name]
                if field.convert_to_cache(vals[name], line) != field.convert_to_cache(
                    line[name], line
                ):
                    raise UserError(order._service_locked_message())

    def _check_not_counted(self, vals):
        """Delivered and invoiced blocks are counted, never filled in."""
        if self.env.su or not COUNTED_FIELDS & vals.keys():
            return
        if any(line.is_service_time for line in self):
            raise AccessError(
                self.env._(
                    "The blocks of work on an order follow from the time on its"
                    " ticket. Change the time, or waive blocks on the ticket."
                )
            )

    @api.depends("order_id.service_kind", "invoice_lines.move_id.service_rebill")
    def _compute_qty_to_invoice(self):
        """Of goods on a quote for work no more is billed than was approved, and not
        again what was credited for good."""
        res = super()._compute_qty_to_invoice()
        for line in self:
            if line.order_id.service_kind != "quote" or line.is_service_time:
                continue
            approved = line.product_uom_qty - line.qty_invoiced
            due = min(line.qty_to_invoice, max(0.0, approved))
            if due > 0:
                due = max(0.0, due - line._credited_for_good())
            line.qty_to_invoice = due
        return res

    def _credited_for_good(self):
        """Quantity on credit notes that said: do not bill this again; less what was
        taken back of them."""
        self.ensure_one()
        live = self.invoice_lines.filtered(
            lambda each: each.quantity > 0 and each.move_id.state != "cancel"
        )
        credited = live.filtered(
            lambda each: (
                each.move_id.move_type == "out_refund"
                and each.move_id.service_rebill == "no"
            )
        )
        back = live.filtered(
            lambda each: each.move_id.reversed_entry_id in credited.move_id
        )
        return sum(credited.mapped("quantity")) - sum(back.mapped("quantity"))

    def _recompute_qty_to_invoice(self, start_date, end_date):
        """The date wizard counts time entries; ours are blocks over the life of the
        ticket, so the period cannot split a started block."""
        own = self.filtered("is_service_time")
        res = super(SaleOrderLine, self - own)._recompute_qty_to_invoice(
            start_date, end_date
        )
        for line in own:
            until = line._blocks_until(end_date)
            line.sudo().qty_to_invoice = until - line.qty_invoiced
        return res

    def _blocks_until(self, end_date):
        """Delivered blocks of this line when the work after `end_date` is left out."""
        self.ensure_one()
        ticket = self.order_id.service_ticket_id
        return ticket._delivered_blocks(until=end_date).get(self, 0)

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if not self.display_type:
            values["name"] = self._service_invoice_name(
                values["name"], values.get("quantity", 0)
            )
        return values

    def _service_invoice_name(self, name, quantity):
        """What an invoice line of this order line says; trainings have their own.

        :param name: as Odoo has it
        :param quantity: that is billed now
        """
        self.ensure_one()
        if not self.is_service_time:
            return name
        return self.order_id.service_ticket_id._service_invoice_text(self, quantity)
