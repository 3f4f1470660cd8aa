import base64
from datetime import date

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common_month import NoxMonthCommon

IBANS = ("NL91ABNA0417164300", "NL20INGB0001234567", "NL39RABO0300065264")


@tagged("standard", "post_install", "-at_install")
class TestDebit(NoxMonthCommon):
    """Two customers who pay by direct debit; March is billed on the first of April."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids |= cls.env.ref(
            "account_payment_order.group_account_payment"
        )
        cls.company.write(
            {
                "sepa_creditor_identifier": "NL42ZZZ123456780001",
                "service_invoice_mode": "post",
            }
        )
        cls.mode = cls._mode("SEPA direct debit")
        cls.pbxs = cls.env["nox.pbx"]
        for name, iban in zip(("Bakery", "Garage"), IBANS[1:], strict=True):
            pbx = cls._paying_pbx(name, iban)
            cls._sell(pbx, 10, 4, date(2026, 3, 1), "2026-03-01")
            cls.pbxs |= pbx
        cls.bakery, cls.garage = cls.pbxs

    @classmethod
    def _paying_pbx(cls, name, iban):
        customer = cls._customer(
            name,
            customer_payment_mode_id=cls.mode.id,
            street="Kade 1",
            city="Delft",
            zip="2611 AA",
        )
        bank = cls.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": customer.id}
        )
        cls.env["account.banking.mandate"].create(
            {
                "format": "sepa",
                "type": "recurrent",
                "recurrent_sequence_type": "recurring",
                "signature_date": "2026-01-15",
                "partner_bank_id": bank.id,
                "company_id": cls.company.id,
                "state": "valid",
                "unique_mandate_reference": f"NOX-{name}",
            }
        )
        return cls._pbx(
            cls.contract_plan, customer, name=name, accepted_on=date(2025, 12, 1)
        )

    @classmethod
    def _mode(cls, name):
        method = cls.env.ref("account_banking_sepa_direct_debit.sepa_direct_debit")
        account = cls.env["res.partner.bank"].create(
            {"acc_number": IBANS[0], "partner_id": cls.company.partner_id.id}
        )
        journal = cls.env["account.journal"].create(
            {
                "name": name,
                "type": "bank",
                "code": "SDD",
                "company_id": cls.company.id,
                "bank_account_id": account.id,
                "inbound_payment_method_line_ids": [
                    Command.create({"payment_method_id": method.id})
                ],
            }
        )
        return cls.env["account.payment.mode"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "payment_method_id": method.id,
                "bank_account_link": "fixed",
                "fixed_journal_id": journal.id,
                "payment_order_ok": True,
            }
        )

    def test_the_run_leaves_in_one_debit_file(self):
        """Four users at 10.00 each, and a block of work for the bakery."""
        self._work(self.bakery, 15)
        run = self._run("2026-04-01")
        moves = self._moves(run)
        self.assertEqual(len(moves), 2)
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(moves.payment_mode_id, self.mode)
        self.assertEqual(
            sorted(moves.mapped("mandate_id.unique_mandate_reference")),
            ["NOX-Bakery", "NOX-Garage"],
        )
        action = run.with_user(self.accountant).action_debit()
        order = self.env["account.payment.order"].browse(action["res_id"])
        self.assertEqual(order.payment_mode_id, self.mode)
        self.assertEqual(order.payment_line_ids.move_line_id.move_id, moves)
        order.draft2open()
        file = self.env["ir.attachment"].browse(order.open2generated()["res_id"])
        root = etree.fromstring(base64.b64decode(file.datas))
        amounts = root.xpath(
            "//*[local-name()='DrctDbtTxInf']/*[local-name()='InstdAmt']"
        )
        self.assertEqual(
            sorted(float(each.text) for each in amounts),
            sorted(moves.mapped("amount_total")),
        )
        mandates = root.xpath("//*[local-name()='MndtId']")
        self.assertEqual({each.text for each in mandates}, {"NOX-Bakery", "NOX-Garage"})
        with self.assertRaises(UserError) as refusal:
            run.with_user(self.accountant).action_debit()
        self.assertSentence(refusal)
        self.assertIn("of this run", str(refusal.exception))

    def test_users_and_work_of_one_mode_are_one_invoice_of_two_modes_two(self):
        contract = self.bakery.period_ids.contract_line_id.contract_id
        self.assertTrue(contract)
        for own, count in ((self.mode, 1), (self.env["account.payment.mode"], 1)):
            with self.subTest(mode=own.name), self.cr.savepoint() as point:
                contract.payment_mode_id = own
                self._work(self.bakery, 15)
                moves = self._moves(self._run("2026-04-01"))
                bakery = moves.filtered(lambda m: m.partner_id.name == "Bakery")
                self.assertEqual(len(bakery), count)
                self.assertEqual(bakery.payment_mode_id, self.mode)
                point.close(rollback=True)
                self.env.invalidate_all()
        contract.payment_mode_id = self.mode.copy({"name": "Another bank"})
        self._work(self.bakery, 15)
        moves = self._moves(self._run("2026-04-01"))
        bakery = moves.filtered(lambda m: m.partner_id.name == "Bakery")
        self.assertEqual(
            sorted(bakery.mapped("payment_mode_id.name")),
            ["Another bank", "SEPA direct debit"],
        )

    def test_the_rehearsal_says_what_the_run_does(self):
        self._work(self.bakery, 15)
        lines = self._rehearse(date(2026, 4, 1))
        moves = self._moves(self._run("2026-04-01"))
        self.assertAlmostEqual(
            sum(lines.mapped("amount_total")),
            sum(moves.mapped("amount_untaxed")),
            places=2,
        )

    def test_a_month_that_only_credits_is_paid_back_by_the_other_mode(self):
        back = self.mode.copy({"name": "Paying back", "payment_order_ok": False})
        self.mode.refund_payment_mode_id = back
        self._run("2026-04-01")
        self.garage.seat_ids[:1].date_end = date(2026, 3, 10)
        self.garage.seat_ids[1:].date_end = date(2026, 3, 31)
        run = self._run("2026-05-01")
        refund = self._moves(run).filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual(refund.partner_id.name, "Garage")
        self.assertEqual(refund.payment_mode_id, back)

    def test_who_pays_himself_is_not_collected(self):
        self.garage.partner_id.with_company(
            self.company
        ).customer_payment_mode_id = False
        contract = self.garage.period_ids.contract_line_id.contract_id
        contract.payment_mode_id = False
        run = self._run("2026-04-01")
        action = run.with_user(self.accountant).action_debit()
        order = self.env["account.payment.order"].browse(action["res_id"])
        self.assertEqual(order.payment_line_ids.partner_id.name, "Bakery")

    def test_technicians_do_not_collect(self):
        run = self._run("2026-04-01")
        with self.assertRaises(AccessError):
            run.with_user(self.technician).action_debit()
