import json

from odoo import fields
from odoo.tests import tagged

from ..common_browser import DESK, PHONE, PortalBrowserCase
from ..common_notice import letter_of_terms

# Routes with a record's id, and the answer to somebody of another company: a page that
# says that there is nothing here, or (Odoo's own way) the start of the portal.
PAGES = {
    "/my/telephony/<int:pbx_id>": 404,
    "/my/telephony/<int:pbx_id>/users": 404,
    "/my/telephony/<int:pbx_id>/users/page/<int:page>": 404,
    "/my/ticket/<int:ticket_id>": "/my",
    "/my/ticket/<int:ticket_id>/<access_token>": "/my",
    "/my/trainings/<int:training_id>": 404,
    "/my/charges/<int:charge_id>": 404,
    "/my/invoices/<int:invoice_id>": "/my",
    "/my/invoices/<int:invoice_id>/evidence": 404,
    "/my/invoices/<int:invoice_id>/evidence/file": 404,
    "/my/invoices/<int:invoice_id>/statement": 404,
    "/my/ticket/<int:ticket_id>/report": 404,
    "/my/notices/<int:notice_id>": 404,
    "/my/orders/<int:order_id>": 404,
    "/my/contracts/<int:contract_contract_id>": "/my",
}
# What is sent rather than opened.
FORMS = {
    "/my/ticket/<int:ticket_id>/answer": {"replaces_user": "yes"},
    "/my/ticket/<int:ticket_id>/sign-off": {"name": "Not theirs"},
    "/my/invoices/<int:invoice_id>/question": {"remark": "Not ours"},
    "/my/orders/<int:order_id>/decline": {"decline_message": "No"},
    "/my/orders/<int:order_id>/approval_code": {},
    "/my/orders/<int:order_id>/approval_code/check": {"code": "123456"},
    "/my/orders/<int:order_id>/accept": None,
    "/my/orders/<int:order_id>/transaction": None,
    "/my/orders/<int:order_id>/update_line_dict": None,
}
STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"
SEND = """fetch(%s, {
    method: "POST",
    body: new URLSearchParams({csrf_token: odoo.csrf_token, ...%s}),
}).then(async (answer) => [answer.status, answer.url, await answer.text()])"""


@tagged("standard", "post_install", "-at_install")
class TestPortalForeign(PortalBrowserCase):
    """Another company's ids on every route of the portal, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.stranger = cls._customer("Somebody else")
        cls._portal_person(cls.stranger, "nox_elsewhere")
        month = fields.Date.subtract(cls.day.replace(day=1), months=1)
        cls.pbx = cls._pbx(cls.contract_plan, name="Not yours")
        cls._sell(cls.pbx, 7, 2, month, str(month))
        cls.ticket = cls._ticket(cls.pbx, "add_user", name="Kept from others")
        billed = cls._pbx(cls.standard)
        cls.quote = cls._send(cls._ticket(billed, estimated_minutes=90))
        worked = cls._ticket(billed, name="Kept from others")
        cls._log(worked, 38)
        cls.invoice = cls._invoice(worked)
        cls.training = cls._certified(cls.pbx, "Jan Jansen")
        cls.letter = letter_of_terms(cls.pbx)
        period = cls.pbx.period_ids[-1:]
        cls.charge = cls.env["nox.seat.charge"].create(
            {
                "period_id": period.id,
                "company_id": cls.company.id,
                "month": month,
                "quantity": 2,
                "price_unit": 7,
                "currency_id": cls.company.currency_id.id,
            }
        )

    def _address(self, route):
        """The route with the records of the other company in it."""
        contract = self.pbx.period_ids.contract_line_id.contract_id
        for name, value in {
            "<int:pbx_id>": self.pbx.id,
            "<int:ticket_id>": self.ticket.id,
            "<int:training_id>": self.training.id,
            "<int:charge_id>": self.charge.id,
            "<int:invoice_id>": self.invoice.id,
            "<int:order_id>": self.quote.id,
            "<int:notice_id>": self.letter.id,
            "<int:contract_contract_id>": contract.id,
            "<int:page>": 2,
            "<access_token>": "00000000-0000-4000-8000-000000000000",
        }.items():
            route = route.replace(name, str(value))
        return route

    def test_every_route_with_an_id_is_tried(self):
        routes = {
            route
            for route, endpoint in self.env["ir.http"]._generate_routing_rules(
                sorted(self.env.registry._init_modules), {}
            )
            if "<int:" in route.replace("/page/<int:page>", "/")
            and route.startswith("/my/")
            and "nox_voip_service" in endpoint.func.__module__
        }
        self.assertIn("/my/charges/<int:charge_id>", routes)
        self.assertEqual(routes - PAGES.keys() - FORMS.keys(), set())

    def test_another_company_s_ids_open_nothing(self):
        """Each page is read; what reads the same is looked at once, on a phone and on
        a desk."""
        pages = {self._address(route): answer for route, answer in PAGES.items()}
        found, looked_at = {}, set()
        with self._chromium("nox_elsewhere") as page:
            for url in pages:
                page.open(url)
                answer = page.run(STATUS), page.run("location.pathname")
                read = (*answer, page.text("body"))
                found[url, DESK] = (*read, [])
                if read in looked_at:
                    continue
                looked_at.add(read)
                for size in (PHONE, DESK):
                    page.resize(*size)
                    page.still("body")
                    seen = page.text("body"), page.overflow()
                    found[url, size] = (*answer, *seen)
        for (url, size), (status, path, text, overflow) in found.items():
            with self.subTest(url=url, size=size):
                self.assertEqual(status if status != 200 else path, pages[url])
                self.assertEqual(overflow, [])
                self._check_kept(text)
                if status == 404:
                    self.assertIn("couldn't find the page", text)

    def _check_kept(self, text):
        for word in ("Bakkerij", "Kept from others", "Not yours", "Jan Jansen"):
            self.assertNotIn(word, text)
        for word in ("Traceback", "Internal Server Error"):
            self.assertNotIn(word, text)

    def test_another_company_s_ids_change_nothing(self):
        forms = {self._address(route): form for route, form in FORMS.items()}
        stage = self.stage_done.id
        forms["/ticket/close"] = {"ticket_id": self.ticket.id, "stage_id": stage}
        forms["/my/telephony/request"] = {
            "pbx": self.pbx.id,
            "kind": self._category("menu").id,
            "subject": "For them",
            "description": "On their bill",
        }
        answers = {}
        line = self.invoice.invoice_line_ids[:1].id
        with self._chromium("nox_elsewhere") as page:
            page.open("/my")
            for url, form in forms.items():
                if form is None:
                    continue
                if url.endswith("/question"):
                    form = dict(form, line_id=line)
                answers[url] = page.run(SEND % (json.dumps(url), json.dumps(form)))
        for url, (status, address, text) in answers.items():
            with self.subTest(url=url):
                self.assertTrue(
                    400 <= status < 500 or address.endswith("/my"), (status, address)
                )
                self._check_kept(text)
        self.assertEqual(self.ticket.coverage, "undecided")
        self.assertFalse(self.ticket.closed)
        self.assertEqual(self.quote.state, "sent")
        self.assertFalse(self.invoice.invoice_line_ids.dispute_ids)
        self.assertFalse(
            self.env["helpdesk.ticket"].search([("name", "=", "For them")])
        )
