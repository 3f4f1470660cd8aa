from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_mail_request import MAIL_LOGS, MailRequestCase

ASKED = "Out of office: how do we set it on our phones?"
AWAY = {"Auto_Submitted": "auto-replied", "subject": "Away"}
BOUNCE = """\
From: MAILER-DAEMON@isp.example
To: nox-b@%s
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce@isp.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; nobody@bakery.example
Action: failed
Status: 5.1.1
--b--
"""


@tagged("standard", "post_install", "-at_install")
class TestStrayMail(MailRequestCase):
    """An automatic reply that belongs to no ticket is looked at by somebody: one that
    was a person's request becomes one."""

    def _stray(self):
        return (
            self.env["nox.stray.mail"]
            .with_context(active_test=False)
            .search([("team_id", "=", self.team.id)], order="id")
        )

    def _count_mails_out(self):
        return self.env["mail.mail"].sudo().search_count([])

    def _limit(self, number):
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", str(number)
        )

    # ------------------------------------------------------------------
    # INTO THE TRAY
    # ------------------------------------------------------------------

    def test_automatic_reply_without_a_ticket_stands_there_whole(self):
        before = self._count_mails_out()
        self.assertFalse(self._mail(subject=ASKED, body="Which button is it?"))
        stray = self._stray()
        self.assertEqual(
            (stray.name, stray.email_from, stray.partner_id, stray.company_id),
            (ASKED, '"Anna" <anna@bakery.example>', self.contact, self.company),
        )
        self.assertEqual((stray.kind, stray.text), ("reply", "Which button is it?"))
        self.assertFalse(stray.ticket_id or stray.wants_no_answer)
        self.assertTrue(stray.message_ids.is_internal)
        self.assertFalse(stray.message_ids.notification_ids)
        self.assertFalse(stray.message_follower_ids)
        self.assertEqual(self._count_mails_out(), before)

    def test_sender_of_several_customers_is_nobodys(self):
        for customer in (self.customer, self.other):
            self._contact(customer, "Books", email="books@shared.example")
        self._mail(sender="books@shared.example", **AWAY)
        self.assertTrue(self._stray() and not self._stray().partner_id)

    def test_same_mail_delivered_twice_is_kept_once(self):
        for _each in range(2):
            self._mail(Date="Mon, 02 Mar 2026 09:00:00 +0100", **AWAY)
        self.assertEqual(self._stray().mail_count, 1)
        raw = (
            f"From: anna@bakery.example\r\nTo: {self.address}\r\nSubject: Afwezig: x"
            "\r\nMessage-Id: <away@bakery.example>\r\n\r\nHello."
        ).encode()
        for _each in range(2):
            with mute_logger(MAIL_LOGS):
                self.env["mail.thread"].message_process(None, raw)
        self.assertEqual(self._stray().mapped("mail_count"), [1, 1])

    def test_loop_of_automatic_replies_stands_on_the_last_one(self):
        self._limit(3)
        for number in range(3):
            self._mail(body=f"Away {number}", **AWAY)
        stray = self._stray()
        self.assertEqual(len(stray), 3)
        stray.with_user(self.technician).action_looked_at()
        before = self._count_mails_out()
        for number in range(3, 8):
            self._mail(body=f"Away {number}", **AWAY)
        self.assertEqual(self._stray(), stray)
        self.assertEqual(stray.mapped("mail_count"), [1, 1, 6])
        self.assertEqual(len(stray[2].message_ids), 6)
        self.assertEqual(stray.mapped("active"), [False, False, True])
        self.assertEqual(self._count_mails_out(), before)
        self._mail(sender="an@bakery.example", **AWAY)
        self.assertEqual(len(self._stray()), 4)

    def test_bounce_of_nothing_we_know_stands_there(self):
        self.domain.bounce_alias = "nox-b"
        tray = self.env["nox.stray.mail"]
        known = tray.search([])
        with mute_logger(MAIL_LOGS):
            self.env["mail.thread"].message_process(
                None, (BOUNCE % self.domain.name).encode()
            )
        stray = tray.search([]) - known
        self.assertEqual(
            (stray.kind, stray.company_id, stray.wants_no_answer),
            ("report", self.domain.company_ids[:1], True),
        )
        self.assertIn("could not be delivered", stray.text)

    def test_bounce_that_says_not_whose_stands_there(self):
        """Odoo tells nobody of a mail to a contact, when no address is named."""
        self.domain.bounce_alias = "nox-b"
        known = self.contact.message_post(body="Hello.")
        before = self.env["nox.stray.mail"].search([])
        self._mail(
            sender="MAILER-DAEMON@isp.example",
            to=f"nox-b@{self.domain.name}",
            reply_to=known.message_id,
        )
        self.assertEqual(len(self.env["nox.stray.mail"].search([]) - before), 1)

    def test_mail_that_nobody_read_yet_is_shown_to_coordinators(self):
        tray = self.env["nox.stray.mail"]
        tray = tray.with_context(default_fetchmail_server_id=False)
        for address, technician in ((self.address, True), ("jobs@nox.example", False)):
            raw = f"From: a@b.example\nTo: {address}\nSubject: X\n\nx".encode()
            mail = tray._keep_failed(raw)
            reads = [
                mail.with_user(user).has_access("read")
                for user in (self.technician, self.coordinator)
            ]
            self.assertEqual(reads, [technician, True])
            with self.assertRaises(UserError) as said:
                mail.with_user(self.coordinator).action_make_request()
            self.assertSentence(said)

    # ------------------------------------------------------------------
    # OUT OF IT
    # ------------------------------------------------------------------

    def test_request_is_made_of_it_with_the_mail_and_its_files(self):
        self._mail(subject=ASKED, body="Which button is it?")
        stray = self._stray().with_user(self.technician)
        message = stray.message_ids
        file = self.env["ir.attachment"].create(
            {"name": "a.pdf", "res_model": stray._name, "res_id": stray.id}
        )
        message.sudo().attachment_ids = file
        action = stray.action_make_request()
        ticket = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertEqual(stray.ticket_id, ticket)
        self.assertFalse(stray.active or stray.message_ids)
        self.assertEqual(
            (ticket.name, ticket.partner_id, ticket.team_id, ticket.pbx_id),
            (ASKED, self.contact, self.team, self.pbx),
        )
        self.assertFalse(ticket.is_by_machine or ticket.wants_no_answer)
        self.assertIn("Which button", ticket.description)
        self.assertIn(message, ticket.message_ids)
        self.assertEqual((message.message_type, message.is_internal), ("email", False))
        self.assertEqual((file.res_model, file.res_id), (ticket._name, ticket.id))
        self.assertEqual(len(self._answers(ticket)), 1)
        found = ticket._message_add_suggested_recipients()[ticket.id]
        colleague = self.technician.partner_id
        self.assertEqual(found["partners"] - colleague, self.contact)
        self.assertEqual(ticket.message_partner_ids, self.contact)

    def test_request_is_made_once(self):
        self._mail(subject=ASKED)
        stray = self._stray().with_user(self.technician)
        stray.action_make_request()
        with self.assertRaises(UserError) as said:
            stray.action_make_request()
        self.assertSentence(said)
        self.assertEqual(
            self.env["helpdesk.ticket"].search_count([("name", "=", ASKED)]), 1
        )

    def test_machine_gets_no_confirmation_of_it(self):
        for headers in (AWAY, {"subject": ASKED, "X_Auto_Response_Suppress": "All"}):
            self._mail(**headers)
            stray = self._stray()[-1]
            stray.with_user(self.technician).action_make_request()
            self.assertTrue(stray.ticket_id.wants_no_answer)
            self.assertFalse(self._answers(stray.ticket_id))

    def test_reply_to_it_is_on_its_request(self):
        self._mail(subject=ASKED)
        stray = self._stray()
        sent = stray.message_ids.message_id
        stray.with_user(self.technician).action_make_request()
        self.assertEqual(
            self._mail(subject="Re: phones", reply_to=sent), stray.ticket_id
        )

    def test_reply_to_one_that_waits_is_a_request(self):
        self._mail(subject=ASKED)
        stray = self._stray()
        self.domain.catchall_alias = "nox-catchall"
        ticket = self._mail(
            subject="Re: phones",
            reply_to=stray.message_ids.message_id,
            to=f"nox-catchall@{self.domain.name}",
        )
        self.assertEqual(ticket._name, "helpdesk.ticket")
        self.assertEqual((ticket.name, ticket.team_id), ("Re: phones", self.team))

    def test_old_ones_go_and_those_with_a_request_stay(self):
        for subject in (ASKED, "Afwezig: Anna", "Afwezig: Jan"):
            self._mail(subject=subject)
        made, old, new = self._stray()
        made.with_user(self.technician).action_make_request()
        for mail, days in ((made, 91), (old, 91), (new, 89)):
            mail.received_at -= timedelta(days=days)
        message = old.message_ids
        self.env["nox.stray.mail"]._gc_stray_mails()
        self.assertEqual(self._stray(), made | new)
        self.assertFalse(message.exists())

    # ------------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------------

    def test_nobody_writes_from_there_nor_changes_it(self):
        self._mail(subject=ASKED)
        stray = self._stray().with_user(self.manager)
        for refused in (
            lambda: stray.message_post(body="Hello."),
            lambda: stray.write({"active": False}),
            stray.unlink,
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_what_was_looked_at_can_be_looked_at_again(self):
        self._mail(subject=ASKED)
        stray = self._stray().with_user(self.technician)
        stray.action_looked_at()
        self.assertFalse(stray.active)
        stray.action_look_again()
        self.assertTrue(stray.active)

    def test_it_is_read_by_our_people_of_the_company(self):
        self._mail(subject=ASKED)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            login="nox_elsewhere",
            groups=f"{self.test_module}.group_manager",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        sender = self._portal_user(self.customer, "nox_anna")
        for user in (other, sender, self.accountant):
            stray = self._stray().with_user(user)
            for action in (stray.action_make_request, stray.action_looked_at):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    action()
