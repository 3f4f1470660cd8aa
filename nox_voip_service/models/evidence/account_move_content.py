from collections import defaultdict
from decimal import Decimal

from odoo import models

from ...policy.evidence import decimal_text, money_text
from .collector import day, moment


class AccountMove(models.Model):
    """The first part of a pack: the document as it is printed."""

    _inherit = "account.move"

    def _evidence_lines(self):
        """The lines with an amount, in the order in which they are printed."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        ).sorted(lambda line: (line.sequence, line.id))

    def _evidence_part(self, pack, posted_at):
        return pack.part(
            "invoice", self.name, lambda: self._evidence_content(pack, posted_at)
        )

    def _evidence_content(self, pack, posted_at):
        company, currency = self.company_id, self.currency_id
        customer = self.commercial_partner_id
        return {
            "number": self.name,
            "type": "credit_note" if self.move_type == "out_refund" else "invoice",
            "state": self.state,
            "date": day(self.invoice_date),
            "due_date": day(self.invoice_date_due),
            "posted_at": moment(posted_at),
            "language": self.env.lang,
            "currency": {"code": currency.name, "decimals": currency.decimal_places},
            "company": {
                "name": company.name,
                "vat": company.vat or None,
                "country": company.country_id.code or None,
                "timezone": company.service_tz or None,
                "tax_rounding": company.tax_calculation_rounding_method,
            },
            "customer": {
                "name": customer.name,
                "vat": customer.vat or None,
                "reference": self.ref or None,
            },
            "whole_cents": self.service_cents,
            "reverses": self._evidence_reverses(pack),
            "taxes": [
                {
                    "id": str(tax.id),
                    "name": tax.name,
                    "type": tax.amount_type,
                    "rate": decimal_text(tax.amount),
                    "price_include": tax.price_include,
                    "category": tax.ubl_cii_tax_category_code or None,
                }
                for tax in self._evidence_lines().tax_ids.sorted("id")
            ],
            "lines": [line._evidence_content(pack) for line in self._evidence_lines()],
            "totals": self._evidence_totals(pack),
            "early_payment": self._evidence_early_payment(),
        }

    def _evidence_early_payment(self):
        term = self.invoice_payment_term_id
        if not term.early_discount:
            return None
        return {
            "percentage": decimal_text(term.discount_percentage),
            "computation": term.early_pay_discount_computation,
        }

    # ------------------------------------------------------------------
    # TOTALS
    # ------------------------------------------------------------------

    def _evidence_totals(self, pack):
        digits = self.currency_id.decimal_places
        if self.invoice_cash_rounding_id:
            pack.note(
                "cash_rounding",
                self.env._(
                    "The total is rounded for payment in cash, by the setting of the"
                    " invoice."
                ),
            )
        return {
            "untaxed": money_text(self.amount_untaxed, digits),
            "tax": money_text(self.amount_tax, digits),
            "total": money_text(self.amount_total, digits),
            "by_rate": self._evidence_by_rate(pack),
        }

    def _evidence_by_rate(self, pack):
        """Base and VAT over the lines with the same taxes; the VAT is that of the
        journal."""
        digits = self.currency_id.decimal_places
        groups = defaultdict(Decimal)
        for line in self._evidence_lines():
            groups[line.tax_ids.sorted("id")] += Decimal(
                money_text(line.price_subtotal, digits)
            )
        booked = defaultdict(Decimal)
        for line in self.line_ids:
            if line.tax_line_id:
                amount = line.amount_currency * self.direction_sign
                booked[line.tax_line_id] += Decimal(money_text(amount, digits))
        seen = self.env["account.tax"]
        rows = []
        for taxes, base in groups.items():
            if seen & taxes or any(tax.amount_type != "percent" for tax in taxes):
                pack.note(
                    "other_tax",
                    self.env._(
                        "Not all taxes of this invoice are one rate over its lines:"
                        " their amount is that of the journal."
                    ),
                )
            # A tax that stands in two groups is told with the first.
            mine = taxes - seen
            seen |= taxes
            rows.append(
                {
                    "taxes": [str(tax.id) for tax in taxes],
                    "base": money_text(base, digits),
                    "tax": money_text(
                        sum(
                            (
                                amount
                                for tax, amount in booked.items()
                                if tax in mine | mine.children_tax_ids
                            ),
                            Decimal(0),
                        ),
                        digits,
                    ),
                }
            )
        return rows

    # ------------------------------------------------------------------
    # WHAT IT CREDITS
    # ------------------------------------------------------------------

    def _evidence_reverses(self, pack):
        """What was billed on the reversed document, and what was credited of it before
        this one."""
        origin = self.reversed_entry_id
        if not origin:
            return None
        digits = self.currency_id.decimal_places
        billed = origin._billed_by_source()
        others = origin._credits().filtered(lambda move: move.id < self.id)
        credited = others._billed_by_source()
        sign = -1 if origin.move_type == "out_refund" else 1
        rows = []
        for line in self._evidence_lines():
            source = line._credit_source()
            if source not in billed:
                continue
            quantity, amount = billed[source]
            back_quantity, back_amount = credited[source]
            rows.append(
                {
                    "line": pack.lines[line.id],
                    "original": line._evidence_credited(),
                    "quantity": decimal_text(sign * quantity),
                    "amount": money_text(sign * amount, digits),
                    "credited_before": decimal_text(-sign * back_quantity),
                    "credited_before_amount": money_text(-sign * back_amount, digits),
                }
            )
        return {
            "number": origin.name,
            "head": origin.evidence_head or None,
            "rebill": self.service_rebill == "yes",
            "lines": rows,
        }
