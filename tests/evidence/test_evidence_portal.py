import io
import json
import zipfile

from lxml import html

from odoo.tests import HttpCase, tagged

from odoo.addons.nox_voip_service.policy import evidence

from ..common_dispute import DisputeMixin


@tagged("standard", "post_install", "-at_install")
class TestPortalEvidence(DisputeMixin, HttpCase):
    """The evidence beside the invoice, for who may read the invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.setUpDispute()

    def _get(self, url):
        self.env.flush_all()
        return self.url_open(url, allow_redirects=False)

    def _url(self, suffix=""):
        return f"/my/invoices/{self.move.id}/evidence{suffix}"

    def test_paper_and_file_for_the_customer(self):
        self.authenticate("nox_portal", "nox_portal")
        page = html.fromstring(self._get(f"/my/invoices/{self.move.id}").text)
        links = page.xpath("//a[contains(@href, '/evidence')]/@href")
        paper, file = (self._get(link) for link in links)
        self.assertEqual(paper.headers["Content-Type"], "application/pdf")
        # Odoo's tests answer with the page that is printed.
        self.assertIn(self.move.evidence_head, paper.text)
        self.assertIn(self.move.name, paper.text)
        self.assertIn("json", file.headers["Content-Disposition"])
        pack = json.loads(file.content)
        self.assertIsNone(evidence.broken(pack))
        self.assertEqual(pack["head"], self.move.evidence_head)

    def test_paper_is_text_that_can_be_searched(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf(
            "nox_voip_service.action_report_evidence", self.move.ids
        )
        text = self._pdf_text(content)
        for shown in (
            self.move.name,
            self.move.evidence_head,
            self.move.partner_id.name,
        ):
            self.assertIn(shown, text)
        # Letters that are drawn, and not written, make it ten times as large.
        self.assertLess(len(content), 300_000)

    def test_with_the_link_of_the_invoice(self):
        self.move._portal_ensure_token()
        self.authenticate(None, None)
        for suffix in ("", "/file"):
            for query, status in (
                (f"?access_token={self.move.access_token}", 200),
                ("?access_token=wrong", 404),
                ("?access_token=\u00e9", 404),
                ("", 404),
            ):
                with self.subTest(suffix=suffix, query=query):
                    answer = self._get(self._url(suffix) + query)
                    self.assertEqual(answer.status_code, status)

    def test_foreign_customer_finds_none(self):
        self.authenticate("nox_stranger", "nox_stranger")
        for suffix in ("", "/file"):
            self.assertEqual(self._get(self._url(suffix)).status_code, 404)
            url = f"/my/invoices/999999999/evidence{suffix}"
            self.assertEqual(self._get(url).status_code, 404)
        number = self.move._evidence().id
        archive = f"/service/evidence.zip?ids={number}"
        self.assertEqual(self._get(archive).status_code, 404)
        content = f"/web/content/nox.invoice.evidence/{number}/file"
        self.assertEqual(self._get(content).status_code, 404)

    def test_draft_has_none(self):
        self.move.button_draft()
        self.authenticate("nox_portal", "nox_portal")
        for suffix in ("", "/file"):
            self.assertEqual(self._get(self._url(suffix)).status_code, 404)

    def test_zip_of_several_for_the_accountant(self):
        again = self.move.copy()
        self.assertFalse(again.evidence_ids)
        action = self.move.with_user(self.accountant).action_evidence()
        self.assertEqual(action["res_id"], self.move._evidence().id)
        self.move.button_draft()
        self.move.ref = "Anew"
        self.move.action_post()
        both = self.move.evidence_ids.with_user(self.accountant)
        self.assertEqual(len(both), 2)
        self.authenticate("nox_accountant", "nox_accountant")
        answer = self._get(both.action_download()["url"])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            heads = {
                json.loads(archive.read(each))["head"] for each in archive.namelist()
            }
        self.assertEqual(heads, set(both.mapped("head")))
        for ids in ("", "x", "999999999", f"{both.ids[0]},999999999"):
            url = f"/service/evidence.zip?ids={ids}"
            self.assertEqual(self._get(url).status_code, 404)
