from lxml import html

from odoo.tests import HttpCase, tagged

from ..common_dispute import DisputeMixin
from ..common_paper import Papers


@tagged("standard", "post_install", "-at_install")
class TestPortalStatement(Papers, DisputeMixin, HttpCase):
    """The statement beside the invoice, for who may read the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.setUpDispute()

    def _get(self, url):
        self.env.flush_all()
        return self.url_open(url, allow_redirects=False)

    def _url(self):
        return f"/my/invoices/{self.move.id}/statement"

    def test_download_for_the_customer(self):
        self.authenticate("nox_portal", "nox_portal")
        page = html.fromstring(self._get(f"/my/invoices/{self.move.id}").text)
        [link] = page.xpath("//a[contains(@href, '/statement')]")
        self.assertIn("Monthly statement", link.text_content())
        answer = self._get(link.get("href"))
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("Statement_", answer.headers["Content-Disposition"])

    def test_with_the_link_of_the_invoice(self):
        self.move._portal_ensure_token()
        self.authenticate(None, None)
        token = self.move.access_token
        for query, status in (
            (f"?access_token={token}", 200),
            ("?access_token=wrong", 404),
            ("?access_token=\u00e9", 404),
            ("", 404),
        ):
            with self.subTest(query=query):
                self.assertEqual(self._get(self._url() + query).status_code, status)

    def test_foreign_customer_finds_none(self):
        self.authenticate("nox_stranger", "nox_stranger")
        self.assertEqual(self._get(self._url()).status_code, 404)
        self.assertEqual(self._get("/my/invoices/999999999/statement").status_code, 404)

    def test_draft_has_none(self):
        self.move.button_draft()
        self.authenticate("nox_portal", "nox_portal")
        self.assertEqual(self._get(self._url()).status_code, 404)
