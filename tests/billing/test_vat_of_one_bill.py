from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common_cents import SETTINGS, UBL, NoxCentsCommon

NUMBER = "NL000099998B57"


@tagged("standard", "post_install", "-at_install")
class TestVatOfOneBill(NoxCentsCommon):
    """A hotel pays 21% for its own users and for work, nothing for a training that is
    exempt, and the VAT of the users that it resells itself (btw verlegd), on one
    invoice. Each follows from the product: nobody edits a line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.pbxs = cls.env["nox.pbx"]
        shifted = cls.env.ref(f"account.{cls.company.id}_btw_verk_0")
        seat = cls.env.ref("nox_voip_service.product_seat")
        cls.resold = seat.copy(
            {"name": "User, resold", "taxes_id": [Command.set(shifted.ids)]}
        )
        cls.resale = cls._own_plan(cls.contract_plan, name="Contract, resold")
        cls.resale.seat_product_id = cls.resold
        cls.training = cls.env.ref("nox_voip_service.product_training")

    def _exempt(self, **values):
        """A tax for what is exempt, as an accountant makes it: with a group of its own,
        for the page adds up by group."""
        name = "Vrijgesteld"
        group = self.env["account.tax.group"].create(
            {"name": name, "company_id": self.company.id}
        )
        tax = self._tax(
            name,
            0,
            invoice_label=name,
            tax_group_id=group.id,
            ubl_cii_tax_category_code="E",
            ubl_cii_tax_exemption_reason_code="VATEX-EU-132-1I",
            invoice_legal_notes=False,
            **values,
        )
        self.training.taxes_id = [Command.set(tax.ids)]
        return tax

    def _hotel(self, name):
        """September: a user of its own and three that it resells, from the 14th, 15
        minutes of work, one person trained."""
        hotel = self._customer(name, vat=NUMBER, lang="nl_NL")
        for plan, product, price, users in (
            (self.contract_plan, self.contract_plan.seat_product_id, 10.5, 1),
            (self.resale, self.resold, 6.35, 3),
        ):
            pbx = self._pbx(
                self.standard,
                hotel,
                name=product.name,
                accepted_on=date(2026, 9, 1),
            )
            self.pbxs |= pbx
            self._sold(pbx, product, price, service_start_on=date(2026, 9, 14))
            self._seats(pbx, users, date(2026, 9, 14))
            self.assertEqual(pbx.period_ids[-1:].plan_id, plan)
        self._work(pbx, 15, day=date(2026, 9, 20))
        order = self._sold(pbx, self.training, 350)
        order.training_ids.write(
            {
                "partner_id": self._contact(hotel, "Anna Smit").id,
                "start_at": datetime(2026, 9, 10, 8),
                "result": "passed",
            }
        )
        return hotel

    def _sold(self, pbx, product, price, **values):
        with freeze_time("2026-09-01 09:00"):
            order = self.env["sale.order"].create(
                {
                    "partner_id": pbx.partner_id.id,
                    "company_id": self.company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1,
                                "price_unit": price,
                                "service_pbx_id": pbx.id,
                                **values,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
        return order

    def _breakdown(self, tree):
        """``{category: (taxable amount, VAT, reason)}`` of a file."""
        return {
            node.findtext("cac:TaxCategory/cbc:ID", namespaces=UBL): (
                node.findtext("cbc:TaxableAmount", namespaces=UBL),
                node.findtext("cbc:TaxAmount", namespaces=UBL),
                node.findtext(
                    "cac:TaxCategory/cbc:TaxExemptionReasonCode", namespaces=UBL
                ),
            )
            for node in tree.iterfind("cac:TaxTotal/cac:TaxSubtotal", UBL)
        }

    def _printed(self, move):
        """``{group: (taxable amount, VAT)}`` under the lines of the page."""
        return {
            group["group_name"]: (
                round(group["display_base_amount_currency"], 2),
                round(group["tax_amount_currency"], 2),
            )
            for subtotal in move.tax_totals["subtotals"]
            for group in subtotal["tax_groups"]
        }

    def _words(self, move):
        """What stands under the lines of the page."""
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", move.ids
        )
        page = html.decode()
        return page.split('name="taxes_legal_notes"')[1].split("</span>")[0]

    def test_three_kinds_of_vat_on_one_invoice(self):
        self._exempt()
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                hotel = self._hotel(f"Hotel {setting}")
                own = self._rehearse("2026-10-01").filtered(
                    lambda line, own=hotel: line.partner_id == own
                )
                self.assertAlmostEqual(sum(own.mapped("amount_total")), 387.29)
                move = self._bill(hotel)
                # 0.57 x 10.50, 1.70 x 6.35, a block, a training.
                self.assertEqual(
                    sorted(self._product_lines(move).mapped("price_subtotal")),
                    [5.99, 10.80, 20.50, 350.00],
                )
                self.assertEqual(move.amount_untaxed, 387.29)
                # 21% of 26.49; line by line it would be 1.26 + 4.31.
                self.assertEqual(move.amount_tax, 5.56)
                self.assertEqual(move.amount_total, 392.85)
                credit = self._refund(move)
                credit.action_post()
                self.assertEqual(credit.amount_total, 392.85)
                for each in (move, credit):
                    self.assertAddsUp(each)
                    self.assertEqual(
                        self._breakdown(self._ubl(each)),
                        {
                            "S": ("26.49", "5.56", None),
                            "AE": ("10.80", "0.00", "VATEX-EU-AE"),
                            "E": ("350.00", "0.00", "VATEX-EU-132-1I"),
                        },
                    )
                    self.assertEqual(
                        self._printed(each),
                        {
                            "VAT 21%": (26.49, 5.56),
                            "VAT 0%": (10.80, 0),
                            "Vrijgesteld": (350, 0),
                        },
                    )
                    words = self._words(each)
                    self.assertIn("btw verlegd", words.lower())
                    self.assertIn(NUMBER, words)
                    self.assertIn("vrijgesteld van btw", words.lower())

    def test_training_with_vat_is_a_matter_of_its_product(self):
        hotel = self._hotel("Hotel")
        move = self._bill(hotel)
        # 21% of 376.49.
        self.assertEqual((move.amount_tax, move.amount_total), (79.06, 466.35))
        self.assertAddsUp(move)
        self.assertEqual(sorted(self._breakdown(self._ubl(move))), ["AE", "S"])
        self.assertNotIn("vrijgesteld", self._words(move).lower())

    def test_note_of_the_accountant_is_the_only_one(self):
        self._exempt().invoice_legal_notes = "<p>Vrijgesteld, art. 11-1-o</p>"
        words = self._words(self._bill(self._hotel("Hotel")))
        self.assertIn("art. 11-1-o", words)
        self.assertNotIn("(vrijgesteld van btw)", words)
