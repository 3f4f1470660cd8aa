import json
import re
import time
from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .common import NoxVoipMixin

# A page, and its answer to each role: 303 is "log in" or "not for you, back to /my".
ROLES = ("owner", "mate", "stranger", "technician", "employee", "nobody")
PAGES = [
    ("/my/telephony", 200, 200, 200, 200, 303, 303),
    ("/my/telephony/{pbx}", 200, 200, 404, 200, 404, 303),
    ("/my/telephony/{pbx}/users", 200, 200, 404, 200, 404, 303),
    ("/my/telephony/{pbx}/users/page/2", 200, 200, 404, 200, 404, 303),
    ("/my/telephony/request", 200, 200, 200, 200, 303, 303),
    ("/my/telephony/request?pbx={pbx}", 200, 200, 200, 200, 303, 303),
    ("/my/tickets", 200, 200, 200, 200, 200, 303),
    ("/my/ticket/{ticket}", 200, 200, 404, 200, 404, 303),
    ("/my/trainings", 200, 200, 200, 200, 303, 303),
    ("/my/trainings/{training}", 200, 200, 404, 200, 404, 404),
    ("/my/telephony/999999999", 404, 404, 404, 404, 404, 303),
    ("/my/telephony/99999999999999999999", 404, 404, 404, 404, 404, 303),
    ("/my/telephony/abc", 404, 404, 404, 404, 404, 404),
    ("/my/ticket/99999999999999999999", 404, 404, 404, 404, 404, 303),
    ("/my/trainings/99999999999999999999", 404, 404, 404, 404, 404, 404),
]
NASTY = (
    "",
    "abc",
    "-1",
    "0",
    "1.5",
    "99999999999999999999",
    "²",
    "%",
    "_",
    "\\",
    "'\"><script>",
    "a\x00b",
    "[1]",
    "x" * 5000,
)
PARAMETERS = {
    "/my/telephony": ("page", "search", "sortby"),
    "/my/telephony/{pbx}": ("page", "pbx_id"),
    "/my/telephony/{pbx}/users": ("page", "search", "search_in", "sortby", "filterby"),
    "/my/telephony/request": ("pbx", "kind", "location", "replaces_user", "warranty"),
    "/my/tickets": (
        "page",
        "date_begin",
        "date_end",
        "sortby",
        "filterby",
        "groupby",
        "search",
        "search_in",
    ),
    "/my/ticket/{ticket}": ("access_token", "sent", "answered", "not_closed"),
    "/my/trainings": ("page",),
    "/ticket/close": ("ticket_id", "stage_id"),
    "/new/ticket": ("category",),
}


