import re

from lxml import html

from odoo.tests import tagged

from ..common_portal import PortalPages

PAGES = (
    "/my",
    "/my/telephony/{pbx}",
    "/my/telephony/{pbx}/users",
    "/my/telephony/request",
    "/my/tickets",
    "/my/ticket/{ticket}",
    "/my/trainings",
    "/my/orders",
    "/my/quotes",
    "/my/invoices",
    "/my/contracts",
)
# Cards of the start page that no customer of ours has anything behind.
OTHERS = ("/my/projects", "/my/tasks", "/my/timesheets", "filterby=bills")
SHOWN = "not(ancestor::script)" + "".join(
    f" and not(ancestor::a[contains(@href, '{url}')])" for url in OTHERS
)
FAMILIAR = re.compile(r"(?i)\b(je|jij|jou|jouw)\b")


@tagged("standard", "post_install", "-at_install")
class TestPortalFormal(PortalPages):
    """A customer is *u* everywhere, also where the words are Odoo's."""

    def test_no_page_and_no_mail_says_je(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.owner.lang = "nl_NL"
        ticket = self._ticket(
            self.pbx, "new_number", partner_id=self.owner.partner_id.id
        )
        self._log(ticket, 20)
        invoice = self._invoice(ticket)
        quote = self._send(self._ticket(self.pbx, "new_number", estimated_minutes=90))
        self.env.flush_all()
        self._login("owner")
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self._post("/my/telephony/request", self._request_form())
        self._finish(self._requests().sorted("id")[-1:])
        self.env.flush_all()
        self.cr.precommit.run()
        texts = {
            mail.subject: html.fromstring(str(mail.body_html)).text_content()
            for mail in self.env["mail.mail"].search([("id", ">", last)])
            if self.owner.partner_id in mail.recipient_ids
        }
        self.assertTrue(texts)
        for url in (*PAGES, f"/my/orders/{quote.id}", f"/my/invoices/{invoice.id}"):
            page = html.fromstring(self._get(f"/nl{url}").text)
            wrap = page.get_element_by_id("wrap")
            texts[url] = " ".join(wrap.xpath(f".//text()[{SHOWN}]"))
        for place, text in texts.items():
            with self.subTest(place):
                words = " ".join(text.split())
                found = [
                    words[max(0, each.start() - 30) : each.end() + 30]
                    for each in FAMILIAR.finditer(words)
                ]
                self.assertEqual(found, [])
