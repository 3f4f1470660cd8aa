"""The analysis adds up to the books of the time and to the posted invoices."""

import random
from ast import literal_eval
from collections import defaultdict
from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NoxVoipCommon
from ..common_month import NoxMonthCommon

MONEY = ("cost", "margin")


class AnalysisMixin:
    def _rows(self, tickets, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["nox.service.analysis"]
            .with_user(user or self.manager)
            .search([("ticket_id", "in", tickets.ids)])
        )

    def _sums(self, tickets, *names):
        rows = self._rows(tickets)
        return {name: round(sum(rows.mapped(name)), 2) for name in names}

    def _balance(self, tickets):
        """What posted invoices have for the time of these tickets."""
        lines = tickets.service_order_ids.order_line.filtered("is_service_time")
        posted = lines.invoice_lines.filtered(
            lambda line: line.parent_state == "posted"
        )
        return round(-sum(posted.mapped("balance")), 2)

    def assertAddsUp(self, tickets):
        """Minutes by state are those of the books, money is that of the invoices."""
        rows = self._rows(tickets)
        booked = defaultdict(int)
        book = self.env["nox.time.book"].with_user(self.accountant)
        for row in book.search([("ticket_id", "in", tickets.ids)]):
            booked[row.state] += row.minutes
        found = defaultdict(int)
        for row in rows.filtered("minutes"):
            found[row.state] += row.minutes
        self.assertEqual(found, booked)
        self.assertEqual(
            round(sum(rows.mapped("billed_amount")), 2), self._balance(tickets)
        )
        self.assertEqual(
            round(sum(rows.mapped("waived_blocks")), 2),
            sum(
                ticket.waived_blocks
                for ticket in tickets
                if ticket.coverage != "undecided"
            )
            + sum(
                ticket.plan_id and -(-ticket.worked_minutes // 15)
                for ticket in tickets
                if ticket.coverage == "undecided" and ticket.drop_billing == "waive"
            ),
        )
        self.assertEqual(
            round(sum(rows.mapped("held_minutes"))), sum(tickets.mapped("held_minutes"))
        )


@tagged("standard", "post_install", "-at_install")
class TestAnalysis(AnalysisMixin, NoxVoipCommon):
    def test_billed_work_is_divided_over_who_worked(self):
        self.technician.employee_id.hourly_cost = 30
        ticket = self._ticket(self._pbx())
        self._log(ticket, 20)
        self._log(ticket, 15, user=self.colleague)
        self._invoice(ticket)
        rows = self._rows(ticket).sorted("minutes")
        self.assertEqual(rows.user_id, self.technician | self.colleague)
        self.assertEqual(rows.mapped("minutes"), [15, 20])
        self.assertEqual(
            [round(each, 2) for each in rows.mapped("billed_blocks")], [1.29, 1.71]
        )
        self.assertEqual(
            [round(each, 2) for each in rows.mapped("billed_amount")], [26.36, 35.14]
        )
        self.assertEqual([round(each, 2) for each in rows.mapped("cost")], [0, 10])
        self.assertAlmostEqual(sum(rows.mapped("margin")), 51.5)
        self.assertAlmostEqual(sum(rows.mapped("rounding_minutes")), 10)
        self.assertAlmostEqual(sum(rows.mapped("rounding_amount")), 61.5 * 10 / 45)
        self.assertEqual(set(rows.mapped("state")), {"invoiced"})
        self.assertEqual(rows.category_id, ticket.category_id)
        self.assertEqual(rows.rule_id, ticket.coverage_rule_id)
        self.assertAddsUp(ticket)

    def test_included_work_has_the_value_of_the_price_list(self):
        """38 minutes of included work would have been 3 blocks, at this customer's
        price in dollars, and stay so when the list changes afterwards."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Dollars",
                "currency_id": self._dollar().id,
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 36,
                            "product_id": self.block_product.id,
                            "applied_on": "0_product_variant",
                        }
                    )
                ],
            }
        )
        customer = self._customer("Abroad")
        customer.with_company(self.company).property_product_pricelist = pricelist
        ticket = self._ticket(self._pbx(self.contract_plan, customer=customer))
        self._log(ticket, 38)
        names = ("covered_blocks", "covered_value", "billed_amount")
        self.assertEqual(
            self._sums(ticket, *names),
            {"covered_blocks": 3, "covered_value": 61.5, "billed_amount": 0},
        )
        self._finish(ticket)
        self.assertEqual(self._sums(ticket, *names)["covered_value"], 54)
        pricelist.item_ids.fixed_price = 60
        self.assertEqual(self._sums(ticket, *names)["covered_value"], 54)
        self.assertAddsUp(ticket)

    def test_waived_held_and_credited(self):
        pbx = self._pbx()
        waived = self._ticket(pbx)
        self._log(waived, 35)
        self._finish(waived)
        self.env["nox.block.waiver"].create(
            {"ticket_id": waived.id, "blocks": 1, "reason": "Our own mistake"}
        )
        move = self._invoice(waived)
        names = ("billed_blocks", "billed_amount", "waived_blocks", "waived_value")
        self.assertEqual(
            self._sums(waived, *names),
            dict(zip(names, (2, 41, 1, 20.5), strict=True)),
        )
        self._refund(move).action_post()
        self.assertEqual(
            self._sums(waived, *names),
            dict(zip(names, (0, 0, 3, 61.5), strict=True)),
        )
        held = self._over_the_hour(pbx)
        self._decline(held)
        self._invoice(held)
        self.assertEqual(
            self._sums(held, "held_minutes", "billed_blocks", "minutes"),
            {"held_minutes": 1, "billed_blocks": 4, "minutes": 61},
        )
        self.assertAddsUp(waived | held)

    def test_every_way_of_rounding(self):
        tickets = self.env["helpdesk.ticket"]
        for scope, blocks in (("day", 3 + 2), ("entry", 1 + 2 + 2 + 1 + 1)):
            plan = self._own_plan(
                self.contract_plan, rounding_scope=scope, grace_minutes=2
            )
            ticket = self._ticket(self._pbx(plan, name=scope))
            self._log(ticket, 7, 18, 20)
            self._log(ticket, 11, 9, day=fields.Date.add(self.day, days=1))
            tickets |= ticket
            self.assertEqual(
                self._sums(ticket, "covered_blocks")["covered_blocks"], blocks
            )
        self.assertAddsUp(tickets)

    def test_money_without_time(self):
        """An agreed price is billed whatever was worked, also when it is nothing."""
        plan = self._own_plan(self.standard, quote_billing="fixed")
        ticket = self._ticket(self._pbx(plan), estimated_minutes=90)
        self._approve(ticket)
        self._finish(ticket)
        if ticket.to_invoice_blocks:
            self._invoice(ticket)
        [row] = self._rows(ticket)
        self.assertEqual((row.minutes, row.billed_blocks), (0, 6))
        self.assertAddsUp(ticket)

    def test_random_work_adds_up(self):
        dice = random.Random(5)
        pbxs = [self._pbx(), self._pbx(self.contract_plan, name="Contract")]
        tickets = self.env["helpdesk.ticket"]
        for number in range(14):
            ticket = self._ticket(
                dice.choice(pbxs), dice.choice(["call_group", "new_number", "fault"])
            )
            tickets |= ticket
            for _entry in range(dice.randint(1, 4)):
                user = dice.choice([self.technician, self.colleague, self.coordinator])
                held = "It was urgent" if user == self.coordinator else False
                if ticket.approval_state == "not_needed" or held:
                    self._log(ticket, dice.randint(1, 50), user=user, held_reason=held)
            if ticket.quote_state == "draft" and dice.random() < 0.5:
                ticket.estimated_minutes = 150
                self._approve(ticket)
            if ticket.coverage == "billable" and number % 3:
                self._finish(ticket)
                if ticket.to_invoice_blocks > 1 and dice.random() < 0.4:
                    self.env["nox.block.waiver"].create(
                        {"ticket_id": ticket.id, "blocks": 1, "reason": "Goodwill"}
                    )
                if ticket.to_invoice_blocks and dice.random() < 0.7:
                    move = self._invoice(ticket, post=dice.random() < 0.8)
                    if move.state == "posted" and dice.random() < 0.4:
                        answer = dice.choice(["no", "yes"])
                        self._refund(move, rebill=answer).action_post()
        self.assertAddsUp(tickets)

    # ------------------------------------------------------------------
    # WHO READS WHAT
    # ------------------------------------------------------------------

    def test_who_reads_the_analysis(self):
        ticket = self._ticket(self._pbx())
        self._log(ticket, 20)
        for user in (self.accountant, self.coordinator, self.manager):
            rows = self._rows(ticket, user)
            self.assertEqual(rows.mapped("minutes"), [20])
            for name in MONEY:
                if user == self.coordinator:
                    with self.assertRaises(AccessError):
                        rows._read_group([], [], [f"{name}:sum"])
                    self.assertNotIn(name, rows.fields_get())
                else:
                    rows.read([name])
        customer = self._portal_user(self.customer, "nox_portal")
        for user in (self.technician, customer, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self._rows(ticket, user)
        for method, args in (("write", [{"minutes": 1}]), ("unlink", [])):
            with self.assertRaises(AccessError):
                self._rpc(self.accountant, "nox.service.analysis", method, [1], *args)

    def test_other_companies_have_their_own_figures(self):
        ticket = self._ticket(self._pbx())
        self._log(ticket, 20)
        company = self.env["res.company"].create({"name": "Other company"})
        self.manager.company_ids += company
        theirs = self._rows(ticket).with_context(allowed_company_ids=company.ids)
        self.assertFalse(theirs.search([("ticket_id", "=", ticket.id)]))
        self.assertFalse(theirs.search_count([("company_id", "=", self.company.id)]))

    # ------------------------------------------------------------------
    # THE PAGE
    # ------------------------------------------------------------------

    def _favorites(self, user):
        action = self.env.ref("nox_voip_service.nox_service_analysis_action")
        views = (
            self.env["nox.service.analysis"]
            .with_user(user)
            .get_views(
                [(False, "search"), (False, "pivot")],
                {"action_id": action.id, "load_filters": True},
            )
        )
        return views["views"]["search"]["filters"]

    def test_each_question_has_an_answer(self):
        favorites = self._favorites(self.manager)
        self.assertEqual(len(favorites), 10)
        model = self.env["nox.service.analysis"].with_user(self.manager)
        for favorite in favorites:
            context = literal_eval(favorite["context"])
            with self.subTest(question=favorite["name"]):
                model.formatted_read_group(
                    literal_eval(favorite["domain"]),
                    context["group_by"] + context["pivot_column_groupby"],
                    [f"{name}:sum" for name in context["pivot_measures"]],
                )

    def test_questions_are_asked_by_who_may_read_the_answer(self):
        """And each has its translation: Odoo has none for names of favorites."""
        asked = {each["name"] for each in self._favorites(self.manager)}
        self.assertEqual(asked, set(self.env["nox.service.analysis"]._questions()))
        for_coordinator = {each["name"] for each in self._favorites(self.coordinator)}
        self.assertEqual(asked - for_coordinator, {"Which contracts lose money?"})


@tagged("standard", "post_install", "-at_install")
class TestAnalysisOfUsers(AnalysisMixin, NoxMonthCommon):
    def test_billed_users_are_those_of_the_invoices(self):
        """Users of March stand in March, whenever they were billed; a credit note
        takes them off."""
        self.pbxs = self._customer_pbx("Analysed")
        self._sell(self.pbxs, 7.77, 3)
        moves = self._moves(self._run("2026-04-01"))
        rows = self.env["nox.service.analysis"].with_user(self.manager)
        domain = [("pbx_id", "=", self.pbxs.id), ("source", "=", "users")]
        self.env.flush_all()
        self.assertFalse(rows.search(domain))
        moves.action_post()
        self.env.flush_all()
        march = rows.search([*domain, ("date", "=", date(2026, 3, 1))])
        self.assertEqual(round(sum(march.mapped("users_amount")), 2), 23.31)
        every = rows.search(domain)
        self.assertEqual(
            round(sum(every.mapped("users_amount")), 2),
            sum(moves.mapped("amount_untaxed")),
        )
        self.assertEqual(every.plan_id, self.contract_plan)
        with freeze_time("2026-04-02"):
            self._refund(moves).action_post()
        self.env.flush_all()
        self.assertEqual(round(sum(rows.search(domain).mapped("margin")), 2), 0)
