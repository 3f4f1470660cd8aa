import json
import re
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_portal import PortalPages
from ..hostile import BILL_PARAMETERS, some

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

    def _accept(self, **params):
        self.env.flush_all()
        return self.url_open(
            self._url("/my/orders/{order}/accept"),
            data=json.dumps({"params": params}).encode(),
            headers={"Content-Type": "application/json"},
        )

    def test_who_gets_which_page_of_the_bill(self):
        self.assertPages(BILL_PAGES)

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
        self.assertParameters(BILL_PARAMETERS)

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
                self.assertAnswers(self._get, url)

    def test_forms_of_the_bill_with_hostile_values(self):
        """A value of each kind in each field, another one for the next field; with
        ``--thorough`` each value in each."""
        self._login("owner")
        self._get("/my/invoices/{invoice}")
        self._get("/my/orders/{order}")
        question, decline = (
            "/my/invoices/{invoice}/question",
            "/my/orders/{order}/decline",
        )
        for number, (url, form, name) in enumerate(
            (
                (question, {"remark": "x"}, "line_id"),
                (question, {"line_id": "1"}, "remark"),
                (question, {"line_id": "1", "remark": "x"}, "access_token"),
                (decline, {"decline_message": ""}, "access_token"),
            )
        ):
            for value in (*some(number), "x" * 200_000, "x" * 3_000_000):
                with self.subTest(url=url, value=value[:20], name=name):
                    self.assertAnswers(self._post, url, {**form, name: value})
        for value in (None, [], {"a": 1}, True, 10**30, "", "\x00", "x" * 200_000):
            for name in ("name", "signature", "access_token"):
                params = {"name": "Anna", "signature": "", name: value}
                with self.subTest(accept=name, value=str(value)[:20]):
                    self.assertAnswers(self._accept, **params)
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
        self.invoice.dispute_ids._close_with("upheld")
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
