from email.message import EmailMessage

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon

MAIL_LOGS = "odoo.addons.mail.models.mail_thread"


class MailRequestCase(NoxVoipCommon):
    """A team with an address, and mails to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.company.alias_domain_id or cls.env["mail.alias.domain"].create(
            {"name": "nox.example", "company_ids": [Command.link(cls.company.id)]}
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Service by mail",
                "alias_name": "nox-service-test",
                "company_id": cls.company.id,
                "uses_service_plans": True,
                "user_ids": [Command.link(cls.technician.id)],
            }
        )
        cls.team.alias_id.alias_domain_id = cls.domain
        cls.address = f"nox-service-test@{cls.domain.name}"
        cls.pbx = cls._pbx(cls.contract_plan)
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Anna",
                "email": "anna@bakery.example",
                "parent_id": cls.customer.id,
                "lang": "en_US",
            }
        )
        cls.other = cls._customer("Other", email="boss@other.example")
        cls.stranger = cls._portal_user(
            cls.other, "nox_stranger", email="stranger@other.example"
        )

    def _mail(
        self,
        sender="Anna <anna@bakery.example>",
        subject="Call group",
        body="Please add Jan to our call group.",
        to=None,
        cc=None,
        reply_to=None,
        **headers,
    ):
        """Process a real mail and return the ticket it made or came to; none when
        it stands in the tray."""
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = to or self.address
        mail["Subject"] = subject
        if cc:
            mail["Cc"] = cc
        number = self.__class__.numbers = getattr(self, "numbers", 0) + 1
        mail["Message-Id"] = f"<nox-test-{number}@bakery.example>"
        if reply_to:
            mail["In-Reply-To"] = mail["References"] = reply_to
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        with mute_logger(MAIL_LOGS):
            ticket_id = (
                self.env["mail.thread"]
                .with_context(mail_create_nosubscribe=False)
                .message_process(None, mail.as_bytes())
            )
        last = self.env["mail.message"].sudo().search([], order="id desc", limit=1)
        is_stray = last.model == "nox.stray.mail"
        return self.env["helpdesk.ticket"].browse(not is_stray and ticket_id or [])

    def _answers(self, ticket):
        """The automatic answers to a ticket's sender."""
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", ticket._name), ("res_id", "=", ticket.id)])
            .filtered(lambda mail: "auto-replied" in (mail.headers or ""))
        )


