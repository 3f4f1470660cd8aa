import re

from freezegun import freeze_time
from lxml import html
from markupsafe import Markup

from odoo import Command
from odoo.tests import HttpCase, TransactionCase, tagged

from ..common_paper import FRIDAY, MONDAY, Papers


@tagged("standard", "post_install", "-at_install")
class TestQuoteWords(Papers, HttpCase):
    """A quote says the same sentences on its page, on paper and by mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.company.write({"street": "Kade 1", "zip": "3511 AA", "city": "Utrecht"})
        cls.pbx = cls._pbx(cls.standard, accepted_on=FRIDAY)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")

    def _quote(self, worked=0, estimated=105, **values):
        """A quote that was sent on Monday."""
        with freeze_time(f"{MONDAY} 14:00"):
            ticket = self._ticket(
                self.pbx, name="A second menu", requested_on=FRIDAY, **values
            )
            if worked:
                self._log(ticket, worked, day=FRIDAY)
            ticket.estimated_minutes = estimated
            return self._send(ticket)

    def _print(self, quote):
        self.env.flush_all()
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", quote.ids
        )
        return self._text(page)

    def _page(self, quote):
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self.url_open(f"/my/orders/{quote.id}").text
        return self._text(
            html.tostring(html.fromstring(page).get_element_by_id("wrap"))
        )

    def _mail(self, quote):
        return self._text(quote.message_ids.filtered("partner_ids")[:1].body)

    def _text(self, page):
        return re.sub(r"\s+", " ", html.fromstring(page).text_content())

    def test_what_it_says(self):
        quote = self._quote()
        self.assertEqual(
            quote._quote_words(),
            [
                f"For request {quote.service_ticket_id.number} A second menu.",
                "7 × 15 minutes of work: together 1:45 hours, at 20.50\u00a0€ excl. VAT"
                " per 15 minutes.",
                "For this quote you pay at most 173.64\u00a0€ including VAT.",
                "The quote is valid until 04/08/2026.",
                quote.service_ticket_id.coverage_reason,
                "Without your approval nothing is billed.",
                "You pay for the time worked, in blocks of 15 minutes, and never more"
                " than this quote without a new approval.",
            ],
        )

    def test_what_was_released_before_is_billed_all_the_same(self):
        words = " ".join(self._quote(worked=20)._quote_words())
        self.assertIn("5 × 15 minutes of work: together 1:15 hours", words)
        self.assertIn(
            "20 minutes were worked before this quote, which count as 2 × 15 minutes."
            " They are billed whether or not you approve it, and are not part of its"
            " amount.",
            words,
        )
        self.assertNotIn("Without your approval nothing", words)

    def test_fixed_price(self):
        plan = self._own_plan(self.standard, quote_billing="fixed")
        self.pbx.period_ids.plan_id = plan
        words = " ".join(self._quote()._quote_words())
        self.assertIn("The amount is 173.64", words)
        self.assertIn("This is a fixed price. Nothing above it is billed", words)

    def test_price_with_discount(self):
        with freeze_time(f"{MONDAY} 14:00"):
            ticket = self._ticket(self.pbx, requested_on=FRIDAY)
            ticket.estimated_minutes = 105
            ticket.quote_id.order_line.discount = 10
            quote = self._send(ticket)
        self.assertIn("at 18.45\u00a0€ excl. VAT", quote._quote_words()[1])

    def test_page_paper_and_mail_say_the_same_and_once(self):
        with freeze_time(f"{MONDAY} 15:00"):
            quote = self._quote(worked=20)
            page, paper, mail = map(
                lambda say: say(quote), (self._page, self._print, self._mail)
            )
        for sentence in quote._quote_words():
            said = re.sub(r"\s+", " ", sentence)
            for name, text in (("page", page), ("paper", paper), ("mail", mail)):
                with self.subTest(where=name, sentence=said):
                    self.assertEqual(text.count(said), 1, text)
        self.assertIn("Questions? ", paper)
        self.assertIn("Kade 1, 3511 AA Utrecht", paper)

    def test_a_remark_of_staff_is_said_too(self):
        quote = self._quote()
        quote.note += Markup("<p>We come on a Tuesday.</p>")
        self.assertIn("We come on a Tuesday.", quote._quote_words())
        self.assertIn("Tuesday", self._print(quote))

    def test_secrets_stay_out(self):
        quote = self._quote()
        quote.service_ticket_id.name = "Password: Zx9!kk"
        self.assertNotIn("Zx9", " ".join(quote._quote_words()))

    def test_dutch(self):
        self._dutch(self.customer, self.portal)
        with freeze_time(f"{MONDAY} 15:00"):
            quote = self._quote(worked=20)
            for name, text in (
                ("page", self._page(quote)),
                ("paper", self._print(quote)),
                ("mail", self._mail(quote)),
            ):
                with self.subTest(where=name):
                    self.assertIn("5 × 15 minuten werk: samen 1:15 uur", text)
                    self.assertIn("is geldig tot en met 08-04-2026", text)
                    self.assertIn("Vóór deze offerte is er", text)
                    for english in ("minutes", "plain words", "Questions", "you"):
                        self.assertNotRegex(text, rf"\b{english}\b")

    def test_other_orders_keep_their_terms(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "note": "<p>Our terms</p>",
                "order_line": [
                    Command.create({"name": "A", "display_type": "line_note"})
                ],
            }
        )
        self.assertEqual(order._quote_words(), [])
        text = self._print(order)
        self.assertIn("Our terms", text)
        self.assertNotIn("plain words", text)


@tagged("standard", "post_install", "-at_install")
class TestQuotePdf(Papers, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()

    def test_real_pdf(self):
        """As it goes along with the mail: Odoo puts the electronic order into it."""
        quote = self._send(self._ticket(self._pbx(), estimated_minutes=75))
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("sale.action_report_saleorder", quote.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertSaid(
            self._pdf_text(content), "in plain words", "5 × 15 minutes of work"
        )
