from datetime import date

from odoo.tests import tagged

from ..common_cents import NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestCollection(NoxCentsCommon):
    """What an addon that collects by SEPA reads of our invoices and credit notes: the
    way of paying, and the text that the bank gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]
        journal = cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "COLL",
                "type": "bank",
                "company_id": cls.company.id,
            }
        )
        (cls.way,) = journal.inbound_payment_method_line_ids

    def test_invoices_and_credit_notes_have_the_way_of_paying_of_their_customer(self):
        """Of users, of work, of both."""
        for name, users, work in (("Users", 1, 0), ("Work", 0, 1), ("Both", 1, 1)):
            customer = self._customer(
                name, property_inbound_payment_method_line_id=self.way.id
            )
            pbx = self._pbx(customer=customer, name=name, accepted_on=date(2026, 9, 1))
            self.pbxs |= pbx
            if users:
                self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
            if work:
                self._work(pbx, 20, day=date(2026, 9, 20)).name = 'Group <"&é"> 日本'
            move = self._bill(customer)
            credit = self._refund(move)
            credit.action_post()
            with self.subTest(name):
                for each in (move, credit):
                    self.assertEqual(each.preferred_payment_method_line_id, self.way)
                    self.assertNotIn("Group", f"{each.payment_reference} {each.ref}")

    def test_another_way_later_leaves_what_was_billed(self):
        customer = self._customer(
            "Later", property_inbound_payment_method_line_id=self.way.id
        )
        pbx = self._pbx(customer=customer, name="Later", accepted_on=date(2026, 9, 1))
        self.pbxs |= pbx
        self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
        move = self._bill(customer)
        customer.property_inbound_payment_method_line_id = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(move.preferred_payment_method_line_id, self.way)