class PortalPages(NoxVoipMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.contract_plan, name="Head office")
        cls.other_customer = cls._customer("Other")
        cls.other_pbx = cls._pbx(cls.standard, customer=cls.other_customer)
        for login, customer in (
            ("nox_owner", cls.customer),
            ("nox_mate", cls.customer),
            ("nox_stranger", cls.other_customer),
        ):
            cls._portal_user(customer, login, email=f"{login}@customer.example")
        new_test_user(
            cls.env,
            login="nox_employee",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.owner = cls.env["res.users"].search([("login", "=", "nox_owner")])
        (cls.owner | cls._by_login("nox_mate") | cls._by_login("nox_stranger")).write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.ticket = cls._ticket(cls.pbx, "add_user", name="Somebody for the workshop")
        cls.training = cls._certified(cls.pbx, "Jan Jansen")
        cls._seats(cls.pbx, 25, fields.Date.subtract(cls.day, months=2))

    @classmethod
    def _by_login(cls, login):
        return cls.env["res.users"].search([("login", "=", login)])

    def _login(self, role):
        if role == "nobody":
            self.authenticate(None, None)
        else:
            self.authenticate(f"nox_{role}", f"nox_{role}")

    def _url(self, url):
        return url.format(
            pbx=self.pbx.id, ticket=self.ticket.id, training=self.training.id
        )

    def _get(self, url, **params):
        return self.url_open(self._url(url), params=params, allow_redirects=False)

    def _post(self, url, data=None, files=None):
        data = {"csrf_token": Request.csrf_token(self), **(data or {})}
        response = self.url_open(
            self._url(url), data=data, files=files, allow_redirects=False
        )
        self.env.invalidate_all()
        return response

    def _request_form(self, **values):
        return {
            "pbx": self.pbx.id,
            "kind": self._category("menu").id,
            "subject": "Another menu",
            "description": "Press 3 for the workshop",
            **values,
        }

    def _requests(self):
        return self.env["helpdesk.ticket"].search(
            [
                ("commercial_partner_id", "=", self.customer.id),
                ("id", "!=", self.ticket.id),
            ]
        )


@tagged("standard", "post_install", "-at_install")
class TestPortalPages(PortalPages):
    """Every page of the portal, for every kind of visitor."""

    def test_who_gets_which_page(self):
        for number, role in enumerate(ROLES, start=1):
            self._login(role)
            for row in PAGES:
                with self.subTest(page=row[0], role=role):
                    response = self._get(row[0])
                    self.assertEqual(response.status_code, row[number])

    def test_strangers_page_says_nothing_of_the_customer(self):
        self._login("stranger")
        for url in ("/my/telephony", "/my/telephony/request", "/my/tickets"):
            page = self._get(url, pbx=self.pbx.id).text
            with self.subTest(url=url):
                self.assertNotIn("Head office", page)
                self.assertNotIn("Bakkerij", page)
                self.assertNotIn("Somebody for the workshop", page)

    def test_page_of_the_pbx(self):
        self._login("owner")
        page = self._get("/my/telephony/{pbx}").text
        for rule in self.contract_plan.rule_ids:
            self.assertIn(rule.name, page)
        for text in ("20.50", "24.81", "User 100", "Jan Jansen", "Users: 25"):
            self.assertIn(text, page)
        self.assertIn(self.training.certificate_number, page)
        self.assertNotIn("User 111", page)

    def test_rules_are_the_only_text_of_the_plan(self):
        """What the page says of cover changes with the rules, with nothing else."""
        rule = self.contract_plan.rule_ids.filtered(lambda r: r.outcome == "covered")[0]
        rule.name = "Changes made from our office"
        self._login("owner")
        self.assertIn(
            "Changes made from our office", self._get("/my/telephony/{pbx}").text
        )

    def test_no_second_text_of_the_plan_can_disagree(self):
        """A text that somebody wrote of a plan is ours; limit and block are read."""
        plan = self.contract_plan.copy({"description": "Everything is free of charge"})
        pbx = self._pbx(
            plan, name="Branch", administrator_ids=self.pbx.administrator_ids
        )
        self._login("owner")
        page = " ".join(self._get(f"/my/telephony/{pbx.id}").text.split())
        self.assertNotIn("Everything is free of charge", page)
        self.assertIn("More than 60 minutes", page)
        self.assertIn("per started 15 minutes", page)
        self.assertNotIn("administrator of your own", page)
        plan.write(
            {
                "quote_threshold_minutes": 90,
                "warn_minutes": 75,
                "block_minutes": 10,
                "requires_certified_admin": True,
            }
        )
        page = " ".join(self._get(f"/my/telephony/{pbx.id}").text.split())
        self.assertIn("More than 90 minutes", page)
        self.assertIn("per started 10 minutes", page)
        self.assertIn("administrator of your own", page)
        with self.assertRaises(AccessError):
            self._rpc(
                self.owner,
                "nox.service.plan",
                "read",
                plan.ids,
                ["description"],
            )

    def test_start_page_counts_what_every_addon_has(self):
        """A card shows when its count is above nothing, ours and the others'."""
        quote = self._send(self._ticket(self.pbx, "new_number", estimated_minutes=90))
        self.assertEqual(quote.state, "sent")
        self._login("owner")
        counters = ["pbx_count", "ticket_count", "quotation_count", "contract_count"]
        found = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(
            found,
            {
                "pbx_count": 1,
                "ticket_count": 2,
                "quotation_count": 1,
                "contract_count": 0,
            },
        )

    def test_several_systems_are_a_list(self):
        second = self._pbx(self.standard, name="Branch")
        self._login("owner")
        page = self._get("/my/telephony").text
        self.assertIn("Head office", page)
        self.assertIn(f"/my/telephony/{second.id}", page)

    def test_users_are_searched_filtered_and_paged(self):
        self._login("owner")
        self.pbx.seat_ids[:1].date_end = fields.Date.subtract(self.day, days=1)
        leaver = self.pbx.seat_ids[:1].name
        for params, found, missing in (
            ({}, "User 101", leaver),
            ({"filterby": "left"}, leaver, "User 101"),
            ({"filterby": "all"}, leaver, "User 124"),
            ({"search": "124"}, "User 124", "User 101"),
            ({"sortby": "name", "page": "2"}, "User 124", "User 101<"),
        ):
            url = "/my/telephony/{pbx}/users"
            if params.pop("page", None):
                url += "/page/2"
            page = self._get(url, **params).text
            with self.subTest(params=params):
                self.assertIn(found, page)
                self.assertNotIn(missing, page)

    def test_next_invoice_is_the_runs(self):
        """Users and work of the preview come to what the rehearsal says, with VAT
        rounded as the company's invoices are: by line, or once."""
        today = self.company._service_today()
        first = today.replace(day=1)
        # VAT of 24.948 and 12.915: 24.95 + 12.92 by line, 37.86 of the whole.
        for year, rounding, total in (
            (1998, "round_per_line", 218.17),
            (1999, "round_globally", 218.16),
        ):
            with self.subTest(rounding=rounding):
                self.company.tax_calculation_rounding_method = rounding
                customer = self._customer("Sold")
                pbx = self._pbx(
                    self.standard, customer=customer, accepted_on=date(2025, 1, 1)
                )
                self._sell(pbx, 4.95, 24, first, fields.Date.to_string(first))
                ticket = self._ticket(pbx, "new_number")
                self._log(ticket, 38)
                self._finish(ticket)
                invoice = pbx._portal_next_invoice()
                self.assertEqual(
                    [line["untaxed"] for line in invoice["lines"]], [118.80, 61.50]
                )
                rehearsal = self.env["nox.billing.rehearsal"].create(
                    {"company_id": self.company.id, "billed_on": invoice["billed_on"]}
                )
                rehearsal._rehearse()
                line = rehearsal.line_ids.filtered(
                    lambda each, customer=customer: each.partner_id == customer
                )
                self.assertEqual(
                    round(sum(line.mapped("amount_total")), 2), invoice["untaxed"]
                )
                self.assertEqual(round(invoice["total"], 2), total)
                with freeze_time(f"{invoice['billed_on']} 00:30"):
                    run = self.env["nox.billing.run"].create(
                        {"company_id": self.company.id}
                    )
                    run._bill_customers(customer)
                move = self.env["account.move"].search(
                    [("commercial_partner_id", "=", customer.id)]
                )
                self.assertEqual(move.amount_total, total)
                # One run a month: make room for the other.
                run.month = date(year, 1, 1)

    def test_contract_page_says_what_the_run_bills(self):
        self._sell(self.pbx, 7.5)
        contract = self.pbx.period_ids.contract_line_id.contract_id
        self._login("owner")
        self.assertIn(contract.name, self._get("/my/contracts").text)
        page = self._get(f"/my/contracts/{contract.id}").text
        due = contract.recurring_next_date
        for text in ("Head office", "25 users today", due.strftime("%m/%d/%Y")):
            self.assertIn(text, " ".join(page.split()))
        self._login("stranger")
        self.assertNotIn(contract.name, self._get("/my/contracts").text)
        self.assertEqual(self._get(f"/my/contracts/{contract.id}").status_code, 303)

    def test_certificate_is_a_pdf(self):
        self._login("owner")
        response = self._get("/my/trainings/{training}")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")

    def test_queries_do_not_grow_with_the_records(self):
        self._login("owner")
        pages = (
            "/my/telephony",
            "/my/telephony/{pbx}",
            "/my/telephony/{pbx}/users",
            "/my/telephony/request",
            "/my/trainings",
        )

        def queries():
            counts = {}
            for url in pages:
                self._get(url)
                before = self.cr.sql_log_count
                self.assertEqual(self._get(url).status_code, 200)
                counts[url] = self.cr.sql_log_count - before
            return counts

        # A finished request of each size, so that what a page shows is the same.
        for minutes in (10, 20):
            ticket = self._ticket(self.pbx, "new_number")
            self._log(ticket, minutes)
            self._finish(ticket)
        few = queries()
        self._seats(self.pbx, 975, fields.Date.subtract(self.day, months=1), first=1000)
        tickets = self.env["helpdesk.ticket"]
        for number in range(20):
            ticket = self._ticket(self.pbx, "new_number")
            self._log(ticket, 10 + 10 * (number % 2))
            tickets |= ticket
        self._finish(tickets)
        self.env.flush_all()
        self.env.invalidate_all()
        many = queries()
        for url in pages:
            with self.subTest(url=url):
                self.assertLessEqual(many[url], few[url])


@tagged("standard", "post_install", "-at_install")
class TestPortalForms(PortalPages):
    """Sending a request, answering, closing: what a browser sends is not believed."""

    def setUp(self):
        super().setUp()
        self._login("owner")

    def test_request_becomes_a_ticket(self):
        response = self._post(
            "/my/telephony/request",
            self._request_form(reference="PO 7"),
            files={"attachment": ("menu.txt", b"text", "text/plain")},
        )
        self.assertEqual(response.status_code, 303)
        ticket = self._requests()
        self.assertIn(f"/my/ticket/{ticket.id}", response.headers["Location"])
        self.assertState(
            ticket,
            name="Another menu",
            pbx_id=self.pbx,
            coverage="covered",
            customer_reference="PO 7",
            partner_id=self.owner.partner_id,
        )
        self.assertIn("Press 3 for the workshop", ticket.description)
        self.assertEqual(ticket.attachment_ids.mapped("name"), ["menu.txt"])
        page = self.url_open(response.headers["Location"]).text
        self.assertIn(ticket.coverage_reason, page)
        self.assertIn("we received your request", page)

    def test_without_javascript_the_verdict_comes_first_or_next(self):
        form = self._request_form(kind=self._category("add_user").id)
        page = self._post("/my/telephony/request", {**form, "action": "check"})
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self._requests())
        self.assertIn("look and tell you before we start", page.text)
        self.assertIn("Press 3 for the workshop", page.text)
        response = self._post("/my/telephony/request", form)
        page = self.url_open(response.headers["Location"]).text
        ticket = self._requests()
        self.assertEqual(ticket.coverage, "undecided")
        self.assertIn("replace somebody who leaves", page)
        response = self._post(
            f"/my/ticket/{ticket.id}/answer", {"replaces_user": "yes"}
        )
        page = self.url_open(response.headers["Location"]).text
        self.assertEqual(ticket.coverage, "covered")
        self.assertIn("Thank you for your answer", page)
        self.assertIn(ticket.coverage_reason, page)

    def test_the_browser_decides_nothing(self):
        response = self._post(
            "/my/telephony/request",
            self._request_form(
                kind=self._category("new_number").id,
                coverage="covered",
                plan_id=self.self_managed.id,
                partner_id=self.other_customer.id,
                partner=self.other_customer.id,
                price="0",
                company_id="1",
                requested_on="2020-01-01",
                released_minutes="600",
                warranty="yes",
                user_id=self.technician.id,
            ),
        )
        self.assertEqual(response.status_code, 303)
        ticket = self._requests()
        self.assertState(
            ticket,
            coverage="billable",
            plan_id=self.contract_plan,
            partner_id=self.owner.partner_id,
            requested_on=self.company._service_today(),
            warranty=False,
            released_minutes=0,
        )

    def test_a_foreign_system_is_none(self):
        second = self._pbx(self.standard, name="Branch")
        for pbx in (self.other_pbx.id, 999999999, "abc", ""):
            with self.subTest(pbx=pbx):
                response = self._post(
                    "/my/telephony/request", self._request_form(pbx=pbx)
                )
                self.assertEqual(response.status_code, 422)
                self.assertIn("Choose the telephone system", response.text)
                preview = self.make_jsonrpc_request(
                    "/my/telephony/request/preview",
                    {"pbx": pbx, "kind": self._category("menu").id},
                )
                self.assertEqual(preview, {})
        self.assertFalse(self._requests())
        self._post("/my/telephony/request", self._request_form(pbx=second.id))
        self.assertEqual(self._requests().pbx_id, second)

    def test_form_errors_lose_nothing(self):
        for values, sentence in (
            ({"kind": "abc"}, "Choose what you would like to change"),
            ({"subject": " "}, "short title"),
            ({"subject": "x" * 201}, "at most 200 characters"),
            ({"description": ""}, "Describe what you would like"),
            ({"description": "y" * 20_001}, "at most 20000 characters"),
            ({"reference": "z" * 81}, "at most 80 characters"),
        ):
            with self.subTest(values=str(values)[:40]):
                response = self._post(
                    "/my/telephony/request",
                    self._request_form(**{"reference": "PO 7", **values}),
                )
                self.assertEqual(response.status_code, 422)
                self.assertIn(sentence, response.text)
                for name in {"subject", "description", "reference"} - values.keys():
                    kept = self._request_form(reference="PO 7")[name]
                    self.assertIn(kept, response.text)
        self.assertFalse(self._requests())

    def test_reference_that_the_customer_requires(self):
        self.pbx.reference_required = True
        response = self._post("/my/telephony/request", self._request_form())
        self.assertEqual(response.status_code, 422)
        self.assertIn("own reference", response.text)

    def test_files_have_limits(self):
        def upload(*names, size=10):
            return [("attachment", (name, b"x" * size, "image/png")) for name in names]

        for files, sentence in (
            (upload("a.exe"), "cannot be sent"),
            (upload("a.svg"), "cannot be sent"),
            (upload("a.html"), "cannot be sent"),
            (upload(*(f"{number}.png" for number in range(6))), "At most 5 files"),
            (upload("big.png", size=10 * 2**20 + 1), "at most 10 MB"),
        ):
            with self.subTest(sentence=sentence):
                response = self._post(
                    "/my/telephony/request", self._request_form(), files=files
                )
                self.assertEqual(response.status_code, 422)
                self.assertIn(sentence, response.text)
        self.assertFalse(self._requests())
        self._post(
            "/my/telephony/request",
            self._request_form(),
            files=upload("../../etc/a.png", "b.PDF"),
        )
        names = self._requests().attachment_ids.mapped("name")
        self.assertEqual(sorted(names), ["a.png", "b.PDF"])

    def test_too_many_requests_are_refused_kindly(self):
        self.company.service_request_limit = 1
        self.assertEqual(
            self._post("/my/telephony/request", self._request_form()).status_code, 303
        )
        response = self._post("/my/telephony/request", self._request_form())
        self.assertEqual(response.status_code, 429)
        self.assertIn("many requests", response.text)
        self.assertIn("Press 3 for the workshop", response.text)
        form = {"subject": "x", "description": "y"}
        self.assertEqual(self._post("/submitted/ticket", form).status_code, 429)
        self.assertEqual(len(self._requests()), 1)

    def test_new_ticket_leads_to_the_request(self):
        response = self._get("/new/ticket")
        self.assertEqual(response.status_code, 303)
        self.assertIn("/my/telephony/request", response.headers["Location"])
        self._login("employee")
        self.assertEqual(self._get("/new/ticket").status_code, 200)

    def test_preview_takes_anything(self):
        kind = self._category("add_user").id
        preview = self.make_jsonrpc_request(
            "/my/telephony/request/preview",
            {"pbx": self.pbx.id, "kind": kind, "replaces_user": "no"},
        )
        self.assertEqual(preview["coverage"], "billable")
        self.assertEqual(preview["questions"], ["location", "replaces_user"])
        for value in (
            None,
            [],
            [1],
            {},
            {"a": 1},
            True,
            -1,
            1e9,
            10**30,
            "x" * 200_000,
        ):
            for name in ("pbx", "kind", "location", "replaces_user", "warranty"):
                with self.subTest(value=str(value)[:20], name=name):
                    self.make_jsonrpc_request(
                        "/my/telephony/request/preview",
                        {"pbx": self.pbx.id, "kind": kind, name: value, "more": value},
                    )

    def test_preview_speaks_the_language_of_its_page(self):
        """Not the user's: they may read the page in another language."""
        for own, shown, headline in (
            ("nl_NL", "en_US", "Included: this costs you nothing extra"),
            ("en_US", "nl_NL", "Inbegrepen"),
        ):
            self.env["res.lang"]._activate_lang("nl_NL")
            self.owner.lang = own
            self._login("owner")
            code = self.env["res.lang"]._get_data(code=shown).url_code
            page = self.url_open(f"/{code}/my/telephony/request")
            with self.subTest(page=shown):
                self.assertIn(f'active" role="menuitem" href="/{code}/my', page.text)
                preview = self.make_jsonrpc_request(
                    "/my/telephony/request/preview",
                    {"pbx": self.pbx.id, "kind": self._category("menu").id},
                )
                self.assertIn(headline, preview["headline"])
                ticket = self._ticket(self.pbx, "menu").with_context(lang=shown)
                self.assertEqual(preview["reason"], ticket.coverage_reason)

    def test_answers_are_for_who_may_read(self):
        for role, status in (
            ("stranger", 404),
            ("employee", 404),
            ("nobody", 404),
            ("mate", 303),
        ):
            self._login(role)
            response = self._post("/my/ticket/{ticket}/answer", {"replaces_user": "no"})
            with self.subTest(role=role):
                self.assertEqual(response.status_code, status)
                self.assertEqual(
                    self.ticket.coverage,
                    "billable" if role == "mate" else "undecided",
                )

    def test_one_answer_to_a_mail_settles_which_system_and_what(self):
        second = self._pbx(self.standard, name="Branch")
        ticket = self.env["helpdesk.ticket"].message_new(
            {
                "subject": "Menu",
                "body": "<p>Another menu please</p>",
                "from": "nox_owner <nox_owner@customer.example>",
                "email_from": "nox_owner <nox_owner@customer.example>",
                "to": "",
                "author_id": self.owner.partner_id.id,
                "message_id": "<nox-two-pbxs@customer.example>",
            },
            {"company_id": self.company.id, "partner_id": self.owner.partner_id.id},
        )
        self._login("nobody")
        page = self.url_open(ticket.get_portal_url()).text
        for text in ("Which telephone system", "Branch", "What would you like"):
            self.assertIn(text, page)
        response = self._post(
            f"/my/ticket/{ticket.id}/answer",
            {
                "pbx": second.id,
                "kind": self._category("menu").id,
                "access_token": ticket.access_token,
            },
        )
        self.assertIn("answered=1", response.headers["Location"])
        self.assertState(
            ticket,
            pbx_id=second,
            category_id=self._category("menu"),
            coverage="billable",
        )

    def test_request_without_a_plan_says_what_is_next(self):
        response = self._post(
            "/my/telephony/request",
            self._request_form(kind=self._category("training").id),
        )
        page = self.url_open(response.headers["Location"]).text
        self.assertEqual(self._requests().coverage, "not_applicable")
        self.assertIn("What happens next", page)
        self.assertIn("A colleague looks at your request", page)
        self.assertNotIn("What it costs", page)

    def test_open_requests_of_a_system_are_its_list(self):
        done = self._ticket(self.pbx, name="Long ago")
        self._finish(done)
        branch = self._pbx(self.standard, name="Branch")
        self._ticket(branch, name="Of the branch")
        page = self._get("/my/telephony/{pbx}").text
        self.assertIn("Open requests: 1", " ".join(page.split()))
        link = re.search(r'href="(/my/tickets\?[^"]*)"', page)[1]
        page = self.url_open(link.replace("&amp;", "&")).text
        self.assertIn("Somebody for the workshop", page)
        self.assertNotIn("Long ago", page)
        self.assertNotIn("Of the branch", page)

    def test_link_of_a_mail_answers_without_log_in(self):
        token = self.ticket._portal_ensure_token()
        self._login("nobody")
        page = self.url_open(self.ticket.get_portal_url())
        self.assertIn("replace somebody who leaves", page.text)
        response = self._post(
            "/my/ticket/{ticket}/answer",
            {"replaces_user": "yes", "access_token": token},
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.ticket.coverage, "covered")


