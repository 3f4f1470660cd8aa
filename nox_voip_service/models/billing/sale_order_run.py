from odoo import api, fields, models

from .nox_billing_run_invoice import NEW_DRAFTS


class SaleOrder(models.Model):
    """How orders join the invoice of the monthly run: same keys as the users' part,
    only the lines that the run bills, the charges added
    (docs/ARCHITECTURE.md#month-to-invoice)."""

    _inherit = "sale.order"

    has_service_cents = fields.Boolean(
        string="Lines in whole cents",
        compute="_compute_has_service_cents",
        help="Service work, trainings or users: lines are the cents of the invoice.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("service_ticket_id", "order_line.product_id")
    def _compute_has_service_cents(self):
        for order in self:
            order.has_service_cents = bool(order.service_ticket_id) or any(
                line._is_billed_by_run() or line._is_seat_line()
                for line in order.order_line
            )

    def _void_when_changed(self):
        """Lines that came, changed or went."""
        self._share_service_cents()
        return super()._void_when_changed()

    def _share_service_cents(self):
        """Give each line the cents that `_compute_amounts` counts for it, where prices
        have VAT in them."""
        taxes = self.env["account.tax"]
        for order in self.filtered("has_service_cents"):
            lines = order._get_priced_lines()
            if not any(lines.tax_ids.mapped("price_include")):
                continue
            base_lines = [
                line._prepare_base_line_for_taxes_computation() for line in lines
            ]
            early = order._add_base_lines_for_early_payment_discount()
            taxes._add_tax_details_in_base_lines(base_lines + early, order.company_id)
            taxes._round_base_lines_tax_details(base_lines + early, order.company_id)
            for line, base_line in zip(lines, base_lines, strict=True):
                amount = base_line["tax_details"]["total_excluded_currency"]
                total = base_line["tax_details"]["total_included_currency"]
                if (line.price_subtotal, line.price_total) != (amount, total):
                    line.price_subtotal = amount
                    line.price_total = total
                    line.price_tax = total - amount

    def _add_base_lines_for_early_payment_discount(self):
        """Whole cents without VAT, as on the invoice of the order: 2% of 79.96 is 1.60,
        and VAT that of 78.36."""
        lines = super()._add_base_lines_for_early_payment_discount()
        for line in lines if self.has_service_cents else ():
            line.update(
                price_unit=line["currency_id"].round(line["price_unit"]),
                special_mode="total_excluded",
                service_cents=True,
            )
        return lines

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_section(self):
        """Section of this order on the run's invoice; see `_service_section` of its
        lines."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        return lines[:1]._service_section() if lines else "work"

    def _is_in_run(self):
        """Whether the run bills these orders now, or its rehearsal looks at them."""
        context = self.env.context
        return bool(context.get("service_run_id") or context.get("service_rehearsal"))

    def _is_billed_by_run(self):
        """In the run, or an order of service work: the run's grouping counts."""
        return self._is_in_run() or (
            bool(self) and all(order.service_ticket_id for order in self)
        )

    def _get_invoice_grouping_keys(self):
        """The keys of the run: without the delivery address, which says nothing
        about a service, and with term and journal."""
        if self._is_billed_by_run():
            return list(self.env["nox.billing.run"]._invoice_keys())
        return super()._get_invoice_grouping_keys()

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["service_cents"] = self.has_service_cents
        if self._is_billed_by_run():
            # The note of a quote is no text for an invoice with other work on it.
            values.pop("narration", None)
            values.setdefault("journal_id", self._service_journal().id)
        return values

    def _customers_references(self, values):
        """The customer's own references of a prepared invoice: the base fills in our
        number of an order where it has none, and that is the origin."""
        ours = set(self.mapped("name"))
        references = (values.get("ref") or "").split(", ")
        return ", ".join(each for each in references if each not in ours)

    def _service_journal(self):
        """Where Odoo would put the invoice: named, so that it can be compared."""
        self.ensure_one()
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "=", "sale"),
            ],
            limit=1,
        )

    def _get_invoiceable_lines(self, final=False):
        """Whatever set a quantity on them: users are on the bill of the run alone; and
        the run takes only what is its own."""
        lines = super()._get_invoiceable_lines(final=final)
        if self._is_in_run():
            lines = lines.filtered(lambda line: line._is_billed_by_run())
        return lines.filtered(
            lambda line: line.display_type or not line._is_seat_line()
        )

    def _create_account_invoices(self, invoice_vals_list, final):
        """The run's charges join the invoices of the orders."""
        cents = any(order.has_service_cents for order in self)
        for values in invoice_vals_list if cents else ():
            # One of the orders on the invoice is enough.
            values["service_cents"] = True
        if self._is_billed_by_run():
            for values in invoice_vals_list:
                values["ref"] = self._customers_references(values)
        run_id = self.env.context.get("service_run_id")
        if not run_id:
            return super()._create_account_invoices(invoice_vals_list, final)
        invoice_vals_list = (
            self.env["nox.billing.run"]
            .browse(run_id)
            ._join_order_invoices(
                invoice_vals_list,
                self.env["nox.seat.charge"].browse(
                    self.env.context.get("service_charge_ids")
                ),
            )
        )
        orders = self.with_context(**NEW_DRAFTS)
        moves = super(SaleOrder, orders)._create_account_invoices(
            invoice_vals_list, final
        )
        # In sudo, as Odoo gives them back, and without the keys.
        return moves.with_env(self.sudo().env)
