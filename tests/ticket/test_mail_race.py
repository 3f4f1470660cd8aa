from email.message import EmailMessage
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.fetchmail import FetchmailServer
from odoo.addons.mail.models.mail_thread import MailThread

from ..common_race import NoxRaceCase

LOG = "odoo.addons.nox_voip_service.models.ticket.nox_stray_mail_failed"


class Mailbox:
    """A mail server with one mail, and what became of it."""

    def __init__(self, raw):
        self.raw, self.taken_off = raw, []

    def check_unread_messages(self):
        return 1

    def retrieve_unread_messages(self):
        yield 7, self.raw

    def handled_message(self, number):
        self.taken_off.append(number)

    def disconnect(self):
        pass


@tagged("standard", "post_install", "-at_install")
class TestMailRace(NoxRaceCase):
    """A mail is fetched while somebody writes on its ticket. PostgreSQL takes one of
    the two; the mail is off the mail server afterwards, whichever it was."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self._env() as env:
            quiet = env(context={"fetchmail_cron_running": True})
            self.server = quiet["fetchmail.server"].create(
                {"name": "Race", "state": "done", "server": "mail.race.example"}
            )
            self.person = env["res.partner"].create(
                {"name": "Race", "email": "anna@race.example"}
            )
            closed = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
            self.ticket = env["helpdesk.ticket"].create(
                {
                    "name": "Race",
                    "description": "Race",
                    "partner_id": self.person.id,
                    "stage_id": closed.id,
                }
            )
            asked = self.ticket.message_post(
                body="Is it well now?", subtype_xmlid="mail.mt_comment"
            )
            self.ticket.tag_ids = [Command.create({"name": "Race"})]
            self.tag = self.ticket.tag_ids
            self.reply = EmailMessage()
            self.reply["From"] = "Anna <anna@race.example>"
            self.reply["Subject"] = "Re: Race"
            self.reply["Message-Id"] = "<reply@race.example>"
            self.reply["In-Reply-To"] = asked.message_id
            self.reply.set_content("No, it is not.")

    def _remove(self):
        with self._env() as env:
            quiet = env(context={"fetchmail_cron_running": True})
            for records in (self.server, self.ticket, self.tag, self.person):
                records.with_env(quiet).unlink()
        self.registry.reset_changes()

    def _fetch(self, conflicts):
        """Fetch the reply, and let a colleague rename the ticket each time when the
        mail has been read and is not written yet, so many times: how often the mail
        was read, and what was taken off the mail server."""
        mailbox, tries = Mailbox(self.reply.as_bytes()), []
        parse = MailThread.message_parse

        def meanwhile(thread, *args, **options):
            thread.env.cr.execute("SELECT 1")
            tries.append(1)
            if len(tries) <= conflicts:
                with self._env() as env:
                    self.ticket.with_env(env).name = f"Renamed {len(tries)} times"
            return parse(thread, *args, **options)

        with (
            patch.object(FetchmailServer, "_connect__", return_value=mailbox),
            patch.object(MailThread, "message_parse", meanwhile),
            mute_logger("odoo.sql_db"),
            self._env() as env,
        ):
            self.server.with_env(env)._fetch_mail()
        return len(tries), mailbox.taken_off

    def _ticket(self, env):
        ticket = self.ticket.with_env(env)
        came = ticket.message_ids.filtered(lambda each: each.message_type == "email")
        return ticket.name, came.mapped("message_id"), bool(ticket.answered_at)

    def test_mail_that_met_a_conflict_is_read_again(self):
        self.assertEqual(self._fetch(conflicts=2), (3, [7]))
        with self._env() as env:
            self.assertEqual(
                self._ticket(env), ("Renamed 2 times", ["<reply@race.example>"], True)
            )

    def test_mail_that_met_six_conflicts_is_kept_and_taken_in_later(self):
        self.reply["To"] = "service@race.example"
        tried, taken_off = self._fetch(conflicts=6)
        self.assertEqual((tried, taken_off), (6, [7]))
        with self._env() as env:
            self.assertEqual(self._ticket(env), ("Renamed 6 times", [], False))
            kept = env["nox.stray.mail"].search(
                [("fetchmail_server_id", "=", self.server.id)]
            )
            self.assertEqual(
                (kept.kind, kept.name, kept.email_from),
                ("failed", "Re: Race", "anna@race.example"),
            )
            file = env["ir.attachment"].search(
                [("res_model", "=", kept._name), ("res_id", "=", kept.id)]
            )
            self.assertEqual(file.raw, self.reply.as_bytes())
        with self._env() as env:
            env["nox.stray.mail"]._cron_take_in()
        with self._env() as env:
            self.assertEqual(
                self._ticket(env), ("Renamed 6 times", ["<reply@race.example>"], True)
            )
            self.assertFalse(kept.with_env(env).exists())

    def test_mail_that_broke_is_kept_when_it_is_for_the_service(self):
        def broken(*args, **options):
            raise ValueError("Some other addon")

        def fetch():
            with (
                patch.object(MailThread, "_message_route_process", broken),
                mute_logger("odoo.addons.mail.models.fetchmail"),
            ):
                self._fetch(conflicts=0)

        fetch()
        with self._env() as env:
            kept = env["nox.stray.mail"].search(
                [("fetchmail_server_id", "=", self.server.id)]
            )
            self.assertEqual(kept.kind, "failed")
            env["nox.stray.mail"]._cron_take_in()
        with self._env() as env:
            self.assertTrue(self._ticket(env)[2])
        del self.reply["In-Reply-To"]
        fetch()
        with self._env() as env:
            server = [("fetchmail_server_id", "=", self.server.id)]
            self.assertFalse(env["nox.stray.mail"].search(server))

    def test_mail_that_fails_again_stays_and_stops_no_other(self):
        with self._env() as env:
            tray = env["nox.stray.mail"].with_context(
                default_fetchmail_server_id=self.server.id
            )
            kept = [
                tray._keep_failed(raw).id
                for raw in (b"From: a@b.example\n\nx", self.reply.as_bytes())
            ]
        with self._env() as env, mute_logger(LOG):
            env["nox.stray.mail"]._cron_take_in()
        with self._env() as env:
            left = env["nox.stray.mail"].browse(kept).exists()
            self.assertEqual(left.ids, kept[:1])
            self.assertTrue(self._ticket(env)[2])
            left.unlink()

    def test_mail_that_came_through_is_read_once(self):
        self.assertEqual(self._fetch(conflicts=0), (1, [7]))
        with self._env() as env:
            self.assertEqual(
                self._ticket(env), ("Race", ["<reply@race.example>"], True)
            )
