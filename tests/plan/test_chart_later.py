from odoo import Command
from odoo.tests import tagged

from ..common import MODULE, NoxVoipCommon

SOLD = ("product_time", "product_seat", "product_training")


@tagged("standard", "post_install", "-at_install")
class TestChartLater(NoxVoipCommon):
    """The addon may be there before the chart of accounts: its products were made when
    no tax was, and Odoo gives new taxes to products only that have one elsewhere."""

    def _taxes(self, company):
        return [
            self.env.ref(f"{MODULE}.{name}").taxes_id._filter_taxes_by_company(company)
            for name in SOLD
        ]

    def test_products_get_the_sales_tax_of_a_chart_that_comes_later(self):
        products = [self.env.ref(f"{MODULE}.{name}") for name in SOLD]
        for product in products:
            product.taxes_id = False
        company = self.env["res.company"].create(
            {"name": "Later", "country_id": self.env.ref("base.nl").id}
        )
        charts = self.env["account.chart.template"]
        charts.try_loading("nl", company=company)
        sales = company.account_sale_tax_id
        self.assertEqual(sales.amount, 21)
        self.assertEqual(self._taxes(company), [sales, sales, sales])
        # What an accountant makes of it outlives an update of the chart.
        exempt = sales.copy({"name": "Exempt", "amount": 0})
        products[0].taxes_id = [Command.set(exempt.ids)]
        products[2].taxes_id = False
        charts.try_loading("nl", company=company)
        self.assertEqual(self._taxes(company), [exempt, sales, sales.browse()])
