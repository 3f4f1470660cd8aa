from lxml import html

from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin


@tagged("standard", "post_install", "-at_install")
class TestPortalQuotePage(NoxVoipMixin, HttpCase):
    """What the page of a quote says and shows, in each of its states."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.quote = cls._send(cls._ticket(cls.pbx, estimated_minutes=90))

    def _quote_page(self, quote=None, query=""):
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self.url_open(f"/my/orders/{(quote or self.quote).id}{query}")
        return html.fromstring(page.text).get_element_by_id("wrap")

    def test_windows_to_sign_and_to_decline_are_formal_dutch(self):
        """And one word for declining: on the button, above the window, in it."""
        self.env["res.lang"]._activate_lang("nl_NL")
        self.portal.lang = "nl_NL"
        page = self._quote_page()
        sign, decline = map(page.get_element_by_id, ("modalaccept", "modaldecline"))
        for window in (sign, decline):
            said = [window.text_content(), *window.xpath(".//@placeholder")]
            self.assertNotRegex(" ".join(said), r"(?i)\b(je|jij|jou|jouw)\b")
            self.assertNotRegex(" ".join(said), r"(?i)weiger|afkeur|order")
        self.assertIn("Offerte goedkeuren", sign.find(".//h4").text)
        self.assertIn("Offerte afwijzen", decline.find(".//h4").text)
        for target, word in (("accept", "Goedkeuren"), ("decline", "Afwijzen")):
            buttons = page.xpath(f".//a[@data-bs-target='#modal{target}']")
            self.assertTrue(buttons)
            for button in buttons:
                self.assertIn(word, button.text_content())

    def test_one_box_tells_the_state_by_its_colour(self):
        expired = self._send(self._ticket(self.pbx, estimated_minutes=90))
        self.env.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s",
            [self.day, expired.id],
        )
        expired.invalidate_recordset()
        refused = self._send(self._ticket(self.pbx, estimated_minutes=90))
        refused._service_withdraw("Too expensive")
        approved = self._approve(self._ticket(self.pbx, estimated_minutes=90))
        for quote, query, colour in (
            (self.quote, "", "info"),
            (approved, "", "success"),
            # Where Odoo says thank you too, once somebody signed.
            (approved, "?message=sign_ok", "success"),
            (expired, "", "warning"),
            (refused, "", "secondary"),
        ):
            with self.subTest(colour=colour, query=query):
                boxes = self._quote_page(quote, query).xpath(
                    ".//@class[contains(., 'alert-')]"
                )
                self.assertEqual(len(boxes), 1, boxes)
                self.assertIn(f"alert-{colour}", boxes[0])
