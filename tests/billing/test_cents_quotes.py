from odoo import Command
from odoo.tests import tagged

from ..common_cents import SETTINGS, NoxCentsCommon

# Prices of goods beside 4 blocks of 20.50, all incl. 21% VAT; the lines and the total.
TABLE = (
    ([8.79, 8.79, 8.79], [67.77, 7.26, 7.26, 7.26], 108.37),
    ([8.79, 8.79], [67.77, 7.26, 7.26], 99.58),
    ([12.71, 5.99], [67.77, 10.5, 4.95], 100.7),
    ([0.03, 0.03, 0.03, 0.03], [67.77, 0.02, 0.02, 0.02, 0.02], 82.12),
    ([9.95, 9.95], [67.77, 8.22, 8.22], 101.9),
    ([], [67.77], 82.0),
)


@tagged("standard", "post_install", "-at_install")
class TestCentsOfQuotes(NoxCentsCommon):
    """The lines of a quote come to its subtotal where prices have VAT in them, on
    paper, in the portal and on the bill that follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax = cls.company.account_sale_tax_id
        included = cls._tax(cls, "21% incl.", price_include_override="tax_included")
        cls.position = cls._position(cls, "Incl.", tax, included)
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Telephone",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.set(tax.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self._without_mails_of_quotes()

    def _order_lines(self, order):
        return order.order_line.filtered(lambda line: not line.display_type)

    def assertOrderAddsUp(self, order):
        lines = self._order_lines(order)
        for name, total in (
            ("price_subtotal", "amount_untaxed"),
            ("price_tax", "amount_tax"),
            ("price_total", "amount_total"),
        ):
            self.assertEqual(
                round(sum(lines.mapped(name)), 2), round(order[total], 2), name
            )

    def _goods(self, prices):
        return [
            Command.create({"product_id": self.goods.id, "price_unit": price})
            for price in prices
        ]

    def test_lines_of_a_quote(self):
        for setting in SETTINGS:
            self.company.tax_calculation_rounding_method = setting
            billed = {}
            for number, (prices, amounts, total) in enumerate(TABLE):
                with self.subTest(setting=setting, prices=prices):
                    customer = self._customer(
                        f"Quote {setting} {number}",
                        property_account_position_id=self.position.id,
                    )
                    pbx = self._pbx(customer=customer, name="PBX")
                    ticket = self._ticket(pbx, estimated_minutes=60)
                    ticket.action_create_quote()
                    quote = ticket.quote_id
                    quote.order_line = self._goods(prices)
                    self.assertOrderAddsUp(quote)
                    self.assertEqual(quote.amount_total, total)
                    found = self._order_lines(quote).mapped("price_subtotal")
                    for each, pencil in zip(found, amounts, strict=True):
                        # The cents that miss lie on some of the lines.
                        self.assertLess(abs(each - pencil), 0.0201)
                    self._approve(ticket)
                    self._log(ticket, 60)
                    billed[ticket] = found
            self._invoice(self.env["helpdesk.ticket"].union(*billed))
            for ticket, found in billed.items():
                with self.subTest(setting=setting, billed=found):
                    move = ticket.service_order_ids.invoice_ids
                    self.assertAddsUp(move)
                    self.assertEqual(
                        self._product_lines(move).mapped("price_subtotal"), found
                    )

    def test_a_line_that_is_changed_or_taken_away(self):
        customer = self._customer(
            "Changed", property_account_position_id=self.position.id
        )
        ticket = self._ticket(
            self._pbx(customer=customer, name="PBX"), estimated_minutes=60
        )
        ticket.action_create_quote()
        quote = ticket.quote_id
        quote.order_line = self._goods([8.79, 8.79, 12.71, 8.79])
        self.assertOrderAddsUp(quote)
        quote.order_line[-1].product_uom_qty = 3
        self.assertOrderAddsUp(quote)
        quote.order_line[-1].unlink()
        self.assertOrderAddsUp(quote)
        quote.order_line[-1].discount = 33
        self.assertOrderAddsUp(quote)

    def test_an_order_of_trainings_or_users(self):
        """Whatever of ours is on an order, goods beside it share its cents."""
        products = {
            "training": self.env.ref("nox_voip_service.product_training"),
            "users": self.contract_plan.seat_product_id,
        }
        for setting in SETTINGS:
            self.company.tax_calculation_rounding_method = setting
            for name, product in products.items():
                with self.subTest(setting=setting, product=name):
                    customer = self._customer(
                        f"{name} {setting}",
                        property_account_position_id=self.position.id,
                    )
                    pbx = self._pbx(customer=customer, name="PBX")
                    ours = Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 350.05,
                            "service_pbx_id": pbx.id,
                        }
                    )
                    order = self.env["sale.order"].create(
                        {
                            "partner_id": customer.id,
                            "order_line": [*self._goods([8.79, 8.79, 8.79]), ours],
                        }
                    )
                    self.assertOrderAddsUp(order)
                    order.order_line[0].price_unit = 9.99
                    self.assertOrderAddsUp(order)
                    order.action_confirm()
                    if name == "users":
                        continue
                    order.training_ids.write(
                        {
                            "partner_id": self._contact(customer, "Anna Smit").id,
                            "start_at": "2026-09-10 08:00:00",
                            "result": "passed",
                        }
                    )
                    move = order._create_invoices()
                    self.assertEqual(
                        sorted(self._product_lines(move).mapped("price_subtotal")),
                        sorted(self._order_lines(order).mapped("price_subtotal")),
                    )
