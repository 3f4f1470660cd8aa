from odoo import Command, api, models
from odoo.exceptions import UserError

# Odoo's own keys, for new drafts: what they skip comes to nothing. Analytic lines are
# made when an invoice is posted, and changes of what is made in the same transaction
# are not told.
NEW_DRAFTS = {"skip_analytic_sync": True, "mail_notrack": True}
INVOICE_KEYS = (
    "company_id",
    "partner_id",
    "currency_id",
    "fiscal_position_id",
    "invoice_payment_term_id",
    "journal_id",
)
SECTIONS = ("users", "work", "training")


def join_texts(*values):
    """References and origins of what becomes one invoice, each once."""
    return ", ".join(dict.fromkeys(filter(None, values)))


class NoxBillingRun(models.Model):
    """The invoices of a run: one per customer, with a section for the users, one for
    the work and one for the trainings; by setting an invoice for each. How they come
    through Odoo: docs/ARCHITECTURE.md#month-to-invoice."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS: creating
    # ------------------------------------------------------------------

    @api.model
    def _invoice_keys(self):
        """Names of what two prepared invoices have in common that become one."""
        return INVOICE_KEYS

    @api.model
    def _invoice_key(self, values):
        """What makes two prepared invoices one."""
        return tuple(values.get(name) or False for name in self._invoice_keys())

    def _create_run_invoices(self, charges, orders):
        """Draft invoices for these charges and orders.

        Odoo's own `_create_invoices` makes those of the orders; the charges with the
        same key join them there, before they are created. The others stand alone.
        """
        moves = self.env["account.move"]
        for group, own_charges in self._invoice_groups(charges, orders):
            moves |= group.with_context(
                service_run_id=self.id,
                service_charge_ids=own_charges.ids,
                raise_if_nothing_to_invoice=False,
                mail_create_nolog=True,
            )._create_invoices()
        rest = charges - moves.invoice_line_ids.seat_charge_id
        if rest:
            moves |= moves.with_context(
                default_move_type="out_invoice",
                mail_create_nolog=True,
                **NEW_DRAFTS,
            ).create(
                self._sectioned(list(self._prepare_charge_invoices(rest).values()))
            )
        self._log_origin(moves)
        self._link_charges(moves)
        moves.filtered(lambda move: move.amount_total < 0).action_switch_move_type()
        return moves

    def _invoice_groups(self, charges, orders):
        """``[(orders, charges that may join them)]``: all together, or each section
        by itself where the company wants separate invoices."""
        if not orders:
            return []
        if not self.company_id.service_invoice_separate:
            return [(orders, charges)]
        by_section = orders.grouped(lambda order: order._service_section())
        return [(by_section[key], charges.browse()) for key in sorted(by_section)]

    def _join_order_invoices(self, invoices, charges):
        """Complete the values that Odoo prepared from orders: the run, its date, the
        sections, and the charges that belong on the same invoice."""
        by_key = self._prepare_charge_invoices(charges)
        for values in invoices:
            values.update(service_run_id=self.id, invoice_date=self._today())
            own = by_key.pop(self._invoice_key(values), None)
            if own:
                self._join_invoice(values, own)
        return self._sectioned(invoices)

    def _join_invoice(self, values, others):
        """Add the lines, the origin and the customer's reference of another prepared
        invoice."""
        values["invoice_line_ids"] += others["invoice_line_ids"]
        for name in ("invoice_origin", "ref"):
            values[name] = join_texts(values.get(name), others.get(name))

    # ------------------------------------------------------------------
    # BUSINESS: the users' part
    # ------------------------------------------------------------------

    def _prepare_charge_invoices(self, charges):
        """``{key: values}`` of the invoices of these charges; contracts with the same
        customer, currency, fiscal position, term and journal share one."""
        invoices = {}
        for contract, own in charges.grouped(
            lambda charge: charge.period_id.contract_line_id.contract_id
        ).items():
            values = self._prepare_charge_invoice(contract, own)
            first = invoices.setdefault(self._invoice_key(values), values)
            if first is not values:
                self._join_invoice(first, values)
        return invoices

    def _prepare_charge_invoice(self, contract, charges):
        """Values of an invoice with the users of one contract: its values rule."""
        company = self.company_id
        partner = contract.invoice_partner_id.with_company(company)
        if not partner or not partner.active:
            raise UserError(
                self.env._(
                    "Contract %(contract)s has no customer to send an invoice to.",
                    contract=contract.name,
                )
            )
        for charge in charges:
            charge._check_invoiceable()
        values = contract.with_company(company)._prepare_invoice(self._today())
        fiscal_position = contract.fiscal_position_id or self.env[
            "account.fiscal.position"
        ].with_company(company)._get_fiscal_position(partner)
        term = contract.payment_term_id or partner.property_payment_term_id
        lang = partner._service_lang()
        values.update(
            service_run_id=self.id,
            service_cents=True,
            fiscal_position_id=fiscal_position.id,
            invoice_payment_term_id=term.id,
            invoice_line_ids=[
                Command.create(line)
                for charge in charges.sorted(
                    lambda c: (c.pbx_id.name, c.month, c.period_id.id, c.revision)
                )
                for line in charge._prepare_invoice_lines_vals(lang)
            ],
        )
        return values

    def _log_origin(self, moves):
        """Say in the chatter where an invoice comes from, for all of them at once:
        Odoo's own note that it was created takes several queries each."""
        if moves:
            note = self.env._("Made by the run %(run)s", run=self._get_html_link())
            moves._message_log_batch(dict.fromkeys(moves.ids, note))

    def _link_charges(self, moves):
        for line in moves.invoice_line_ids.filtered("seat_charge_id"):
            line.seat_charge_id.move_line_id = line

    # ------------------------------------------------------------------
    # BUSINESS: sections
    # ------------------------------------------------------------------

    def _section_title(self, section):
        """Heading on the invoice, in the language of the environment."""
        return {
            "users": self.env._("Subscription"),
            "work": self.env._("Service work"),
            "training": self.env._("Trainings"),
        }[section]

    def _sectioned(self, invoices):
        """Put the lines of prepared invoices under their headings, in order."""
        order_lines = self.env["sale.order.line"].browse(
            {
                command[1]
                for values in invoices
                for _create, _id, line in values["invoice_line_ids"]
                for command in line.get("sale_line_ids") or []
            }
        )
        sections = {line.id: line._service_section() for line in order_lines}
        for values in invoices:
            partner = self.env["res.partner"].browse(values["partner_id"])
            run = self.with_context(lang=partner._service_lang())
            by_section = {}
            for _create, _id, line in values["invoice_line_ids"]:
                source = [command[1] for command in line.get("sale_line_ids") or []]
                section = sections[source[0]] if source else "users"
                by_section.setdefault(section, []).append(line)
            lines = []
            for section in sorted(by_section, key=SECTIONS.index):
                title = run._section_title(section)
                lines.append(
                    {
                        "display_type": "line_section",
                        "name": title,
                        # Said at once, or Odoo writes both zeros one by one.
                        "amount_currency": 0,
                        "balance": 0,
                    }
                )
                lines += by_section[section]
            values["invoice_line_ids"] = [
                Command.create(dict(line, sequence=number))
                for number, line in enumerate(lines, start=1)
            ]
        self._say_amounts(invoices)
        return invoices

    # ------------------------------------------------------------------
    # BUSINESS: amounts
    # ------------------------------------------------------------------

    def _say_amounts(self, invoices):
        """Say with each prepared line what Odoo would write to it afterwards, line by
        line: its amount in the journal and its tax grids. Odoo counts both all the
        same, and corrects what it finds otherwise; where it would not, in a foreign
        currency and without taxes, nothing is said.
        """
        currency = self.company_id.currency_id
        known = {}
        for values in invoices:
            if values["currency_id"] != currency.id:
                continue
            position = values["fiscal_position_id"]
            for _create, _id, line in values["invoice_line_ids"]:
                if not line.get("product_id"):
                    continue
                alike = (line["product_id"], position, repr(line.get("tax_ids")))
                if alike not in known:
                    known[alike] = self._grids_of_line(line, position)
                if known[alike]:
                    price = line["price_unit"] * (1 - line.get("discount", 0.0) / 100)
                    amount = -currency.round(line["quantity"] * price)
                    line.update(
                        amount_currency=amount, balance=amount, tax_tag_ids=known[alike]
                    )

    def _grids_of_line(self, line, position_id):
        """The command that sets the tax grids of a prepared line; None where it has no
        taxes, or where its amount follows from them.

        :param position_id: fiscal position of its invoice
        """
        Tax, company = self.env["account.tax"], self.company_id
        product = self.env["product.product"].browse(line["product_id"])
        if "tax_ids" in line:
            taxes = Tax.browse(id_ for command in line["tax_ids"] for id_ in command[2])
        else:
            position = self.env["account.fiscal.position"].browse(position_id)
            taxes = position.map_tax(product.taxes_id._filter_taxes_by_company(company))
        if not taxes or any(taxes.mapped("price_include")):
            return None
        base_line = Tax._prepare_base_line_for_taxes_computation(
            None,
            product_id=product,
            tax_ids=taxes,
            price_unit=1.0,
            quantity=1.0,
            currency_id=company.currency_id,
        )
        Tax._add_tax_details_in_base_lines([base_line], company)
        Tax._round_base_lines_tax_details([base_line], company)
        Tax._add_accounting_data_in_base_lines_tax_details([base_line], company)
        return [Command.set(base_line["tax_tag_ids"].ids)]

    # ------------------------------------------------------------------
    # BUSINESS: posting and sending
    # ------------------------------------------------------------------

    def _finish_invoices(self, moves):
        """Leave drafts, or post, or post and hand over to Odoo's send queue, by the
        company's setting. A failing mail neither repeats nor loses an invoice."""
        mode = self.company_id.service_invoice_mode
        if mode == "draft" or not moves:
            return
        moves.action_post()
        if mode == "send":
            user = self._responsible_user()
            moves.sending_data = {
                "author_user_id": user.id,
                "author_partner_id": user.partner_id.id,
            }
            self.env.ref("account.ir_cron_account_move_send")._trigger()
