from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_month import NoxMonthCommon
from ..common_paper import Papers

REPORT = "report_statement"


class StatementCase(Papers, NoxMonthCommon):
    """A customer with a contract: users, included work and work that is billed."""

    def _customer_with_users(self, name="Bakery", users=2, **partner):
        pbx = self._customer_pbx(name, partner)
        self._sell(pbx, 10, users, date(2026, 3, 1), "2026-03-01")
        return pbx

    def _included(self, pbx, *minutes, day=date(2026, 3, 20), **values):
        """A covered request with so much work, finished on a day."""
        with freeze_time(f"{day} 12:00"):
            ticket = self._ticket(pbx, requested_on=day, **values)
            self._log(ticket, *minutes, day=day)
            self._finish(ticket)
        self.assertEqual(ticket.coverage, "covered")
        return ticket

    def _posted(self, day="2026-04-01"):
        moves = self._moves(self._run(day)).filtered(lambda each: each.state == "draft")
        moves.action_post()
        return moves


@tagged("standard", "post_install", "-at_install")
class TestStatement(StatementCase):
    """What stands on the statement of a month, and what does not."""

    def test_a_month_of_a_small_customer(self):
        self.pbxs = pbx = self._customer_with_users()
        self._seats(pbx, 1, date(2026, 3, 12), first=300)
        new = self._work(pbx, 20)
        menu = self._included(pbx, 10, 25, name="Another menu")
        self._included(pbx, 5, name="In April", day=date(2026, 4, 2))
        move = self._posted()
        text = self._paper(REPORT, move, self.accountant)
        self.assertSaid(
            text,
            self.company.name,
            "Bakery",
            "Statement of March 2026",
            "Users",
            "2 users; 1 from 12 March (20/31)",
            "2.65 users × 10.00",
            "26.50",
            "Work that is not included",
            "Billed by the time worked",
            new.coverage_reason,
            f"{new.number} Change",
            "20 2 × 15",
            "41.00",
            "Together, excl. VAT",
            "67.50",
            "Included in your plan",
            "at the prices of 03/31/2026",
            f"{menu.number} Another menu",
            "03/20/2026 35 3 × 15",
            "61.50",
            "All together 3 blocks",
            "61.50",
        )
        self.assertNotIn("In April", text)

    def test_held_time_is_not_on_it(self):
        self.pbxs = pbx = self._customer_with_users()
        with freeze_time("2026-03-20 09:00"):
            ticket = self._ticket(pbx, "new_number", requested_on=date(2026, 3, 20))
            self._log(ticket, 50, 35, day=date(2026, 3, 20), user=self.coordinator)
            ticket.quote_id._service_withdraw("Not wanted")
            self._finish(ticket)
        self.assertEqual(ticket.held_minutes, 25)
        text = self._paper(REPORT, self._posted())
        self.assertSaid(text, ticket.number, "60 4 × 15", "82.00")
        self.assertNotRegex(text, r"\b(25|35|85)\b|(?i:held)")

    def test_included_work_costs_what_this_customer_would_pay(self):
        """By his pricelist of the last day of the month, to the cent of a ticket."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Indexed",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": price,
                            "date_start": start,
                            "date_end": end,
                        }
                    )
                    for price, start, end in (
                        (10.111, "2026-03-01", "2026-03-30 23:59:59"),
                        (11.111, "2026-03-31", "2026-03-31 23:59:59"),
                        (99, "2026-04-01", False),
                    )
                ],
            }
        )
        self.pbxs = pbx = self._customer_with_users()
        pbx.partner_id.property_product_pricelist = pricelist
        self._included(pbx, 15, 15)
        self._included(pbx, 15)
        included = self._posted()._statement_values()["included"]
        self.assertEqual(
            [row["amount"] for row in included["parts"][0]], [22.22, 11.11], included
        )
        self.assertEqual((included["blocks"], included["amount"]), (3, 33.33))

    def test_included_work_stands_once(self):
        """A second run of the month bills work on an invoice of its own."""
        self.pbxs = pbx = self._customer_with_users()
        self._included(pbx, 15)
        first = self._posted()
        self._work(pbx, 20, day=date(2026, 3, 30))
        second = self._posted("2026-04-02")
        self.assertEqual(len(second), 1)
        self.assertTrue(first._statement_values()["included"])
        self.assertFalse(second._statement_values()["included"])

    def test_caught_up_months_have_all_their_included_work(self):
        self.pbxs = pbx = self._customer_with_users()
        self._included(pbx, 15)
        self._included(pbx, 15, day=date(2026, 4, 7))
        move = self._posted("2026-05-01")
        text = self._paper(REPORT, move)
        self.assertSaid(
            text, "Statement of March 2026 – April 2026", "All together 2 blocks"
        )

    def test_day_of_the_month_is_that_of_the_company(self):
        """31 March 23:30 UTC is April in the Netherlands."""
        self.pbxs = pbx = self._customer_with_users()
        ticket = self._included(pbx, 15)
        ticket.closed_date = "2026-03-31 23:30:00"
        move = self._posted()
        self.assertFalse(move._statement_values()["included"])
        ticket.closed_date = "2026-02-28 23:30:00"
        self.assertTrue(move._statement_values()["included"])

    def test_approvals_used_and_open_quotes(self):
        self.pbxs = pbx = self._customer_with_users()
        with freeze_time("2026-03-20 09:00"):
            done = self._ticket(pbx, "new_number", requested_on=date(2026, 3, 20))
            done.estimated_minutes = 90
            used = self._approve(done)
            self._log(done, 65, day=date(2026, 3, 20))
            self._finish(done)
        with freeze_time("2026-03-30 09:00"):
            asked = self._ticket(pbx, "new_number", requested_on=date(2026, 3, 30))
            asked.estimated_minutes = 120
            waiting = self._send(asked)
            expired = self._send(self._ticket(pbx, "new_number", estimated_minutes=90))
            expired.is_service_quote_expired = True
        with freeze_time("2026-04-01 09:00"):
            text = self._paper(REPORT, self._posted())
        self.assertSaid(
            text,
            "Your approvals that this invoice uses",
            f"{used.name} {done.number}: 6 × 15 minutes of work",
            "Approved by Anna de Vries on 03/20/2026 5 × 15",
            "Quotes that wait for your answer",
            f"{waiting.name} {asked._masked_title()}: 8 × 15 minutes of work",
            "164.00",
        )
        self.assertNotIn(expired.name, text)

    def test_what_was_approved_beforehand(self):
        self.pbxs = pbx = self._customer_with_users()
        person = self._portal_user(
            pbx.partner_id, "nox_beforehand", email="beforehand@customer.example"
        ).partner_id
        pbx.approver_ids = person
        self.env["nox.standing.approval"].create(
            {
                "pbx_id": pbx.id,
                "month_amount": 500,
                "agreement": "Mail",
                "date_start": date(2026, 1, 1),
            }
        )
        with freeze_time("2026-03-20 09:00"):
            done = self._ticket(pbx, "new_number", requested_on=date(2026, 3, 20))
            done.estimated_minutes = 90
            self.assertEqual(done.approval_state, "approved")
        with freeze_time("2026-04-01 09:00"):
            text = self._paper(REPORT, self._posted())
        self.assertSaid(
            text,
            "Approved beforehand in these months",
            f"{done.quote_id.name} {done._masked_title()} {person.name} 03/20/2026",
            "148.83",
        )

    def test_credit_note_says_what_it_gives_back(self):
        self.pbxs = pbx = self._customer_with_users()
        ticket = self._work(pbx, 20)
        self._included(pbx, 15)
        move = self._posted()
        for rebill, words in (("yes", "will be billed again"), ("no", "will not be")):
            with self.subTest(rebill=rebill):
                # The first is credited in full: the second takes back another bill.
                move = move if rebill == "yes" else self._posted("2026-04-02")
                credit = self._refund(move, rebill)
                credit.action_post()
                text = self._paper(REPORT, credit)
                self.assertSaid(
                    text,
                    f"Beside credit note {credit.name}",
                    f"This gives back what stands below, of invoice {move.name}.",
                    words,
                    "20.00",
                    ticket.number,
                    "2 × 15",
                    "41.00",
                    "You get back, excl. VAT",
                    "61.00",
                )
                for other in ("Included in", "wait for your", "approvals"):
                    self.assertNotIn(other, text)

    def test_dutch(self):
        self._dutch()
        self.pbxs = pbx = self._customer_with_users(lang="nl_NL")
        self._work(pbx, 20)
        self._included(pbx, 15)
        text = self._paper(REPORT, self._posted())
        self.assertSaid(
            text,
            "Overzicht van maart 2026",
            "Gebruikers",
            "Werk dat niet is inbegrepen",
            "Samen, excl. btw",
            "Inbegrepen in uw serviceplan",
            "31-03-2026",
        )
        for english in ("Users", "Statement", "Included", "Minutes", "Blocks"):
            self.assertNotIn(english, text)

    def test_real_pdf(self):
        self.pbxs = pbx = self._customer_with_users()
        self._work(pbx, 20)
        text = self._printed(REPORT, self._posted())
        self.assertSaid(text, self.company.name, "Statement of", "41.00")

    def test_who_may_read_it(self):
        self.pbxs = self._customer_with_users()
        move = self._posted()
        stranger = self._portal_user(self._customer("Other"), "nox_stranger")
        owner = self._portal_user(self.pbxs.partner_id, "nox_owner")
        self.assertIn("20.00", self._paper(REPORT, move, owner))
        for user in (stranger, self.technician):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._paper(REPORT, move, user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                move.with_user(user).action_print_statement()

    def test_none_of_a_draft_or_of_other_goods(self):
        self.pbxs = self._customer_with_users()
        draft = self._moves(self._run("2026-04-01"))
        self.assertFalse(draft.has_statement)
        with self.assertRaises(AccessError):
            draft._statement_values()
        other = draft.copy()
        other.invoice_line_ids = [Command.create({"name": "A", "price_unit": 5})]
        other.invoice_date = "2026-04-01"
        other.action_post()
        self.assertFalse(other.has_statement)

    def test_queries_do_not_grow_with_the_requests(self):
        few, many = map(self._customer_with_users, ("Few", "Many"))
        self.pbxs = few | many
        for pbx, count in ((few, 2), (many, 9)):
            for _each in range(count):
                self._work(pbx, 20)
                self._included(pbx, 15)
        moves = self._posted()
        counts = []
        for name in ("Few", "Few", "Many"):
            move = moves.filtered(lambda each, name=name: each.partner_id.name == name)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._paper(REPORT, move)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)
