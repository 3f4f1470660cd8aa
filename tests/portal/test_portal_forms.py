import re

from odoo.tests import tagged

from ..common_portal import PortalPages


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
