from lxml import html

from odoo import fields
from odoo.tests import tagged

from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestPortalEnd(PortalPages):
    """What is over looks over: an ended PBX, a withdrawn request, a way to pay that
    leads nowhere."""

    def _wrap(self, url, **params):
        response = self._get(url, **params)
        self.assertEqual(response.status_code, 200, url)
        return html.fromstring(response.text).get_element_by_id("wrap")

    def test_an_ended_pbx_looks_ended(self):
        self.pbx.ended_on = fields.Date.subtract(self.company._service_today(), days=1)
        self.env.flush_all()
        self._login("owner")
        page = self._wrap("/my/telephony/{pbx}")
        said = " ".join(page.text_content().split())
        self.assertIn("ended on", said)
        self.assertIn("There is no service plan today.", said)
        self.assertIn("No users today.", said)
        self.assertFalse(page.xpath(".//a[contains(@href, 'request?')]"))
        self.assertFalse(page.xpath(".//*[name()='svg']"))
        asked = self._wrap("/my/telephony/request")
        self.assertFalse(asked.xpath(".//form"))
        # The message that it offers instead is no way back to the same page.
        self.assertEqual(self._post("/new/ticket").status_code, 200)
        self._post("/my/telephony/request", self._request_form())
        self.assertFalse(self._requests())

    def test_a_pbx_that_will_end_still_runs(self):
        self.pbx.ended_on = self.company._service_today()
        self.env.flush_all()
        self._login("owner")
        page = self._wrap("/my/telephony/{pbx}")
        self.assertIn("ends on", page.text_content())
        self.assertTrue(page.xpath(".//a[contains(@href, 'request?')]"))

    def test_a_withdrawn_request_costs_nothing(self):
        ticket = self._ticket(self.pbx, "new_number", name="Withdrawn number")
        self.assertEqual(ticket.coverage, "billable")
        ticket.stage_id = self.stage_dropped
        self.env.flush_all()
        self._login("owner")
        for url in (f"/my/ticket/{ticket.id}", "/my/tickets"):
            said = " ".join(self._wrap(url).text_content().split())
            self.assertIn("Withdrawn: costs you nothing", said)
            self.assertNotIn("Billed by the time worked", said)
        page = " ".join(self._wrap(f"/my/ticket/{ticket.id}").text_content().split())
        self.assertNotIn(ticket.coverage_reason, page)

    def test_a_visitor_by_link_gets_no_buttons_that_want_a_log_in(self):
        url = self.ticket.get_portal_url()
        self.env.flush_all()
        for role, buttons in (("nobody", 0), ("stranger", 0), ("owner", 1)):
            self._login(role)
            found = self._wrap(url).xpath(".//form[@action='/ticket/close']")
            with self.subTest(role=role):
                self.assertEqual(bool(found), bool(buttons))

    def test_pay_now_only_where_somebody_can_pay(self):
        ticket = self._ticket(self.pbx, "new_number")
        self._log(ticket, 20)
        invoice = self._invoice(ticket)
        invoice.invoice_date_due = fields.Date.subtract(invoice.invoice_date, days=9)
        self.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", "True"
        )
        Provider = self.env["payment.provider"].sudo()
        providers = Provider.search(Provider._check_company_domain(self.company))
        providers.state = "disabled"
        pages = (f"/my/invoices/{invoice.id}", "/my/invoices", "/my")
        self._login("owner")
        for published in (False, True):
            if published:
                Provider.create(
                    {
                        "name": "Bank",
                        "company_id": self.company.id,
                        "state": "test",
                        "is_published": True,
                    }
                )
            self.env.flush_all()
            for url in pages:
                with self.subTest(url=url, published=published):
                    said = self._wrap(url).text_content()
                    self.assertEqual(
                        "Pay Now" in said or "Pay overdue" in said, published
                    )
