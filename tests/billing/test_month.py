from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestMonthlyRun(NoxMonthCommon):
    """The first of the month: every customer with a contract gets the right invoice,
    once, and one customer's error never stops another's bill."""

    def test_month_is_billed_by_the_day_and_explained(self):
        self.pbxs = pbx = self._customer_pbx("School")
        self._sell(pbx, 7.5, 24, date(2026, 1, 1))
        self._run("2026-03-01")
        self._seats(pbx, 2, date(2026, 3, 12), first=200)
        run = self._run("2026-04-01")
        self.assertFalse(self._parked(run).mapped("reason"))
        line = self._moves(run).invoice_line_ids.filtered("seat_charge_id")
        self.assertEqual(line.quantity, 25.29)
        self.assertIn("24 users; 2 from", line.name)
        self.assertIn("(20/31)", line.name)
        self.assertAlmostEqual(self._moves(run).amount_untaxed, 189.68, places=2)

    def test_second_run_bills_nothing(self):
        self.pbxs = pbx = self._customer_pbx("Tandarts")
        self._sell(pbx, 7.5, 3, date(2026, 3, 1), "2026-03-01")
        run = self._run("2026-04-01")
        self.assertEqual(len(self._moves(run)), 1)
        self._run("2026-04-01")
        self._run("2026-04-20")
        self.assertEqual(len(self._moves(run)), 1)
        self.assertEqual(self._charges(pbx), [("2026-03-01", 0, 3.0, 22.5, "invoiced")])

    def test_database_refuses_a_month_twice(self):
        self.pbxs = pbx = self._customer_pbx("Tandarts")
        self._sell(pbx, 7.5, 3, date(2026, 3, 1), "2026-03-01")
        self._run("2026-04-01")
        charge = pbx.period_ids.charge_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            charge.copy()
            self.env.flush_all()

    def test_deleted_or_cancelled_draft_is_due_again(self):
        self.pbxs = pbx = self._customer_pbx("Kapper")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        run = self._run("2026-04-01")
        self._moves(run).unlink()
        self.assertEqual(self._charges(pbx)[0][-1], "due")
        self._run("2026-04-02")
        self.assertEqual(len(self._moves(run)), 1)
        self._moves(run).button_cancel()
        self.assertEqual(self._charges(pbx)[0][-1], "due")
        self._run("2026-04-03")
        live = self._moves(run).filtered(lambda move: move.state == "draft")
        self.assertEqual(live.amount_untaxed, 20)
        self.assertEqual(self._charges(pbx), [("2026-03-01", 0, 2.0, 20.0, "invoiced")])

    def test_one_poisoned_contract_leaves_the_others(self):
        good = [self._customer_pbx(f"Good {number}") for number in range(6)]
        bad = self._customer_pbx("Bad")
        for pbx in [*good, bad]:
            self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        bad.period_ids.contract_line_id.specific_price = 0
        self.pbxs = bad.union(*good)
        run = self._run("2026-04-01")
        self.assertEqual(len(self._moves(run)), 6)
        parked = self._parked(run)
        self.assertEqual(parked.partner_id, bad.partner_id)
        self.assertIn("price per user", parked.reason)
        self.assertTrue(parked.activity_ids)
        bad.period_ids.contract_line_id.specific_price = 12
        with freeze_time("2026-04-02 10:00"):
            parked.with_user(self.accountant).action_try_again()
        self.assertFalse(parked.is_open)
        self.assertFalse(parked.activity_ids)
        self.assertEqual(len(self._moves(run)), 7)

    def test_three_months_behind_is_one_run_four_are_parked(self):
        three, four = self._customer_pbx("Three"), self._customer_pbx("Four")
        self._sell(three, 10, 1, date(2026, 2, 1), "2026-02-01")
        self._sell(four, 10, 1, date(2026, 1, 1), "2026-01-01")
        self.pbxs = three | four
        run = self._run("2026-05-01")
        move = self._moves(run)
        self.assertEqual((move.partner_id, move.amount_untaxed), (three.partner_id, 30))
        self.assertEqual(self._parked(run).partner_id, four.partner_id)
        self.assertEqual(self._parked(run).months_due, 4)
        with freeze_time("2026-05-01 09:00"):
            self._parked(run).with_user(self.accountant).action_confirm_months()
        self.assertEqual((self._moves(run) - move).amount_untaxed, 40)
        self.assertFalse(run.open_parked_count)

    def test_going_live_bills_no_history(self):
        self.pbxs = pbx = self._customer_pbx("Old")
        values = {
            "pbx_id": pbx.id,
            "plan_id": self.contract_plan.id,
            "date_start": date(2025, 12, 1),
            "price_unit": 10,
        }
        with freeze_time("2026-04-20 09:00"):
            self._seats(pbx, 2, date(2025, 12, 1))
            Wizard = self.env["nox.pbx.change.plan"]
            with self.assertRaises(ValidationError), self.cr.savepoint():
                Wizard.create(values).action_change()
            Wizard.create(dict(values, billed_until=date(2026, 4, 1))).action_change()
        run = self._run("2026-05-01")
        self.assertEqual(self._moves(run).amount_untaxed, 20)
        self.assertEqual([charge[0] for charge in self._charges(pbx)], ["2026-04-01"])

    def test_corrected_history_becomes_a_revision_in_both_directions(self):
        self.pbxs = pbx = self._customer_pbx("Correct")
        self._sell(pbx, 31, 2, date(2026, 3, 1), "2026-03-01")
        self._run("2026-04-01")
        seat = pbx.seat_ids[0]
        seat.date_end = date(2026, 3, 15)
        run = self._run("2026-05-01")
        by_month = {
            c.month.month: c for c in self._moves(run).invoice_line_ids.seat_charge_id
        }
        self.assertEqual(by_month[3].quantity, -0.52)
        self.assertIn("Correction", by_month[3].explanation)
        self.assertEqual(by_month[4].quantity, 1)
        seat.date_end = False
        self._run("2026-06-01")
        self.assertEqual(
            sum(c[2] for c in self._charges(pbx) if c[0] == "2026-03-01"), 2
        )

    def test_month_that_only_credits_becomes_a_credit_note(self):
        self.pbxs = pbx = self._customer_pbx("Stopped")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        run = self._run("2026-04-01")
        self._moves(run).action_post()
        with freeze_time("2026-04-10 09:00"):
            # The stop of a month that is billed already.
            self.env["nox.pbx.change.plan"].create(
                {
                    "pbx_id": pbx.id,
                    "plan_id": self.standard.id,
                    "date_start": date(2026, 3, 16),
                }
            ).action_change()
        credit = self._moves(self._run("2026-05-01"))
        self.assertEqual(credit.move_type, "out_refund")
        self.assertAlmostEqual(credit.amount_untaxed, 10.3, places=2)

    def test_credited_charge_asks_whether_to_charge_again(self):
        for answer, expected in (("no", 1), ("yes", 2)):
            with self.subTest(answer=answer):
                self.pbxs = pbx = self._customer_pbx(f"Credited {answer}")
                self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
                move = self._moves(self._run("2026-04-01")).filtered(
                    lambda m, pbx=pbx: m.partner_id == pbx.partner_id
                )
                move.action_post()
                wizard = (
                    self.env["account.move.reversal"]
                    .with_context(active_model="account.move", active_ids=move.ids)
                    .create(
                        {"journal_id": move.journal_id.id, "service_rebill": answer}
                    )
                )
                refund = self.env["account.move"].browse(
                    wizard.reverse_moves()["res_id"]
                )
                refund.action_post()
                self._run("2026-04-02")
                march = [c for c in self._charges(pbx) if c[0] == "2026-03-01"]
                self.assertEqual(len(march), expected)

    def test_new_price_in_mid_month_adds_up_to_the_cent(self):
        self.pbxs = pbx = self._customer_pbx("Price")
        self._sell(pbx, 10, 3, date(2026, 3, 1), "2026-03-01")
        with freeze_time("2026-03-02 09:00"):
            self.env["nox.pbx.change.plan"].create(
                {
                    "pbx_id": pbx.id,
                    "plan_id": self.contract_plan.id,
                    "date_start": date(2026, 3, 11),
                    "price_unit": 12,
                }
            ).action_change()
        run = self._run("2026-04-01")
        self.assertFalse(self._parked(run).mapped("reason"))
        charges = self._charges(pbx)
        self.assertEqual(sum(charge[2] for charge in charges), 3)
        self.assertEqual([c[2:4] for c in charges], [(0.97, 9.7), (2.03, 24.36)])

    def test_corrected_month_adds_up_to_the_cent(self):
        """2.03 users first, and 0.97 later: as many euros as 3 users at once."""
        self.company.service_invoice_mode = "post"
        self.pbxs = pbx = self._customer_pbx("Cent")
        self._sell(pbx, 10.5, 2, date(2026, 3, 1), "2026-03-01")
        last = self._seats(pbx, 1, date(2026, 3, 31), first=300)
        first = self._moves(self._run("2026-04-01"))
        self.assertEqual([c[2:4] for c in self._charges(pbx)], [(2.03, 21.32)])
        last.date_start = date(2026, 3, 1)
        pbx.seat_ids[:2].date_end = date(2026, 3, 31)
        last.date_end = date(2026, 3, 31)
        rehearsed = self._rehearse(date(2026, 5, 1))
        second = self._moves(self._run("2026-05-01")) - first
        self.assertEqual([c[2:4] for c in self._charges(pbx)][1:], [(0.97, 10.18)])
        self.assertEqual(second.amount_untaxed, 10.18)
        self.assertEqual(rehearsed.amount_total, 10.18)
        self.assertAlmostEqual(first.amount_untaxed + second.amount_untaxed, 31.5)
        users, cent = second.invoice_line_ids.sorted("sequence")[1:3]
        self.assertEqual((users.quantity, users.price_subtotal), (0.97, 10.19))
        self.assertEqual(cent.price_subtotal, -0.01)
        self.assertIn("Rounding: Cent, March 2026", cent.name)
        self.assertEqual(cent.tax_ids, users.tax_ids)
        self.assertEqual(cent.account_id, users.account_id)
        self.assertFalse(cent._can_be_disputed())
        self.assertFalse(self._moves(self._run("2026-05-02")) - first - second)

    def test_plan_that_changes_at_the_same_price_adds_up_to_the_cent(self):
        self.pbxs = pbx = self._customer_pbx("Same price")
        self._sell(pbx, 10.5, 3, date(2026, 3, 1), "2026-03-01")
        other = self.contract_plan.copy({"code": "other"})
        other.seat_product_id = self.contract_plan.seat_product_id
        with freeze_time("2026-03-02 09:00"):
            self.env["nox.pbx.change.plan"].create(
                {
                    "pbx_id": pbx.id,
                    "plan_id": other.id,
                    "date_start": date(2026, 3, 11),
                    "price_unit": 10.5,
                }
            ).action_change()
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual(
            [c[2:4] for c in self._charges(pbx)], [(0.97, 10.19), (2.03, 21.31)]
        )
        self.assertEqual(move.amount_untaxed, 31.5)
        self.assertAlmostEqual(
            sum(move.invoice_line_ids.mapped("price_subtotal")), 31.5
        )
        # The cent goes when its line is deleted, and comes back with it.
        move.invoice_line_ids.filtered(lambda line: line.quantity == 2.03).unlink()
        self.assertEqual(move.amount_untaxed, 10.19)
        self._run("2026-04-02")
        self.assertAlmostEqual(sum(self._moves().mapped("amount_untaxed")), 31.5)

    def test_users_and_finished_work_share_one_invoice_with_sections(self):
        self.pbxs = pbx = self._customer_pbx("Both")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        self._work(pbx, 20)
        run = self._run("2026-04-01")
        move = self._moves(run)
        self.assertEqual(len(move), 1)
        self.assertEqual(move.amount_untaxed, 20 + 41)
        lines = move.invoice_line_ids.sorted("sequence")
        self.assertEqual(
            lines.mapped("display_type"),
            ["line_section", "product", "line_section", "product"],
        )
        self.company.service_invoice_separate = True
        move.unlink()
        self._run("2026-04-01")
        self.assertEqual(
            sorted(self._moves(run).mapped("amount_untaxed")), [20.0, 41.0]
        )

    def test_way_of_counting_does_not_change_what_was_billed(self):
        plan = self.contract_plan.copy({"code": "counted"})
        plan.seat_policy = "first_day"  # Nothing is billed by it yet.
        self.pbxs = pbx = self._customer_pbx("Counted")
        self._sell(pbx, 10, 1, date(2026, 3, 10), "2026-03-01")
        self._run("2026-04-01")
        with self.assertRaisesRegex(UserError, "billed already"):
            self.contract_plan.seat_policy = "first_day"
        self.contract_plan.seat_policy = "prorated"  # As it is.

    def test_contract_cron_and_button_leave_our_lines_alone(self):
        self.pbxs = pbx = self._customer_pbx("Cron")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        contract = pbx.period_ids.contract_line_id.contract_id
        before = self.env["account.move"].search_count([])
        with freeze_time("2026-06-01 09:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
            with self.assertRaisesRegex(UserError, "monthly service run"):
                contract.recurring_create_invoice()
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertFalse(pbx.period_ids.contract_line_id.last_date_invoiced)

    def _mixed_contract(self, name, start):
        """A contract with our users from March on, and a line of its own."""
        self.pbxs = pbx = self._customer_pbx(name)
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        contract = pbx.period_ids.contract_line_id.contract_id
        with freeze_time("2026-03-01 09:00"):
            line = self.env["contract.line"].create(
                {
                    "contract_id": contract.id,
                    "product_id": self.env["product.product"]
                    .create({"name": "Internet", "type": "service"})
                    .id,
                    "name": "Internet",
                    "quantity": 1,
                    "price_unit": 40,
                    "date_start": start,
                    "recurring_next_date": start,
                    "recurring_rule_type": "monthly",
                    "recurring_interval": 1,
                    "recurring_invoicing_type": "pre-paid",
                }
            )
        return contract, line

    def test_button_bills_the_other_lines_of_a_contract_at_their_own_date(self):
        contract, line = self._mixed_contract("Button", date(2026, 5, 10))
        ours = contract.contract_line_ids.filtered("is_seat_line")
        self.assertLess(ours.recurring_next_date, line.recurring_next_date)
        with freeze_time("2026-05-10 09:00"):
            move = contract.recurring_create_invoice()
        self.assertEqual(move.amount_untaxed, 40)
        self.assertEqual(move.invoice_date, date(2026, 5, 10))
        self.assertEqual(move.invoice_line_ids.contract_line_id, line)
        line.date_end = line.last_date_invoiced
        self.assertFalse(line.recurring_next_date)
        with self.assertRaisesRegex(UserError, "monthly service run"):
            contract.recurring_create_invoice()

    def test_contract_cron_bills_the_other_lines_alone(self):
        contract, line = self._mixed_contract("Mixed", date(2026, 4, 1))
        with freeze_time("2026-06-01 09:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
        moves = contract._get_related_invoices()
        self.assertEqual(moves.invoice_line_ids.contract_line_id, line)
        self.assertEqual(set(moves.mapped("amount_untaxed")), {40})

    def test_start_on_the_31st_and_leap_day(self):
        self.pbxs = pbx = self._customer_pbx("Edge")
        self._sell(pbx, 31, 1, date(2026, 1, 31), "2026-01-31")
        self._run("2026-02-01")
        self._run("2026-03-01")
        self.assertEqual([c[2] for c in self._charges(pbx)], [0.03, 1.0])
        leap = self._customer_pbx("Leap")
        self.pbxs = leap
        self._sell(leap, 29, 1, date(2028, 2, 29), "2028-02-29")
        self._run("2028-03-01")
        self.assertEqual([c[2] for c in self._charges(leap)], [0.03])

    def test_company_in_another_time_zone_at_half_past_midnight(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        with freeze_time("2026-04-01 00:30"):  # UTC: still March over there.
            self.assertEqual(
                self.env["nox.billing.run"]._default_month(), date(2026, 2, 1)
            )
        self.company.partner_id.tz = "Europe/Amsterdam"
        with freeze_time("2026-03-31 22:30"):  # UTC: 00:30 on 1 April in Amsterdam.
            self.assertEqual(
                self.env["nox.billing.run"]._default_month(), date(2026, 3, 1)
            )
