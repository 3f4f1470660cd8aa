import re

from lxml import html

from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestRequestMail(PortalPages):
    """A request of the portal is confirmed by mail, and at its end the customer reads
    what it cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._pbx(cls.standard, name="Shop")

    def setUp(self):
        super().setUp()
        self.last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0

    def _mails(self):
        """Mails since the test began, to whoever asks in the portal."""
        self.env.flush_all()
        # What follows from a change of stage goes out with the transaction.
        self.cr.precommit.run()
        return (
            self.env["mail.mail"]
            .search([("id", ">", self.last)])
            .filtered(lambda mail: self.owner.partner_id in mail.recipient_ids)
        )

    def _text(self, mail):
        return " ".join(html2plaintext(str(mail.body_html)).split())

    def _send_request(self, kind="menu", pbx=None, **values):
        self._login("owner")
        self._post(
            "/my/telephony/request",
            self._request_form(
                kind=self._category(kind).id, pbx=(pbx or self.shop).id, **values
            ),
        )
        return self._requests().sorted("id")[-1:]

    def test_a_request_is_confirmed_with_what_it_will_cost(self):
        ticket = self._send_request()
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        text = self._text(mail)
        self.assertIn("Dear nox_owner", text)
        self.assertIn(ticket.number, text)
        self.assertIn("About 2 × 15 minutes: 41.00 € excl. VAT", text)
        self.assertIn(ticket.coverage_reason, text)
        self.assertIn("We are going to do this for you.", text)

    def test_a_question_is_asked_at_once(self):
        self._send_request("add_user", self.pbx)
        self.assertIn("Answer the question below", self._text(self._mails()))

    def test_its_link_opens_the_request_and_shows_no_amounts(self):
        ticket = self._send_request()
        ticket.message_post(
            body="Good morning",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mail = self._mails().filtered("is_internal")
        body = html.fromstring(str(mail.body_html))
        (link,) = body.xpath("//a[contains(@href, '/my/ticket/')]/@href")
        self.env.flush_all()
        self._login("nobody")
        page = self.url_open(re.sub(r"^https?://[^/]+", "", link))
        self.assertEqual(page.status_code, 200)
        self.assertIn("Another menu", page.text)
        self.assertNotIn("41.00", page.text)
        answer = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {
                "thread_model": "helpdesk.ticket",
                "thread_id": ticket.id,
                "token": ticket.access_token,
            },
        )
        self.assertIn("Good morning", str(answer))
        self.assertNotIn("41.00", str(answer))

    def test_closing_greets_the_customer_and_says_what_it_costs(self):
        for act, said in (
            (
                lambda t: self._log(t, 35, day=t.requested_on),
                "3 × 15 minutes. It costs 61.50 €",
            ),
            (lambda t: None, "It costs you nothing."),
        ):
            ticket = self._send_request()
            act(ticket)
            self._mails()
            before = self._mails()
            self._finish(ticket)
            mail = self._mails() - before
            with self.subTest(said):
                self.assertEqual(len(mail), 1)
                text = self._text(mail)
                self.assertIn("Dear nox_owner", text)
                self.assertNotIn(self.technician.name, text)
                self.assertIn("This request is finished.", text)
                self.assertIn(said, text)

    def test_withdrawing_is_confirmed_too(self):
        ticket = self._send_request()
        before = self._mails()
        ticket.stage_id = self.stage_dropped
        text = self._text(self._mails() - before)
        self.assertIn("This request was withdrawn.", text)
        self.assertIn("It costs you nothing.", text)
