import base64
import hashlib
import json
import os
from datetime import date
from importlib.resources import files

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..common_browser import DESK, PHONE, PortalBrowserCase

# Deque's axe-core, as a Python package brings it along: no Node has to be installed.
AXE = files("axe_playwright_python").joinpath("axe.min.js")
# SHA-256 of `axe.min.js` in axe-core 4.12.1 of the npm registry, as that package's own
# sri-history.json gives it.
AXE_OF_NPM = "ZqiqqVqLBEp/10pUNYc78E/2WhynVWfJIbdQl0IIWhQ="
# What axe finds within the content. Header, menu and footer are Odoo's own.
RUN_AXE = """
axe.run(%s, {
    resultTypes: ["violations"],
}).then((result) =>
    result.violations
        .filter((fault) => ["serious", "critical"].includes(fault.impact))
        .map((fault) => [
            fault.id, ...fault.nodes.map((node) => node.html.slice(0, 200))
        ])
)
"""
WRAP = "#wrap"
# Dutch words are longer: what fits in Dutch fits in English.
LANGS = ("nl_NL", "en_US") if os.environ.get("NOX_THOROUGH") else ("nl_NL",)
SIZES = (PHONE, DESK)


@tagged("standard", "post_install", "-at_install")
class TestPortalAccessible(PortalBrowserCase):
    """Pages of the portal that everybody can use, and that fit a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.person = cls._portal_person(cls.customer, "nox_reader")
        today = cls.company._service_today()
        last_month = fields.Date.subtract(today.replace(day=1), months=1)
        cls.pbx = cls._pbx(
            cls.contract_plan, name="Head office", start=date(2025, 1, 1)
        )
        cls.second = cls._pbx(cls.standard, name="Workshop")
        cls._seats(cls.pbx, 24, last_month)
        cls._seats(cls.second, 3, last_month, first=300)
        cls.waiting = cls._ticket(
            cls.second, estimated_minutes=90, name="Another menu for the workshop"
        )
        cls.quote = cls._send(cls.waiting)
        cls.undecided = cls._ticket(cls.pbx, "add_user", name="A user for Kim")
        cls.by_mail = cls._ticket(
            cls.pbx, pbx_id=False, category_id=False, name="Our telephones"
        )
        cls.covered = cls._ticket(cls.pbx, "menu", name="A shorter menu")
        cls.delivered = cls._ticket(
            cls.pbx,
            name="Part of the delivery",
            requested_on=fields.Date.subtract(cls.pbx.accepted_on, days=1),
        )
        cls.approved = cls._approve(cls._ticket(cls.second, estimated_minutes=90))
        cls.expired = cls._send(cls._ticket(cls.second, estimated_minutes=90))
        cls.env.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s",
            [cls.day, cls.expired.id],
        )
        cls.expired.invalidate_recordset()
        cls.invoice = cls._questioned_invoice()
        cls.finished = cls._log(cls._ticket(cls.second), 38).ticket_id
        cls._finish(cls.finished)
        cls._certified(cls.pbx, "Jan Jansen")
        cls._certified(cls.pbx, "Wilhelmina van der Hoogstraten", result="failed")
        # Words on paper as long as only Dutch has them.
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.customer.lang = "nl_NL"
        # A month that the demo's own run did not bill.
        cls.charge = cls._charge(fields.Date.subtract(last_month, months=3))

    @classmethod
    def _questioned_invoice(cls):
        """Two lines: the question about the first has an answer."""
        work = cls.env["helpdesk.ticket"]
        for name in ("A number for the shop", "A number for the office"):
            work |= cls._ticket(cls.second, "new_number", name=name)
            cls._log(work[-1], 38)
        invoice = cls._invoice(work)
        answered, _open = (
            invoice._dispute_line(line.id, "We did this.", invoice.partner_id)
            for line in invoice.invoice_line_ids.filtered("quantity")[:2]
        )
        answered.answer = "It was on the third."
        answered.with_user(cls.accountant).action_uphold()
        return invoice

    @classmethod
    def _charge(cls, month):
        """A month of users on a posted invoice."""
        pbx = cls._pbx(name="Shop", accepted_on=date(2025, 1, 1))
        cls._sell(pbx, 7, 0, month, str(month))
        cls._seats(pbx, 2, month)
        billed_on = fields.Date.add(month, months=1)
        with freeze_time(f"{billed_on} 00:30"):
            run = cls.env["nox.billing.run"].create({"company_id": cls.company.id})
            run._bill_customers(cls.customer)
        cls.contract = pbx.period_ids.contract_line_id.contract_id
        charge = pbx.period_ids.charge_ids
        if charge.move_id.state == "draft":
            charge.move_id.action_post()
        return charge

    def _faults(self, page, part, opened=""):
        """``{size: faults}`` of the page that is open.

        :param opened: what to press before, so that a window of the page shows
        """
        selector = json.dumps(part)
        self.assertTrue(
            page.run(f"Boolean(document.querySelector({selector}))"),
            f"{part} is not on {page.run('location.pathname')}",
        )
        if opened:
            page.click(opened)
            page.wait(f"document.querySelector({selector}).matches('.show')")
        # What is folded is looked at too.
        page.run("document.querySelectorAll('details').forEach((e) => e.open = true)")
        page.run(AXE.read_text(encoding="utf-8") + ";0")
        faults = {}
        for size in SIZES:
            page.resize(*size)
            page.still("body")
            faults[size] = page.overflow() + page.run(RUN_AXE % selector)
        return faults

    def _all_faults(self, lang):
        faults = {}
        self.person.lang = lang
        pages = self._pages()
        with self._chromium("nox_reader", SIZES[0]) as page:
            for name, url, part, *opened in pages:
                page.resize(*SIZES[0])
                page.open(url)
                faults[name] = self._faults(page, part, *opened)
            # The form with what is wrong in it, after sending it empty.
            page.open("/my/telephony/request")
            page.follow(page.click, ".o_nox_send")
            self.assertTrue(page.run("Boolean(document.querySelector('.is-invalid'))"))
            faults["refused request"] = self._faults(page, WRAP)
        for name, by_size in faults.items():
            for size, found in by_size.items():
                with self.subTest(page=name, size=size, lang=lang):
                    self.assertEqual(found, [])

    def test_axe_is_the_one_that_npm_publishes(self):
        # The wheel's copy ends with a line break of its own.
        found = hashlib.sha256(AXE.read_bytes().rstrip()).digest()
        self.assertEqual(base64.b64encode(found).decode(), AXE_OF_NPM)

    def test_amounts_of_a_printed_invoice_are_in_sight_on_a_phone(self):
        """With sections too, as the monthly run makes them."""
        both = self.charge.move_id
        self.assertIn("line_section", both.invoice_line_ids.mapped("display_type"))
        address = f"/my/invoices/{both.id}"
        with self._chromium("nox_reader", PHONE) as page:
            page.open(address)
            table = "document.querySelector('#invoice_html').contentDocument"
            page.wait(f"{table}.querySelector('.o_main_table .o_price_total')")
            # The conversation below is there too: nothing is loading when this ends.
            chatter = "document.querySelector('#chatterRoot')?.shadowRoot"
            page.wait(f"{chatter}?.querySelector('.o-mail-Composer')")
            cut = page.run(
                f"""[...{table}.querySelectorAll(".o_main_table td, .o_total_table td")]
                    .map((each) => [each.getBoundingClientRect().right, each.outerHTML])
                    .filter(([right]) => right > {table}.documentElement.clientWidth)
                    .map(([right, html]) => [right, html.slice(0, 160)])"""
            )
        self.assertEqual(cut, [])

    def test_no_serious_fault_on_a_phone_and_on_a_desk(self):
        for lang in LANGS:
            self._all_faults(lang)

    def _pages(self):
        """``[(name, address, part, press first)]``: each page of ours, or a part."""
        pbx = self.pbx.id
        menu = self._category("menu").id
        quote = f"/my/orders/{self.quote.id}"
        contract = self.contract.id
        return [
            ("home", "/my", ".o_portal_my_home a[href='/my/telephony']"),
            ("my telephony", "/my/telephony", WRAP),
            ("one PBX", f"/my/telephony/{pbx}", WRAP),
            ("PBX with work", f"/my/telephony/{self.second.id}", WRAP),
            ("users", f"/my/telephony/{pbx}/users", WRAP),
            ("no users found", f"/my/telephony/{pbx}/users?search=nobody", WRAP),
            ("request", "/my/telephony/request", WRAP),
            (
                "request with questions",
                f"/my/telephony/request?pbx={pbx}&kind={menu}",
                WRAP,
            ),
            ("requests", "/my/tickets", WRAP),
            ("requests by stage", "/my/tickets?groupby=stage", WRAP),
            ("undecided request", f"/my/ticket/{self.undecided.id}?sent=1", WRAP),
            ("request by mail", f"/my/ticket/{self.by_mail.id}", WRAP),
            ("waiting request", f"/my/ticket/{self.waiting.id}", WRAP),
            ("included request", f"/my/ticket/{self.covered.id}", WRAP),
            ("request of the delivery", f"/my/ticket/{self.delivered.id}", WRAP),
            ("finished request", f"/my/ticket/{self.finished.id}", WRAP),
            ("quote", quote, WRAP),
            ("approving", quote, "#modalaccept", "[data-bs-target='#modalaccept']"),
            ("declining", quote, "#modaldecline", "[data-bs-target='#modaldecline']"),
            ("approved quote", f"/my/orders/{self.approved.id}", WRAP),
            ("expired quote", f"/my/orders/{self.expired.id}", WRAP),
            ("questioned invoice", f"/my/invoices/{self.invoice.id}", WRAP),
            ("users of a month", f"/my/charges/{self.charge.id}", WRAP),
            ("trainings", "/my/trainings", WRAP),
            ("contracts", "/my/contracts", WRAP),
            ("contract", f"/my/contracts/{contract}", WRAP),
            ("orders", "/my/orders", WRAP),
            ("quotes", "/my/quotes", WRAP),
            ("invoices", "/my/invoices", WRAP),
        ]
