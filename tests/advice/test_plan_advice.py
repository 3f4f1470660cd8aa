from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_advice import NEW_YEAR, NoxAdviceCommon

CRON = "nox_voip_service.cron_plan_advice"


@tagged("standard", "post_install", "-at_install")
class TestPlanAdvice(NoxAdviceCommon):
    """The last year under each plan, to the cent."""

    def test_contract_that_is_cheaper(self):
        """Seven blocks against two users of 5.00: 143.50 and 120.00."""
        self._seats(self.pbx, 2, date(2025, 12, 1))
        self.contract_plan.seat_product_id.list_price = 5
        for on in ("2026-01-01", "2026-06-15", "2026-12-31"):
            self._request(self.pbx, 16, on=on)
        self._request(self.pbx, 15, on="2025-12-31")  # the day before
        self._request(self.pbx, 10, 5, on="2026-05-04")
        advice = self._advice()
        contract = self._line(advice, self.contract_plan)
        own = self._line(advice, self.standard)
        self.assertEqual(
            (advice.date_from, advice.date_to),
            (date(2026, 1, 1), date(2026, 12, 31)),
        )
        self.assertEqual(
            (advice.state, advice.better_plan_id, advice.saving),
            ("pays_too_much", self.contract_plan, 23.5),
        )
        self.assertEqual((advice.cost, advice.actual_cost), (143.5, 143.5))
        self.assertEqual((own.blocks, own.total_low, own.total_high), (7, 143.5, 143.5))
        self.assertTrue(own.is_current and contract.is_better)
        self.assertEqual(
            (contract.users_amount, contract.work_high, contract.difference_high),
            (120, 0, -23.5),
        )
        # 143.50 pays for two users of 60.00 a year; 120.00 is six blocks.
        self.assertEqual((contract.user_point, contract.block_point), (2, 6))
        self.assertEqual(contract.minute_point, 90)
        self.assertIn("23.50\xa0€ less", advice.summary)
        self.assertIn("up to 2 users", advice.summary)
        self.assertIn("90 minutes (6 × 15)", advice.summary)

    def test_contract_that_costs_us_money(self):
        """One user at 2.00 and 41.00 of covered work; work on site is billed anyhow."""
        pbx = self._contract(1, price=2.0)
        self._request(pbx, 20)
        self._request(pbx, 30, work_location="on_site")
        advice = self._advice(pbx)
        self.assertEqual(
            (advice.users_amount, advice.included_value, advice.margin),
            (24, 41, -17),
        )
        self.assertTrue(advice.costs_us)
        self.assertEqual((advice.included_minutes, advice.site_count), (20, 1))
        self.assertEqual((advice.state, advice.cost), ("fits", 24 + 41))
        standard = self._line(advice, self.standard)
        self.assertEqual(standard.total_high, 82)
        self.assertEqual(standard.difference_low, 17)

    def test_eigen_beheer_counts_one_training(self):
        self._request(self.pbx, 20)
        line = self._line(self._advice(), self.self_managed)
        self.assertEqual(
            (line.once, line.total_low, line.difference_low), (350, 391, 350)
        )
        self.assertEqual((line.block_point, line.minute_point), (18, 270))
        self.assertIn("own administrator takes over 270 minutes", line.sentence)
        self._certified(self.pbx, "Anna Jansen", on=date(2026, 2, 2))
        with freeze_time(NEW_YEAR):
            self.env.invalidate_all()
        line = self._line(self._advice(), self.self_managed)
        self.assertEqual((line.once, line.difference_low), (0, 0))
        self.assertFalse(line.block_point)
        self.assertIn("as much as", line.sentence)

    def test_unknown_fact_leaves_a_range(self):
        pbx = self._contract(1, price=3.0)
        self._request(pbx, 31, category="add_user")
        advice = self._advice(pbx)
        self.assertEqual((advice.cost, advice.cost_high), (36, 36 + 61.5))
        self.assertEqual((advice.unknown_count, advice.state), (1, "unsure"))
        standard = self._line(advice, self.standard)
        self.assertEqual(
            (standard.difference_low, standard.difference_high), (-36, 25.5)
        )
        self.assertIn("36.00\xa0€ less and 25.50\xa0€ more", standard.sentence)
        self.assertIn("of which a fact is not known: 1", advice.assumptions)

    def test_quotes_are_counted_as_approved_and_overrides_left_out(self):
        ticket = self._request(self.pbx, 61)
        self.assertState(ticket, held_minutes=1, billable_blocks=4)
        free = self._request(self.pbx, 15)
        self.env["nox.coverage.override"].create(
            {"ticket_id": free.id, "coverage": "covered", "reason": "Our mistake"}
        )
        advice = self._advice()
        self.assertEqual((advice.cost, advice.override_count), (5 * 20.5 + 20.5, 1))
        self.assertIn("decided by hand: 1", advice.assumptions)

    def test_what_no_plan_decides_is_left_out(self):
        self._request(self.pbx, 15, about_pbx=False)
        self._request(self.pbx, 15, category="fault", fault_domain="own")
        advice = self._advice()
        self.assertEqual((advice.request_count, advice.cost), (1, 0))
        self.assertEqual(advice.included_value, 20.5)
        self.assertFalse(advice.costs_us)

    def test_price_of_the_customer_and_of_the_day(self):
        """15.00 a block by the customer's list until June, 16.00 from July."""
        self.pbx.partner_id.property_product_pricelist = self.env[
            "product.pricelist"
        ].create(
            {
                "name": "Customer",
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.block_product.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                            "date_start": start,
                            "date_end": end,
                        }
                    )
                    for price, start, end in (
                        (15, False, "2026-06-30 21:59:59"),
                        (16, "2026-06-30 22:00:00", False),
                    )
                ],
            }
        )
        self._request(self.pbx, 15, on="2026-06-30")
        self._request(self.pbx, 15, on="2026-07-01")
        self.assertEqual(self._advice().cost, 31)

    def test_users_that_nobody_knows_are_not_priced(self):
        self._request(self.pbx, 90)
        other = self._contract(1, price=6.0)
        self.assertTrue(other.period_ids.contract_line_id)
        advice = self._advice()
        contract = self._line(advice, self.contract_plan)
        self.assertFalse(contract.is_priced)
        # 123.00 pays for one user at 6.00, which is what the other customer pays.
        self.assertEqual((contract.price_source, contract.user_price), ("usual", 6))
        self.assertEqual((contract.has_user_point, contract.user_point), (True, 1))
        self.assertIn("no users of this PBX are known", contract.sentence)
        self.assertEqual(advice.state, "fits")

    def test_price_that_nobody_knows(self):
        self._seats(self.pbx, 2, date(2026, 1, 1))
        contract = self._line(self._advice(), self.contract_plan)
        self.assertFalse(contract.price_source or contract.is_priced)
        self.assertIn("no price per user is known", contract.sentence)

    def test_history_of_two_plans_is_priced_as_it_was(self):
        pbx = self.pbx
        self._seats(pbx, 1, date(2026, 1, 1))
        self._request(pbx, 15, on="2026-03-02")
        order = self._sell(pbx, 10, start=date(2026, 7, 1), signed="2026-07-01")
        self.assertEqual(order.state, "sale")
        self._request(pbx, 15, on="2026-08-03")
        advice = self._advice(pbx)
        self.assertEqual(advice.actual_cost, 20.5 + 6 * 10)
        self.assertEqual((advice.plan_id, advice.cost), (self.contract_plan, 120))
        self.assertEqual(advice.better_plan_id, self.standard)
        self.assertEqual(advice.saving, 120 - 41)

    def test_ended_and_new_pbxs_have_none(self):
        advice = self._advice()
        self.assertTrue(advice)
        self.pbx.ended_on = date(2026, 12, 1)
        self.assertFalse(self._advice())
        new = self._pbx(self.standard, accepted_on=date(2027, 1, 1), name="New")
        self.assertFalse(self._advice(new))
        with freeze_time(NEW_YEAR), self.assertRaises(UserError) as refusal:
            new.with_user(self.manager).action_view_advice()
        self.assertSentence(refusal)

    def test_is_what_the_year_was_billed(self):
        """Contract and work of a year, invoiced by the run month by month."""
        pbx = self._contract(3, price=4.35, name="Billed")
        self.pbxs = pbx
        pbx.seat_ids[0].date_end = date(2026, 3, 10)
        self._seats(pbx, 2, date(2026, 8, 20), first=200)
        for on, category, *minutes in (
            ("2026-01-05", "new_number", 20),
            ("2026-02-28", "new_hardware", 10, 25),
            ("2026-04-01", "call_group", 50),
            ("2026-11-30", "new_number", 60),
        ):
            ticket = self._request(pbx, *minutes, category=category, on=on)
            with freeze_time(f"{on} 18:00"):
                self._finish(ticket)
        self._run("2027-01-01")
        if self._parked(self._get_run_of("2027-01-01")):
            self._confirm_months("2027-01-01")
        moves = self._moves()
        moves.action_post()
        advice = self._advice(pbx)
        self.assertTrue(moves)
        self.assertEqual(
            round(sum(moves.mapped("amount_untaxed")), 2), advice.actual_cost
        )
        self.assertEqual(advice.actual_cost, advice.cost)

    def _get_run_of(self, day):
        with freeze_time(f"{day} 00:30"):
            return self._get_run()

    def _confirm_months(self, day):
        """More than three months at once wait until somebody has looked."""
        run = self._get_run_of(day)
        self._parked(run).with_user(self.accountant).action_confirm_months()
        with freeze_time(f"{day} 00:30"):
            run._bill_customers(self.pbxs.commercial_partner_id)
            self.env.flush_all()


