from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import NoxVoipMixin

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("standard", "post_install", "-at_install")
class TestPortalQuote(NoxVoipMixin, HttpCase):
    """A customer approves exactly what was sent, or declines it with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.stranger = cls._portal_user(cls._customer("Other"), "nox_stranger")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(self.pbx, estimated_minutes=90)
        self.quote = self._send(self.ticket)

    def _accept(self, quote=None, name="Anna", content=None, token=None):
        quote = quote or self.quote
        self.env.flush_all()
        url = quote.get_portal_url(
            suffix="/accept",
            query_string=f"&content={content or quote.service_content_hash}",
        )
        if token:
            url = url.replace(quote.access_token, token)
        result = self.make_jsonrpc_request(url, {"name": name, "signature": SIGNATURE})
        self.env.invalidate_all()
        return result

    def test_signing_releases_the_work(self):
        result = self._accept()
        self.assertTrue(result.get("force_refresh"), result)
        self.assertEqual(self.ticket.approval_state, "approved")
        self.assertEqual(self.quote.signed_by, "Anna")

    def test_page_opened_before_a_change_cannot_approve(self):
        seen = self.quote.service_content_hash
        self.quote.order_line.price_unit = 205
        self.assertEqual(self.quote.state, "draft")
        self._send(self.ticket)
        result = self._accept(content=seen)
        self.assertIn("changed", result["error"])
        self.assertIn("1,488.30", result["error"].replace("\xa0", " "))
        self.assertEqual(self.ticket.approval_state, "sent")

    def test_draft_cannot_be_approved(self):
        self.quote.order_line.price_unit = 10
        self.assertIn("changed", self._accept(content="0" * 64)["error"])

    def test_expired_quote_cannot_be_approved_by_anybody(self):
        yesterday = fields.Date.subtract(self.company._service_today(), days=1)
        self.env.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s",
            [yesterday, self.quote.id],
        )
        self.quote.invalidate_recordset()
        self.assertTrue(self._accept().get("error"))
        self.assertNotEqual(self.quote.state, "sale")

    def test_name_of_the_signer_is_limited(self):
        for name in ("", "   ", "x" * 201, "x" * 200_000):
            with self.subTest(length=len(name)):
                self.assertIn("name", self._accept(name=name)["error"])
        self.assertFalse(self.quote.signature)

    def test_wrong_token_is_refused(self):
        result = self._accept(token="00000000-0000-4000-8000-000000000000")
        self.assertTrue(result["error"])
        self.assertFalse(self.quote.signature)

    def test_signed_twice_counts_once(self):
        self.assertNotIn("error", self._accept())
        self.assertTrue(self._accept().get("error"))

    def test_named_approver_has_to_log_in(self):
        self.pbx.approver_ids = self.portal.partner_id
        self.assertIn("approve", self._accept()["error"])
        self.authenticate("nox_stranger", "nox_stranger")
        self.assertIn("approve", self._accept()["error"])
        self.authenticate("nox_portal", "nox_portal")
        self.assertNotIn("error", self._accept())

    def test_decline_tells_the_technician_why(self):
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self.url_open(self.quote.get_portal_url())
        self.assertIn("The work starts after your approval", page.text)
        self.url_open(
            self.quote.get_portal_url(suffix="/decline"),
            data={
                "decline_message": "Too expensive for us",
                "csrf_token": self.csrf_token(),
            },
        )
        self.env.invalidate_all()
        self.assertEqual(self.ticket.approval_state, "refused")
        activity = self.ticket.activity_ids.filtered(
            lambda a: a.user_id == self.technician
        )
        self.assertIn("Too expensive for us", "".join(activity.mapped("note")))
        self.assertTrue(self._accept().get("error"))

    def csrf_token(self):
        from odoo.http import Request

        return Request.csrf_token(self)

    def test_customer_sees_the_verdict_and_its_reason(self):
        self.authenticate("nox_portal", "nox_portal")
        page = self.url_open(self.ticket.get_portal_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.ticket.coverage_reason, page.text)
        self.assertIn("View and approve the quote", page.text)

    def test_ticket_is_closed_by_post_of_its_own_customer_only(self):
        ticket = self._ticket(self.pbx)
        self.stage_done.close_from_portal = True
        form = {"ticket_id": ticket.id, "stage_id": self.stage_done.id}
        self.authenticate("nox_stranger", "nox_stranger")
        self.url_open(
            f"/ticket/close?ticket_id={ticket.id}&stage_id={self.stage_done.id}"
        )
        self.url_open("/ticket/close", data=dict(form, csrf_token=self.csrf_token()))
        self.assertFalse(ticket.closed)
        self.authenticate("nox_portal", "nox_portal")
        self.url_open(
            f"/ticket/close?ticket_id={ticket.id}&stage_id={self.stage_done.id}"
        )
        self.env.invalidate_all()
        self.assertFalse(ticket.closed)
        self.assertEqual(self.url_open("/ticket/close", data=form).status_code, 400)
        self.url_open("/ticket/close", data=dict(form, csrf_token=self.csrf_token()))
        self.env.invalidate_all()
        self.assertTrue(ticket.closed)
        for number in ("abc", "-1", "99999999999999999999", ""):
            page = self.url_open(f"/ticket/close?ticket_id={number}&stage_id={number}")
            self.assertLess(page.status_code, 500)
