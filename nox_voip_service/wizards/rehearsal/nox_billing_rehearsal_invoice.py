from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ...models.billing.nox_billing_run_invoice import invoice_key
from ...policy import months, reconcile, run_control


class NoxBillingRehearsal(models.TransientModel):
    """What the run would put on each invoice, computed without making anything."""

    _inherit = "nox.billing.rehearsal"

    # ------------------------------------------------------------------
    # BUSINESS: the next invoices
    # ------------------------------------------------------------------

    def _preview_invoices(self, run, customers):
        """``{customer: {"invoices": {key: [detail]}, "parked": sentence}}``.

        A detail is a dict: section, kind, name, text, quantity, price_unit, amount,
        pbx and month where it has them.
        """
        due = run._due_by_customer(customers, self.billed_on)
        work = run._tickets_to_bill(customers, self.billed_on)
        entries = work._read_work()
        tickets = work.grouped(lambda ticket: ticket.pbx_id.commercial_partner_id)
        others = run._other_orders_to_bill(customers).grouped(
            lambda order: order.partner_id.commercial_partner_id
        )
        confirmed = run._confirmed_months(customers)
        previews = {}
        for customer in customers:
            steps = due.get(customer, [])
            invoices, parked = defaultdict(list), False
            count = len(reconcile.months_to_bill(step for step, _lines in steps))
            if run_control.must_park(count, confirmed=confirmed.get(customer, 0)):
                parked = run._late_sentence(count)
            try:
                self._preview_charges(run, steps, invoices)
                for ticket in tickets.get(customer, ()):
                    self._preview_orders(ticket, entries, invoices)
                for order in others.get(customer, ()):
                    self._preview_confirmed(order, invoices)
            except UserError as error:
                parked = run._failure_sentence(error)
            for details in invoices.values():
                self._add_amounts(details)
            previews[customer] = {"invoices": invoices, "parked": parked}
        return previews

    def _preview_charges(self, run, steps, invoices):
        """The users' part, from virtual charges: never written."""
        Charge = self.env["nox.seat.charge"]
        charges = Charge
        for step, lines in steps:
            if step.kind != "clear":
                charges += Charge.new(run._prepare_charge_vals(step, lines))
        lang = self.env.lang
        for contract, own in charges.grouped(
            lambda charge: charge.period_id.contract_line_id.contract_id
        ).items():
            values = run._prepare_charge_invoice(contract, own)
            fiscal_position = self.env["account.fiscal.position"].browse(
                values["fiscal_position_id"]
            )
            key = self._preview_key(values, "users")
            for charge in own.sorted(lambda c: (c.pbx_id.name, c.month)):
                product = charge.period_id.contract_line_id.product_id
                taxes = fiscal_position.map_tax(
                    product.taxes_id._filter_taxes_by_company(self.company_id)
                )
                month = Charge._month_text(charge.month, lang)
                invoices[key].append(
                    {
                        "section": "users",
                        "name": f"{charge.pbx_id.name}, {month}",
                        "text": charge._explanation_in(lang),
                        "quantity": charge.quantity,
                        "price_unit": charge.price_unit,
                        "base_lines": [
                            self.env[
                                "account.tax"
                            ]._prepare_base_line_for_taxes_computation(
                                None,
                                product_id=product,
                                tax_ids=taxes,
                                quantity=quantity,
                                price_unit=price,
                                currency_id=charge.currency_id,
                            )
                            for quantity, price in (
                                (charge.quantity, charge.price_unit),
                                (1, charge.rounding),
                            )
                            if price
                        ],
                        "pbx": charge.pbx_id,
                        "month": charge.month,
                    }
                )

    def _preview_orders(self, ticket, entries, invoices):
        """The orders of one ticket; the base order that the run would make first is a
        virtual one."""
        orders = ticket.sudo().service_order_ids.filtered(
            lambda order: order.state == "sale" and order.invoice_status == "to invoice"
        )
        for order in orders:
            self._preview_confirmed(order, invoices)
        made = sum(
            blocks - line.qty_invoiced
            for line, blocks in ticket._delivered_blocks(entries=entries).items()
        )
        rest = ticket.to_invoice_blocks - round(made)
        if rest > 0:
            order = (
                self.env["sale.order"]
                .sudo()
                .with_company(self.company_id)
                .with_context(service_rehearsal=True)
                .new(ticket._prepare_service_order_vals("base", rest))
            )
            self._preview_order(order, dict.fromkeys(order.order_line, rest), invoices)

    def _preview_confirmed(self, order, invoices):
        """What the run would bill of a confirmed order."""
        order = order.sudo().with_context(service_rehearsal=True)
        quantities = {
            line: line.qty_to_invoice
            for line in order._get_invoiceable_lines()
            if not line.display_type
        }
        self._preview_order(order, quantities, invoices)

    def _preview_order(self, order, quantities, invoices):
        """Add what one order would bill: ``{order line: quantity}``."""
        if not quantities:
            return
        ticket = order.service_ticket_id
        values = order._prepare_invoice()
        for line, quantity in quantities.items():
            section = line._service_section()
            text = line.name
            if line.is_service_time:
                text = ticket._service_invoice_text(line, quantity)
            elif line.is_admin_training:
                text = line._training_invoice_text(line.name, quantity)
            invoices[self._preview_key(values, section)].append(
                {
                    "section": section,
                    "name": ticket.display_name if ticket else order.name,
                    "text": text,
                    "quantity": quantity,
                    "price_unit": line.price_unit * (1 - line.discount / 100),
                    "base_lines": [
                        line._prepare_base_line_for_taxes_computation(quantity=quantity)
                    ],
                }
            )

    def _preview_key(self, values, section):
        """Key of the invoice; with its section where sections are kept apart."""
        separate = self.company_id.service_invoice_separate
        return (*invoice_key(values), section if separate else "")

    def _add_amounts(self, details):
        """The amounts excl. VAT of the details of one invoice, to the cent."""
        base_lines = [line for each in details for line in each["base_lines"]]
        if base_lines:
            self.env["account.tax"]._service_totals(
                base_lines, base_lines[0]["currency_id"], self.company_id
            )
        for each in details:
            each["amount"] = sum(
                line["tax_details"]["total_excluded_currency"]
                for line in each.pop("base_lines")
            )

    # ------------------------------------------------------------------
    # BUSINESS: last month
    # ------------------------------------------------------------------

    def _before_domain(self, run):
        return [
            ("company_id", "=", self.company_id.id),
            ("service_run_id.month", "=", months.previous_month(run.month)),
            ("state", "!=", "cancel"),
        ]

    def _billed_before(self, run):
        """Customers of last month's invoices: a customer who stopped is shown."""
        groups = self.env["account.move"]._read_group(
            self._before_domain(run), ["commercial_partner_id"]
        )
        return self.env["res.partner"].union(*(partner for [partner] in groups))

    def _lines_before(self, run, customers):
        """``{customer: {key: [invoice line]}}`` of last month's invoices."""
        moves = self.env["account.move"].search(
            [
                *self._before_domain(run),
                ("commercial_partner_id", "in", customers.ids),
            ]
        )
        before = {}
        for move in moves:
            values = {
                name: move[name].id
                for name in (
                    "company_id",
                    "partner_id",
                    "currency_id",
                    "fiscal_position_id",
                    "invoice_payment_term_id",
                    "journal_id",
                )
            }
            by_key = before.setdefault(move.commercial_partner_id, {})
            for line in move.invoice_line_ids.filtered("product_id"):
                section = (
                    "users"
                    if line.seat_charge_id or line.rounding_charge_id
                    else line.sudo().sale_line_ids[:1]._service_section()
                    if line.sale_line_ids
                    else "work"
                )
                by_key.setdefault(self._preview_key(values, section), []).append(
                    (section, line)
                )
        return before
