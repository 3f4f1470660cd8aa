from collections import defaultdict

from odoo import models

from ...policy import months


class NoxBillingRehearsal(models.TransientModel):
    """What the run would put on each invoice, computed without making anything."""

    _inherit = "nox.billing.rehearsal"

    # ------------------------------------------------------------------
    # BUSINESS: the next invoices
    # ------------------------------------------------------------------

    def _preview_invoices(self, run, customers):
        """``{customer: {"invoices": {key: [detail]}, "parked": sentence}}``: the lines
        of the next invoices as the rehearsal keeps them, a charge with its cent.

        A detail is a dict: section, name, text, quantity, price_unit, amount, and for
        users pbx and month.
        """
        previews = {}
        for customer, (lines, parked) in run._next_invoices(
            customers, self.billed_on
        ).items():
            invoices = defaultdict(list)
            for line in lines:
                details = invoices[line["key"]]
                if line["is_rounding"]:
                    details[-1]["amount"] += line["untaxed"]
                else:
                    details.append(self._preview_detail(line))
            previews[customer] = {"invoices": invoices, "parked": parked}
        return previews

    def _preview_detail(self, line):
        """One line of `_next_invoices` as a detail of the rehearsal."""
        charge, ticket = line["charge"], line["ticket"]
        detail = {
            "section": line["section"],
            "name": ticket.display_name if ticket else line["order_line"].order_id.name,
            "text": line["text"],
            "quantity": line["quantity"],
            "price_unit": line["price"],
            "amount": line["untaxed"],
        }
        if charge:
            month = charge._month_text(charge.month, self.env.lang)
            detail.update(
                name=f"{charge.pbx_id.name}, {month}",
                text=charge._explanation_in(self.env.lang),
                pbx=charge.pbx_id,
                month=charge.month,
            )
        return detail

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
                by_key.setdefault(run._next_key(values, section), []).append(
                    (section, line)
                )
        return before
