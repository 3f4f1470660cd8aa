from odoo import api, models
from odoo.tools import float_round


class AccountTax(models.Model):
    """Amounts of documents whose lines are whole cents (`service_cents`).

    Odoo rounds either every line with its VAT, or nothing but the whole. Neither
    gives a bill that can be checked with a pencil: 3 x 0.57 users at 10.50 are printed
    as 5.99 + 5.99 + 5.99 above 17.96, or the VAT of the lines is not that of their sum.
    Here each line is rounded by itself, and VAT once over the sum of the lines of a
    rate, whatever the company's setting says. Page, journal entry and electronic
    invoice all read it, for they share this computation.
    """

    _inherit = "account.tax"

    @api.model
    def _add_tax_details_in_base_line(self, base_line, company, rounding_method=None):
        if not base_line.get("service_cents"):
            return super()._add_tax_details_in_base_line(
                base_line, company, rounding_method=rounding_method
            )
        if (base_line["computation_key"] or "").startswith("global_discount,"):
            # A discount on the whole is a line as others are: the base would round
            # its VAT apart from theirs.
            base_line.update(
                computation_key=None,
                manual_tax_amounts=None,
                manual_total_excluded_currency=None,
                manual_total_excluded=None,
            )
        quantity = base_line["quantity"]
        price = base_line["price_unit"] * (1 - base_line["discount"] / 100)
        amount = base_line["currency_id"].round(quantity * price)
        exact = dict(
            base_line,
            price_unit=amount / quantity if quantity else price,
            discount=0.0,
        )
        res = super()._add_tax_details_in_base_line(
            exact, company, rounding_method="round_globally"
        )
        details = base_line["tax_details"] = exact["tax_details"]
        if any(tax_data["price_include"] for tax_data in details["taxes_data"]):
            # The price is the promise, so what is excl. VAT is no whole cent: a cent
            # that misses in the sum stays among the lines with the same taxes.
            base_line["computation_key"] = base_line["computation_key"] or (
                f"service_cents,{base_line['tax_ids'].ids}"
            )
            return res
        for suffix, currency in (
            ("_currency", base_line["currency_id"]),
            ("", company.currency_id),
        ):
            details[f"raw_total_excluded{suffix}"] = currency.round(
                details[f"raw_total_excluded{suffix}"]
            )
            for tax_data in details["taxes_data"]:
                tax_data[f"raw_base_amount{suffix}"] = currency.round(
                    tax_data[f"raw_base_amount{suffix}"]
                )
        return res

    @api.model
    def _aggregate_base_lines_aggregated_values(self, base_lines_aggregated_values):
        """What is to be rounded is not a hair below half a cent because floats were
        added up: 21% of 50.50 is 10.605, and 10.61."""
        res = super()._aggregate_base_lines_aggregated_values(
            base_lines_aggregated_values
        )
        for values in res.values():
            if any(
                base_line.get("service_cents")
                for base_line, _taxes in values["base_line_x_taxes_data"]
            ):
                for name in (
                    "target_tax_amount_currency",
                    "target_tax_amount",
                    "target_total_excluded_currency",
                    "target_total_excluded",
                ):
                    values[name] = float_round(values[name], precision_digits=8)
        return res

    @api.model
    def _round_base_lines_tax_details(self, base_lines, company, tax_lines=None):
        """The cent that a line with a price incl. VAT gets is part of its amount, for
        whoever reads the line."""
        res = super()._round_base_lines_tax_details(
            base_lines, company, tax_lines=tax_lines
        )
        for base_line in base_lines:
            if not base_line.get("service_cents"):
                continue
            details = base_line["tax_details"]
            for name in ("total_excluded_currency", "total_excluded"):
                details[name] += details[f"delta_{name}"]
                details[f"raw_{name}"] = details[name]
                details[f"delta_{name}"] = 0.0
        return res

    def _is_reverse_charge(self):
        """Whether the customer pays this VAT himself (*btw verlegd*): the category of
        the tax says so, or it is the one of the Dutch chart of accounts."""
        self.ensure_one()
        if self.type_tax_use != "sale" or self.amount:
            return False
        if self.ubl_cii_tax_category_code:
            return self.ubl_cii_tax_category_code == "AE"
        shipped = f"account.{self.company_id.root_id.id}_btw_verk_0"
        return self == self.env.ref(shipped, raise_if_not_found=False)

    def _is_exempt(self):
        """Whether its category says that what is sold with it is exempt."""
        self.ensure_one()
        return (
            self.type_tax_use == "sale"
            and not self.amount
            and self.ubl_cii_tax_category_code == "E"
        )

    @api.model
    def _service_totals(self, base_lines, currency, company, term=None):
        """``(subtotal, total)`` of an invoice that would have these lines, which get
        their ``tax_details``: what an invoice without records comes to, to the cent.

        :param term: payment term; where VAT is of what an early payer pays, it is here
        """
        for base_line in base_lines:
            base_line["service_cents"] = True
        self._add_tax_details_in_base_lines(base_lines, company)
        self._round_base_lines_tax_details(base_lines, company)
        early = self._service_early_payment_lines(base_lines, currency, term)
        if early:
            self._add_tax_details_in_base_lines(base_lines + early, company)
            self._round_base_lines_tax_details(base_lines + early, company)
        summary = self._get_tax_totals_summary(base_lines + early, currency, company)
        return summary["base_amount_currency"], summary["total_amount_currency"]

    @api.model
    def _service_early_payment_lines(self, base_lines, currency, term):
        """What the base adds to an invoice whose VAT is that of the amount less the
        discount for early payment: the discount, with and without VAT."""
        if not (
            term
            and term.early_discount
            and term.early_pay_discount_computation == "mixed"
        ):
            return []
        share = term.discount_percentage / 100
        lines = []
        for base_line in base_lines:
            taxes = base_line["tax_ids"].filtered(lambda t: t.amount_type != "fixed")
            amount = currency.round(
                base_line["tax_details"]["total_excluded_currency"] * share
            )
            if not taxes or not amount:
                continue
            lines += [
                self._prepare_base_line_for_taxes_computation(
                    None,
                    tax_ids=own,
                    price_unit=price,
                    quantity=1.0,
                    currency_id=currency,
                    special_mode="total_excluded",
                    special_type="early_payment",
                    service_cents=True,
                )
                for own, price in ((taxes, -amount), (self.browse(), amount))
            ]
        return lines
