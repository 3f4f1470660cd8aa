from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("standard", "post_install", "-at_install")
class TestPortalWithdrawal(NoxVoipMixin, HttpCase):
    """A request that its customer withdraws, by every way into a stage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(
            self.pbx, estimated_minutes=90, partner_id=self.portal.partner_id.id
        )

    def _withdraw(self, ticket=None):
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self.url_open(
            "/ticket/close",
            data={
                "csrf_token": Request.csrf_token(self),
                "ticket_id": (ticket or self.ticket).id,
                "stage_id": self.stage_dropped.id,
            },
        )
        self.env.invalidate_all()
        return page

    def _accept(self, quote, content):
        self.env.flush_all()
        url = quote.get_portal_url(suffix="/accept", query_string=f"&content={content}")
        answer = self.make_jsonrpc_request(url, {"name": "A", "signature": SIGNATURE})
        self.env.invalidate_all()
        return answer

    def test_its_quote_is_withdrawn_with_it(self):
        quote = self._send(self.ticket)
        content = quote.service_content_hash
        self._withdraw()
        self.assertEqual(self.ticket.outcome, "dropped")
        self.assertEqual(quote.state, "cancel")
        self.assertIn("withdrawn", self._accept(quote, content)["error"])
        self.assertEqual(quote.state, "cancel")
        self.assertFalse(quote.signature)

    def test_a_quote_in_the_making_too(self):
        quote = self.ticket.quote_id
        self.assertEqual(quote.state, "draft")
        self.ticket.with_user(self.technician).stage_id = self.stage_dropped
        self.assertEqual(quote.state, "cancel")
        self.assertEqual(self.ticket.approval_state, "refused")

    def test_an_approved_quote_stays_what_it_is(self):
        quote = self._approve(self.ticket)
        self._withdraw()
        self.assertEqual(self.ticket.outcome, "dropped")
        self.assertEqual(quote.state, "sale")
