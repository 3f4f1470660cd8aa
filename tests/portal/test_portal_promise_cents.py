from odoo.tests import tagged

from ..common_cents import SETTINGS, UBL, NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestPortalPromiseCents(NoxCentsCommon):
    """What the customer is told that a request costs is what it costs, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.standard.time_product_id
        tax = cls.company.account_sale_tax_id
        included = cls._tax(cls, "21% incl.", price_include_override="tax_included")
        position = cls._position(cls, "Incl.", tax, included)
        term = cls.env["account.payment.term"].create(
            {
                "name": "2% within 8 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 8,
                "early_pay_discount_computation": "mixed",
            }
        )
        yen = cls.env.ref("base.JPY")
        yen.active = True
        pricelist = cls.env["product.pricelist"].create(
            {"name": "JPY", "currency_id": yen.id}
        )
        # Terms, price of a block, and what 4 and 6 blocks come to, by pencil.
        cls.table = {
            "plain": ({}, 19.99, [79.96, 96.75], [119.94, 145.13]),
            "incl": (
                {"property_account_position_id": position.id},
                24.81,
                [82.02, 99.24],
                [123.02, 148.86],
            ),
            # 21% of 98%: of 78.36, and of 117.54.
            "early": (
                {"property_payment_term_id": term.id},
                19.99,
                [79.96, 96.42],
                [119.94, 144.62],
            ),
            # 69.32 is 69 yen, and 21% of that 14.49.
            "yen": (
                {"property_product_pricelist": pricelist.id},
                17.33,
                [69, 83],
                [104, 126],
            ),
        }

    def setUp(self):
        super().setUp()
        self._without_mails_of_quotes()

    def assertTold(self, ticket, amounts):
        """The sentence with what is billed at most, in the portal."""
        text = ticket._amount_text(*amounts, ticket._promise()["currency"])
        self.assertIn(text, ticket._portal_limit_text())

    def assertBilled(self, move, amounts):
        found = [move.amount_untaxed, move.amount_total]
        self.assertEqual([move.currency_id.round(each) for each in found], amounts)

    def _vat_of_file(self, move):
        """VAT of the electronic invoice, and the sum that it asks for."""
        tree = self._ubl(move)
        return [
            float(tree.find(path, UBL).text)
            for path in (
                "cac:TaxTotal/cbc:TaxAmount",
                "cac:LegalMonetaryTotal/cbc:PayableAmount",
            )
        ]

    def test_at_most_is_what_is_billed_at_most(self):
        """Before sending, on the request, after the approval of a quote; on the quote,
        on the bill and in its file."""
        for setting in SETTINGS:
            self.company.tax_calculation_rounding_method = setting
            for name, (values, price, four, six) in self.table.items():
                with self.subTest(setting=setting, terms=name):
                    self.product.lst_price = price
                    customer = self._customer(f"{name} {setting}", **values)
                    pbx = self._pbx(self.standard, customer=customer, name=name)
                    ticket = self._ticket(pbx)
                    self.assertEqual(ticket._promise()["most"], four)
                    self.assertTold(ticket, four)
                    self._log(ticket, 20)
                    ticket.estimated_minutes = 90
                    quote = self._approve(ticket)  # 4 blocks above the 2 of now
                    self.assertBilled(quote, four)
                    self.assertTold(ticket, six)
                    self._log(ticket, 70)
                    move = self._invoice(ticket)
                    self.assertBilled(move, six)
                    if name != "yen":
                        self.assertEqual(
                            self._vat_of_file(move), [round(six[1] - six[0], 2), six[1]]
                        )

    def test_a_quote_has_whole_blocks_under_every_accuracy(self):
        precision = self.env["decimal.precision"].search(
            [("name", "=", "Product Unit")]
        )
        pbx = self._pbx(self.standard)
        for digits in (0, 1, 3):
            with self.subTest(digits=digits):
                precision.digits = digits
                self.env.registry.clear_cache()
                ticket = self._ticket(pbx)
                self._log(ticket, 20)
                ticket.estimated_minutes = 90
                quote = self._approve(ticket)
                self.assertBilled(quote, [82, 99.22])
                self._log(ticket, 70)
                move = self._invoice(ticket)
                self.assertEqual(move.invoice_line_ids.mapped("quantity"), [2, 4])
                self.assertBilled(move, [123, 148.83])
