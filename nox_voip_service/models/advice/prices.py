"""Prices of many customers on many days, asked of Odoo once for each that differs."""

from bisect import bisect_right
from datetime import datetime, time
from decimal import Decimal

from odoo import fields
from odoo.tools import float_repr

# Of a price that was converted or had VAT in it.
FINE = 6


class Prices:
    """Prices excl. VAT in the company's currency, by each customer's pricelist.

    A pricelist says one thing between two of its dates and two of its quantities, so
    that the number of questions does not grow with the number of requests.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self.today = company._service_today()
        self._known = {}
        self._steps = {}

    def of(self, partner, product, day, quantity=1):
        """Price of one, on a day and for so many; a Decimal."""
        partner = partner.with_company(self.company)
        pricelist = partner.property_product_pricelist
        position = self._position(partner)
        dates, quantities = self._steps_of(pricelist)
        key = (
            pricelist,
            position,
            product,
            bisect_right(dates, day),
            bisect_right(quantities, quantity),
        )
        if key not in self._known:
            self._known[key] = self._ask(partner, pricelist, product, day, quantity)
        return self._known[key]

    def convert(self, price, currency):
        """A price of another currency at today's rate."""
        if currency == self.company.currency_id:
            return self.env["nox.seat.charge"]._policy_price(price)
        converted = currency._convert(
            price, self.company.currency_id, self.company, self.today, round=False
        )
        return Decimal(float_repr(converted, FINE))

    def _position(self, partner):
        key = ("position", partner)
        if key not in self._known:
            self._known[key] = self.env["account.fiscal.position"]._get_fiscal_position(
                partner
            )
        return self._known[key]

    def _steps_of(self, pricelist):
        """The days and the quantities from which a pricelist may say something else,
        those on which it is based included."""
        if pricelist not in self._steps:
            lists, items = pricelist, pricelist.item_ids
            while more := items.base_pricelist_id - lists:
                lists |= more
                items |= more.item_ids
            dates = {item.date_start.date() for item in items if item.date_start}
            dates |= {
                fields.Date.add(item.date_end.date(), days=1)
                for item in items
                if item.date_end
            }
            self._steps[pricelist] = (
                sorted(dates),
                sorted({item.min_quantity for item in items if item.min_quantity}),
            )
        return self._steps[pricelist]

    def _ask(self, partner, pricelist, product, day, quantity):
        price = pricelist.with_company(self.company)._get_product_price(
            product.with_company(self.company),
            quantity or 1,
            uom=product.uom_id,
            date=datetime.combine(day, time(12)),
        )
        taxes = product._portal_taxes(partner, self.company)
        currency = pricelist.currency_id or self.company.currency_id
        if any(taxes.mapped("price_include")):
            many = 1000
            untaxed, _total, _currency = product._portal_amounts(
                partner, self.company, many, price=price
            )
            in_company = currency._convert(
                untaxed / many,
                self.company.currency_id,
                self.company,
                self.today,
                False,
            )
            return Decimal(float_repr(in_company, FINE))
        return self.convert(price, currency)