@tagged("standard", "post_install", "-at_install")
class TestPortalHostile(PortalPages):
    """Whatever a browser sends: a page that is no 500, within a second."""

    def setUp(self):
        super().setUp()
        self._login("owner")
        for url in PARAMETERS:
            self._get(url)

    def _assert_answers(self, response, started):
        self.assertLess(response.status_code, 500, response.text[-2000:])
        self.assertLess(time.time() - started, 1)

    def test_parameters_of_pages(self):
        for url, names in PARAMETERS.items():
            for name in names:
                for value in NASTY:
                    with self.subTest(url=url, name=name, value=value[:20]):
                        started = time.time()
                        response = self._get(url, **{name: value})
                        self._assert_answers(response, started)

    def test_dates_of_the_list_come_in_pairs(self):
        for value in NASTY:
            with self.subTest(value=value[:20]):
                started = time.time()
                response = self._get(
                    "/my/tickets", date_begin=value, date_end="2026-01-01"
                )
                self._assert_answers(response, started)

    def test_repeated_parameters(self):
        for url, names in PARAMETERS.items():
            with self.subTest(url=url):
                started = time.time()
                query = "&".join(f"{name}=1&{name}=abc&{name}[]=2" for name in names)
                response = self.url_open(
                    f"{self._url(url)}?{query}", allow_redirects=False
                )
                self._assert_answers(response, started)

    def test_pages_that_are_none(self):
        for url in (
            "/my/telephony/page/0",
            "/my/telephony/page/-1",
            "/my/telephony/page/99999999999999999999",
            "/my/telephony/{pbx}/users/page/99999999999999999999",
            "/my/telephony/{pbx}/users/page/abc",
            "/my/trainings/page/99999999999999999999",
            "/my/tickets/page/99999999999999999999",
            "/my/ticket/{ticket}/answer",
            "/my/telephony/request/preview",
        ):
            with self.subTest(url=url):
                started = time.time()
                self._assert_answers(self._get(url), started)

    def test_forms_with_endless_texts(self):
        for name in ("subject", "description", "reference", "pbx", "kind", "action"):
            for length in (200_000, 3_000_000):
                with self.subTest(name=name, length=length):
                    started = time.time()
                    response = self._post(
                        "/my/telephony/request",
                        self._request_form(**{name: "x" * length}),
                    )
                    self._assert_answers(response, started)
        for name in ("subject", "description", "category", "team"):
            with self.subTest(base=name):
                form = {"subject": "x", "description": "y", name: "x" * 3_000_000}
                started = time.time()
                self._assert_answers(self._post("/submitted/ticket", form), started)
        for name in ("pbx", "kind", "location", "replaces_user", "access_token"):
            with self.subTest(answer=name):
                started = time.time()
                form = {name: "x" * 3_000_000}
                self._assert_answers(
                    self._post("/my/ticket/{ticket}/answer", form), started
                )

    def test_forms_with_nasty_values(self):
        form = self._request_form()
        for name in (*form, "reference", "action", "location", "attachment"):
            for value in NASTY:
                with self.subTest(name=name, value=value[:20]):
                    started = time.time()
                    response = self._post(
                        "/my/telephony/request", {**form, name: value}
                    )
                    self._assert_answers(response, started)
        for url in ("/submitted/ticket", "/ticket/close"):
            for value in NASTY:
                values = dict.fromkeys(
                    (
                        "subject",
                        "description",
                        "category",
                        "team",
                        "ticket_id",
                        "stage_id",
                    ),
                    value,
                )
                with self.subTest(url=url, value=value[:20]):
                    started = time.time()
                    self._assert_answers(self._post(url, values), started)

    def test_a_file_where_a_text_belongs(self):
        for name in ("subject", "description", "pbx", "kind"):
            with self.subTest(name=name):
                form = self._request_form()
                form.pop(name)
                started = time.time()
                response = self._post(
                    "/my/telephony/request", form, files={name: ("a.txt", b"x")}
                )
                self._assert_answers(response, started)

    def test_form_without_token_is_refused(self):
        for url in ("/my/telephony/request", "/my/ticket/{ticket}/answer"):
            response = self.url_open(self._url(url), data=self._request_form())
            self.assertEqual(response.status_code, 400)
        self.assertFalse(self._requests())

    def test_preview_that_is_no_json(self):
        for body in ("", "{", "[]", json.dumps({"params": []})):
            with self.subTest(body=body):
                response = self.url_open(
                    "/my/telephony/request/preview",
                    data=body.encode(),
                    headers={"Content-Type": "application/json"},
                )
                self.assertLess(response.status_code, 500)


