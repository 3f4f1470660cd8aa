from datetime import datetime, time

import pytz

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _portal_amounts(self, partner, company, quantity, price=None):
        """``(excl. VAT, incl. VAT, currency)`` of so many, to the cent as an invoice to
        this customer has it, with the VAT that an early payer pays where his terms
        say so.

        :param price: price of one, excl. VAT; by default the customer's pricelist
        """
        self.ensure_one()
        product = self.sudo().with_company(company)
        partner = partner.sudo().with_company(company)
        pricelist = partner.property_product_pricelist
        currency = pricelist.currency_id or company.currency_id
        if price is None:
            price = product._service_price(partner, company, quantity)
        taxes = product.env["account.tax"]
        base_line = taxes._prepare_base_line_for_taxes_computation(
            None,
            product_id=product,
            tax_ids=product._portal_taxes(partner, company),
            quantity=quantity,
            price_unit=price,
            currency_id=currency,
            partner_id=partner,
        )
        untaxed, total = taxes._service_totals(
            [base_line], currency, company, partner.property_payment_term_id
        )
        return currency.round(untaxed), currency.round(total), currency

    def _service_price(self, partner, company, quantity, day=None):
        """Price of one by the customer's pricelist, as the line of an order for so many
        has it: with all its digits, and with VAT where that is in the price.

        :param day: whose prices of the pricelist count, at noon where the company is;
            by default those of this moment
        """
        self.ensure_one()
        product = self.sudo().with_company(company)
        pricelist = partner.sudo().with_company(company).property_product_pricelist
        moment = False
        if day:
            noon = company._service_timezone().localize(datetime.combine(day, time(12)))
            moment = noon.astimezone(pytz.utc).replace(tzinfo=None)
        return pricelist._get_product_price(
            product, quantity or 1.0, uom=product.uom_id, date=moment
        )

    def _portal_taxes(self, partner, company):
        """The taxes on an invoice to this customer."""
        self.ensure_one()
        product = self.sudo().with_company(company)
        taxes = product.taxes_id._filter_taxes_by_company(company)
        position = product.env["account.fiscal.position"]._get_fiscal_position(
            partner.sudo().with_company(company)
        )
        return position.map_tax(taxes)