@tagged("standard", "post_install", "-at_install")
class TestAdviceByNight(NoxAdviceCommon):
    """The nightly job, and how much it asks of the database."""

    def test_cron_prices_everybody_once_a_day(self):
        with freeze_time(NEW_YEAR), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
            advice = self.pbx.advice_ids
            self.assertEqual(advice.request_count, 0)
            self.assertFalse(self.env["nox.plan.advice"]._pbxs_to_refresh())
        self._request(self.pbx, 20)
        with freeze_time("2027-01-02 06:00:00"), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.assertEqual(self.pbx.advice_ids, advice)
        self.assertEqual((advice.request_count, advice.cost), (1, 41))

    def test_one_failure_stops_nobody_else(self):
        other = self._pbx(
            self.standard,
            self._customer("Other"),
            accepted_on=date(2025, 12, 1),
            name="Other",
        )
        Advice = self.env["nox.plan.advice"].browse().__class__

        def values_of(records, pbx, *args):
            if pbx.id == other.id:
                raise UserError("Broken.")
            return original(records, pbx, *args)

        original = Advice._values_of
        self.patch(Advice, "_values_of", values_of)
        with freeze_time(NEW_YEAR):
            (self.pbx | other)._refresh_advice()
        self.assertEqual(self.pbx.advice_ids.state, "fits")
        self.assertEqual(other.advice_ids.state, "not_priced")
        self.assertIn("Broken.", other.advice_ids.summary)

    def test_queries_do_not_grow_with_the_requests(self):
        def count(pbx):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._advice(pbx)
            return self.cr.sql_log_count - before

        self._request(self.pbx, 20)
        count(self.pbx)
        few = count(self.pbx)
        for _number in range(12):
            self._request(self.pbx, 20)
        count(self.pbx)
        self.assertLessEqual(count(self.pbx), few)