# The same of the bill. Odoo's and OCA's own pages answer with 303 what is foreign.
BILL_PAGES = [
    ("/my/contracts", 200, 200, 200, 303, 303, 303),
    ("/my/contracts/{contract}", 200, 200, 303, 303, 303, 303),
    ("/my/charges/{charge}", 200, 200, 404, 404, 404, 303),
    ("/my/invoices", 200, 200, 200, 200, 200, 303),
    ("/my/invoices/{invoice}", 200, 200, 303, 303, 303, 303),
    ("/my/orders", 200, 200, 200, 200, 200, 303),
    ("/my/orders/{order}", 200, 200, 404, 404, 404, 303),
    ("/my/charges/99999999999999999999", 404, 404, 404, 404, 404, 303),
    ("/my/charges/abc", 404, 404, 404, 404, 404, 404),
    ("/my/orders/99999999999999999999", 404, 404, 404, 404, 404, 303),
]
LIST = ("page", "date_begin", "date_end", "sortby", "filterby")
BILL_PARAMETERS = {
    "/my/contracts": LIST,
    "/my/contracts/{contract}": ("access_token",),
    "/my/charges/{charge}": ("access_token", "page"),
    "/my/invoices": LIST,
    "/my/invoices/{invoice}": ("access_token", "amount", "questioned", "report_type"),
    "/my/orders": LIST,
    "/my/orders/{order}": ("access_token", "message", "payment_amount", "report_type"),
}


