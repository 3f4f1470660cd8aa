from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.nox_voip_service.models.plan.prices import Prices

from ..common_cents import NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestOnePriceOfABlock(NoxCentsCommon):
    """Analysis, advice and statement say what the order of the work says."""

    def _listed(self, *items, **values):
        """A customer with a pricelist."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Own",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create({"compute_price": "fixed", **item}) for item in items
                ],
                **values,
            }
        )
        customer = self._customer("With prices of its own")
        customer.with_company(self.company).property_product_pricelist = pricelist
        return customer

    def test_is_that_of_the_order(self):
        included = self._tax("21% incl.", price_include_override="tax_included")
        cases = {
            "three for less": ({"fixed_price": 18, "min_quantity": 3},),
            "more digits than a price": (
                {"compute_price": "percentage", "percent_price": 7},
            ),
            "with VAT in it": ({"fixed_price": 24.81},),
            "dollars": ({"fixed_price": 36},),
        }
        dollar = self._dollar()
        for name, items in cases.items():
            values = {"currency_id": dollar.id} if name == "dollars" else {}
            if name == "with VAT in it":
                self.block_product.taxes_id = included
            else:
                self.block_product.taxes_id = self.company.account_sale_tax_id
            customer = self._listed(*items, **values)
            with self.subTest(name), freeze_time("2026-03-20 09:00"):
                ticket = self._work(self._pbx(self.standard, customer), 38)
                order = ticket.service_order_ids
                self.assertEqual(order.order_line.product_uom_qty, 3)
                prices = Prices(self.company)
                asked = (customer, self.block_product, date(2026, 3, 20), 3)
                price, currency = prices.listed(*asked)
                self.assertEqual(currency, order.currency_id)
                self.assertEqual(
                    float(currency._policy_currency().round(3 * price)),
                    order.amount_untaxed,
                )
                rate = 2 if currency == dollar else 1
                own = prices.of(*asked)
                self.assertEqual(
                    float(self.company.currency_id._policy_currency().round(3 * own)),
                    order.amount_untaxed / rate,
                )
                self.assertAlmostEqual(ticket.block_price, float(own), places=2)

    def test_a_day_is_one_where_the_company_is(self):
        """A price from 1 April, entered in Amsterdam; asked for the day before first,
        as a year is."""
        customer = self._listed(
            {"fixed_price": 20.5},
            {"fixed_price": 22, "date_start": "2026-03-31 22:00:00"},
        )
        prices = Prices(self.company)
        self.assertEqual(
            [
                prices.of(customer, self.block_product, date(2026, *day))
                for day in ((3, 31), (4, 1), (3, 30), (4, 2))
            ],
            [Decimal("20.50"), Decimal("22.00"), Decimal("20.50"), Decimal("22.00")],
        )

    def test_value_is_of_the_day_on_which_the_work_was_finished(self):
        """Also when it is computed again after a new price."""
        customer = self._listed(
            {"fixed_price": 18, "date_end": "2026-03-31 21:59:59"},
            {"fixed_price": 22, "date_start": "2026-03-31 22:00:00"},
        )
        ticket = self._work(self._pbx(self.standard, customer), 38)
        with freeze_time("2026-05-01 09:00"):
            self.env.add_to_compute(ticket._fields["block_price"], ticket)
            self.assertEqual(ticket.block_price, 18)
