from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestRunInvoice(NoxMonthCommon):
    """What stands on one invoice, and how it gets to the customer."""

    def test_two_pbxs_of_a_customer_share_the_invoice(self):
        one = self._customer_pbx("Chain")
        two = self._pbx(
            customer=one.partner_id, name="Second", accepted_on=date(2025, 12, 1)
        )
        self.pbxs = one | two
        self._sell(one, 10, 2, date(2026, 3, 1), "2026-03-01")
        self._sell(two, 8, 1, date(2026, 3, 1), "2026-03-01")
        self._work(two, 20)
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual((len(move), move.amount_untaxed), (1, 20 + 8 + 41))

    def test_branches_whose_bills_go_to_one_address_share_the_invoice(self):
        """Also when the batches of the run would part them."""
        head = self._customer("Head office")
        branches = [self._customer(name, parent_id=head.id) for name in ("N", "S")]
        north, south = (self._customer_pbx_of(branch) for branch in branches)
        between = self._customer_pbx_of(self._customer("Between"))
        self.pbxs = north | between | south
        for pbx in self.pbxs:
            self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        contracts = (north | south).period_ids.contract_line_id.contract_id
        contracts.invoice_partner_id = head
        with freeze_time("2026-04-01 00:30"):
            run = self._get_run()
            batches = list(run._batches(self.pbxs.commercial_partner_id, 1))
            self.assertEqual(
                [batch.sorted("name").mapped("name") for batch, _position in batches],
                [["N", "S"], ["Between"]],
            )
            for batch, _position in batches:
                run._bill_customers(batch)
        moves = run.move_ids.filtered(
            lambda m: m.partner_id in head | between.partner_id
        )
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [10, 20])

    def test_branches_share_the_invoice_though_another_customer_fails(self):
        head = self._customer("Head office")
        branches = [self._customer(name, parent_id=head.id) for name in ("N", "S")]
        between = self._customer_pbx_of(self._customer("Between"))
        north, south = (self._customer_pbx_of(branch) for branch in branches)
        bad = self._customer_pbx_of(self._customer("Bad"))
        self.pbxs = between | north | south | bad
        for pbx in self.pbxs:
            self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        contracts = (north | south).period_ids.contract_line_id.contract_id
        contracts.invoice_partner_id = head
        bad.period_ids.contract_line_id.contract_id.invoice_partner_id = False
        customers = north.partner_id | between.partner_id | south.partner_id
        with freeze_time("2026-04-01 00:30"):
            run = self._get_run()
            run._bill_customers(customers | bad.partner_id)
        self.assertEqual(self._parked(run).partner_id, bad.partner_id)
        moves = run.move_ids.filtered(
            lambda m: m.partner_id in head | between.partner_id
        )
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [10, 20])

    def test_one_branch_that_fails_leaves_the_other(self):
        head = self._customer("Head office")
        branches = [self._customer(name, parent_id=head.id) for name in ("N", "S")]
        self.pbxs = self.env["nox.pbx"]
        for branch in branches:
            self.pbxs |= self._customer_pbx_of(branch)
        for pbx in self.pbxs:
            self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        contracts = self.pbxs.period_ids.contract_line_id.contract_id
        contracts.invoice_partner_id = head
        check = self.registry["nox.seat.charge"]._check_invoiceable

        def fails(charge):
            if charge.pbx_id == self.pbxs[0]:
                raise UserError("No price.")
            return check(charge)

        self.patch(self.registry["nox.seat.charge"], "_check_invoiceable", fails)
        run = self._run("2026-04-01")
        self.assertEqual(self._parked(run).partner_id, branches[0])
        self.assertEqual(
            run.move_ids.filtered(lambda m: m.partner_id == head).amount_untaxed, 10
        )

    def test_references_of_users_and_work_stay_on_their_invoice(self):
        self.pbxs = pbx = self._customer_pbx("Reference")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        pbx.period_ids.contract_line_id.contract_id.code = "PO-1"
        ticket = self._work(pbx, 20, done=False)
        ticket.customer_reference = "Job 7"
        self._finish(ticket)
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual(move.amount_untaxed, 20 + 41)
        self.assertEqual(move.ref, "Job 7, PO-1")

    def test_two_contracts_on_one_invoice_keep_both_references(self):
        one = self._customer_pbx("Chain")
        two = self._pbx(
            customer=one.partner_id, name="Second", accepted_on=date(2025, 12, 1)
        )
        self.pbxs = one | two
        for number, pbx in enumerate(self.pbxs, start=1):
            self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
            contract = pbx.period_ids.contract_line_id.contract_id
            if number == 2 and contract == one.period_ids.contract_line_id.contract_id:
                contract = contract.copy({"contract_line_ids": False})
                pbx.period_ids.contract_line_id.contract_id = contract
            contract.code = f"PO-{number}"
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual((len(move), move.ref), (1, "PO-1, PO-2"))

    def test_terms_of_the_customer_and_its_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        term = self.env["account.payment.term"].create({"name": "14 days"})
        abroad = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": self.company.id}
        )
        self.pbxs = pbx = self._customer_pbx("Terms", partner={"lang": "nl_NL"})
        partner = pbx.partner_id.with_company(self.company)
        bills = self._customer(
            "Bills",
            parent_id=partner.id,
            type="invoice",
            is_company=False,
            lang="nl_NL",
        )
        partner.property_payment_term_id = term
        partner.property_account_position_id = abroad
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        self._seats(pbx, 2, date(2026, 3, 12), first=300)
        self._work(pbx, 20)
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual(len(move), 1)
        self.assertEqual(
            (move.partner_id, move.invoice_payment_term_id, move.fiscal_position_id),
            (bills, term, abroad),
        )
        self.assertEqual(move.invoice_date, date(2026, 4, 1))
        self.assertIn("maart 2026", move.invoice_line_ids.mapped("name")[1])
        self.assertIn("12 maart", move.invoice_line_ids.mapped("name")[1])

    def test_another_term_on_the_contract_is_another_invoice(self):
        self.pbxs = pbx = self._customer_pbx("Two terms")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        term = self.env["account.payment.term"].create({"name": "60 days"})
        pbx.period_ids.contract_line_id.contract_id.payment_term_id = term
        self._work(pbx, 20)
        moves = self._moves(self._run("2026-04-01"))
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [20, 41])

    def test_charges_in_a_foreign_currency(self):
        dollar = self._dollar()
        self.pbxs = pbx = self._customer_pbx("Dollar")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        contract = pbx.period_ids.contract_line_id.contract_id
        contract.currency_id = dollar
        lines = self._rehearse(date(2026, 4, 1))
        run = self._run("2026-04-01")
        move = self._moves(run)
        self.assertEqual((move.currency_id, move.amount_untaxed), (dollar, 20))
        self.assertEqual(move.invoice_line_ids.seat_charge_id.currency_id, dollar)
        self.assertEqual((lines.currency_id, lines.amount_total), (dollar, 20))
        self.assertEqual(move.amount_untaxed_signed, 10)

    def test_more_on_an_order_of_finished_work_comes_along(self):
        """A phone that is delivered after the work was billed."""
        self.pbxs = pbx = self._customer_pbx("Phone")
        phone = self.env["product.product"].create(
            {"name": "Phone", "list_price": 99, "invoice_policy": "delivery"}
        )
        phone.type = "service"
        ticket = self._work(pbx, 50, done=False)
        with freeze_time("2026-03-21 09:00"):
            ticket.estimated_minutes = 120
            ticket.quote_id.order_line = [Command.create({"product_id": phone.id})]
            quote = self._approve(ticket)
            self._log(ticket, 60, day=date(2026, 3, 21))
            self._finish(ticket)
        self.assertEqual(self._moves(self._run("2026-04-01")).amount_untaxed, 8 * 20.5)
        line = quote.order_line.filtered(lambda line: line.product_id == phone)
        line.qty_delivered = 1
        self.assertEqual(self._moves(self._run("2026-05-01")).amount_untaxed, 99)

    def test_long_running_work_is_billed_by_setting(self):
        self.pbxs = pbx = self._customer_pbx("Long")
        ticket = self._work(pbx, 20, day=date(2026, 2, 10), done=False)
        self.assertFalse(self._moves(self._run("2026-04-01")))
        self.company.service_long_running_days = 30
        self.assertEqual(self._rehearse(date(2026, 4, 1)).amount_total, 41)
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual(move.amount_untaxed, 41)
        self._log(ticket, 10, day=date(2026, 4, 2))
        self.assertFalse(self._moves(self._run("2026-05-01")), "30 minutes: 2 blocks")
        self._log(ticket, 10, day=date(2026, 5, 2))
        self._finish(ticket)
        self.assertEqual(self._moves(self._run("2026-06-01")).amount_untaxed, 20.5)

    def test_posting_failure_parks_that_customer_alone(self):
        self.company.service_invoice_mode = "post"
        good, bad = self._customer_pbx("Good"), self._customer_pbx("Bad")
        self.pbxs = good | bad
        for pbx in self.pbxs:
            self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        post = self.registry["account.move"]._post

        def fails(moves, soft=True):
            if bad.partner_id in moves.partner_id:
                raise UserError("This period is closed.")
            return post(moves, soft)

        with patch.object(self.registry["account.move"], "_post", fails):
            run = self._run("2026-04-01")
        self.assertEqual(self._moves(run).partner_id, good.partner_id)
        self.assertEqual(self._moves(run).state, "posted")
        self.assertEqual(self._parked(run).reason, "This period is closed.")
        with freeze_time("2026-04-02 09:00"):
            self._parked(run).with_user(self.accountant).action_try_again()
        self.assertEqual(len(self._moves(run)), 2)

    def test_mail_failure_neither_repeats_nor_loses_an_invoice(self):
        self.company.service_invoice_mode = "send"
        self.pbxs = pbx = self._customer_pbx("Mail")
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        run = self._run("2026-04-01")
        move = self._moves(run)
        self.assertEqual(move.state, "posted")
        self.assertTrue(move.sending_data)
        self.assertEqual(run.unsent_count, len(run.move_ids.filtered("sending_data")))
        Send = self.registry["account.move.send"]
        with (
            patch.object(Send, "_send_mails", side_effect=ValueError("No mail server")),
            self.assertRaises(ValueError),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.env["account.move.send"]._generate_and_send_invoices(
                move, from_cron=True
            )
        self._run("2026-04-02")
        self.assertEqual(self._moves(run), move)
        self.assertTrue(move.sending_data, "the queue tries it again")
        self.env["account.move.send"]._generate_and_send_invoices(move, from_cron=True)
        self.assertTrue(move.is_move_sent)
        self.assertFalse(move.sending_data)
        self.assertTrue(move.invoice_pdf_report_id)

    def test_customer_without_address_counts_as_not_sent(self):
        self.company.service_invoice_mode = "send"
        self.pbxs = pbx = self._customer_pbx("No mail", {"email": False})
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        run = self._run("2026-04-01")
        move = self._moves(run)
        Send = self.env["account.move.send"]
        Send._generate_and_send_invoices(move, from_cron=True)
        self.assertFalse(move.sending_data or move.is_move_sent)
        run.invalidate_recordset()
        self.assertEqual(run.unsent_count, 1)
        Move = self.env["account.move"]
        self.assertEqual(Move.search(run.action_view_unsent()["domain"]), move)
        pbx.partner_id.email = "info@customer.example"
        Send._generate_and_send_invoices(move)
        run.invalidate_recordset()
        self.assertFalse(run.unsent_count)

    def test_confirmation_counts_once(self):
        self.pbxs = pbx = self._customer_pbx("Late")
        self._sell(pbx, 10, 1, date(2026, 1, 1), "2026-01-01")
        run = self._run("2026-05-01")
        parked = self._parked(run)
        with freeze_time("2026-05-01 09:00"):
            parked.with_user(self.accountant).action_confirm_months()
            parked.with_user(self.accountant).action_confirm_months()
        self.assertEqual(self._moves(run).amount_untaxed, 40)
        # Four months that nobody billed again: somebody looks again.
        run = self._run("2026-09-01")
        self.assertEqual(self._parked(run).months_due, 4)
        self.assertFalse(self._moves(run))

    def test_price_to_four_decimals_is_billed_as_agreed(self):
        self.env.ref("product.decimal_price").digits = 4
        self.pbxs = pbx = self._customer_pbx("Decimals")
        self._sell(pbx, 6.7525, 10, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))
        self.assertAlmostEqual(move.amount_untaxed, 67.53, places=2)
        self._run("2026-04-02")
        self.assertEqual(len(self._charges(pbx)), 1)

    def test_poisoned_one_among_twenty_leaves_nineteen(self):
        pbxs = self._customer_pbxs(*(f"Twenty {number:02}" for number in range(20)))
        with freeze_time("2026-03-01 09:00"):
            dialogs = self.env["nox.pbx.change.plan"].create(
                [
                    {
                        "pbx_id": pbx.id,
                        "plan_id": self.contract_plan.id,
                        "date_start": date(2026, 3, 1),
                        "price_unit": 10,
                    }
                    for pbx in pbxs
                ]
            )
            for dialog in dialogs:
                dialog.action_change()
            self._seats(pbxs, 1, date(2026, 3, 1))
        self.pbxs = pbxs
        bad = pbxs[12]
        bad.period_ids.contract_line_id.contract_id.invoice_partner_id = False
        run = self._run("2026-04-01")
        moves = self._moves(run)
        self.assertEqual(len(moves), 19)
        self.assertEqual(self._parked(run).partner_id, bad.partner_id)
