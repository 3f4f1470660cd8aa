from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_cents import SETTINGS, UBL, NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestCentsDocuments(NoxCentsCommon):
    """Page and electronic invoice say what the bill says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]

    def test_vat_that_is_shifted_beside_vat(self):
        """Btw verlegd on the users whom a hotel resells, 21% on the rest: on one
        invoice, and on its correction and credit note."""
        shifted = self._tax("Verlegd", 0)
        if "ubl_cii_tax_category_code" in shifted._fields:
            shifted.ubl_cii_tax_category_code = "AE"
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                customer = self._three_pbxs(f"Hotel {setting}", vat="NL000099998B57")
                self._run("2026-10-01")
                move = self._moves().filtered(
                    lambda each, own=customer: each.partner_id == own
                )
                line = move.invoice_line_ids.filtered("seat_charge_id")[1]
                line.tax_ids = shifted
                move.action_post()
                self.assertEqual(move.amount_tax, 2.52)
                self.assertAddsUp(move)
                credit = self._refund(move)
                credit.action_post()
                self.assertAddsUp(credit)
                self.assertEqual(
                    credit.invoice_line_ids.filtered("seat_charge_id")[1].tax_ids,
                    shifted,
                )
                categories = [
                    node.text
                    for node in self._ubl(move).iterfind(
                        "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID", UBL
                    )
                ]
                self.assertEqual(categories, ["S", "AE", "S"])

    def test_credit_note_of_a_run_names_what_it_corrects(self):
        """Dutch law and its electronic rules ask for the number; the months of two
        invoices are corrected at once, the third of October stays."""
        pbx = self._customer_pbx("Corrected")
        self.pbxs = pbx
        self._sell(pbx, 10.5, 3, date(2026, 8, 1), "2026-08-01")
        first = self._bill(pbx.partner_id, "2026-09-01")
        second = self._bill(pbx.partner_id, "2026-10-01")
        pbx.seat_ids.date_end = date(2026, 8, 20)
        credit = self._bill(pbx.partner_id, "2026-11-01")
        self.assertEqual(credit.move_type, "out_refund")
        self.assertFalse(credit.ref or credit.reversed_entry_id)
        self.assertAddsUp(credit)
        path = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
        self.assertEqual(
            [node.text for node in self._ubl(credit).iterfind(path, UBL)],
            [first.name, second.name],
        )

    def test_electronic_invoice_names_reference_and_month(self):
        """What a buyer's system matches by: reference, month of the users."""
        pbx = self._customer_pbx("Peppol")
        self.pbxs = pbx
        self._sell(pbx, 10.5, 2, date(2026, 9, 1), "2026-09-01")
        pbx.period_ids.contract_line_id.contract_id.code = "PO-1"
        self._work(pbx, 20, day=date(2026, 9, 20))
        move = self._bill(pbx.partner_id)
        for each, kind in (
            (move, "InvoiceLine"),
            (self._refund(move), "CreditNoteLine"),
        ):
            if each.state == "draft":
                each.action_post()
            with self.subTest(kind=kind):
                tree = self._ubl(each)
                reference = tree.findtext("cac:OrderReference/cbc:ID", namespaces=UBL)
                self.assertEqual(reference, "PO-1")
                months = [
                    [node.text for node in line.iterfind("cac:InvoicePeriod/*", UBL)]
                    for line in tree.iterfind(f"cac:{kind}", UBL)
                ]
                self.assertEqual(months, [["2026-09-01", "2026-09-30"], []])

    def test_page_of_a_month_says_whether_vat_is_in_it(self):
        tax = self.company.account_sale_tax_id
        included = self._tax("21% incl.", price_include_override="tax_included")
        position = self._position("Incl.", tax, included)
        for name, values, text in (
            ("Excl", {}, False),
            ("Incl", {"property_account_position_id": position.id}, True),
        ):
            pbx = self._customer_pbx(name, values)
            self.pbxs |= pbx
            self._sell(pbx, 12.71, 1, date(2026, 9, 1), "2026-09-01")
            with freeze_time("2026-09-30 12:00"):
                line = pbx._portal_next_invoice()["lines"][0]
            self.assertEqual(line["price"] is False, text)
            self._bill(pbx.partner_id)
            values = pbx.period_ids.charge_ids._portal_charge_values()
            self.assertEqual(values["has_vat"], text)

    def test_global_discount_on_an_order_of_service_work(self):
        """97.59, 95.34 and 88.21 at 21% with 3% off the whole: allowed until it is
        approved, and the electronic invoice adds up."""
        pbx = self._customer_pbx("Discount")
        self.pbxs = pbx
        goods = self.env["product.product"].create(
            {"name": "Phone", "type": "service", "invoice_policy": "order"}
        )
        day = date(2026, 9, 20)
        with freeze_time(f"{day} 09:00"):
            ticket = self._ticket(pbx, "new_number", requested_on=day)
            self._log(ticket, 61, day=day)
            ticket.estimated_minutes = 120
            quote = ticket.quote_id
            quote.order_line = [
                Command.create({"product_id": goods.id, "price_unit": price})
                for price in (97.59, 95.34, 88.21)
            ]
            self._send(ticket)

            def discount(kind, order):
                wizard = self.env["sale.order.discount"].create(
                    {
                        "sale_order_id": order.id,
                        "discount_type": kind,
                        "discount_percentage": 0.03,
                        "discount_amount": 10,
                    }
                )
                wizard.action_apply_discount()

            discount("so_discount", quote)
            self.assertEqual(quote.state, "draft", "what was sent is asked again")
            self._approve(ticket)
            for kind in ("sol_discount", "so_discount", "amount"):
                for order in (quote, ticket.service_order_ids - quote):
                    with self.subTest(kind=kind, order=order.service_kind):
                        total = order.amount_total
                        with self.assertRaises(UserError) as refusal:
                            discount(kind, order)
                        self.assertSentence(refusal)
                        order.invalidate_recordset()
                        self.assertEqual(order.amount_total, total)
            self._finish(ticket)
        move = self._bill(pbx.partner_id)
        self.assertAddsUp(move)

    def test_discounts_lead_to_the_line_in_the_electronic_invoice(self):
        """3 at 99.96 with 12.5% off is 262.40: the discount of 37.48 and not 37.49,
        and so for all that is sold in parts, with VAT in its price or without."""
        customer = self._customer("Discounted")
        goods = self.env["product.product"].create({"name": "Cable"})
        tax = self.company.account_sale_tax_id
        included = tax.copy(
            {"name": "Incl. parts", "price_include_override": "tax_included"}
        )
        for taxes in (tax, included):
            move = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "service_cents": True,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": goods.id,
                                "tax_ids": taxes.ids,
                                "quantity": quantity,
                                "price_unit": cents / 100,
                                "discount": discount,
                            }
                        )
                        for quantity in (0.28, 0.45, 3)
                        for discount in (0, 3, 12.5)
                        for cents in (9996, *range(157, 9999, 611))
                    ],
                }
            )
            move.action_post()
            with self.subTest(tax=taxes.name):
                self.assertAddsUp(move)
