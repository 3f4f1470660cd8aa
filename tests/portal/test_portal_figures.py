from datetime import date

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import format_date, formatLang

from ..common import NoxVoipMixin


@tagged("standard", "post_install", "-at_install")
class TestPortalFigures(NoxVoipMixin, HttpCase):
    """The dates, numbers and amounts on a page are those that decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.portal = cls._portal_user(cls.customer, "nox_reader")

    def _text(self, url):
        """The words of a page, as one line."""
        self.env.flush_all()
        self.authenticate("nox_reader", "nox_reader")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        page = html.fromstring(response.text).get_element_by_id("wrap")
        texts = page.xpath(".//text()[not(ancestor::script)]")
        return " ".join(" ".join(texts).split())

    def _money(self, amount):
        text = formatLang(self.env, amount, currency_obj=self.company.currency_id)
        return " ".join(text.split())

    def test_request_shows_the_day_that_decides_its_plan(self):
        """A coordinator may have moved it; when it was typed says nothing."""
        ticket = self._ticket(self._pbx())
        asked = format_date(self.env, self.day)
        self.assertNotEqual(ticket.create_date.date(), ticket.requested_on)
        self.assertIn(f"Asked on: {asked}", self._text(f"/my/ticket/{ticket.id}"))
        page = self._text("/my/tickets")
        self.assertIn("Asked on", page)
        self.assertIn(asked, page)

    def test_newest_request_is_the_one_that_was_asked_last(self):
        """By the day that the list shows; one that was typed in later is not newer."""
        pbx = self._pbx()
        yesterday = fields.Date.subtract(self.day, days=1)
        asked_last = self._ticket(pbx, name="Asked on the day")
        asked_first = self._ticket(
            pbx, name="Asked the day before", requested_on=yesterday
        )
        # Within one transaction everything is made at the same moment.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = create_date + INTERVAL '1 minute'"
            " WHERE id = %s",
            [asked_first.id],
        )
        page = self._text("/my/tickets")
        self.assertLess(page.index(asked_last.name), page.index(asked_first.name))

    def test_contract_starts_when_its_first_users_do(self):
        """The page of a contract says so in the language of its customer."""
        self.env["res.lang"]._activate_lang("nl_NL")
        customer = self._customer("Garage Smit", lang="nl_NL")
        pbx = self._pbx(customer=customer, accepted_on=date(2025, 1, 1))
        self._sell(pbx, start=date(2026, 1, 1))
        contract = pbx.period_ids.contract_line_id.contract_id
        self.assertEqual(contract.modification_ids.date, date(2026, 1, 1))
        self.assertEqual(
            contract.modification_ids.description, "Start van het contract"
        )
        # A second line is no second start.
        self._sell(
            self._pbx(customer=customer, accepted_on=date(2025, 1, 1), name="Shop")
        )
        self.assertEqual(len(contract.contract_line_ids), 2)
        self.assertEqual(len(contract.modification_ids), 1)

    def test_count_of_users_says_why_its_list_has_more(self):
        pbx = self._pbx(self.contract_plan)
        seats = self._seats(pbx, 3, self.day)
        self.assertIn("Users: 3 ", self._text(f"/my/telephony/{pbx.id}"))
        seats[0].charged = False
        self.assertIn(
            "Users: 2 (and 1 without charge)", self._text(f"/my/telephony/{pbx.id}")
        )
        self.assertIn(
            "3 found, 1 of them without charge",
            self._text(f"/my/telephony/{pbx.id}/users"),
        )

    def test_one_user_is_no_users(self):
        pbx = self._pbx()
        ended = self._pbx(name="Annex")
        ended.ended_on = fields.Date.subtract(self.day, days=1)
        self._sell(pbx, users=1)
        contract = pbx.period_ids.contract_line_id.contract_id
        systems = self._text("/my/telephony")
        self.assertIn("1 user", systems)
        self.assertIn(f"ended on {format_date(self.env, ended.ended_on)}", systems)
        telephony = self._text(f"/my/telephony/{pbx.id}")
        self.assertIn("to 1 user today", telephony)
        bill = self._text(f"/my/contracts/{contract.id}")
        self.assertIn("1 user today", bill)
        for page in (systems, telephony, bill):
            self.assertNotRegex(page, r"\b1 users")

    def test_one_minute_is_no_minutes(self):
        ticket = self._ticket(self._pbx())
        self._log(ticket, 1)
        self._finish(ticket)
        self.assertIn(
            "1 minute worked, counts as 1 × 15 minutes",
            self._text(f"/my/ticket/{ticket.id}"),
        )

    def test_quote_says_whether_its_amount_is_the_most(self):
        fixed = self._own_plan(self.standard, quote_billing="fixed")
        for plan, waiting, approved in (
            (self.standard, "you pay at most {}", "{} including VAT is the most"),
            (fixed, "The amount is {}", "we do the work for {}"),
        ):
            ticket = self._ticket(self._pbx(plan, name=plan.code), estimated_minutes=90)
            quote = self._send(ticket)
            amount = self._money(quote.amount_total)
            with self.subTest(plan=plan.code):
                # The request that waits for it says the same.
                for url in (quote.access_url, f"/my/ticket/{ticket.id}"):
                    self.assertIn(waiting.format(amount), self._text(url))
                self._approve(ticket)
                self.assertIn(approved.format(amount), self._text(quote.access_url))
                self.assertNotIn(
                    waiting.format(amount), self._text(f"/my/ticket/{ticket.id}")
                )

    def test_quote_is_for_a_person(self):
        """No tax by its internal name, nothing about software of the customer."""
        quote = self._send(self._ticket(self._pbx(), estimated_minutes=90))
        tax = quote.order_line.tax_ids
        tax.write({"name": "21% internal", "invoice_label": "21% VAT"})
        page = self._text(quote.access_url)
        self.assertIn("21% VAT", page)
        self.assertNotIn("21% internal", page)
        self.assertNotIn("Connect with your software", page)

    def test_what_the_rules_leave_open_is_said_as_a_customer_says_it(self):
        self.assertEqual(
            self.contract_plan._portal_coverage()["open"], ["Other work, remotely"]
        )

    def test_plan_and_certificate_are_named(self):
        pbx = self._pbx(self.contract_plan)
        ticket = self._ticket(pbx)
        self.assertIn(
            f"Your plan: {self.contract_plan.name}",
            self._text(f"/my/ticket/{ticket.id}"),
        )
        training = self._certified(pbx, "Jan Jansen")
        training.expires_on = False
        self.assertIn(
            f"{training.certificate_number} unlimited", self._text("/my/trainings")
        )
