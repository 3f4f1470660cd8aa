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

    def test_customer_reads_nothing_of_a_quote_that_nobody_was_sent(self):
        """It reads as if it had not been made; one that was sent says how it ended."""
        by_hand = self._ticket(
            self.pbx, estimated_minutes=30, partner_id=self.portal.partner_id.id
        )
        by_hand.with_user(self.coordinator).action_create_quote()
        sent = self._ticket(
            self.pbx, estimated_minutes=90, partner_id=self.portal.partner_id.id
        )
        self._send(sent)
        self.authenticate("nox_portal", "nox_portal")
        for ticket, shown, step in (
            (by_hand, False, "We are going to do this for you."),
            (self.ticket, False, "Would you like a quote for more?"),
            (sent, True, "The quote was declined or withdrawn"),
        ):
            quote = ticket.quote_id
            quote.with_user(self.coordinator).action_withdraw_quote()
            link = quote.get_portal_url()
            self.env.flush_all()
            page = self.url_open(f"/my/ticket/{ticket.id}").text
            with self.subTest(ticket=ticket.name, step=step):
                self.assertIn(step, page)
                self.assertEqual(quote.name in page, shown)
                self.assertEqual("Declined or withdrawn" in page, shown)
                self.assertNotRegex(page, "You declined|Refused")
                self.assertEqual(
                    bool(quote.with_user(self.portal).search([("id", "=", quote.id)])),
                    shown,
                )
                self.assertEqual(quote.name in self.url_open(link).text, shown)

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
