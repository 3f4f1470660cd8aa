"""What a block, a user or a training costs a customer, asked of Odoo once for each
price that differs."""

from bisect import bisect_right
from datetime import timedelta
from decimal import Decimal

from odoo.tools import float_repr

# Digits of a price: a pricelist does not round to the cent. How many are bought to find
# so many digits of a price with VAT in it.
FINE = 6
MANY = 1_000_000
HALF_A_DAY = timedelta(hours=12)


class Prices:
    """Prices excl. VAT by each customer's pricelist, as they were on a day and for so
    many: the one answer to what a block costs, whoever asks.

    A pricelist says one thing between two of its dates and two of its quantities, so
    that the number of questions does not grow with the number of requests.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self.today = company._service_today()
        self._known = {}
        self._steps = {}

    def listed(self, partner, product, day, quantity=1):
        """``(price of one, currency)`` in the currency of the customer's pricelist; a
        Decimal."""
        partner = partner.with_company(self.company)
        pricelist = partner.property_product_pricelist
        dates, quantities = self._steps_of(pricelist)
        key = (
            pricelist,
            self._position(partner),
            product,
            bisect_right(dates, day),
            bisect_right(quantities, quantity),
        )
        if key not in self._known:
            self._known[key] = self._ask(partner, product, day, quantity)
        return self._known[key], pricelist.currency_id or self.company.currency_id

    def of(self, partner, product, day, quantity=1, rate_day=None):
        """Price of one in the company's currency; a Decimal.

        :param rate_day: whose rate counts for a pricelist in another currency. By
            default today's: prices that are compared have one rate for all
        """
        return self.convert(
            *self.listed(partner, product, day, quantity), rate_day=rate_day
        )

    def convert(self, price, currency, rate_day=None):
        """A price of another currency in the company's."""
        if currency == self.company.currency_id:
            return price if isinstance(price, Decimal) else _fine(price)
        converted = currency._convert(
            float(price),
            self.company.currency_id,
            self.company,
            rate_day or self.today,
            round=False,
        )
        return _fine(converted)

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
            moments = {*items.mapped("date_start"), *items.mapped("date_end")} - {False}
            day_of = self.company._service_day
            # A day is asked at its noon: it has the price of twelve hours later.
            days = {day_of(moment + HALF_A_DAY) for moment in moments}
            self._steps[pricelist] = (
                sorted(days | self._rate_days(lists)),
                sorted({item.min_quantity for item in items if item.min_quantity}),
            )
        return self._steps[pricelist]

    def _rate_days(self, pricelists):
        """Days on which a pricelist in another currency follows a new rate."""
        currencies = pricelists.currency_id - self.company.currency_id
        if not currencies:
            return set()
        rates = self.env["res.currency.rate"].search(
            [
                ("currency_id", "in", (currencies | self.company.currency_id).ids),
                ("company_id", "in", (False, self.company.root_id.id)),
            ]
        )
        return set(rates.mapped("name"))

    def _ask(self, partner, product, day, quantity):
        price = product._service_price(partner, self.company, quantity, day)
        if not any(
            product._portal_taxes(partner, self.company).mapped("price_include")
        ):
            return _fine(price)
        untaxed, _total, _currency = product._portal_amounts(
            partner, self.company, MANY, price=price
        )
        return _fine(untaxed / MANY)


def _fine(price):
    return Decimal(float_repr(price, FINE))
