from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from ..common import NoxVoipCommon

PIXEL = b"R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("standard", "post_install", "-at_install")
class TestQuote(NoxVoipCommon):
    """A quote comes from its ticket without retyping, and ticket and technician
    know at once what becomes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        cls.answered = cls.env.ref("nox_voip_service.mail_activity_quote_decided")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(self.pbx, estimated_minutes=90)
        self.quote = self.ticket.quote_id

    def _told(self, ticket=None):
        """What the technician's activity says of the answer."""
        activities = (ticket or self.ticket).activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == self.answered
                and activity.user_id == self.technician
            )
        )
        return html2plaintext("".join(activities.mapped("note")))

    def _age(self, quote, days):
        """Let the validity of a sent quote have ended so many days ago."""
        past = fields.Date.subtract(self.company._service_today(), days=days)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s", [past, quote.id]
        )
        quote.invalidate_recordset(["validity_date"])
        quote.sudo().service_content_hash = quote._service_hash()

    # ------------------------------------------------------------------
    # MAKING AND SENDING
    # ------------------------------------------------------------------

    def test_quote_says_what_the_ticket_says(self):
        self.ticket.customer_reference = "PO 77"
        quote, line = self.quote, self.quote.order_line
        self.assertEqual(quote.partner_id, self.customer)
        self.assertIn(self.ticket.number, line.name)
        self.assertIn("Please change this.", line.name)
        self.assertEqual((line.product_uom_qty, line.price_unit), (6, 20.50))
        self.assertEqual(quote.amount_untaxed, 123.00)
        self.assertTrue(quote.require_signature)
        self.assertFalse(quote.require_payment)
        days = self.company.service_quote_validity_days
        today = self.company._service_today()
        self.assertEqual(quote.validity_date, today + timedelta(days=days))
        self.assertIn(self.ticket.coverage_reason, html2plaintext(quote.note))
        self._send(self.ticket)
        self.assertEqual(quote.client_order_ref, "PO 77")

    def test_technician_sends_it_with_one_click(self):
        self._rpc(
            self.technician, "helpdesk.ticket", "action_send_quote", self.ticket.ids
        )
        self.assertState(self.ticket, quote_state="sent", approval_state="sent")
        mail = self.quote.message_ids.filtered("partner_ids")
        self.assertIn(self.customer, mail.partner_ids)
        self.assertIn(self.quote.name, mail.subject)
        with self.assertRaises(UserError):
            self.ticket.action_send_quote()

    def test_mail_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.customer.lang = "nl_NL"
        self._send(self.ticket)
        mail = self.quote.message_ids.filtered("partner_ids")
        self.assertEqual(mail.subject, f"Offerte {self.quote.name}: Change")
        body = " ".join(html2plaintext(mail.body).split())
        self.assertIn("hebben offerte", body)
        self.assertIn("inclusief btw", body)
        self.assertIn("ondertekenen", body)
        self.assertNotIn("including VAT", body)

    def test_quote_without_a_total_waits_for_the_estimate(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 61)
        self.assertState(ticket, quote_state="draft", decision_needed="estimate")
        for send in (ticket.action_send_quote, ticket.quote_id.action_quotation_sent):
            with self.assertRaises(UserError) as refusal:
                send()
            self.assertIn("how long the whole job will take", str(refusal.exception))
        ticket.estimated_minutes = 120
        self.assertState(ticket, decision_needed="send")

    def test_sent_at_once_by_setting(self):
        self.company.service_quote_autosend = True
        ticket = self._ticket(self.pbx)
        self._log(ticket, 61)
        self.assertEqual(ticket.quote_state, "draft")
        other = self._ticket(self.pbx, estimated_minutes=90)
        self.assertEqual(other.quote_state, "sent")

    def test_term_runs_from_the_day_it_is_sent(self):
        """A draft that waited for the estimate is not sent expired."""
        today = self.company._service_today()
        days = self.company.service_quote_validity_days
        long_ago = fields.Datetime.now() - timedelta(days=days + 10)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s, validity_date = %s WHERE id = %s",
            [long_ago, today - timedelta(days=10), self.quote.id],
        )
        self.quote.invalidate_recordset()
        self._send(self.ticket)
        self.assertEqual(self.quote.validity_date, today + timedelta(days=days))
        self.assertEqual(self.ticket.quote_state, "sent")

    def test_term_that_somebody_chose_is_kept(self):
        tomorrow = self.company._service_today() + timedelta(days=1)
        self.quote.validity_date = tomorrow
        self._send(self.ticket)
        self.assertEqual(self.quote.validity_date, tomorrow)

    def test_reference_is_asked_for_where_the_customer_wants_it(self):
        self.pbx.reference_required = True
        with self.assertRaises(UserError) as refusal:
            self._send(self.ticket)
        self.assertIn("reference", str(refusal.exception))
        self.ticket.customer_reference = "PO 1"
        self._send(self.ticket)
        self.assertEqual(self.quote.client_order_ref, "PO 1")

    # ------------------------------------------------------------------
    # THE ANSWER
    # ------------------------------------------------------------------

    def test_approval_is_known_at_once(self):
        self._approve(self.ticket)
        self.assertState(self.ticket, approval_state="approved", approved_blocks=6)
        self.assertIn("approved", self._told())
        self.assertTrue(self.quote.locked)

    def test_decline_is_known_at_once_with_the_reason(self):
        self._decline(self.ticket, "Too expensive for us")
        self.assertState(
            self.ticket, approval_state="refused", decision_needed="answered"
        )
        self.assertIn("Too expensive for us", self._told())

    def test_cancelling_in_sales_is_known_at_once(self):
        self._send(self.ticket)
        self.quote.with_user(self.coordinator).action_cancel()
        self.assertEqual(self.ticket.approval_state, "refused")
        self.assertIn(self.quote.name, self._told())

    def test_draft_by_hand_that_nobody_was_sent_leaves_the_hour_as_it_was(self):
        """Withdrawn or cancelled in sales: the technician works on, up to the hour."""
        for act in ("action_withdraw_quote", "action_cancel"):
            ticket = self._ticket(self.pbx, estimated_minutes=30)
            self._log(ticket, 16)
            ticket.with_user(self.coordinator).action_create_quote()
            quote = ticket.quote_id
            getattr(quote.with_user(self.coordinator), act)()
            with self.subTest(act):
                self.assertState(
                    ticket,
                    approval_state="not_needed",
                    quote_state=False,
                    is_release_capped=False,
                    decision_needed=False,
                )
                self.assertFalse(self._told(ticket))
                self._log(ticket, 44)
                self.assertState(ticket, released_minutes=60, to_invoice_blocks=4)
                self._log(ticket, 1)
                self.assertState(ticket, quote_state="draft", held_minutes=1)
                self.assertNotEqual(ticket.quote_id, quote)
                with self.assertRaises(UserError), self.cr.savepoint():
                    quote.with_user(self.coordinator).action_draft()

    def test_draft_that_is_due_is_refused_by_who_withdraws_it(self):
        """Then a coordinator may close the ticket with what was released."""
        ticket = self._ticket(self.pbx)
        self._log(ticket, 75)
        ticket.quote_id.with_user(self.coordinator).action_withdraw_quote()
        self.assertState(ticket, approval_state="refused", is_quote_due=True)
        self._finish(ticket)
        self.assertState(ticket, to_invoice_blocks=4, held_minutes=15)

    def test_supplement_is_a_quote_of_its_own(self):
        self._approve(self.ticket)
        self._log(self.ticket, 91)
        self.assertState(self.ticket, approval_state="needed", held_minutes=1)
        supplement = self.ticket.quote_id
        self.assertNotEqual(supplement, self.quote)
        self.ticket.estimated_minutes = 150
        self.assertEqual(supplement.service_blocks, 4)
        self._decline(self.ticket)
        self.assertState(self.ticket, approved_blocks=6, to_invoice_blocks=6)

    def test_approved_quote_is_corrected_by_cancelling_it(self):
        self._approve(self.ticket)
        with self.assertRaises(AccessError):
            self.quote.with_user(self.technician).sudo(False).action_cancel()
        self.quote.with_user(self.coordinator).action_cancel()
        self.assertState(self.ticket, approved_blocks=0, approval_state="refused")
        self.ticket.with_user(self.coordinator).action_create_quote()
        self.assertState(self.ticket, quote_state="draft")

    def test_invoiced_quote_cannot_be_cancelled(self):
        self._approve(self.ticket)
        self._log(self.ticket, 90)
        self._invoice(self.ticket)
        with self.assertRaises(UserError) as refusal:
            self.quote.with_user(self.coordinator).action_cancel()
        self.assertIn("Credit", str(refusal.exception))

    # ------------------------------------------------------------------
    # EXPIRY
    # ------------------------------------------------------------------

    def _run_daily_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("nox_voip_service.cron_service_quotes").method_direct_trigger()
        self.env.invalidate_all()

    def test_customer_is_reminded_once_before_the_end(self):
        self._send(self.ticket)
        before = len(self.quote.message_ids)
        self._run_daily_job()
        self.assertEqual(len(self.quote.message_ids), before)
        soon = self.company._service_today() + timedelta(days=2)
        self._age(self.quote, -2)
        self.assertEqual(self.quote.validity_date, soon)
        for _run in range(2):
            self._run_daily_job()
        self.assertEqual(len(self.quote.message_ids), before + 1)
        self.assertIn(self.customer, self.quote.message_ids[0].partner_ids)

    def test_technician_reads_it_in_his_own_language(self):
        """Whatever the language of whoever caused it: here the nightly job's."""
        self.env["res.lang"]._activate_lang("nl_NL")
        self.technician.lang = "nl_NL"
        self._send(self.ticket)
        self._age(self.quote, 1)
        self._run_daily_job()
        activity = self.ticket.activity_ids.filtered(
            lambda each: each.activity_type_id == self.answered
        )
        self.assertIn("beantwoord", activity.summary)
        self.assertIn("zonder antwoord verlopen", activity.note)

    def test_activities_of_every_type_say_what_to_do(self):
        """Odoo's chatter shows an activity without summary as an empty line; the
        summary of a type would be in the language of whoever caused it."""
        self._decline(self.ticket)
        self.assertTrue(self._told())
        types = self.env["mail.activity.type"].search([("res_model", "!=", False)])
        own = types.filtered(
            lambda each: each.get_external_id()[each.id].startswith("nox_voip_service.")
        )
        self.assertGreaterEqual(len(own), 7)
        self.assertFalse(own.filtered("summary").mapped("name"))
        made = self.env["mail.activity"].search([("activity_type_id", "in", own.ids)])
        self.assertFalse(made.filtered(lambda each: not each.summary))

    def test_expired_quote_tells_the_technician_once(self):
        self._send(self.ticket)
        self._age(self.quote, 1)
        for _run in range(2):
            self._run_daily_job()
        self.assertState(
            self.ticket, approval_state="expired", decision_needed="answered"
        )
        self.assertEqual(self._told().count("expired"), 1)

    def test_expired_quote_is_approved_by_nobody(self):
        self._send(self.ticket)
        self._age(self.quote, 1)
        self.quote.write({"signature": PIXEL, "signed_by": "Anna"})
        for user in (self.coordinator, self.manager, self.env.user):
            order = self.quote.with_user(user)
            for way in (order.action_confirm, order.sudo()._validate_order):
                with self.subTest(user=user.name), self.assertRaises(UserError) as no:
                    way()
                self.assertIn("valid until", str(no.exception))
        with self.assertRaises(UserError):
            self._proof().action_approve()
        self.assertFalse(self.quote._has_to_be_signed())
        with self.assertRaises(UserError):
            self.quote.sudo().write({"state": "sale"})
        self.assertEqual(self.quote.state, "sent")

    def test_expired_quote_makes_room_for_a_new_one(self):
        """The way out that the ticket names: make a new quote, send it, approve it.
        The old one stays what it is: nobody approves it any more."""
        self._send(self.ticket)
        self._age(self.quote, 1)
        self._run_daily_job()
        self.assertIn("make a new quote", self.ticket.next_step)
        self._rpc(
            self.coordinator, "helpdesk.ticket", "action_create_quote", self.ticket.ids
        )
        fresh = self.ticket.quote_id
        self.assertNotEqual(fresh, self.quote)
        self.assertState(self.ticket, quote_state="draft", approval_state="needed")
        self.assertIn("replaced by a new quote", self.quote.service_decline_reason)
        self._approve(self.ticket)
        self.assertState(self.ticket, approval_state="approved", approved_blocks=6)
        self.assertEqual(fresh.state, "sale")
        self.quote.write({"signature": PIXEL, "signed_by": "Anna"})
        for way in (
            self.quote.sudo()._validate_order,
            self.quote.with_user(self.coordinator).action_confirm,
            self.quote.with_user(self.coordinator).action_draft,
            lambda: self._proof().action_approve(),
        ):
            with self.assertRaises(UserError):
                way()
        self.assertEqual(self.quote.state, "cancel")
        self.assertEqual(self.ticket.approved_blocks, 6)

    def test_a_quote_that_fails_does_not_stop_the_others(self):
        other = self._ticket(self.pbx, estimated_minutes=90)
        for ticket in (self.ticket, other):
            self._send(ticket)
            self._age(ticket.quote_id, 1)
        expire = type(self.quote)._expire_service_quote

        def fail(order):
            if order == self.quote:
                raise ValueError("broken")
            return expire(order)

        with (
            patch.object(type(self.quote), "_expire_service_quote", fail),
            mute_logger("odoo.addons.nox_voip_service.models.order.sale_order_quote"),
        ):
            self._run_daily_job()
        self.assertEqual(self.ticket.quote_state, "sent")
        self.assertEqual(other.quote_state, "expired")

    # ------------------------------------------------------------------
    # APPROVED OTHERWISE
    # ------------------------------------------------------------------

    def _proof(self, **values):
        return (
            self.env["nox.quote.proof"]
            .with_user(self.coordinator)
            .with_context(default_order_id=self.quote.id)
            .create(
                {
                    "signed_by": "Anna de Vries",
                    "proof": PIXEL,
                    "proof_name": "mail.gif",
                    **values,
                }
            )
        )

    def test_approval_on_paper_keeps_its_proof(self):
        self._send(self.ticket)
        self._proof().action_approve()
        self.assertEqual(self.ticket.approval_state, "approved")
        self.assertEqual(self.quote.service_proof_ids.name, "mail.gif")
        self.assertEqual(self.quote.signed_by, "Anna de Vries")

    def test_approval_on_paper_is_of_what_was_sent(self):
        self._send(self.ticket)
        proof = self._proof()
        self.quote.order_line.price_unit = 30
        self._send(self.ticket)
        with self.assertRaises(UserError):
            proof.action_approve()
        with self.assertRaises(ValidationError):
            self._proof(signed_on=fields.Datetime.now() + timedelta(days=1))
        with self.assertRaises(AccessError):
            self.quote.with_user(self.technician).action_approved_otherwise()
