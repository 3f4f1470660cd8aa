"""The manager's page, and what other blocks would bring."""

import io
import json
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin
from ..common_month import NoxMonthCommon

TODAY = "2026-04-02 10:00"


@tagged("standard", "post_install", "-at_install")
class TestFigures(NoxMonthCommon):
    """A company of its own, so that the page has this test's figures alone."""

    @classmethod
    def _dutch_company(cls):
        company = cls.env["res.company"].create(
            {"name": "Figures", "country_id": cls.env.ref("base.nl").id}
        )
        cls.env["account.chart.template"].try_loading("nl", company=company)
        return company

    def setUp(self):
        super().setUp()
        self.technician.employee_id.hourly_cost = 60
        self.pbxs = self._customer_pbx("Busy", plan=self.contract_plan)
        self._sell(self.pbxs, 7.5, 2)
        self.pbxs.period_ids.filtered("contract_line_id").billed_until = date(
            2026, 3, 1
        )

    def _page(self, period="month", user=None):
        self.env.flush_all()
        with freeze_time(TODAY):
            action = (
                self.env["nox.figures"]
                .with_user(user or self.manager)
                .action_open(period)
            )
        return (
            self.env["nox.figures"]
            .browse(action["res_id"])
            .with_user(user or self.manager)
        )

    def _request(self, kind, minutes, day="2026-03-10", **values):
        with freeze_time(f"{day} 08:00"):
            ticket = self._ticket(self.pbxs, kind, requested_on=day, **values)
            self._log(ticket, minutes, day=fields.Date.to_date(day))
            self._finish(ticket)
        return ticket

    def _open(self, line):
        action = line.with_user(self.manager).action_open()
        return (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .search(action["domain"])
        )

    def test_a_contract_that_loses_money(self):
        """15.00 for users, and 90 minutes of included work at 60 an hour."""
        self._request("call_group", 90)
        self._request("call_group", 30, "2026-04-01")
        self._moves(self._run("2026-04-01")).action_post()
        page = self._page()
        self.assertEqual(page.losing_count, 1)
        [line] = page.contract_ids
        self.assertEqual(line.partner_id, self.pbxs.partner_id)
        self.assertAlmostEqual(line.revenue, 15)
        self.assertAlmostEqual(line.cost, 90)
        self.assertAlmostEqual(line.result, -75)
        self.assertAlmostEqual(line.rate, 10)
        self.assertTrue(line.loses_money)
        rows = self._open(line)
        self.assertAlmostEqual(sum(rows.mapped("users_amount")), 15)
        self.assertAlmostEqual(sum(rows.mapped("cost")), 90)
        self.assertAlmostEqual(page.included_value, 6 * 20.5)
        self.assertAlmostEqual(page.margin, 15 - 90)
        self.assertEqual(
            [(row.state, row.minutes) for row in page.book_ids], [("covered", 90)]
        )
        self.assertEqual(sum(self._open(page.book_ids).mapped("minutes")), 90)

    def test_quotes_and_work_above_the_limit(self):
        with freeze_time("2026-03-10 08:00"):
            on_time = self._ticket(
                self.pbxs, "new_number", requested_on="2026-03-10", estimated_minutes=90
            )
            self._send(on_time)
        with freeze_time("2026-03-12 08:00"):
            self._approve(on_time)
            self._log(on_time, 80, day=date(2026, 3, 12))
            late = self._ticket(self.pbxs, "new_number", requested_on="2026-03-12")
            self._log(late, 70, day=date(2026, 3, 12))
            late.estimated_minutes = 90
            self._decline(late)
        page = self._page()
        self.assertEqual(
            (page.quotes_sent, page.quotes_approved, page.quotes_declined), (2, 1, 1)
        )
        self.assertEqual(page.in_time_text, "50% of 2")
        self.assertEqual(page.answer_days_text, "2.0 (90% within 2.0)")
        action = page.action_view_quotes()
        self.assertEqual(self.env["sale.order"].search_count(action["domain"]), 2)
        action = page.action_view_above_limit()
        self.assertEqual(
            self.env["helpdesk.ticket"].search(action["domain"]), on_time | late
        )

    def test_scope_rules_and_answers(self):
        for number in range(4):
            self._request("call_group", 10, f"2025-12-1{number}") if number else None
            ticket = self._request("new_number", 10, f"2026-01-1{number}")
        with freeze_time("2026-03-20 09:00"):
            overridden = self._ticket(
                self.pbxs, "new_number", requested_on="2026-03-20"
            )
        self.env["nox.coverage.override"].create(
            {"ticket_id": overridden.id, "coverage": "covered", "reason": "Goodwill"}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE nox_coverage_override SET create_date = '2026-03-20 10:00'"
            " WHERE ticket_id = %s",
            [overridden.id],
        )
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = '2026-03-20 09:00',"
            " assigned_date = '2026-03-20 11:00', closed_date = '2026-03-20 15:00'"
            " WHERE id = %s",
            [overridden.id],
        )
        message = overridden.with_user(self.technician).message_post(
            body="We are at it",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        message.sudo().date = "2026-03-20 12:30:00"
        self.env.invalidate_all()
        page = self._page()
        [scope] = page.scope_ids
        self.assertEqual((scope.out_count, scope.count, scope.share), (4, 8, 50))
        self.assertEqual(self._open(scope), self._open(scope).filtered("pbx_id"))
        self.assertIn(ticket, self._open(scope))
        [rule] = page.rule_ids
        self.assertEqual((rule.rule_id, rule.count), (overridden.coverage_rule_id, 1))
        self.assertEqual(self._open(rule).ticket_id, overridden)
        [answer] = page.answer_ids
        self.assertEqual(
            (answer.open_median, answer.answer_median, answer.done_most), (2, 3.5, 6)
        )
        self.assertEqual(self._open(answer), overridden)

    def test_trainings_and_certificates_that_end(self):
        with freeze_time(TODAY):
            self._certified(
                self.pbxs, "Anna", on=date(2025, 5, 1), expires_on=date(2026, 5, 1)
            )
            self._certified(
                self.pbxs, "Bert", on=date(2025, 5, 1), expires_on=date(2027, 5, 1)
            )
        page = self._page("quarter")
        self.assertEqual((page.certificates_count, page.trainings_count), (1, 0))
        with freeze_time(TODAY):
            action = page.action_view_certificates()
        self.assertEqual(
            len(self.env["nox.admin.training"].search(action["domain"])), 1
        )

    def test_previews_are_proven_or_named(self):
        Preview = self.env["nox.invoice.preview"]
        self.assertEqual(self._page().proven_text, "0 of 0 months")
        for month, state in ((1, "equal"), (2, "explained"), (3, "unexplained")):
            Preview.create(
                {
                    "company_id": self.company.id,
                    "commercial_partner_id": self.customer.id,
                    "month": date(2026, month, 1),
                    "state": state,
                }
            )
        page = self._page()
        self.assertEqual(page.proven_text, "2 of 3 months")
        self.assertEqual(page.unexplained_count, 1)

    def test_who_sees_the_page(self):
        for user in (self.manager, self.accountant):
            page = self._page("year", user)
            self.assertEqual(page.is_manager, user == self.manager)
            page.read()
            for name in (
                "action_month",
                "action_view_analysis",
                "action_view_rounding",
            ):
                with freeze_time(TODAY):
                    self.assertTrue(getattr(page, name)())
        self.assertFalse(page.answer_ids)
        customer = self._portal_user(self.customer, "nox_portal")
        for user in (self.technician, self.coordinator, customer):
            with self.assertRaises(AccessError):
                self._page(user=user)

    # ------------------------------------------------------------------
    # OTHER BLOCKS
    # ------------------------------------------------------------------

    def _recount(self, user=None, **values):
        with freeze_time(TODAY):
            recount = (
                self.env["nox.block.recount"]
                .with_user(user or self.manager)
                .create({"plan_id": self.contract_plan.id, **values})
            )
            recount.action_recount()
        return recount

    def test_the_same_work_under_other_blocks(self):
        """20 and 38 minutes: 2 and 3 blocks of 15; 4 and 8 of 5 at a third of the
        price. 67 minutes on a ticket without a quote: one hour counts."""
        self._request("new_number", 20, "2026-02-10")
        march = self._request("new_number", 38)
        invoiced = self._invoice(march)
        before = march.read(["billable_blocks", "worked_minutes"])
        recount = self._recount(block_minutes=5)
        self.assertEqual(
            [
                (str(x.month), x.blocks, x.new_blocks, x.minutes)
                for x in recount.line_ids
            ],
            [("2026-02-01", 2, 4, 20), ("2026-03-01", 3, 8, 38)],
        )
        self.assertEqual(recount.rounding_minutes, 10 + 7)
        self.assertAlmostEqual(recount.rounding_amount, 13.67 + 9.57)
        self.assertAlmostEqual(recount.amount, 5 * 20.5)
        self.assertAlmostEqual(recount.new_amount, 12 * 6.83)
        self.assertAlmostEqual(recount.difference, 12 * 6.83 - 5 * 20.5)
        # Nothing is written: tickets, plan and invoice are as they were.
        self.assertEqual(march.read(["billable_blocks", "worked_minutes"]), before)
        self.assertEqual(self.contract_plan.block_minutes, 15)
        self.assertAlmostEqual(invoiced.amount_untaxed, 61.5)

    def test_the_limit_is_counted_again(self):
        """Of 50 minutes that need no approval, four blocks of 15 hold 58 minutes; ten
        of 5 do not: 8 would be held. A quote of two blocks holds 30 minutes under
        either: 75 minutes are five blocks, and fifteen."""
        plan = self._own_plan(self.standard, quote_threshold_minutes=50)
        pbx = self._pbx(plan, self.customer, date(2026, 1, 1), name="Own limit")
        with freeze_time("2026-03-10 09:00"):
            full, quoted = (
                self._ticket(pbx, "new_number", requested_on=date(2026, 3, 10))
                for _number in range(2)
            )
            self._log(full, 58, day=date(2026, 3, 10))
            self._log(quoted, 50, day=date(2026, 3, 10))
            quoted.estimated_minutes = 80
            self._send(quoted)
            self._approve(quoted)
            self._log(quoted, 25, day=date(2026, 3, 10))
            self._finish(full | quoted)
        self.assertEqual((full.billable_blocks, quoted.billable_blocks), (4, 5))

        def counted(**values):
            recount = self._recount(plan_id=plan.id, **values)
            return (
                recount.line_ids.blocks,
                recount.line_ids.new_blocks,
                recount.minutes,
                recount.held_minutes,
                recount.new_held_minutes,
            )

        self.assertEqual(counted(block_minutes=15), (9, 9, 133, 0, 0))
        self.assertEqual(counted(block_minutes=5), (9, 10 + 15, 133, 0, 8))

    def test_the_plans_own_blocks_change_nothing(self):
        self._request("new_number", 38)
        recount = self._recount(self.accountant)
        self.assertEqual(recount.difference, 0)
        grace = self._recount(grace_minutes=8)
        self.assertEqual(grace.line_ids.new_blocks, 2)
        with self.assertRaises(UserError) as refusal:
            self._recount(grace_minutes=15)
        self.assertSentence(refusal)
        with self.assertRaises(AccessError):
            self._recount(self.coordinator)


@tagged("standard", "post_install", "-at_install")
class TestSpreadsheet(NoxVoipMixin, HttpCase):
    """What is exported stays a number."""

    def setUp(self):
        super().setUp()
        self.setUpNox()
        ticket = self._ticket(self._pbx())
        self._log(ticket, 38)
        self._invoice(ticket)
        self.ticket = ticket
        # Odoo's own right, which new users have and our roles do not imply.
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        self.authenticate(self.manager.login, self.manager.login)

    def _numbers(self, response):
        self.assertEqual(response.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        return [
            cell.value
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float)
        ]

    def test_the_list(self):
        names = ("minutes", "billed_amount", "covered_value")
        response = self.url_open(
            "/web/export/xlsx",
            data={
                "data": json.dumps(
                    {
                        "model": "nox.service.analysis",
                        "fields": [
                            {"name": name, "label": name, "type": "float"}
                            for name in names
                        ],
                        "ids": False,
                        "domain": [["ticket_id", "=", self.ticket.id]],
                        "groupby": [],
                        "import_compat": False,
                        "context": {"allowed_company_ids": self.company.ids},
                    }
                ),
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.assertEqual(self._numbers(response)[:2], [38, 61.5])

    def test_the_pivot(self):
        """The web client sends what the server has added up; cells are numbers."""
        rows = self.env["nox.service.analysis"].with_user(self.manager)
        [[amount]] = rows._read_group(
            [("ticket_id", "=", self.ticket.id)], [], ["billed_amount:sum"]
        )
        table = {
            "model": "nox.service.analysis",
            "title": "Analysis",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": "Total", "width": 1, "height": 1}]],
            "measure_headers": [
                {"title": "Billed", "width": 1, "height": 1, "is_bold": False}
            ],
            "origin_headers": [],
            "rows": [
                {
                    "title": "Total",
                    "indent": 0,
                    "values": [{"value": amount, "is_bold": True}],
                }
            ],
        }
        response = self.url_open(
            "/web/pivot/export_xlsx",
            data={"data": json.dumps(table), "csrf_token": Request.csrf_token(self)},
        )
        self.assertEqual(self._numbers(response), [61.5])
