from copy import deepcopy
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .. import schematron, ubl_rules
from ..common_cents import UBL, NoxCentsCommon

TOTAL = "cac:LegalMonetaryTotal/cbc:"
LINE = "{line}/"
SUBTOTAL = "cac:TaxTotal/cac:TaxSubtotal"
CATEGORY = "cac:Item/cac:ClassifiedTaxCategory"
# What is changed in a file that keeps all rules, and a rule that has to notice it. A
# number is added; a text is put in the place of what is there; None: it is gone.
CHANGES = (
    (f"{TOTAL}LineExtensionAmount", 1, "BR-CO-10"),
    (f"{TOTAL}TaxExclusiveAmount", 1, "BR-CO-13"),
    (f"{TOTAL}TaxInclusiveAmount", 1, "BR-CO-15"),
    (f"{TOTAL}PayableAmount", 1, "BR-CO-16"),
    (f"{TOTAL}PayableAmount", "0.005", "BR-DEC"),
    ("cac:TaxTotal/cbc:TaxAmount", 1, "BR-CO-14"),
    ("cac:TaxTotal", None, "BR-CO-18"),
    (f"{LINE}cbc:LineExtensionAmount", 1, "R120"),
    (f"{LINE}cac:Price/cbc:PriceAmount", "-1", "BR-27"),
    (f"{LINE}cac:Item/cbc:Name", None, "BR-25"),
    (f"{LINE}{CATEGORY}", None, "BR-CO-04"),
    ("S/cbc:TaxableAmount", 1, "BR-S-08"),
    ("S/cbc:TaxAmount", 1, "BR-S-09"),
    ("S/cbc:TaxAmount", 1, "BR-CO-17"),
    ("S/cac:TaxCategory/cbc:Percent", "0", "BR-S-08"),
    (f"{LINE}{CATEGORY}/cbc:Percent", "21", "BR-E-05"),
    ("E/cbc:TaxableAmount", 1, "BR-E-08"),
    ("E/cbc:TaxAmount", 1, "BR-E-09"),
    ("E/cac:TaxCategory/cbc:TaxExemptionReason", None, "BR-E-10"),
    ("AE/cbc:TaxableAmount", 1, "BR-AE-08"),
    ("AE/cbc:TaxAmount", 1, "BR-AE-09"),
    ("AE/cac:TaxCategory/cbc:ID", "E", "BR-AE-01"),
    ("cac:OrderReference/cbc:ID", None, "R003"),
    ("cac:BillingReference", None, "NL-R-001"),
    ("cac:PaymentMeans", None, "NL-R-007"),
    ("seller/cbc:EndpointID", None, "R020"),
    ("buyer/cbc:EndpointID", None, "R010"),
    ("seller/cac:PartyTaxScheme", None, "BR-S-02"),
    ("seller/cac:PartyTaxScheme", None, "BR-E-02"),
    ("seller/cac:PartyTaxScheme", None, "BR-AE-02"),
    ("seller/cac:PartyTaxScheme/cbc:CompanyID", None, "UBL-SR-53"),
    ("seller/cac:PartyTaxScheme/cbc:CompanyID", "123456782B90", "BR-CO-09"),
    ("cbc:ID", "", "R008"),
)
# Which of them the public rules for EN 16931 name otherwise, or leave to Peppol's.
OF_OTHERS = {"BR-DEC": "BR-DEC-18"}


