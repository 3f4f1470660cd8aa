from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import NoxVoipMixin

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("standard", "post_install", "-at_install")
class TestPortalQuote(NoxVoipMixin, HttpCase):
    """A customer approves exactly what was sent, or declines it with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.stranger = cls._portal_user(cls._customer("Other"), "nox_stranger")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(self.pbx, estimated_minutes=90)
        self.quote = self._send(self.ticket)

    def _accept(self, quote=None, name="Anna", content=None, token=None, **params):
        quote = quote or self.quote
        self.env.flush_all()
        url = quote.get_portal_url(
            suffix="/accept",
            query_string=f"&content={content or quote.service_content_hash}",
        )
        if token:
            url = url.replace(quote.access_token, token)
        params = {"name": name, "signature": SIGNATURE, **params}
        result = self.make_jsonrpc_request(url, params)
        self.env.invalidate_all()
        return result

    def test_signing_releases_the_work(self):
        result = self._accept()
        self.assertTrue(result.get("force_refresh"), result)
        self.assertEqual(self.ticket.approval_state, "approved")
        self.assertEqual(self.quote.signed_by, "Anna")

    def test_page_opened_before_a_change_cannot_approve(self):
        seen = self.quote.service_content_hash
        self.quote.order_line.price_unit = 205
        self.assertEqual(self.quote.state, "draft")
        self._send(self.ticket)
        result = self._accept(content=seen)
        self.assertIn("changed", result["error"])
        self.assertIn("1,488.30", result["error"].replace("\xa0", " "))
        self.assertEqual(self.ticket.approval_state, "sent")

    def test_draft_cannot_be_approved(self):
        self.quote.order_line.price_unit = 7777
        error = self._accept(content="0" * 64)["error"]
        self.assertIn("We are changing this quote", error)
        self.assertNotRegex(error, r"\d")

    def test_quote_that_is_not_sent_is_ours_alone(self):
        """Its amount is no amount yet: not on a page, not over RPC, not by link."""
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        new, changed = ticket.quote_id, self.quote
        changed.order_line.price_unit = 7777
        self.assertEqual((new.state, changed.state), ("draft", "draft"))
        for order in (new, changed):
            for record in (order, order.order_line):
                self.assertFalse(record.with_user(self.portal).search([]) & record)
                with self.assertRaises(AccessError):
                    self._rpc(self.portal, record._name, "read", record.ids, ["name"])
            link = order.get_portal_url()
            token = order.access_token
            self.env.flush_all()
            for login in ("nox_portal", None):
                self.authenticate(login, login)
                for url in (link, f"{link}&report_type=pdf&download=true"):
                    with self.subTest(order=order.name, login=login, url=url):
                        page = self.url_open(url)
                        self.assertIn("We are changing this quote", page.text)
                        for amount in (7777, order.amount_total, 20.5):
                            self.assertNotIn(f"{amount:,.2f}", page.text)
                page = self.url_open(
                    f"/my/orders/{order.id}/download_edi?access_token={token}"
                )
                self.assertNotIn(order.name, page.text)
                page = self._post_decline(
                    {"decline_message": "No", "access_token": token}, order
                )
                self.assertIn("We are changing this quote", page.text)
                self.assertEqual(order.state, "draft")
            self.authenticate("nox_stranger", "nox_stranger")
            page = self.url_open(f"/my/orders/{order.id}")
            self.assertEqual(page.status_code, 404)
        self._send(ticket)
        self.assertTrue(new.with_user(self.portal).has_access("read"))

    def test_expired_quote_cannot_be_approved_by_anybody(self):
        yesterday = fields.Date.subtract(self.company._service_today(), days=1)
        self.env.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s",
            [yesterday, self.quote.id],
        )
        self.quote.invalidate_recordset()
        self.assertTrue(self._accept().get("error"))
        self.assertNotEqual(self.quote.state, "sale")

    def test_replaced_quote_cannot_be_approved_by_the_customer(self):
        """The link in the first mail leads nowhere; the one in the second signs."""
        self.env.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s",
            [
                fields.Date.subtract(self.company._service_today(), days=1),
                self.quote.id,
            ],
        )
        self.quote.invalidate_recordset()
        self.quote._expire_service_quote()
        self.ticket.with_user(self.coordinator).action_create_quote()
        fresh = self._send(self.ticket)
        self.assertTrue(self._accept().get("error"))
        self.assertEqual(self.quote.state, "cancel")
        self.assertTrue(self._accept(fresh).get("force_refresh"))
        self.assertState(self.ticket, approval_state="approved", approved_blocks=6)

    def test_name_of_the_signer_is_limited(self):
        for name in ("", "   ", "x" * 201, "x" * 200_000):
            with self.subTest(length=len(name)):
                self.assertIn("name", self._accept(name=name)["error"])
        self.assertFalse(self.quote.signature)

    def test_wrong_token_is_refused(self):
        for token in ("00000000-0000-4000-8000-000000000000", "%C3%A9", "0" * 5000):
            result = self._accept(token=token)
            self.assertTrue(result["error"])
            self.assertFalse(self.quote.signature)

    def test_values_of_the_wrong_type_are_refused(self):
        for params in (
            {"name": 5},
            {"name": {"a": 1}},
            {"name": ["Anna"]},
            {"name": None},
            {"name": "x" * 3_000_000},
            {"name": "\x00"},
            {"signature": 5},
            {"signature": None},
            {"signature": {"a": 1}},
            {"signature": "no base64 é"},
            {"signature": "bm8gaW1hZ2U="},
            {"signature": "A" * 3_000_000},
            {"access_token": 5},
            {"access_token": ["x"]},
            {"access_token": "é"},
        ):
            with self.subTest(params={k: str(v)[:20] for k, v in params.items()}):
                self.assertTrue(self._accept(**params)["error"])
                self.assertFalse(self.quote.signature)
                self.assertEqual(self.quote.state, "sent")

    def test_withdrawn_quote_says_so(self):
        self._decline(self.ticket)
        self.assertIn("declined or withdrawn", self._accept()["error"])

    def test_paying_approves_nothing(self):
        self.assertFalse(self.quote._has_to_be_paid())
        self.quote.prepayment_percent = 0.01
        self.assertFalse(self.quote._is_confirmation_amount_reached())
        self.env.flush_all()
        with mute_logger("odoo.http"):
            answer = self.opener.post(
                self.base_url() + self.quote.get_portal_url(suffix="/transaction"),
                json={
                    "jsonrpc": "2.0",
                    "params": {
                        "access_token": self.quote.access_token,
                        "provider_id": 0,
                        "payment_method_id": 0,
                        "token_id": None,
                        "amount": 1,
                        "flow": "direct",
                        "tokenization_requested": False,
                        "landing_route": "/my",
                    },
                },
            )
        self.assertIn("approved by signing it", answer.text)
        page = self.url_open(
            self.quote.get_portal_url(query_string="&payment_amount=1")
        )
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("o_sale_portal_paynow", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.quote.state, "sent")
        self.assertFalse(self.quote.transaction_ids)

    def test_decline_is_the_approver_s_too(self):
        self.pbx.approver_ids = self.portal.partner_id
        form = {"decline_message": "No", "access_token": self.quote.access_token}
        self.authenticate("nox_stranger", "nox_stranger")
        page = self._post_decline(form)
        self.assertIn("Only nox_portal can approve or decline", page.text)
        self.assertEqual(self.quote.state, "sent")
        self.authenticate("nox_portal", "nox_portal")
        self._post_decline(form)
        self.assertEqual(self.quote.state, "cancel")

    def test_hostile_declines(self):
        self.authenticate("nox_stranger", "nox_stranger")
        for form in (
            {"decline_message": "No"},
            {"decline_message": "No", "access_token": "é"},
            {"decline_message": "", "access_token": self.quote.access_token},
            {"decline_message": " \x00 ", "access_token": self.quote.access_token},
        ):
            with self.subTest(form=form):
                self.assertLess(self._post_decline(form).status_code, 500)
                self.assertEqual(self.quote.state, "sent")
        self._post_decline(
            {
                "decline_message": "\x00" + "x" * 3_000_000,
                "access_token": self.quote.access_token,
            }
        )
        self.assertEqual(self.quote.state, "cancel")
        self.assertEqual(len(self.quote.service_decline_reason), 2000)

    def _post_decline(self, form, quote=None):
        self.env.flush_all()
        page = self.url_open(
            f"/my/orders/{(quote or self.quote).id}/decline",
            data=dict(form, csrf_token=self.csrf_token()),
        )
        self.env.invalidate_all()
        return page

    def test_addresses_that_nobody_meant(self):
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        for url in (
            "/my/quotes?sortby=nonsense",
            "/my/orders?sortby=nonsense",
            "/my/orders?date_begin=x&date_end=2026-01-01",
            "/my/orders/page/0",
            "/my/orders/0",
            "/my/orders/99999999999999999999",
            f"/my/orders/{self.quote.id}?payment_amount=abc&access_token=%C3%A9",
            f"/my/orders/{self.quote.id}?message=nonsense",
        ):
            with self.subTest(url=url):
                self.assertLess(self.url_open(url).status_code, 500)

    def test_stranger_sees_neither_quote_nor_ticket(self):
        self.authenticate("nox_stranger", "nox_stranger")
        self.env.flush_all()
        page = self.url_open(f"/my/orders/{self.quote.id}")
        self.assertNotIn(self.ticket.display_name, page.text)
        self.authenticate(None, None)
        page = self.url_open(self.quote.get_portal_url())
        self.assertIn(self.ticket.display_name, page.text)
        self.assertNotIn(f'href="{self.ticket.access_url}', page.text)

    def test_signed_twice_counts_once(self):
        self.assertNotIn("error", self._accept())
        self.assertTrue(self._accept().get("error"))

    def test_named_approver_has_to_log_in(self):
        self.pbx.approver_ids = self.portal.partner_id
        self.assertIn("approve", self._accept()["error"])
        self.authenticate("nox_stranger", "nox_stranger")
        self.assertIn("approve", self._accept()["error"])
        self.authenticate("nox_portal", "nox_portal")
        self.assertNotIn("error", self._accept())

    def test_decline_tells_the_technician_why(self):
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self.url_open(self.quote.get_portal_url())
        self.assertIn("The work starts after your approval", page.text)
        self.url_open(
            self.quote.get_portal_url(suffix="/decline"),
            data={
                "decline_message": "Too expensive for us",
                "csrf_token": self.csrf_token(),
            },
        )
        self.env.invalidate_all()
        self.assertEqual(self.ticket.approval_state, "refused")
        activity = self.ticket.activity_ids.filtered(
            lambda a: a.user_id == self.technician
        )
        self.assertIn("Too expensive for us", "".join(activity.mapped("note")))
        self.assertTrue(self._accept().get("error"))

    def test_somebody_is_told_of_a_ticket_that_nobody_has(self):
        """A request from the portal has no technician yet; a customer's answer is
        read all the same, by a person."""
        self.authenticate("nox_portal", "nox_portal")
        leader = self._user("technician", login="nox_leader")
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Service",
                "company_id": self.company.id,
                "uses_service_plans": True,
                "user_ids": [Command.link(leader.id)],
            }
        )
        for name, teams_leader, answer in (
            ("signs", leader, "sign"),
            ("declines", leader, "decline"),
            ("signs, no leader", False, "sign"),
            ("declines, no leader", False, "decline"),
        ):
            team.user_id = teams_leader
            ticket = self._ticket(
                self.pbx, estimated_minutes=90, user_id=False, team_id=team.id
            )
            ticket.user_id = False
            quote = self._send(ticket)
            if answer == "sign":
                self.assertNotIn("error", self._accept(quote))
            else:
                self._post_decline({"decline_message": "Too expensive"}, quote)
            told = ticket.activity_ids.filtered(
                lambda activity: "answered" in (activity.summary or "")
            ).user_id
            with self.subTest(name):
                if teams_leader:
                    self.assertEqual(told, leader)
                else:
                    self.assertTrue(
                        told.has_group("nox_voip_service.group_coordinator")
                    )
                    self.assertFalse(told._is_superuser())

    def csrf_token(self):
        from odoo.http import Request

        return Request.csrf_token(self)

    def test_customer_sees_the_verdict_and_its_reason(self):
        self.authenticate("nox_portal", "nox_portal")
        page = self.url_open(self.ticket.get_portal_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.ticket.coverage_reason, page.text)
        self.assertIn("View and approve the quote", page.text)

    def test_ticket_is_closed_by_post_of_its_own_customer_only(self):
        ticket = self._ticket(self.pbx)
        self.stage_done.close_from_portal = True
        form = {"ticket_id": ticket.id, "stage_id": self.stage_done.id}
        self.authenticate("nox_stranger", "nox_stranger")
        self.url_open(
            f"/ticket/close?ticket_id={ticket.id}&stage_id={self.stage_done.id}"
        )
        self.url_open("/ticket/close", data=dict(form, csrf_token=self.csrf_token()))
        self.assertFalse(ticket.closed)
        self.authenticate("nox_portal", "nox_portal")
        self.url_open(
            f"/ticket/close?ticket_id={ticket.id}&stage_id={self.stage_done.id}"
        )
        self.env.invalidate_all()
        self.assertFalse(ticket.closed)
        with mute_logger("odoo.http"):
            page = self.url_open("/ticket/close", data=form)
        self.assertEqual(page.status_code, 400)
        self.url_open("/ticket/close", data=dict(form, csrf_token=self.csrf_token()))
        self.env.invalidate_all()
        self.assertTrue(ticket.closed)
        for number in ("abc", "-1", "99999999999999999999", ""):
            page = self.url_open(f"/ticket/close?ticket_id={number}&stage_id={number}")
            self.assertLess(page.status_code, 500)
