from odoo import models
from odoo.exceptions import UserError

from ...policy import reconcile, run_control


class NoxBillingRun(models.Model):
    """The next invoices, line by line, without making anything: what the rehearsal and
    the portal show. Steps, orders, quantities, texts and the keys of the invoices are
    those of the run itself; only the records are missing.

    A line is a dict::

        section     "users", "work" or "training"
        key         of its invoice: lines with the same key stand on one
        text        as the invoice says it, in the language of the environment
        quantity    users, blocks or people
        price       of one, after discount, as the price list has it
        base_line   what Odoo computes taxes from
        untaxed     amount excl. VAT, to the cent of that invoice
        charge      virtual charge of its users, for "users"
        is_rounding whether it is the cent of that charge
        ticket      the request, where there is one
        order_line  the line of an order; empty for a base order that is not made yet
    """

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _next_invoices(self, customers, billed_on):
        """``{customer: (lines, parked)}`` of the invoices that a run of this day would
        make.

        :param billed_on: day of the run; months before its month are due
        :return: parked is the sentence of why this customer would wait, or False
        """
        due = self._due_by_customer(customers, billed_on)
        work = self._tickets_to_bill(customers, billed_on)
        entries = work._read_work()
        tickets = work.grouped(lambda ticket: ticket.pbx_id.commercial_partner_id)
        others = self._other_orders_to_bill(customers).grouped(
            lambda order: order.partner_id.commercial_partner_id
        )
        confirmed = self._confirmed_months(customers)
        found = {}
        for customer in customers:
            steps = due.get(customer, [])
            count = len(reconcile.months_to_bill(step for step, _lines in steps))
            parked = run_control.must_park(
                count, confirmed=confirmed.get(customer, 0)
            ) and self._late_sentence(count)
            lines = []
            try:
                lines += self._next_users(steps)
                lines += self._next_work(tickets.get(customer, work.browse()), entries)
                for order in others.get(customer, ()):
                    lines += self._next_order(order, {})
            except UserError as error:
                parked = self._failure_sentence(error)
            self._add_next_amounts(lines)
            found[customer] = (lines, parked)
        return found

    def _next_key(self, values, section):
        """Key of the invoice; with its section where sections are kept apart.

        :param values: of an invoice that Odoo or `contract` prepared
        """
        separate = self.company_id.service_invoice_separate
        return (*self._invoice_key(values), section if separate else "")

    # ------------------------------------------------------------------
    # BUSINESS: users
    # ------------------------------------------------------------------

    def _next_users(self, steps):
        """Lines of virtual charges: never written."""
        charges = self.env["nox.seat.charge"]
        for step, explanation in steps:
            if step.kind != "clear":
                charges += charges.new(self._prepare_charge_vals(step, explanation))
        lines = []
        for contract, own in charges.grouped(
            lambda charge: charge.period_id.contract_line_id.contract_id
        ).items():
            values = self._prepare_charge_invoice(contract, own)
            key = self._next_key(values, "users")
            position = self.env["account.fiscal.position"].browse(
                values["fiscal_position_id"]
            )
            taxes = {}
            for charge in own.sorted(
                lambda c: (c.pbx_id.name, c.month, c.period_id._origin.id, c.revision)
            ):
                product = charge.period_id.contract_line_id.product_id
                if product not in taxes:
                    taxes[product] = position.map_tax(
                        product.taxes_id._filter_taxes_by_company(self.company_id)
                    )
                lines += [
                    self._next_charge_line(charge, vals, key, taxes[product])
                    for vals in charge._prepare_invoice_lines_vals(self.env.lang)
                ]
        return lines

    def _next_charge_line(self, charge, vals, key, taxes):
        """The line of these values of an invoice line."""
        return self._next_line(
            "users",
            key,
            vals["name"],
            self.env["account.tax"]._prepare_base_line_for_taxes_computation(
                None,
                product_id=charge.period_id.contract_line_id.product_id,
                tax_ids=taxes,
                quantity=vals["quantity"],
                price_unit=vals["price_unit"],
                currency_id=charge.currency_id,
                partner_id=self.env["res.partner"].browse(key[1]),
            ),
            charge=charge,
            is_rounding="rounding_charge_id" in vals,
        )

    # ------------------------------------------------------------------
    # BUSINESS: orders
    # ------------------------------------------------------------------

    def _next_work(self, tickets, entries):
        """Lines of these tickets of one customer, in the order of the invoice, for it
        says where a cent falls: by request, first the base order, made or not yet.

        :param entries: what `_read_work` found for all tickets
        """
        keys, virtual, lines = {}, {}, []
        orders = (
            tickets.sudo()
            .service_order_ids.with_context(service_rehearsal=True)
            .filtered(
                lambda order: (
                    order.state == "sale" and order.invoice_status == "to invoice"
                )
            )
            .sorted(lambda order: (order.service_kind != "base", order.id))
        )
        # Read for all at once, and not for the lines of each.
        orders.order_line.mapped("tax_ids")
        by_ticket = orders.grouped("service_ticket_id")
        for ticket in tickets.sudo().sorted("number"):
            delivered = ticket._delivered_blocks(entries=entries)
            rest = ticket.to_invoice_blocks - round(
                sum(blocks - line.qty_invoiced for line, blocks in delivered.items())
            )
            if rest > 0:
                lines.append(self._next_base_line(ticket, rest, keys, virtual))
            for order in by_ticket.get(ticket, ()):
                lines += self._next_order(order, keys)
        return lines

    def _next_order(self, order, keys):
        """What the run would bill of a confirmed order.

        :param keys: ``{what decides: key}`` found before for this customer
        """
        order = order.sudo().with_context(service_rehearsal=True)
        return [
            self._next_order_line(line, line.qty_to_invoice, keys)
            for line in order._get_invoiceable_lines()
            if not line.display_type
        ]

    def _next_order_line(self, line, quantity, keys):
        section = line._service_section()
        return self._next_line(
            section,
            self._next_order_key(line.order_id, section, keys),
            line._service_invoice_name(line.name, quantity),
            line._prepare_base_line_for_taxes_computation(quantity=quantity),
            ticket=line.order_id.service_ticket_id,
            order_line=line,
        )

    def _next_order_key(self, order, section, keys):
        """Key of the invoice of an order: as Odoo prepares it, once for all orders that
        are invoiced alike."""
        alike = (
            order.partner_invoice_id,
            order.currency_id,
            order.fiscal_position_id,
            order.payment_term_id,
            section,
        )
        if alike not in keys:
            keys[alike] = self._next_key(order._prepare_invoice(), section)
        return keys[alike]

    def _next_base_line(self, ticket, blocks, keys, virtual):
        """The line of the base order that is not made yet.

        :param virtual: ``{what decides: order line}`` found before for this customer
        """
        alike = (ticket._service_partner(), ticket.plan_id, blocks)
        if alike not in virtual:
            order = (
                self.env["sale.order"]
                .sudo()
                .with_company(self.company_id)
                .with_context(service_rehearsal=True)
                .new(ticket._prepare_service_order_vals("base", blocks))
            )
            virtual[alike] = order.order_line
        line = virtual[alike]
        nothing = self.env["sale.order.line"].sudo()
        return self._next_line(
            "work",
            self._next_order_key(line.order_id, "work", keys),
            ticket._service_invoice_text(nothing, blocks),
            line._prepare_base_line_for_taxes_computation(quantity=blocks),
            ticket=ticket,
        )

    # ------------------------------------------------------------------
    # BUSINESS: a line
    # ------------------------------------------------------------------

    def _next_line(self, section, key, text, base_line, **origin):
        return {
            "section": section,
            "key": key,
            "text": text,
            "quantity": base_line["quantity"],
            "price": base_line["price_unit"] * (1 - base_line["discount"] / 100),
            "base_line": base_line,
            "charge": self.env["nox.seat.charge"],
            "is_rounding": False,
            "ticket": self.env["helpdesk.ticket"],
            "order_line": self.env["sale.order.line"],
            **origin,
        }

    def _add_next_amounts(self, lines):
        """The amount excl. VAT of each line, to the cent of its invoice."""
        self._next_totals(lines)
        for line in lines:
            line["untaxed"] = line["base_line"]["tax_details"][
                "total_excluded_currency"
            ]

    def _next_totals(self, lines):
        """``(excl. VAT, incl. VAT)`` of these lines: their invoices, added up."""
        invoices, untaxed, total = {}, 0.0, 0.0
        for line in lines:
            invoices.setdefault(line["key"], []).append(line["base_line"])
        for key, base_lines in invoices.items():
            one, with_tax = self.env["account.tax"]._service_totals(
                base_lines,
                base_lines[0]["currency_id"],
                self.company_id,
                self.env["account.payment.term"].browse(key[4] or ()),
            )
            untaxed += one
            total += with_tax
        return untaxed, total
