import re

from lxml import html

from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext

from ..common import NoxVoipMixin
from ..common_browser import DESK, PHONE, PortalBrowserCase

# Buttons to approve and to decline.
BUTTONS = "//a[@data-bs-target='#modalaccept' or @data-bs-target='#modaldecline']"
LOGIN = "//div[@role='status']//a[contains(@href, '/web/login')]/@href"
TO_APPROVE = "//a[contains(@href, '/my/orders/')][contains(@class, 'btn-primary')]"


class ApproverMixin(NoxVoipMixin):
    """A PBX with two named approvers; a colleague asks for work above the hour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.pbx = cls._pbx(cls.standard)
        cls.people = {}
        for login, lang in (("anna", "nl_NL"), ("bram", "en_US"), ("asker", "nl_NL")):
            user = cls._portal_user(
                cls.customer,
                f"nox_{login}",
                lang=lang,
                email=f"{login}@customer.example",
            )
            cls.people[login] = user.partner_id
        cls.pbx.approver_ids = cls.people["anna"] | cls.people["bram"]

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(
            self.pbx, estimated_minutes=90, partner_id=self.people["asker"].id
        )

    def _mails_of(self, act):
        """``{partner: [message]}`` of what `act` sends."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        act()
        self.env.flush_all()
        messages = self.env["mail.message"].search(
            [("id", ">", before), ("notified_partner_ids", "!=", False)]
        )
        return {
            person: messages.filtered(lambda m, p=partner: p in m.notified_partner_ids)
            for person, partner in self.people.items()
        }

    def _link(self, message):
        """The path of the button in a mail, as its reader follows it."""
        links = html.fromstring(str(message.body)).xpath("//a[@style]/@href")
        self.assertEqual(len(links), 1, message.body)
        return re.sub(r"^https?://[^/]+", "", links[0])


@tagged("standard", "post_install", "-at_install")
class TestQuoteMail(ApproverMixin, HttpCase):
    """A quote goes to those who may approve it."""

    def test_quote_and_reminder_go_to_the_approvers(self):
        for name, act in (
            ("quote", lambda: self._send(self.ticket)),
            ("reminder", lambda: self.ticket.quote_id._remind_service_quote()),
        ):
            self.people["anna"].lang = self.people["asker"].lang = "en_US"
            mails = self._mails_of(act)
            with self.subTest(name):
                self.assertEqual(
                    {who: found.mapped("model") for who, found in mails.items()},
                    {
                        "anna": ["sale.order"],
                        "bram": ["sale.order"],
                        "asker": ["helpdesk.ticket"],
                    },
                )
                approvers, asker = (
                    html2plaintext(str(mails[who].body)) for who in ("bram", "asker")
                )
                self.assertIn("Dear nox_anna, nox_bram", approvers)
                self.assertIn("6 × 15 minutes of work", approvers)
                self.assertNotRegex(approvers, r"\d blocks")
                self.assertIn("nox_anna, nox_bram", asker)
                self.assertNotRegex(asker, r"\d\d[.,]\d\d")

    def test_staff_hear_of_an_approver_who_cannot_log_in(self):
        written = self._contact(self.customer, "Cor Visser")
        for approvers, told in (
            (self.people["anna"], False),
            (self.people["anna"] | written, True),
        ):
            self.pbx.approver_ids = approvers
            ticket = self._ticket(self.pbx, estimated_minutes=90)
            self._send(ticket)
            notes = [*ticket.activity_ids.mapped("note")]
            for record in (ticket, ticket.quote_id):
                internal = record.message_ids.filtered(lambda m: m.subtype_id.internal)
                notes.append(" ".join(internal.mapped("body")))
            with self.subTest(told=told):
                for note in notes[-3:] if told else notes:
                    self.assertEqual("Cor Visser should approve" in note, told)
                    self.assertNotIn("nox_anna should", note)

    def test_without_approvers_it_goes_to_who_asked(self):
        self.pbx.approver_ids = False
        mails = self._mails_of(lambda: self._send(self.ticket))
        self.assertEqual(mails["asker"].model, "sale.order")
        self.assertFalse(mails["anna"] | mails["bram"])

    def test_mail_opens_the_quote_without_log_in_in_its_readers_language(self):
        mails = self._mails_of(lambda: self._send(self.ticket))
        self.assertNotEqual(mails["anna"], mails["bram"])
        for who, english in (("anna", False), ("bram", True)):
            self.authenticate(None, None)
            self.opener.cookies.clear()
            reader = {"service_quote_readers": self.people[who].ids}
            url = self.ticket.quote_id.with_context(**reader)._mail_quote_url()
            page = self.url_open(url.removeprefix(self.ticket.get_base_url()))
            wrap = html.fromstring(page.text)
            with self.subTest(who):
                self.assertEqual(page.status_code, 200)
                self.assertIn(f"/my/orders/{self.ticket.quote_id.id}", page.url)
                self.assertEqual("The work starts" in wrap.text_content(), english)
                self.assertFalse(wrap.xpath(BUTTONS))

    def test_log_in_leads_on_to_the_quote(self):
        quote = self._send(self.ticket)
        self.authenticate(None, None)
        page = html.fromstring(self.url_open(quote.get_portal_url()).text)
        (login,) = page.xpath(LOGIN)
        self.authenticate("nox_bram", "nox_bram")
        self.assertIn(f"/my/orders/{quote.id}?sign=1", self.url_open(login).url)

    def test_who_may_not_approve_sees_no_button_that_refuses(self):
        quote = self._send(self.ticket)
        self.pbx.approver_ids = self.people["bram"]
        self.env.flush_all()
        for who, may in (("asker", False), ("anna", False), ("bram", True)):
            self.authenticate(f"nox_{who}", f"nox_{who}")
            page = html.fromstring(self.url_open(quote.get_portal_url()).text)
            ticket = html.fromstring(self.url_open(self.ticket.access_url).text)
            with self.subTest(who):
                self.assertEqual(bool(page.xpath(BUTTONS)), may)
                self.assertEqual(bool(ticket.xpath(TO_APPROVE)), may)


@tagged("standard", "post_install", "-at_install")
class TestQuoteMailBrowser(ApproverMixin, PortalBrowserCase):
    """One tap from the mail to the window to sign; the hand signs there."""

    def test_one_tap_from_the_mail_to_the_signature(self):
        mails = self._mails_of(lambda: self._send(self.ticket))
        link = self._link(mails["bram"])
        for size in (PHONE, DESK):
            with self._chromium("nox_bram", size) as page:
                page.open(link)
                page.wait("document.querySelector('#modalaccept.show')")
                address = page.run("location.search")
                page.open(link.replace("&sign=1", ""))
                closed = not page.run("!!document.querySelector('#modalaccept.show')")
            self.assertNotIn("sign", address)
            self.assertTrue(closed)
        self.assertEqual(self.ticket.approval_state, "sent")
