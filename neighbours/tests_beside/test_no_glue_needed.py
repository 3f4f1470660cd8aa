"""Neighbours that need no glue: where they meet ours, a rule of ours holds."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestNoGlueNeeded(NoxMonthCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls._pbx(
            cls.contract_plan, name="Shop", accepted_on=date(2025, 12, 1)
        )
        cls._sell(cls.pbxs, 10, 4, date(2026, 3, 1), "2026-03-01")

    def test_time_that_somebody_excludes_from_orders_is_billed_all_the_same(self):
        """`sale_timesheet_line_exclude`: a tick takes no work off the bill."""
        self.technician.group_ids |= self.env.ref(
            "sale_timesheet_line_exclude.group_exclude_from_sale_order"
        )
        ticket = self._ticket(self._pbx(self.standard, name="Office"))
        entry = self._log(ticket, 20)
        entry.with_user(self.technician).exclude_from_sale_order = True
        self.assertEqual(ticket.to_invoice_blocks, 2)
        move = self._invoice(ticket)
        self.assertEqual(sum(move.invoice_line_ids.mapped("quantity")), 2)
        self.assertTrue(entry.is_frozen)

    def test_drafts_of_the_run_are_not_merged(self):
        """`account_invoice_merge`: its new invoice would not know what it bills."""
        self.company.service_invoice_mode = "draft"
        move = self._moves(self._run("2026-04-01"))
        other = move.copy()
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            (move | other).do_merge()
        self.assertSentence(refusal)
        self.env.invalidate_all()
        self.assertEqual(move.state, "draft")

    def test_a_contract_whose_users_are_billed_is_not_terminated_by_the_way(self):
        """`contract_termination`: who ends the contract would believe that nothing is
        billed any more; the plan of the PBX ends first."""
        contract = self.pbxs.period_ids.contract_line_id.contract_id
        self.env.user.group_ids |= self.env.ref(
            "contract_termination.can_terminate_contract"
        )
        reason = self.env["contract.terminate.reason"].create({"name": "Moved"})
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            contract._terminate_contract(reason, "Bye", date(2026, 4, 15))
        self.assertSentence(refusal)
        self.assertIn("Shop", str(refusal.exception))
        self.env.invalidate_all()
        self.assertFalse(contract.is_terminated)

    def test_the_contracts_own_posting_touches_no_month_of_ours(self):
        """`contract_invoice_auto_validate`: it posts what `contract` makes."""
        self.company.auto_post_contract_invoice = True
        contract = self.pbxs.period_ids.contract_line_id.contract_id
        self.assertFalse(contract._recurring_create_invoice(date(2026, 4, 1)))
        self.company.service_invoice_mode = "draft"
        self.assertEqual(self._moves(self._run("2026-04-01")).state, "draft")
