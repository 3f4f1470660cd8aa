from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestInactive(NoxVoipCommon):
    """Teams that close what stood in work for fourteen days, and warn after seven."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        teams = cls.env["helpdesk.ticket.team"]
        teams.search([]).close_inactive_tickets = False
        cls.team, cls.second_team = teams.create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "uses_service_plans": True,
                    "close_inactive_tickets": True,
                    "ticket_stage_ids": [Command.set(cls.stage_work.ids)],
                    "closing_ticket_stage": cls.stage_done.id,
                }
                for name in ("First", "Second")
            ]
        )
        cls.pbx = cls._pbx(cls.contract_plan)
        cls.person = cls._contact(cls.customer, "Anna")

    def _asked(self, category="menu", days=20, team=None, **values):
        """A ticket in work on which we asked the customer something, long ago."""
        ticket = self._ticket(
            self.pbx, category, team_id=(team or self.team).id, **values
        )
        ticket.stage_id = self.stage_work
        self._says(ticket, self.technician.partner_id)
        ticket.flush_recordset()
        ticket.last_stage_update = fields.Datetime.now() - timedelta(days=days)
        return ticket

    def _says(self, ticket, author, subtype="mail.mt_comment"):
        ticket.message_post(
            body="Words",
            author_id=author.id,
            message_type="comment",
            subtype_xmlid=subtype,
        )

    def _close(self):
        return self.env["helpdesk.ticket.team"].close_team_inactive_tickets()

    def test_who_does_not_answer_us_is_closed_in_every_team(self):
        tickets = self._asked() | self._asked(team=self.second_team)
        mails = self._close()
        self.assertEqual(tickets.mapped("outcome"), ["done", "done"])
        self.assertEqual(len(mails["closing_email_ids"]), 2)

    def test_a_note_of_ours_does_not_make_it_our_turn(self):
        ticket = self._asked()
        self._says(ticket, self.technician.partner_id, "mail.mt_note")
        self._close()
        self.assertTrue(ticket.closed)

    def test_what_waits_for_us_is_neither_warned_nor_closed(self):
        kinds = ("menu", "menu", "add_user", *["menu"] * 4)
        tickets = [self._asked(category) for category in kinds]
        answered, unanswered, undecided, worked, quoted, sent, approved = tickets
        self._says(answered, self.person)
        unanswered.message_ids.filtered(
            lambda message: message.author_id == self.technician.partner_id
        ).unlink()
        self.assertEqual(undecided.coverage, "undecided")
        for ticket in (worked, quoted, sent, approved):
            ticket.work_location = "on_site"
        self._log(worked, 20)
        for ticket in (quoted, sent, approved):
            ticket.estimated_minutes = 90
        self._send(sent)
        self._approve(approved)
        self._says(approved, self.technician.partner_id)
        for days in (7, 20):
            for ticket in tickets:
                ticket.last_stage_update = fields.Datetime.now() - timedelta(days=days)
            mails = self._close()
            self.assertEqual(mails, {"warning_email_ids": [], "closing_email_ids": []})
            for ticket in tickets:
                self.assertEqual(ticket.stage_id, self.stage_work)

    def test_a_team_that_cannot_close_stops_no_other(self):
        refused, closed = self._asked(), self._asked(team=self.second_team)
        turn = type(closed)._is_customers_turn

        def broken(ticket):
            if ticket == refused:
                raise ValueError("No")
            return turn(ticket)

        with (
            patch.object(
                self.registry["helpdesk.ticket"], "_is_customers_turn", broken
            ),
            self.assertLogs("odoo.addons.nox_voip_service_inactive", "ERROR"),
        ):
            self._close()
        self.assertTrue(closed.closed)
        self.assertFalse(refused.closed)

    def test_a_team_without_a_stage_to_close_in_is_left_alone(self):
        self.team.closing_ticket_stage = False
        ticket = self._asked()
        self._close()
        self.assertEqual(ticket.stage_id, self.stage_work)
