from unittest.mock import patch

from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.nox_voip_service.controllers.portal.service_request import (
    ServiceRequestPortal,
)

from ..common import NoxVoipMixin
from ..common_portal import PortalPages

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("standard", "post_install", "-at_install")
class TestRequestTwice(PortalPages):
    """The same form, sent twice, makes one ticket; the second answer leads to it."""

    def _key(self):
        page = html.fromstring(self._get("/my/telephony/request").text)
        return page.xpath("//input[@name='key']/@value")[0]

    def test_sent_twice_is_one_ticket(self):
        self._login("owner")
        form = self._request_form(key=self._key())
        first, second = (
            self._post("/my/telephony/request", form).headers["Location"]
            for _time in range(2)
        )
        ticket = self._requests()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(first, second)
        self.assertIn(f"/my/ticket/{ticket.id}", first)

    def test_sent_twice_at_one_moment_is_one_ticket(self):
        """The second does not see the first yet; the database does."""
        self._login("owner")
        form = self._request_form(key=self._key())
        self._post("/my/telephony/request", form)
        ticket = self._requests()
        found = ServiceRequestPortal._sent_already
        seen = []

        def later(portal, form):
            seen.append(form)
            return found(portal, form) if len(seen) > 1 else ticket.browse()

        with patch.object(ServiceRequestPortal, "_sent_already", later):
            answer = self._post("/my/telephony/request", form)
        self.assertEqual(len(seen), 2)
        self.assertEqual(self._requests(), ticket)
        self.assertIn(f"/my/ticket/{ticket.id}", answer.headers["Location"])

    def test_another_form_is_another_ticket(self):
        self._login("owner")
        for key in (self._key(), self._key()):
            self._post("/my/telephony/request", self._request_form(key=key))
        self.assertEqual(len(self._requests()), 2)

    def test_a_key_is_its_askers_own(self):
        self._login("owner")
        form = self._request_form(key=self._key())
        self._post("/my/telephony/request", form)
        self._login("mate")
        self._post("/my/telephony/request", form)
        self.assertEqual(
            set(self._requests().partner_id.mapped("name")), {"nox_owner", "nox_mate"}
        )

    def test_a_key_survives_what_was_wrong(self):
        self._login("owner")
        key = self._key()
        page = self._post(
            "/my/telephony/request", self._request_form(key=key, subject="")
        )
        self.assertIn(key, page.text)


@tagged("standard", "post_install", "-at_install")
class TestQuoteTwice(NoxVoipMixin, HttpCase):
    """A quote answered from two windows, or changed by its customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.phone = cls.env["product.product"].create(
            {"name": "Headset", "type": "consu", "lst_price": 89}
        )

    def _sent_quote(self):
        return self._send(self._ticket(self.pbx, estimated_minutes=90))

    def _accept(self, quote, content=None):
        self.env.flush_all()
        url = quote.get_portal_url(
            suffix="/accept",
            query_string=f"&content={content or quote.service_content_hash}",
        )
        answer = self.make_jsonrpc_request(url, {"name": "A", "signature": SIGNATURE})
        self.env.invalidate_all()
        return answer

    def _turn(self, order, line, **params):
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/update_line_dict",
            {"line_id": line.id, "access_token": order.access_token, **params},
        )
        self.env.invalidate_all()
        return answer

    def _options(self):
        return [
            Command.create(
                {"name": "Extra", "display_type": "line_section", "is_optional": True}
            ),
            Command.create({"product_id": self.phone.id, "product_uom_qty": 0}),
        ]

    # ------------------------------------------------------------------
    # TWO WINDOWS
    # ------------------------------------------------------------------

    def test_signing_again_tells_that_it_is_approved(self):
        quote = self._sent_quote()
        content = quote.service_content_hash
        self.assertNotIn("error", self._accept(quote))
        signed_on, messages = quote.signed_on, quote.message_ids
        self.assertIn("approved already", self._accept(quote, content)["error"])
        self.assertEqual((quote.signed_on, quote.message_ids), (signed_on, messages))

    def test_declining_after_approving_in_another_window(self):
        quote = self._sent_quote()
        self._accept(quote)
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self.url_open(
            f"/my/orders/{quote.id}/decline",
            data={
                "decline_message": "No",
                "access_token": quote.access_token,
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.env.invalidate_all()
        self.assertEqual(quote.state, "sale")
        self.assertFalse(quote.service_decline_reason)
        self.assertIn("Approved: we do the work", page.text)

    def test_approving_what_was_withdrawn_meanwhile(self):
        quote = self._sent_quote()
        content = quote.service_content_hash
        quote.with_user(self.coordinator).action_cancel()
        self.assertIn("withdrawn", self._accept(quote, content)["error"])
        self.assertEqual(quote.state, "cancel")

    # ------------------------------------------------------------------
    # OPTIONS
    # ------------------------------------------------------------------

    def test_nothing_on_a_quote_for_work_is_the_customers_to_change(self):
        quote = self._sent_quote()
        content = quote.service_content_hash
        for params in (
            {"input_quantity": -10},
            {"input_quantity": 0},
            {"remove": True},
        ):
            self._turn(quote, quote.order_line, **params)
            self.assertEqual(quote.order_line.product_uom_qty, 6)
        self.assertEqual((quote.state, quote.service_content_hash), ("sent", content))
        self.assertNotIn("error", self._accept(quote))

    def test_a_quote_for_work_is_not_sent_with_options(self):
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        ticket.quote_id.order_line = self._options()
        with self.assertRaises(UserError) as refusal:
            self._send(ticket)
        self.assertSentence(refusal)

    def test_quantities_of_other_orders_are_numbers(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.phone.id}),
                    *self._options(),
                ],
            }
        )
        order.action_quotation_sent()
        order._portal_ensure_token()
        line = order.order_line[-1]
        self.assertTrue(line._can_be_edited_on_portal())
        for value in (-10, 1e9, 0.5, "x", "1e3", None, True, [], {}, 10_000, -0.1):
            with self.subTest(value=value):
                self.assertIn("error", self._turn(order, line, input_quantity=value))
                self.assertEqual(line.product_uom_qty, 0)
        for line_id in ("x", None, [1], -1, 2**40):
            with self.subTest(line_id=line_id):
                self._turn(order, line, line_id=line_id, input_quantity=1)
                self.assertEqual(line.product_uom_qty, 0)
        self._turn(order, line, input_quantity=2)
        self.assertEqual(line.product_uom_qty, 2)
        self._turn(order, line)
        self.assertEqual(line.product_uom_qty, 3)