@tagged("standard", "post_install", "-at_install")
class TestPortalBill(PortalPages):
    """Contract, charge, invoice and quote: who reads them, and hostile input."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._pbx(
            cls.standard, name="Branch", accepted_on=date(2025, 12, 1)
        )
        cls._sell(cls.branch, 7.5, 1, date(2026, 3, 1))
        cls.contract = cls.branch.period_ids.contract_line_id.contract_id
        with freeze_time("2026-04-01 00:30"):
            run = cls.env["nox.billing.run"].create({"company_id": cls.company.id})
            run._bill_customers(cls.customer)
        cls.charge = cls.branch.period_ids.charge_ids
        cls.invoice = cls.charge.move_id
        cls.invoice.action_post()
        work = cls._ticket(cls.pbx, "new_number", estimated_minutes=90)
        cls.order = cls._send(work)

    def _url(self, url):
        return url.format(
            contract=self.contract.id,
            charge=self.charge.id,
            invoice=self.invoice.id,
            order=self.order.id,
        )

    def _assert_answers(self, response, started):
        self.assertLess(response.status_code, 500, response.text[-2000:])
        self.assertLess(time.time() - started, 1)

    def _accept(self, **params):
        self.env.flush_all()
        return self.url_open(
            self._url("/my/orders/{order}/accept"),
            data=json.dumps({"params": params}).encode(),
            headers={"Content-Type": "application/json"},
        )

    def test_who_gets_which_page_of_the_bill(self):
        for number, role in enumerate(ROLES, start=1):
            self._login(role)
            for row in BILL_PAGES:
                with self.subTest(page=row[0], role=role):
                    response = self._get(row[0])
                    self.assertEqual(response.status_code, row[number])

    def test_questions_and_answers_of_others_are_not_found(self):
        line = self.charge.move_line_id
        for role in ("stranger", "employee", "nobody"):
            self._login(role)
            with self.subTest(role=role):
                response = self._post(
                    "/my/invoices/{invoice}/question",
                    {"line_id": line.id, "remark": "Why?"},
                )
                self.assertEqual(response.status_code, 404)
                response = self._post(
                    "/my/orders/{order}/decline", {"decline_message": "No"}
                )
                self.assertEqual(response.status_code, 303 if role == "nobody" else 404)
                self.assertIn("does not exist", self._accept(name="Anna").text)
        self.assertFalse(self.invoice.dispute_ids)
        self.assertEqual(self.order.state, "sent")

    def test_parameters_of_the_bill(self):
        self._login("owner")
        for url, names in BILL_PARAMETERS.items():
            self._get(url)
            for name in names:
                for value in NASTY:
                    with self.subTest(url=url, name=name, value=value[:20]):
                        started = time.time()
                        response = self._get(url, **{name: value})
                        self._assert_answers(response, started)

    def test_pages_of_the_bill_that_are_none(self):
        self._login("owner")
        for url in (
            "/my/contracts/page/0",
            "/my/contracts/page/99999999999999999999",
            "/my/contracts/99999999999999999999",
            "/my/contracts/-1",
            "/my/invoices/page/99999999999999999999",
            "/my/invoices/99999999999999999999",
            "/my/charges/-1",
            "/my/orders/page/-1",
            "/my/invoices/{invoice}/question",
            "/my/orders/{order}/decline",
        ):
            with self.subTest(url=url):
                started = time.time()
                self._assert_answers(self._get(url), started)

    def test_forms_of_the_bill_with_hostile_values(self):
        self._login("owner")
        self._get("/my/invoices/{invoice}")
        self._get("/my/orders/{order}")
        for value in (*NASTY, "x" * 200_000, "x" * 3_000_000):
            for url, form in (
                ("/my/invoices/{invoice}/question", {"line_id": value, "remark": "x"}),
                ("/my/invoices/{invoice}/question", {"line_id": "1", "remark": value}),
                (
                    "/my/invoices/{invoice}/question",
                    {"line_id": "1", "remark": "x", "access_token": value},
                ),
                (
                    "/my/orders/{order}/decline",
                    {"decline_message": "", "access_token": value},
                ),
            ):
                with self.subTest(url=url, value=value[:20], form=list(form)):
                    started = time.time()
                    self._assert_answers(self._post(url, form), started)
        for value in (None, [], {"a": 1}, True, 10**30, "", "\x00", "x" * 200_000):
            for name in ("name", "signature", "access_token"):
                params = {"name": "Anna", "signature": "", name: value}
                with self.subTest(accept=name, value=str(value)[:20]):
                    started = time.time()
                    self._assert_answers(self._accept(**params), started)
        self.env.invalidate_all()
        self.assertFalse(self.invoice.dispute_ids)
        self.assertEqual(self.order.state, "sent")

    def test_questions_and_requests_share_their_limit(self):
        """By person: who come by link share one user."""
        self._login("owner")
        self.company.service_request_limit = 2
        line = self.charge.move_line_id
        form = {"line_id": line.id, "remark": "Why so many?"}
        url = "/my/invoices/{invoice}/question"
        self.assertEqual(self._post(url, form).status_code, 303)
        again = self._post(url, form)
        self.assertIn("questioned already", again.text)
        self._post("/my/telephony/request", {**self._request_form()})
        self.invoice.dispute_ids.write({"answer": "As agreed."})
        self.invoice.dispute_ids._settle("upheld")
        again = self._post(url, form)
        self.assertEqual(again.status_code, 429)
        self.assertIn("many requests within the hour", again.text)
        self.assertIn("Why so many?", again.text)
        response = self._post("/my/telephony/request", self._request_form())
        self.assertEqual(response.status_code, 429)
        self.assertEqual(len(self.invoice.dispute_ids), 1)
        self._login("mate")
        response = self._post(url, form)
        self.assertEqual(
            response.status_code, 303, re.findall(r'role="alert".*', response.text)
        )