@tagged("standard", "post_install", "-at_install")
class TestUblRules(NoxCentsCommon):
    """The rules by which every electronic invoice of the tests is judged notice what
    is wrong, and agree with the public ones where somebody names their folder."""

    def _mixed(self):
        """A bill with 21%, an exempt line and one whose VAT is reverse-charged, and its
        credit note."""
        pbx = self._customer_pbx("Mixed", partner={"vat": "NL000099998B57"})
        self.pbxs = pbx
        for _line in range(2):
            self._work(pbx, 20, day=date(2026, 9, 20))
        self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
        self._run("2026-10-01")
        move = self._moves()
        lines = self._product_lines(move)
        lines[0].tax_ids = self._tax("Exempt", 0, ubl_cii_tax_category_code="E")
        lines[1].tax_ids = self._tax("Shifted", 0, ubl_cii_tax_category_code="AE")
        move.action_post()
        invoice = self._ubl(move)
        credit = self._refund(move)
        credit.action_post()
        return invoice, self._ubl(credit)

    def _node(self, tree, path):
        """A node by its path, which may begin with a party, a line or a category."""
        first, _sep, rest = path.partition("/")
        places = {
            "seller": "cac:AccountingSupplierParty/cac:Party",
            "buyer": "cac:AccountingCustomerParty/cac:Party",
        }
        if first in places:
            return tree.find(f"{places[first]}/{rest}", UBL)
        if first == "{line}":
            return ubl_rules.lines_of(tree)[0].find(rest, UBL)
        for each in tree.iterfind(SUBTOTAL, UBL):
            if each.findtext("cac:TaxCategory/cbc:ID", namespaces=UBL) == first:
                return each.find(rest, UBL)
        return tree.find(path, UBL)

    def _changed(self, tree, path, change):
        """A copy with one thing changed; None where there is no such thing."""
        tree = deepcopy(tree)
        node = self._node(tree, path)
        if node is None:
            return None
        if change is None:
            node.getparent().remove(node)
        elif isinstance(change, int):
            node.text = str(Decimal(node.text) + change)
        else:
            node.text = change
        return tree

    def test_each_rule_notices_what_it_is_for(self):
        trees = self._mixed()
        for tree in trees:
            self.assertKeepsRules(tree)
        for path, change, rule in CHANGES:
            changed = [self._changed(tree, path, change) for tree in trees]
            changed = [tree for tree in changed if tree is not None]
            with self.subTest(path=path, change=change):
                self.assertTrue(changed)
                for tree in changed:
                    self.assertIn(rule, ubl_rules.broken(tree))

    def test_public_rules_notice_them_too(self):
        """Where they are named: what they call fatal, ours call broken."""
        for tree in self._mixed():
            for path, change, rule in CHANGES:
                changed = self._changed(tree, path, change)
                if changed is None:
                    continue
                theirs = {
                    name.removeprefix("fatal ")
                    for name in schematron.broken(changed)
                    if name.startswith("fatal ")
                }
                with self.subTest(path=path, change=change):
                    if theirs:
                        self.assertTrue(ubl_rules.broken(changed), theirs)
                    if schematron.FOLDER and rule.startswith(("BR-", "UBL-")):
                        self.assertIn(OF_OTHERS.get(rule, rule), theirs)

    def test_a_month_that_was_charged_on_a_credit_note(self):
        """August is billed at 30.00; of September's 10.00 a correction of August makes
        a credit note, and October's run corrects September too."""
        pbx = self.pbxs = self._customer_pbx("Shrinks")
        self._sell(pbx, 10, 3, date(2026, 8, 1), "2026-08-01")
        self._run("2026-09-01")
        self._moves().action_post()
        pbx.seat_ids[1:].date_end = date(2026, 8, 1)
        first = self._moves(self._run("2026-10-01"))
        first.action_post()
        pbx.seat_ids[0].date_end = date(2026, 9, 1)
        second = self._moves(self._run("2026-11-01"))
        second.action_post()
        self.assertEqual({first.move_type, second.move_type}, {"out_refund"})
        self.assertEqual(second._corrected_invoices(), first)
        for move in (first, second):
            tree, refusals = self._electronic(move)
            self.assertFalse(refusals)
            self.assertKeepsRules(tree)

    def test_bills_of_every_kind_keep_them(self):
        """Early payment, another currency, a customer elsewhere in the Union, a part
        that is credited, a bill of no VAT at all."""
        early = self.env["account.payment.term"].create(
            {
                "name": "2% within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        dollars = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self._dollar().id}
        )
        abroad = self._position(
            "EU",
            self.company.account_sale_tax_id,
            self.env.ref(f"account.{self.company.id}_btw_X0_diensten"),
        )
        self.pbxs = self.env["nox.pbx"]
        for name, values in (
            ("Early", {"property_payment_term_id": early.id}),
            ("Dollars", {"property_product_pricelist": dollars.id}),
            (
                "Abroad",
                {
                    "country_id": self.env.ref("base.be").id,
                    "vat": "BE0477472701",
                    "peppol_eas": "0208",
                    "peppol_endpoint": "0477472701",
                    "property_account_position_id": abroad.id,
                },
            ),
        ):
            with self.subTest(name):
                pbx = self._customer_pbx(name, partner=values)
                self.pbxs |= pbx
                self._sell(pbx, 10.51, 3, date(2026, 9, 14), "2026-09-01")
                self._work(pbx, 20, day=date(2026, 9, 20))
                move = self._bill(pbx.partner_id)
                credit = self._refund(move)
                line = self._product_lines(credit)[:1]
                line.quantity /= 2
                for each in (move, credit):
                    if each.state == "draft":
                        each.action_post()
                    tree, refusals = self._electronic(each)
                    self.assertFalse(refusals)
                    self.assertKeepsRules(tree)
