from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_mail_request import MAIL_LOGS, MailRequestCase

PERSONS = (
    {"List_Id": "<support.bakery.example>"},
    {"Precedence": "list"},
    {"List_Unsubscribe": "<https://list.example>"},
    {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
    {"Auto_Submitted": "no"},
)
AUTOMATIC = (
    {"Auto_Submitted": "auto-replied"},
    {"X_Autoreply": "yes"},
    {"Precedence": "auto_reply"},
    {"subject": "Automatisch antwoord: uw aanvraag"},
    {"subject": "Afwezig: Anna"},
    {"subject": "Out of office: your request"},
    {"subject": "Abwesenheitsnotiz"},
)


@tagged("standard", "post_install", "-at_install")
class TestMailKinds(MailRequestCase):
    """People are heard, machines that ask for something too; automatic replies ask
    for nothing."""

    def _count(self):
        return self.env["helpdesk.ticket"].search_count([])

    def test_people_who_write_through_a_list_are_answered(self):
        for headers in PERSONS:
            with self.subTest(headers=headers):
                ticket = self._mail(**headers)
                self.assertFalse(ticket.is_by_machine)
                self.assertTrue(self._answers(ticket))

    def test_who_wants_no_answer_gets_none_and_the_ticket_says_so(self):
        for headers in (
            {"X_Auto_Response_Suppress": "All"},
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
        ):
            with self.subTest(headers=headers):
                ticket = self._mail(**headers)
                self.assertTrue(ticket)
                self.assertFalse(self._answers(ticket))
                said = " ".join(ticket.message_ids.mapped("body"))
                self.assertIn("No automatic answer was sent", said)

    def test_an_automatic_reply_is_no_request_and_gets_none(self):
        before = self._count()
        for headers in AUTOMATIC:
            with self.subTest(headers=headers):
                self.assertFalse(self._mail(**headers))
        self.assertEqual(self._count(), before)
        # Somebody sees them all the same: a subject may be a person's.
        tray = self.env["nox.stray.mail"].search([("team_id", "=", self.team.id)])
        self.assertEqual(len(tray), len(AUTOMATIC))

    def test_an_automatic_reply_to_a_ticket_is_a_note_without_alarm(self):
        ticket = self._mail()
        question = ticket.with_user(self.technician).message_post(
            body="Which group?", subtype_xmlid="mail.mt_comment"
        )
        ticket.stage_id = self.stage_dropped
        activities = ticket.activity_ids
        self._mail(
            subject="Automatic reply: Call group",
            reply_to=question.message_id,
            Auto_Submitted="auto-replied",
        )
        note = ticket.message_ids[0]
        self.assertEqual(note.message_type, "email")
        self.assertTrue(note.is_internal)
        self.assertFalse(note.notification_ids)
        self.assertEqual(ticket.activity_ids, activities)
        self.assertState(ticket, decision_needed=False, answered_at=False)

    # ------------------------------------------------------------------
    # ONE REQUEST
    # ------------------------------------------------------------------

    def test_a_reply_that_lost_its_thread_finds_its_ticket(self):
        ticket = self._mail()
        before = self._count()
        again = self._mail(subject=f"Re: [{ticket.number}] Call group")
        self.assertEqual(again, ticket)
        self.assertEqual(self._count(), before)
        self.assertEqual(len(self._answers(ticket)), 1)

    def test_the_number_of_another_customers_ticket_opens_nothing(self):
        ticket = self._mail()
        other = self._mail(
            sender="boss@other.example", subject=f"Re: [{ticket.number}] Call group"
        )
        self.assertTrue(other)
        self.assertNotEqual(other, ticket)

    def test_one_mail_to_two_teams_is_one_request(self):
        second = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Invoices by mail",
                "alias_name": "nox-invoices-test",
                "company_id": self.company.id,
            }
        )
        second.alias_id.alias_domain_id = self.domain
        before = self._count()
        ticket = self._mail(cc=f"nox-invoices-test@{self.domain.name}")
        self.assertEqual(self._count(), before + 1)
        self.assertEqual(len(self._answers(ticket)), 1)

    def test_the_same_mail_delivered_twice_is_one_request(self):
        """Once more, with another Message-Id."""
        first = self._mail(Date="Mon, 02 Mar 2026 09:00:00 +0100")
        before = self._count()
        self.assertFalse(self._mail(Date="Mon, 02 Mar 2026 09:00:00 +0100"))
        self.assertEqual(self._count(), before)
        other = self._mail(
            Date="Mon, 02 Mar 2026 09:00:00 +0100", body="Something else."
        )
        self.assertTrue(other)
        self.assertNotEqual(other, first)

    def test_a_mail_without_a_date_that_comes_twice_is_one_request(self):
        """Odoo gives it the moment at which it came, which says nothing."""
        raw = (
            f"From: anna@bakery.example\r\nTo: {self.address}\r\nSubject: Group\r\n"
            "Message-Id: <undated@bakery.example>\r\nDate: some day\r\n\r\nHello."
        ).encode()
        before = self._count()
        for moment in ("2035-01-01 12:00", "2035-01-01 12:05"):
            with freeze_time(moment), mute_logger(MAIL_LOGS):
                self.env["mail.thread"].message_process(None, raw)
        self.assertEqual(self._count(), before + 1)

    # ------------------------------------------------------------------
    # THE BRAKE
    # ------------------------------------------------------------------

    def test_the_brake_knows_an_from_jan(self):
        ticket = self._mail()
        for sender in ("jan@bakery.example", "an@bakery.example"):
            ticket.message_post(
                body="Hello.", message_type="email", email_from=f"Her <{sender}>"
            )
        self.assertEqual(ticket._mails_lately("an@bakery.example"), 1)

    def test_a_customer_in_an_outage_is_never_braked(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", "3"
        )
        made = [self._mail(subject=f"Queue {number} down") for number in range(6)]
        self.assertTrue(all(made))
        # Kept, but not answered for ever: it may be a machine that answers ours.
        answered = [bool(self._answers(ticket)) for ticket in made]
        self.assertEqual(answered, [True] * 3 + [False] * 3)

    def test_strangers_with_addresses_that_end_alike_are_counted_apart(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", "3"
        )
        for number in range(3):
            last = self._mail(sender="jan@school.example", subject=f"Jan {number}")
        self.assertEqual(self._mail(sender="jan@school.example", subject="Jan"), last)
        other = self._mail(sender="an@school.example", subject="An")
        self.assertTrue(other and other.name == "An")

    # ------------------------------------------------------------------
    # AFTER THE CLOSING
    # ------------------------------------------------------------------

    def _closed(self):
        ticket = self._mail()
        ticket.stage_id = self.stage_dropped
        return ticket

    def test_an_answer_on_a_closed_ticket_waits_for_a_decision(self):
        ticket = self._closed()
        self._mail(subject=f"Re: [{ticket.number}] Call group", body="Still wrong.")
        self.assertState(ticket, decision_needed="reply", closed=True)
        self.assertTrue(ticket.answered_at)
        self.assertEqual(len(ticket.activity_ids), 1)
        self._mail(subject=f"Re: [{ticket.number}] Call group", body="Hello?")
        self.assertEqual(len(ticket.activity_ids), 1)
        ticket.with_user(self.technician).action_reopen_answered()
        self.assertState(ticket, closed=False, answered_at=False)
        self.assertFalse(ticket.activity_ids)

    def test_an_answer_in_the_portal_is_heard_too(self):
        ticket = self._closed()
        ticket.message_post(
            body="Still wrong.",
            author_id=self.contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertState(ticket, decision_needed="reply")

    def test_a_thank_you_is_waved_away_by_name(self):
        ticket = self._closed()
        with self.assertRaises(UserError):
            ticket.with_user(self.technician).action_nothing_to_do()
        self._mail(subject=f"Re: [{ticket.number}] Call group", body="Thanks!")
        ticket.with_user(self.technician).action_nothing_to_do()
        self.assertState(ticket, closed=True, decision_needed=False)
        note = ticket.message_ids[0]
        self.assertEqual(note.author_id, self.technician.partner_id)
        self.assertIn("nothing to do", note.body)

    def test_what_we_write_ourselves_is_no_answer(self):
        ticket = self._closed()
        ticket.with_user(self.technician).message_post(
            body="It was a pleasure.", subtype_xmlid="mail.mt_comment"
        )
        self.assertState(ticket, decision_needed=False)

    # ------------------------------------------------------------------
    # WHAT DOES NOT TRAVEL
    # ------------------------------------------------------------------

    def test_secrets_of_a_mail_reach_no_order_and_no_invoice(self):
        pbx = self._pbx(self.standard, customer=self._customer("Care"), name="Care")
        ticket = self._ticket(
            pbx,
            name="Wachtwoord: Zx9!kk",
            description="<p>SIP-wachtwoord toestel 201: Zx9!kk, voicemail-pin 4821,"
            " BSN 123456782, IBAN NL91ABNA0417164300, patiënt mevr. Jansen</p>",
        )
        self._log(ticket, 20)
        move = self._invoice(ticket)
        texts = " ".join(
            [
                *ticket.service_order_ids.order_line.mapped("name"),
                *move.invoice_line_ids.mapped("name"),
            ]
        )
        for secret in ("Zx9", "4821", "123456782", "NL91", "Jansen"):
            self.assertNotIn(secret, texts)
        self.assertIn(ticket.number, texts)

    def test_a_language_that_is_off_is_the_companys(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.company.partner_id.lang = "nl_NL"
        french = self.env["res.lang"]._activate_lang("fr_FR")
        customer = self._customer("Paris", lang="fr_FR")
        customer.active = False
        french.active = False
        customer.active = True
        self.assertEqual(customer.lang, "nl_NL")
        ticket = self._ticket(self._pbx(self.standard, customer=customer, name="Paris"))
        self._log(ticket, 20)
        self.assertTrue(self._invoice(ticket))

    def test_unknown_sender_with_a_name_is_braked_too(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", "2"
        )
        for _each in range(2):
            last = self._mail(sender="Jan <jan@nobody.example>")
        self.assertNotEqual(self._mail(sender="an@nobody.example"), last)
        self.assertEqual(self._mail(sender="JAN@nobody.example"), last)
