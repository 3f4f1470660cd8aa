from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_advice import NEW_YEAR, NoxAdviceCommon


@tagged("standard", "post_install", "-at_install")
class TestQuoteForBetterPlan(NoxAdviceCommon):
    """From the advice to what starts the better plan."""

    def _press(self, advice, user=None):
        with freeze_time(NEW_YEAR):
            return advice.with_user(user or self.manager).action_quote_better_plan()

    def test_contract_is_quoted_for_the_users_of_today(self):
        self._seats(self.pbx, 2, date(2025, 12, 1))
        self.contract_plan.seat_product_id.list_price = 5
        self._request(self.pbx, 60)
        self._request(self.pbx, 60)
        advice = self._advice()
        action = self._press(advice)
        order = self.env["sale.order"].browse(action["res_id"])
        line = order.order_line
        self.assertEqual(
            (order.state, order.partner_id, line.service_pbx_id),
            ("draft", self.pbx.partner_id, self.pbx),
        )
        self.assertEqual((line.product_uom_qty, line.price_unit), (2, 5))
        self.assertEqual(line.service_start_on, date(2027, 2, 1))
        self.assertEqual(self._press(advice)["res_id"], order.id, "one is enough")
        with freeze_time(NEW_YEAR):
            order.action_confirm()
            with self.assertRaises(UserError) as refusal:
                self._press(advice)
        self.assertSentence(refusal)
        self.assertEqual(
            self.pbx._plan_on(date(2027, 2, 1)), self.contract_plan, "it starts"
        )

    def test_standard_is_a_change_of_plan(self):
        pbx = self._contract(2, price=9)
        self._request(pbx, 15)
        advice = self._advice(pbx)
        self.assertEqual(advice.better_plan_id, self.standard)
        action = self._press(advice)
        self.assertEqual(action["res_model"], "nox.pbx.change.plan")
        with freeze_time(NEW_YEAR):
            dialog = (
                self.env["nox.pbx.change.plan"]
                .with_user(self.manager)
                .with_context(action["context"])
                .create({})
            )
            dialog.action_change()
        self.assertEqual(pbx._plan_on(date(2027, 1, 31)), self.contract_plan)
        self.assertEqual(pbx._plan_on(date(2027, 2, 1)), self.standard)

    def test_training_is_quoted_first(self):
        """A plan of an own administrator that covers all, for who has none yet."""
        own = self._own_plan(
            self.self_managed,
            name="Own",
            rule_ids=[Command.clear()],
        )
        own.rule_ids = [
            Command.create(
                {"name": "All", "outcome": "covered", "clause": "x", "reason": "x"}
            )
        ]
        for _number in range(5):
            self._request(self.pbx, 60)
        advice = self._advice()
        self.assertEqual((advice.better_plan_id, advice.saving), (own, 410 - 350))
        order = self.env["sale.order"].browse(self._press(advice)["res_id"])
        self.assertTrue(order.order_line.is_admin_training)
        self.assertEqual(order.amount_untaxed, 350)

    def test_message_when_it_cannot(self):
        self._request(self.pbx, 20)
        advice = self._advice()
        with self.assertRaises(UserError) as refusal:
            self._press(advice)
        self.assertIn("nothing to quote", str(refusal.exception))
        pbx = self._contract(2, price=9)
        advice = self._advice(pbx)
        pbx.with_context(active_test=False)._start_plan(
            self.standard, date(2026, 12, 1)
        )
        with self.assertRaises(UserError) as refusal:
            self._press(advice)
        self.assertIn("Refresh it first", str(refusal.exception))

    def test_advice_is_for_managers(self):
        advice = self._advice()
        stranger = self._portal_user(self.customer, "nox_curious")
        for user in (self.technician, self.coordinator, self.accountant, stranger):
            with self.subTest(user=user.login):
                for method in (
                    "action_quote_better_plan",
                    "action_refresh",
                    "action_open_pbx",
                    "action_view_requests",
                    "read",
                ):
                    with self.assertRaises(AccessError):
                        self._rpc(user, "nox.plan.advice", method, advice.ids)
                with self.assertRaises(AccessError):
                    self._rpc(user, "nox.pbx", "action_view_advice", self.pbx.ids)
        self.assertTrue(
            self._rpc(self.manager, "nox.plan.advice", "action_refresh", advice.ids)
        )
        requests = advice.with_user(self.manager).action_view_requests()
        self.assertEqual(requests["res_model"], "helpdesk.ticket")

    def test_other_companies_see_nothing(self):
        advice = self._advice()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere = self.manager.copy(
            {
                "login": "nox_elsewhere",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        found = self.env["nox.plan.advice"].with_user(elsewhere)
        found = found.with_context(allowed_company_ids=company.ids)
        self.assertFalse(found.search([("id", "=", advice.id)]))
        with self.assertRaises(AccessError):
            found.browse(advice.id).read(["saving"])
        lines = self.env["nox.plan.advice.line"].with_user(elsewhere)
        lines = lines.with_context(allowed_company_ids=company.ids)
        self.assertFalse(lines.search([("advice_id", "=", advice.id)]))


@tagged("standard", "post_install", "-at_install")
class TestAdviceInPortal(NoxAdviceCommon):
    """What the customer reads, where his company shows it."""

    def test_off_by_default_and_without_prices_of_others(self):
        self.assertFalse(self.company.service_portal_advice)
        self._request(self.pbx, 20)
        self._seats(self.pbx, 2, date(2026, 1, 1))
        self._contract(1, price=6.0)
        advice = self._advice()
        with freeze_time(NEW_YEAR):
            self.assertFalse(self.pbx._portal_advice())
            self.company.service_portal_advice = True
            self.assertEqual(self.pbx._portal_advice(), advice)
        shown = advice._portal_lines().plan_id
        self.assertEqual(shown, self.self_managed)
        text = " ".join(advice._assumption_sentences(advice._portal_lines()))
        self.assertNotIn("6.00", text)
