from datetime import date

from odoo.tests import tagged

from ..common_cents import UBL, NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestElectronicAddress(NoxCentsCommon):
    """An electronic invoice finds its Dutch receiver by what is filled in."""

    def _exported(self, name, **values):
        """The posted invoice of the run of a customer: its receiver, and refusals."""
        customer = self._customer(name, **values)
        self.pbxs = self._customer_pbx_of(customer)
        self._sell(self.pbxs, 10, 1, date(2026, 9, 1), "2026-09-01")
        move = self._bill(customer)
        tree, errors = self._electronic(move)
        found = tree.find("cac:AccountingCustomerParty/cac:Party", UBL)
        if not errors:
            self.assertKeepsRules(tree)
        return found, errors

    def test_receiver_is_named_by_the_scheme_of_its_number(self):
        oin, vat = "00000001234567890000", "NL123456782B90"
        for name, values, address, company in (
            ("KvK", {"company_registry": "12345678"}, "0106", "0106"),
            ("OIN", {"company_registry": oin}, "0190", "0190"),
            ("Both", {"company_registry": "12345678", "vat": vat}, "0106", "0106"),
            (
                "Own OIN",
                {
                    "company_registry": False,
                    "peppol_eas": "0190",
                    "peppol_endpoint": oin,
                },
                "0190",
                "0190",
            ),
            (
                "VAT",
                {
                    "company_registry": "12345678",
                    "vat": vat,
                    "peppol_eas": "9944",
                    "peppol_endpoint": vat,
                },
                "9944",
                "0106",
            ),
        ):
            party, errors = self._exported(name, **values)
            endpoint = party.find("cbc:EndpointID", UBL)
            entity = party.find("cac:PartyLegalEntity/cbc:CompanyID", UBL)
            registry = values.get("company_registry") or oin
            with self.subTest(name):
                self.assertEqual(endpoint.get("schemeID"), address)
                self.assertEqual(endpoint.text, vat if address == "9944" else registry)
                self.assertEqual(entity.get("schemeID"), company)
                self.assertEqual(entity.text, registry)
                self.assertFalse(errors)

    def test_receiver_without_a_number_is_said_before_sending(self):
        for name, values in (
            ("None", {"company_registry": False}),
            ("VAT alone", {"company_registry": False, "vat": "NL123456782B90"}),
            ("Short", {"company_registry": "1234567"}),
        ):
            _party, errors = self._exported(name, **values)
            with self.subTest(name):
                self.assertIn("would not find it", " ".join(errors))

    def test_signs_that_no_file_may_hold_are_left_out_of_a_name(self):
        name = "Bakke\ufffer\x0b \uffff& Zn."
        party, errors = self._exported(name, company_registry="12345678")
        self.assertFalse(errors)
        names = {each.text for each in party.iterfind(".//cbc:RegistrationName", UBL)}
        self.assertEqual(names, {"Bakker & Zn."})

    def test_signs_that_no_file_may_hold_are_left_out_of_a_quote(self):
        customer = self._customer("Ba\ufffekker", company_registry="12345678")
        ticket = self._ticket(self._customer_pbx_of(customer), estimated_minutes=90)
        quote = self._send(ticket)
        quote.order_line[0].name = "Menu\uffff"
        term = self._term()
        quote.write(
            {
                "note": "<p>Till\ufffe noon</p>",
                "client_order_ref": "Our\uffff reference",
                "payment_term_id": term.id,
            }
        )
        text = self.env["sale.edi.xml.ubl_bis3"]._export_order(quote).decode()
        self.assertIn("Bakker", text)
        for said in ("Menu<", "Till noon", "Our reference", "Within a week"):
            self.assertIn(said, text)

    def _term(self):
        # An order names it, and an invoice says its note.
        said = "Within\ufffe a week"
        return self.env["account.payment.term"].create({"name": said, "note": said})

    def test_signs_that_no_file_may_hold_are_left_out_of_the_head_of_a_bill(self):
        customer = self._customer("Bakker", company_registry="12345678")
        self.pbxs = self._customer_pbx_of(customer)
        self._sell(self.pbxs, 10, 1, date(2026, 9, 1), "2026-09-01")
        move = self._bill(customer)
        move.button_draft()
        move.write(
            {
                "narration": "<p>Till\ufffe noon</p>",
                "ref": "Our\uffff reference",
                "invoice_payment_term_id": self._term().id,
            }
        )
        move.action_post()
        tree, errors = self._electronic(move)
        self.assertFalse(errors)
        said = " ".join(tree.itertext())
        for each in ("Till noon", "Our reference", "Within a week"):
            self.assertIn(each, said)
