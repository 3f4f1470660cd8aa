from lxml import html

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestPortalPromise(PortalPages):
    """What the customer was told when sending stays on the request, beside what
    became of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._pbx(cls.standard, name="Shop")
        cls._sell(cls.pbx, price=10.5)

    def _send_request(self, kind="menu", pbx=None, **values):
        self._login("owner")
        self._post(
            "/my/telephony/request",
            self._request_form(
                kind=self._category(kind).id, pbx=(pbx or self.shop).id, **values
            ),
        )
        return self._requests().sorted("id")[-1:]

    def _page(self, ticket, role="owner"):
        self.env.flush_all()
        self._login(role)
        page = self._get(ticket.get_portal_url())
        wrap = html.fromstring(page.text).get_element_by_id("wrap")
        return " ".join(wrap.text_content().split())

    def test_estimate_price_and_at_most_stay_as_they_were_shown(self):
        ticket = self._send_request()
        self.assertEqual(
            {name: ticket.promise[name] for name in ("estimate", "block", "most")},
            {"estimate": [41.0, 49.61], "block": [20.5, 24.81], "most": [82.0, 99.22]},
        )
        # Prices and usual times move; what was shown does not.
        self.block_product.lst_price = 30
        self._category("menu").usual_minutes = 60
        page = self._page(ticket)
        self.assertIn("What we told you when you sent this request", page)
        for amount in ("41.00", "49.61", "20.50", "82.00", "99.22"):
            self.assertIn(amount, page)
        self.assertIn("at most 60 minutes without your approval: 120.00 €", page)
        self.assertNotIn("41.00", self._page(ticket, "nobody"))

    def test_beside_it_stands_what_became_of_it(self):
        ticket = self._send_request()
        self.assertNotIn("It costs", self._page(ticket))
        self._log(ticket, 35, day=ticket.requested_on)
        self.assertNotIn("It costs", self._page(ticket))
        self._finish(ticket)
        before = self._page(ticket)
        self.assertIn("35 minutes worked, counts as 3 × 15 minutes", before)
        self.assertIn("It costs 61.50 € excl. VAT, 74.42 € incl. VAT", before)
        invoice = self._invoice(ticket)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (61.5, 74.42))
        self.assertIn("It costs 61.50 € excl. VAT, 74.42 €", self._page(ticket))
        self.assertNotIn("61.50", self._page(ticket, "nobody"))

    def test_waived_work_costs_nothing(self):
        ticket = self._send_request()
        self._log(ticket, 10, day=ticket.requested_on)
        self.env["nox.block.waiver"].create(
            {"ticket_id": ticket.id, "blocks": 1, "reason": "Our own mistake"}
        )
        self._finish(ticket)
        self.assertIn("It costs you nothing.", self._page(ticket))

    def test_approved_work_says_at_most_in_money(self):
        ticket = self._send_request()
        self._log(ticket, 20, day=ticket.requested_on)
        ticket.estimated_minutes = 90
        self._approve(ticket)
        self.assertEqual(ticket.limit_blocks, 6)
        self.assertIn(
            "6 × 15 minutes without asking again: 123.00 € excl. VAT",
            self._page(ticket),
        )

    def test_what_else_was_sold_is_part_of_the_cost(self):
        ticket = self._send_request()
        ticket.estimated_minutes = 90
        phone = self.env["product.product"].create(
            {"name": "Phone", "type": "consu", "lst_price": 100}
        )
        ticket.quote_id.order_line = [
            Command.create({"product_id": phone.id, "product_uom_qty": 1})
        ]
        self._approve(ticket)
        self._log(ticket, 15, day=ticket.requested_on)
        self._finish(ticket)
        self.assertIn("It costs 120.50 € excl. VAT", self._page(ticket))

    def test_an_extra_user_under_contract_has_a_price_per_month(self):
        for answer, priced in (("no", True), ("", True), ("yes", False)):
            ticket = self._send_request("add_user", self.pbx, replaces_user=answer)
            with self.subTest(answer=answer):
                said = "An extra user costs 10.50 € excl. VAT" in self._page(ticket)
                self.assertEqual(said, priced)
                self.assertEqual(
                    ticket.promise.get("user"), [10.5, 12.71] if priced else None
                )

    def test_a_request_by_mail_was_told_nothing(self):
        ticket = self._ticket(self.shop)
        self.assertNotIn("What we told you", self._page(ticket))

    def test_nobody_writes_a_promise(self):
        ticket = self._send_request()
        for user in (self.technician, self.coordinator, self.owner):
            with self.assertRaises(AccessError):
                self._rpc(user, "helpdesk.ticket", "write", ticket.ids, {"promise": {}})
        self.assertTrue(ticket.promise)
