from datetime import date

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_cents import UBL, NoxCentsCommon

NUMBER = "NL000099998B57"


@tagged("standard", "post_install", "-at_install")
class TestReverseCharge(NoxCentsCommon):
    """Btw verlegd: the Dutch chart's own tax and fiscal position, which an accountant
    has linked; the chart itself maps purchases only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]
        cls.env["res.lang"]._activate_lang("nl_NL")
        chart = f"account.{cls.company.id}"
        cls.shifted = cls.env.ref(f"{chart}_btw_verk_0")
        cls.position = cls.env.ref(f"{chart}_fiscal_position_template_transferred")
        cls.shifted.write(
            {
                "fiscal_position_ids": [Command.set(cls.position.ids)],
                "original_tax_ids": [Command.set(cls.company.account_sale_tax_id.ids)],
            }
        )

    def _bill_of(self, name, **values):
        customer = self._customer(
            name, property_account_position_id=self.position.id, **values
        )
        pbx = self._pbx(customer=customer, name=name, accepted_on=date(2026, 9, 1))
        self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
        self.pbxs |= pbx
        self._work(pbx, 20, day=date(2026, 9, 20))
        return self._bill(customer)

    def _page(self, move):
        """What the portal shows of it."""
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", move.ids
        )
        return html.decode()

    def test_page_and_file_say_who_pays_the_vat(self):
        for lang in ("nl_NL", "en_US"):
            with self.subTest(lang=lang):
                move = self._bill_of(f"Telecom {lang}", vat=NUMBER, lang=lang)
                self.assertEqual(move.invoice_line_ids.tax_ids, self.shifted)
                self.assertEqual(move.amount_tax, 0)
                self.assertAddsUp(move)
                credit = self._refund(move)
                credit.action_post()
                for each in (move, credit):
                    page = self._page(each)
                    note = page.split('name="taxes_legal_notes"')[1].split("</p>")[0]
                    self.assertIn("btw verlegd", note.lower())
                    self.assertIn(NUMBER, note)
                    tree = self._ubl(each)
                    categories = tree.findall(".//cac:ClassifiedTaxCategory", UBL)
                    self.assertEqual(
                        {
                            node.findtext("cbc:ID", namespaces=UBL)
                            for node in categories
                        },
                        {"AE"},
                    )
                    reasons = tree.findall(".//cbc:TaxExemptionReasonCode", UBL)
                    self.assertEqual({node.text for node in reasons}, {"VATEX-EU-AE"})

    def test_pdf_says_it(self):
        move = self._bill_of("Telecom", vat=NUMBER, lang="nl_NL")
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            content, kind = report._render_qweb_pdf("account.report_invoice", move.ids)
        self.assertEqual(kind, "pdf")
        text = self._pdf_text(content)
        self.assertIn("btw verlegd", text.lower())
        self.assertIn(NUMBER, text)

    def test_note_of_the_accountant_is_the_only_one(self):
        self.shifted.invoice_legal_notes = "<p>Btw verlegd, art. 12</p>"
        page = self._page(self._bill_of("Telecom", vat=NUMBER))
        self.assertIn("Btw verlegd, art. 12", page)
        self.assertNotIn("(btw verlegd)", page)

    def test_ordinary_vat_says_nothing_of_it(self):
        self.position = self.env["account.fiscal.position"]
        move = self._bill_of("Bakery")
        self.assertFalse(move.taxes_legal_notes)
