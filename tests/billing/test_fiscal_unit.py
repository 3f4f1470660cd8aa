from odoo import Command
from odoo.tests import tagged

from ..base.test_contact_moves import MovesMixin
from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestFiscalUnit(MovesMixin, NoxVoipCommon):
    """Another legal entity pays: it reads its invoice, and none of the telephony."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holding = cls._customer("Holding")
        pays = cls._contact(cls.holding, "Invoices of the bakery", type="invoice")
        cls.pbx = cls._pbx(name="Bakery")
        cls.user = cls._portal_user(cls.customer, "nox_baker")
        cls.payer = cls._portal_user(cls.holding, "nox_payer")
        (cls.user | cls.payer).write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.ticket = cls._ticket(cls.pbx, "new_number", estimated_minutes=90)
        cls.ticket.quote_id.partner_invoice_id = pays
        cls._approve(cls.ticket)
        cls._log(cls.ticket, 80)
        cls.invoice = cls._invoice(cls.ticket)
        cls.pays = pays

    def test_buyer_is_the_invoices_and_readers_are_the_pbxs(self):
        self.assertEqual(self.invoice.partner_id, self.pays)
        self.assertEqual(self.invoice.commercial_partner_id, self.holding)
        self.assertEqual(self.ticket.commercial_partner_id, self.customer)
        self.assertReads(self.user, self.ticket, self.pbx, self.pbx.period_ids)
        self.assertReads(self.user, self.ticket.quote_id)
        self.assertBlind(self.payer, self.ticket, self.pbx, self.pbx.period_ids)
        self.assertBlind(self.payer, self.ticket.quote_id)
        self.assertReads(self.payer, self.invoice)

    def test_invoice_stays_with_the_company_when_its_contact_leaves(self):
        mate = self._portal_user(self.holding, "nox_payer_too")
        mate.write(
            {"company_ids": self.payer.company_ids, "company_id": self.company.id}
        )
        lines = self.invoice.invoice_line_ids
        self.assertReads(mate, self.invoice, lines)
        stranger = self._portal_user(self._customer("Garage"), "nox_mechanic")
        stranger.write(
            {"company_ids": self.payer.company_ids, "company_id": self.company.id}
        )
        self.pays.parent_id = stranger.commercial_partner_id
        self.assertReads(mate, self.invoice, lines)
        self.assertBlind(stranger, self.invoice, lines)