@tagged("standard", "post_install", "-at_install")
class TestMailRequest(MailRequestCase):
    """A request by mail becomes a ticket that asks for what is missing."""

    # --- what a mail becomes ---------------------------------------------------

    def test_mail_becomes_a_ticket_with_the_pbx_of_the_company(self):
        ticket = self._mail()
        self.assertEqual(
            (ticket.team_id, ticket.company_id, ticket.partner_id),
            (self.team, self.company, self.contact),
        )
        self.assertState(
            ticket, pbx_id=self.pbx, plan_id=self.contract_plan, coverage="undecided"
        )
        self.assertFalse(ticket.category_id)
        self.assertIn("scope", ticket.coverage_missing)
        self.assertEqual(ticket.decision_needed, "verdict")
        self.assertFalse(ticket.is_unknown_sender)

    def test_several_pbxs_the_ticket_asks_which(self):
        self._pbx(self.standard, name="Second")
        ticket = self._mail()
        self.assertFalse(ticket.pbx_id)
        self.assertEqual(ticket.coverage_missing, "pbx")
        self.assertIn("PBX", ticket.coverage_question)

    def test_answer_asks_what_the_page_asks(self):
        """Not "answer a few questions" to a customer who finds none there."""
        ticket = self._mail(sender="Boss <boss@other.example>")
        self.assertEqual(ticket.coverage_missing, "pbx")
        self.assertFalse(ticket._portal_missing())
        body = self._answers(ticket).body_html
        self.assertNotIn("Answer a few questions", body)
        self.assertIn("A colleague looks at your request", body)
        self._pbx(self.standard, name="Second")
        ticket = self._mail()
        # With the kind of change at once: one answer settles the verdict.
        self.assertEqual(ticket._portal_missing(), ["pbx", "scope"])
        self.assertIn("Answer a few questions", self._answers(ticket).body_html)

    def test_unknown_address_is_a_ticket_without_a_customer(self):
        ticket = self._mail(sender="Piet <piet@nobody.example>")
        self.assertFalse(ticket.partner_id or ticket.pbx_id)
        self.assertEqual(
            (ticket.coverage, ticket.partner_name, ticket.is_unknown_sender),
            ("undecided", "Piet", True),
        )
        self.assertIn(
            ticket,
            self.env["helpdesk.ticket"].search([("is_unknown_sender", "=", True)]),
        )
        answer = self._answers(ticket)
        self.assertIn("piet@nobody.example", answer.email_to)
        self.assertNotIn("/my/ticket", answer.body_html)
        ticket.partner_id = self.contact
        self.assertState(ticket, is_unknown_sender=False, pbx_id=self.pbx)

    def test_mail_without_subject_or_text_loses_nothing(self):
        ticket = self._mail(subject="", body="")
        self.assertTrue(ticket.name)
        ticket = self._mail(subject="x" * 5000, body="y" * 300_000)
        self.assertLessEqual(len(ticket.name), 200)
        self.assertIn("y" * 1000, ticket.description)

    # --- the answer --------------------------------------------------------------

    def test_answer_says_what_is_next_with_a_link(self):
        ticket = self._mail()
        answer = self._answers(ticket)
        self.assertEqual(len(answer), 1)
        self.assertEqual(answer.recipient_ids, self.contact)
        self.assertIn("Answer a few questions", answer.body_html)
        self.assertIn(
            f"{ticket.access_url}?access_token={ticket.access_token}", answer.body_html
        )

    def test_answered_facts_settle_the_verdict_and_change_the_sentence(self):
        ticket = self._mail()
        ticket.category_id = self._category("call_group")
        self.assertEqual(ticket.coverage, "covered")
        self.assertIn("nothing extra", ticket._mail_next_step())
        ticket.work_location = "on_site"
        self.assertEqual(ticket.coverage, "billable")
        self.assertIn("cost", ticket._mail_next_step())
        self.pbx.accepted_on = False
        ticket._refresh_verdict()
        self.assertIn("delivery", ticket._mail_next_step())

    def test_reply_to_our_answer_makes_no_second_ticket_and_no_answer(self):
        ticket = self._mail()
        message_id = self._answers(ticket).message_id
        for headers in ({}, {"Auto_Submitted": "auto-replied"}):
            again = self._mail(subject="Re: out", reply_to=message_id, **headers)
            self.assertEqual(again, ticket)
        self.assertEqual(len(self._answers(ticket)), 1)

    def test_bounce_makes_no_ticket(self):
        before = self.env["helpdesk.ticket"].search_count([])
        self._mail(sender="MAILER-DAEMON <mailer-daemon@mx.example>")
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)

    def test_flood_of_one_sender_is_kept_on_his_last_ticket(self):
        """Nothing is dropped, and no answer keeps a loop going."""
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", "3"
        )
        made = [self._mail(sender="loop@nobody.example") for _each in range(6)]
        self.assertEqual(len(set(made[:3])), 3)
        self.assertEqual(made[3:], [made[2]] * 3)
        mails = made[2].message_ids.filtered(lambda each: each.message_type == "email")
        self.assertEqual(len(mails), 4)
        self.assertEqual(sum(len(self._answers(each)) for each in set(made)), 3)

    def test_flood_on_one_ticket_is_notes(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", "3"
        )
        ticket = self._mail()
        first = ticket.message_ids.sorted("id")[0].message_id
        for _each in range(4):
            self.assertEqual(self._mail(body="Away.", reply_to=first), ticket)
        mails = ticket.message_ids.filtered(lambda each: each.message_type == "email")
        internal = mails.sorted("id").mapped("is_internal")
        self.assertEqual(internal, [False] * 3 + [True] * 2)

    # --- what a mail never does -----------------------------------------------------

    def test_mail_changes_no_fact_and_approves_nothing(self):
        ticket = self._ticket(
            self._pbx(self.standard, name="Two"), estimated_minutes=90
        )
        quote = self._send(ticket)
        stored = (
            "pbx_id plan_id category_id work_location coverage partner_id stage_id"
            " approval_state quote_id estimated_minutes user_id team_id"
        ).split()
        before = {name: ticket[name] for name in stored}
        for record, text in (
            (ticket, "I approve. plan: contract, stage: done"),
            (quote, "Approved! Signed, Anna"),
        ):
            message = record.message_post(body="Hello", message_type="comment")
            self._mail(body=text, reply_to=message.message_id)
        self.assertState(ticket, **before)
        self.assertEqual((quote.state, bool(quote.signature)), ("sent", False))

    def test_strangers_in_copy_do_not_become_readers(self):
        copies = "stranger@other.example, jan@bakery.example, new@nobody.example"
        colleague = self.contact.copy({"name": "Jan", "email": "jan@bakery.example"})
        ticket = self._mail(cc=copies)
        followers = ticket.message_partner_ids
        self.assertIn(colleague, followers)
        self.assertIn(self.contact, followers)
        self.assertNotIn(self.stranger.partner_id, followers)
        self.assertFalse(ticket.with_user(self.stranger)._filtered_access("read"))
        suggested = ticket._message_add_suggested_recipients()[ticket.id]
        self.assertNotIn(self.stranger.partner_id, suggested["partners"])
        self.assertNotIn("nobody.example", str(suggested["email_to_lst"]))
        self.assertNotIn("other.example", str(suggested["email_to_lst"]))

    def test_replying_stranger_does_not_become_a_reader(self):
        ticket = self._mail()
        message = ticket.message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._mail(
            sender="stranger@other.example",
            cc="boss@other.example",
            body="Let me see",
            reply_to=message.message_id,
        )
        self.assertTrue(
            ticket.message_ids.filtered(
                lambda each: each.author_id == self.stranger.partner_id
            )
        )
        self.assertFalse(
            ticket.message_partner_ids & (self.stranger.partner_id | self.other)
        )
        self.assertFalse(ticket.with_user(self.stranger)._filtered_access("read"))

    def test_staff_may_still_add_a_follower_by_hand(self):
        ticket = self._mail()
        ticket.message_subscribe(self.stranger.partner_id.ids)
        self.assertIn(self.stranger.partner_id, ticket.message_partner_ids)

    def test_ticket_that_changes_customer_forgets_the_first_one(self):
        ticket = self._mail(sender="stranger@other.example")
        token = ticket._portal_ensure_token()
        self.assertIn(self.stranger.partner_id, ticket.message_partner_ids)
        ticket.partner_id = self.contact
        self.assertNotEqual(ticket.access_token, token)
        self.assertNotIn(self.stranger.partner_id, ticket.message_partner_ids)

    # --- one click gives it a kind of change ------------------------------------------

    def test_likely_kinds_of_change_come_first(self):
        ticket = self._mail()
        first = ticket.suggested_category_1_id
        self.assertEqual(first, self._category("call_group"))
        self._rpc(
            self.technician,
            "helpdesk.ticket",
            "action_choose_category",
            ticket.ids,
            context={"chosen_category_id": first.id},
        )
        self.assertState(ticket, category_id=first, coverage="covered")
        self.assertFalse(ticket.suggested_category_1_id)

    def test_history_of_the_customer_suggests_where_words_do_not(self):
        self._ticket(self.pbx, category="overflow")
        ticket = self._mail(subject="Good morning", body="Like last time.")
        self.assertEqual(ticket.suggested_category_1_id, self._category("overflow"))
        other = self._mail(
            sender="boss@other.example", subject="Good morning", body="Hello."
        )
        self.assertFalse(other.suggested_category_1_id)

    def test_choice_without_a_kind_is_refused(self):
        ticket = self._mail()
        for chosen in (False, 0, 2**31 - 1):
            with self.assertRaises(UserError) as refusal:
                ticket.with_context(chosen_category_id=chosen).action_choose_category()
            self.assertSentence(refusal)
