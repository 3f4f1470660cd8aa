from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_portal import PortalPages

# A page, and its answer to each role: 303 is "log in" or "not for you, back to /my".
PAGES = [
    ("/my/telephony", 200, 200, 200, 200, 303, 303),
    ("/my/telephony/{pbx}", 200, 200, 404, 200, 404, 303),
    ("/my/telephony/{pbx}/users", 200, 200, 404, 200, 404, 303),
    ("/my/telephony/{pbx}/users/page/2", 200, 200, 404, 200, 404, 303),
    ("/my/telephony/request", 200, 200, 200, 200, 303, 303),
    ("/my/telephony/request?pbx={pbx}", 200, 200, 200, 200, 303, 303),
    ("/my/tickets", 200, 200, 200, 200, 200, 303),
    ("/my/ticket/{ticket}", 200, 200, 303, 200, 303, 303),
    ("/my/trainings", 200, 200, 200, 200, 303, 303),
    ("/my/trainings/{training}", 200, 200, 404, 200, 404, 404),
    ("/my/telephony/999999999", 404, 404, 404, 404, 404, 303),
    ("/my/telephony/99999999999999999999", 404, 404, 404, 404, 404, 303),
    ("/my/telephony/abc", 404, 404, 404, 404, 404, 404),
    ("/my/ticket/99999999999999999999", 303, 303, 303, 303, 303, 303),
    ("/my/trainings/99999999999999999999", 404, 404, 404, 404, 404, 404),
]


@tagged("standard", "post_install", "-at_install")
class TestPortalPages(PortalPages):
    """Every page of the portal, for every kind of visitor."""

    def test_who_gets_which_page(self):
        self.assertPages(PAGES)

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
        """Users and work of the preview come to what the rehearsal says, with VAT of
        the whole whatever the company's tax rounding."""
        today = self.company._service_today()
        first = today.replace(day=1)
        # VAT of 24.948 and 12.915: 24.95 + 12.92 by line, 37.86 of the whole.
        total = 218.16
        for year, rounding in ((1998, "round_per_line"), (1999, "round_globally")):
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
