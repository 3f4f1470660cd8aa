from datetime import date
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestRunFailure(NoxMonthCommon):
    """One bill that cannot be made: the others are made with little work more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]
        for number in range(8):
            pbx = cls._customer_pbx(cls, f"Failure {number}")
            cls._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
            cls.pbxs |= pbx
        cls.bad = cls.pbxs[5]

    def _bill(self, **patches):
        """Run the month; the sizes of the groups that were tried."""
        Run = self.registry["nox.billing.run"]
        together, sizes = Run._bill_together, []

        def counted(run, customers):
            sizes.append(len(customers))
            return together(run, customers)

        patches.setdefault("_bill_together", counted)
        for name, method in patches.items():
            self.patch(Run, name, method)
        self.run = self._run("2026-04-01")
        return sizes

    def assertBadAloneIsParked(self):
        self.assertEqual(
            self._moves(self.run).partner_id, (self.pbxs - self.bad).partner_id
        )
        self.assertEqual(self._parked(self.run).partner_id, self.bad.partner_id)

    def _fails_with(self, model, method, error):
        """As if Odoo found something wrong with one of these moves."""
        original, bad = getattr(self.registry[model], method), self.bad.partner_id

        def fails(moves, *args, **values):
            for move in moves:
                if move.partner_id == bad:
                    raise error
            return original(moves, *args, **values)

        return patch.object(self.registry[model], method, fails)

    def test_whose_records_were_at_hand_is_billed_apart(self):
        self.company.service_invoice_mode = "post"
        contract = self.bad.period_ids.contract_line_id.contract_id
        payable = self.bad.partner_id.property_account_payable_id
        for name, break_it in {
            "when it is prepared": lambda: contract.write(
                {"invoice_partner_id": False}
            ),
            "when Odoo makes it": lambda: self.bad.partner_id.write(
                {"property_account_receivable_id": payable.id}
            ),
        }.items():
            with self.subTest(name), self.cr.savepoint() as savepoint:
                break_it()
                self.assertEqual(self._bill(), [8, 1, 7])
                self.assertBadAloneIsParked()
                savepoint.rollback()

    def test_whose_invoice_is_not_posted_is_billed_apart(self):
        self.company.service_invoice_mode = "post"
        with self._fails_with("account.move", "_post", UserError("No.")):
            self.assertEqual(self._bill(), [8, 1, 7])
        self.assertBadAloneIsParked()
        self.assertEqual(self._parked(self.run).reason, "No.")

    def test_a_fault_that_only_the_database_found_is_halved(self):
        self.company.service_invoice_mode = "post"
        error = CheckViolation("an amount")
        with self._fails_with("account.move", "_post", error):
            self.assertEqual(self._bill(), [8, 4, 4, 2, 1, 1, 2])
        self.assertBadAloneIsParked()

    def test_who_was_at_hand_by_chance_is_billed_and_the_rest_halved(self):
        self.company.service_invoice_mode = "post"
        other = self.pbxs[0].partner_id

        def at_hand(run, error, customers):
            return other & customers

        with self._fails_with("account.move", "_post", UserError("No.")):
            sizes = self._bill(_at_hand=at_hand)
        self.assertEqual(sizes, [8, 1, 7, 3, 4, 2, 1, 1, 2])
        self.assertBadAloneIsParked()

    def test_two_who_fail_are_both_billed_apart(self):
        for pbx in self.pbxs[2] | self.bad:
            contract = pbx.period_ids.contract_line_id.contract_id
            contract.invoice_partner_id = False
        self.assertEqual(self._bill(), [8, 1, 7, 1, 6])
        self.assertEqual(
            self._parked(self.run).partner_id, (self.pbxs[2] | self.bad).partner_id
        )
        self.assertEqual(len(self._moves(self.run)), 6)

    def test_those_of_one_payer_stay_together(self):
        """A branch whose records were at hand: the other branch's bill is apart with
        it, and made."""
        payer = self._customer("Payer")
        for pbx in self.pbxs[3] | self.bad:
            contract = pbx.period_ids.contract_line_id.contract_id
            contract.invoice_partner_id = payer
        self.bad.period_ids.contract_line_id.contract_id.write(
            {"contract_type": "purchase", "journal_id": False}
        )
        self.env["account.journal"].search([("type", "=", "purchase")]).active = False
        self.assertEqual(self._bill(), [8, 2, 1, 1, 6])
        self.assertEqual(self._parked(self.run).partner_id, self.bad.partner_id)
        self.assertEqual(len(self._moves(self.run)), 6)

    def test_what_cannot_be_read_is_nobodys(self):
        """What broke the bill may break the question whose it is, too."""
        contract = self.bad.period_ids.contract_line_id.contract_id
        customer = contract._fields["commercial_partner_id"]
        Run = self.env["nox.billing.run"]
        self.assertEqual(Run._customer_of(contract), self.bad.partner_id)
        with patch.object(type(customer), "__get__", side_effect=ValueError):
            self.assertFalse(Run._customer_of(contract))
