from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools import float_repr

from . import schematron, ubl_rules
from .common_month import NoxMonthCommon
from .ubl_rules import UBL

ADDRESS = {
    "street": "Kade 1",
    "zip": "1234 AB",
    "city": "Delft",
    "company_registry": "12345678",
}
SETTINGS = ("round_globally", "round_per_line")


@tagged("standard", "post_install", "-at_install")
class NoxCentsCommon(NoxMonthCommon):
    """Bills that are checked with a pencil: page, journal entry and electronic
    invoice, with a computation of their own in Decimals. Everybody can be written to
    electronically: companies have an address and a number of the trade register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(schematron.close)
        seller = cls.company.partner_id
        seller.write(
            {**ADDRESS, "vat": "NL123456782B90", "company_registry": "87654321"}
        )
        if not seller.bank_ids:
            seller.bank_ids = [Command.create({"acc_number": "NL91ABNA0417164300"})]

    @classmethod
    def _customer_values(cls, name, **values):
        return super()._customer_values(name, **{**ADDRESS, **values})

    def assertAddsUp(self, move):
        """Lines come to the subtotal, VAT is that of the subtotal of its rate."""
        unit = Decimal(1).scaleb(-move.currency_id.decimal_places)
        lines = self._product_lines(move)
        amounts = {line: self._money(move, line.price_subtotal) for line in lines}
        products = {
            line: Decimal(str(line.quantity))
            * Decimal(str(line.price_unit))
            * (1 - Decimal(str(line.discount)) / 100)
            for line in lines
        }
        for line, amount in amounts.items():
            if not any(line.tax_ids.mapped("price_include")):
                self.assertEqual(amount, products[line].quantize(unit, ROUND_HALF_UP))
        subtotal = sum(amounts.values())
        page = move.tax_totals
        self.assertEqual(self._money(move, page["base_amount_currency"]), subtotal)
        self.assertEqual(self._money(move, move.amount_untaxed), subtotal)
        vat = Decimal(0)
        for tax in lines.tax_ids:
            base = sum(amounts[line] for line in lines if tax in line.tax_ids)
            booked = move.line_ids.filtered(lambda x, tax=tax: x.tax_line_id == tax)
            booked = self._money(move, abs(sum(booked.mapped("amount_currency"))))
            rate = Decimal(str(tax.amount)) / 100
            if tax.price_include:
                total = sum(
                    product.quantize(unit, ROUND_HALF_UP)
                    for line, product in products.items()
                    if tax in line.tax_ids
                )
                self.assertEqual(base + booked, total)
                due = total * rate / (1 + rate)
            else:
                due = base * rate
            self.assertEqual(booked, due.quantize(unit, ROUND_HALF_UP))
            vat += booked
        self.assertEqual(self._money(move, move.amount_total), subtotal + vat)
        self.assertEqual(
            self._money(move, page["total_amount_currency"]), subtotal + vat
        )
        if move.currency_id.decimal_places == 2 and move.state == "posted":
            self.assertSameElectronically(move, [*amounts.values()], vat)

    def assertSameElectronically(self, move, amounts, vat):
        """The UBL BIS 3 of the invoice has its amounts, line by line, and Odoo sends
        it."""
        tree, refusals = self._electronic(move)
        self.assertFalse(refusals)

        def numbers(path):
            return [Decimal(node.text) for node in tree.iterfind(path, UBL)]

        lines = tree.findall("cac:InvoiceLine", UBL)
        lines = lines or tree.findall("cac:CreditNoteLine", UBL)
        found = [
            Decimal(line.findtext("cbc:LineExtensionAmount", namespaces=UBL))
            for line in lines
        ]
        self.assertEqual(found, amounts)
        for line, amount in zip(lines, found, strict=True):
            quantity = line.find("cbc:InvoicedQuantity", UBL)
            if quantity is None:
                quantity = line.find("cbc:CreditedQuantity", UBL)
            price = Decimal(line.findtext("cac:Price/cbc:PriceAmount", namespaces=UBL))
            less = sum(
                Decimal(node.text)
                for node in line.iterfind("cac:AllowanceCharge/cbc:Amount", UBL)
            )
            gap = Decimal(quantity.text) * price - less - amount
            self.assertLess(abs(gap), Decimal("0.01"))
        for line, product in zip(lines, self._product_lines(move), strict=True):
            if not any(product.tax_ids.mapped("price_include")):
                price = line.findtext("cac:Price/cbc:PriceAmount", namespaces=UBL)
                agreed = Decimal(float_repr(abs(product.price_unit), 6))
                self.assertEqual(Decimal(price), agreed, product.name)
        self.assertEqual(
            numbers("cac:LegalMonetaryTotal/cbc:LineExtensionAmount"), [sum(amounts)]
        )
        self.assertEqual(numbers("cac:TaxTotal/cbc:TaxAmount"), [vat])
        self.assertEqual(
            sum(numbers("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount")),
            sum(amounts),
        )
        self.assertEqual(
            numbers("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"),
            [sum(amounts) + vat],
        )
        self.assertKeepsRules(tree)

    def assertKeepsRules(self, tree):
        """The public rules for electronic invoices."""
        self.assertEqual(ubl_rules.broken(tree), [])
        self.assertEqual(schematron.broken(tree), [])

    def _product_lines(self, move):
        return move.invoice_line_ids.filtered(lambda x: x.display_type == "product")

    def _electronic(self, move):
        """What Peppol would carry, as a tree, and why Odoo would not send it."""
        builder = self.env["account.edi.xml.ubl_bis3"].with_company(move.company_id)
        content, refusals = builder._export_invoice(move)
        return etree.fromstring(content), refusals

    def _ubl(self, move):
        return self._electronic(move)[0]

    def _money(self, move, amount):
        return Decimal(float_repr(amount, move.currency_id.decimal_places))

    def _three_pbxs(self, name, **values):
        """A customer with three PBXs, one user each from 14 September at 10.50."""
        customer = self._customer(name, **values)
        first = date(2026, 9, 1)
        pbxs = self.env["nox.pbx"].create(
            [
                self._pbx_values(self.standard, customer, first, first, name=name)
                for name in ("PBX 1", "PBX 2", "PBX 3")
            ]
        )
        self._sell_together(
            [(pbx, 10.5, 1, date(2026, 9, 14)) for pbx in pbxs], "2026-09-01"
        )
        self.pbxs |= pbxs
        return customer

    def _bill(self, customer, day="2026-10-01"):
        """The posted invoice of the run of that day."""
        self._run(day)
        move = self._moves().filtered(
            lambda each: each.partner_id == customer and each.state == "draft"
        )
        move.action_post()
        return move

    def _tax(self, name, amount=21, **values):
        """A tax of the company, like its sales tax of 21%."""
        like = self.company.account_sale_tax_id
        return like.copy({"name": name, "amount": amount, **values})

    def _position(self, name, tax, to):
        """A fiscal position that puts one tax in another's place."""
        position = self.env["account.fiscal.position"].create(
            {"name": name, "company_id": self.company.id}
        )
        to.write(
            {
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(tax.ids)],
            }
        )
        return position
