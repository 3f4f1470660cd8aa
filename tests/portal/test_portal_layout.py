from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin

# Words that are the same in Dutch and in English.
SAME = {"Contract", "odoo"}


@tagged("standard", "post_install", "-at_install")
class TestPortalLayout(NoxVoipMixin, HttpCase):
    """What stands on the pages of requests, in the language of who reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.person = cls._portal_user(cls.customer, "nox_reader")
        cls.pbx = cls._pbx(cls.contract_plan, name="Hoofdkantoor")
        cls.ticket = cls._ticket(cls.pbx, "new_number", name="Nieuw nummer winkel")
        cls.finished = cls._ticket(cls.pbx, "menu", name="Menu van de winkel")
        cls._finish(cls.finished)

    def _page(self, url, lang="en_US", part="wrap"):
        self.person.lang = lang
        self.env.flush_all()
        self.authenticate("nox_reader", "nox_reader")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text).get_element_by_id(part)

    def _texts(self, url, lang):
        """The words that the page shows, without what its records are called."""
        page = self._page(url, lang)
        shown = (
            " ".join(text.split())
            for text in page.xpath(".//text()[not(ancestor::script)]")
        )
        said = page.xpath(".//@title | .//@placeholder | .//@aria-label")
        texts = {text for text in [*shown, *said] if any(map(str.isalpha, text))}
        records = " ".join(
            [
                *(self.ticket | self.finished).mapped("name"),
                *(self.ticket | self.finished).mapped("number"),
                "Please change this.",
                self.pbx.name,
                self.technician.name,
                self.technician.email or "",
                self.customer.name,
                self.customer.email,
                self.person.name,
                f"{self.contract_plan.name} · {self.pbx.name}",
            ]
        )
        return {text for text in texts if text not in records} - SAME

    def test_a_dutch_page_has_no_english_label(self):
        for url in (
            "/my",
            "/my/tickets",
            "/my/tickets?groupby=stage",
            "/my/tickets?groupby=category",
            f"/my/ticket/{self.ticket.id}",
            f"/my/ticket/{self.finished.id}",
        ):
            with self.subTest(url=url):
                english = self._texts(url, "en_US")
                self.assertTrue(english)
                self.assertEqual(english & self._texts(url, "nl_NL"), set())

    def test_a_list_of_requests_says_what_each_costs(self):
        page = self._page("/my/tickets")
        for ticket, verdict in (
            (self.ticket, "Billed by the time worked"),
            (self.finished, "Included"),
        ):
            [row] = page.xpath(f".//tr[.//a[contains(@href, '/{ticket.id}?')]]")
            text = " ".join(row.text_content().split())
            with self.subTest(ticket=ticket.name):
                self.assertIn(verdict, text)
                self.assertIn(ticket.stage_id.name, text)

    def test_closing_asks_first(self):
        """The button names what it does, and nothing closes at one tap."""
        page = self._page(f"/my/ticket/{self.ticket.id}")
        forms = page.xpath(".//form[@action='/ticket/close']")
        self.assertTrue(forms)
        for form in forms:
            [asks] = form.xpath("./ancestor::details[1]")
            self.assertIsNone(asks.get("open"))
        self.assertFalse(
            self._page(f"/my/ticket/{self.finished.id}").xpath(
                ".//form[@action='/ticket/close']"
            )
        )

    def _close_words(self, lang):
        """``{stage: words}`` of the buttons that close a request."""
        page = self._page(f"/my/ticket/{self.ticket.id}", lang)
        return {
            int(details.xpath(".//input[@name='stage_id']/@value")[0]): " ".join(
                details.find("summary").text_content().split()
            )
            for details in page.xpath(".//details[.//form[@action='/ticket/close']]")
        }

    def test_closing_says_why_not_which_stage(self):
        done, dropped = self.stage_done.id, self.stage_dropped.id
        words = self._close_words("en_US")
        self.assertEqual(words[done], "This is solved")
        self.assertEqual(words[dropped], "This is no longer needed")
        words = self._close_words("nl_NL")
        self.assertEqual(words[done], "Dit is opgelost")
        self.assertEqual(words[dropped], "Dit is niet meer nodig")

    def test_buttons_that_close_can_be_told_apart(self):
        rejected = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_rejected")
        rejected.close_from_portal = True
        own = rejected.copy({"name": "Parked", "outcome": False})
        words = self._close_words("en_US")
        self.assertEqual(len(set(words.values())), len(words))
        self.assertEqual(words[rejected.id], "This is no longer needed Rejected")
        self.assertEqual(words[own.id], "Close: Parked")

    def test_a_request_is_called_the_same_everywhere(self):
        """On the card, in the list, above the page: no ticket, no question."""
        for lang, requests in (("en_US", "Your requests"), ("nl_NL", "Uw aanvragen")):
            with self.subTest(lang=lang):
                card = self._page("/my", lang).find(".//a[@href='/my/tickets']")
                self.assertIn(requests, card.text_content())
                self.assertEqual(card.get("title"), requests)
                for url in ("/my/tickets", f"/my/ticket/{self.ticket.id}"):
                    [path] = self._page(url, lang, "wrapwrap").xpath(
                        ".//ol[contains(@class, 'o_portal_submenu')]"
                    )
                    self.assertIn(requests, path.text_content())
                for url in ("/my/tickets?search=nothing", "/my/tickets?groupby=stage"):
                    text = self._page(url, lang).text_content()
                    self.assertNotRegex(text, r"(?i)\bticket|\bvragen\b|verzoek")

    def test_conversation_is_dutch_for_the_dutch(self):
        """Its words are in scripts: the page fetches the Dutch of some addons."""
        answer = self.url_open("/website/translations?lang=nl_NL").json()
        words = {
            each["id"]: each["string"] for each in answer["modules"]["mail"]["messages"]
        }
        english = "The conversation is empty."
        self.assertNotEqual(words.get(english, english), english)

    def test_verdict_comes_before_the_contact_data(self):
        """On a phone, and for who hears the page, what matters comes first."""
        page = html.tostring(self._page(f"/my/ticket/{self.ticket.id}")).decode()
        self.assertLess(page.index("nox_verdict"), page.index("sidebar_content"))

    def test_invoice_lines_are_called_what_they_are(self):
        """No internal code of a product, and users counted in users."""
        month = fields.Date.subtract(self.day.replace(day=1), months=1)
        self._sell(self.pbx, 7.5, 2, month, str(month))
        line = self.env["sale.order.line"].search(
            [("order_partner_id", "=", self.customer.id)], limit=1
        )
        self.assertNotIn("SERVICE", line.name)
        charge = self.env["nox.seat.charge"].create(
            {
                "period_id": line.plan_period_id.id,
                "company_id": self.company.id,
                "month": month,
                "quantity": 2,
                "price_unit": 7.5,
                "currency_id": self.company.currency_id.id,
            }
        )
        values = charge._prepare_invoice_line_vals("nl_NL")
        self.assertNotIn("SERVICE", values["name"])
        unit = self.env["uom.uom"].browse(values["product_uom_id"])
        self.assertEqual(unit.with_context(lang="nl_NL").name, "gebruiker")
