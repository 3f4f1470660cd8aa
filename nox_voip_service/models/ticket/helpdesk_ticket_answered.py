from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers

ANSWERED = "nox_voip_service.mail_activity_answered"


class HelpdeskTicket(models.Model):
    """A customer who answers on a closed ticket is heard: it stands under *To decide*
    until somebody opens it again or says that nothing is to be done."""

    _inherit = "helpdesk.ticket"

    answered_at = fields.Datetime(
        string="Answered after it was closed",
        readonly=True,
        copy=False,
        help="First message of the customer since the ticket was closed.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_reopen_answered(self):
        """Take the work up again, in the first open stage of the team."""
        self._check_answered()
        for ticket in self:
            stages = ticket.team_id._get_applicable_stages().sorted("sequence")
            if not ticket.team_id:
                stages = stages.search([("team_ids", "=", False)])
            stage = stages.filtered(lambda each: not (each.closed or each.outcome))[:1]
            if not stage:
                raise UserError(
                    self.env._(
                        "%(team)s has no stage for open tickets.",
                        team=ticket.team_id.name or "",
                    )
                )
            ticket.stage_id = stage

    @for_readers
    def action_nothing_to_do(self):
        """Wave a thank-you away; the note says who did and when."""
        self._check_answered()
        for ticket in self:
            ticket._message_log(
                body=self.env._(
                    "The customer's answer of after the closing was read: there is"
                    " nothing to do."
                )
            )
        self._close_answer()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_answered(self):
        self.check_access("write")
        if any(ticket.decision_needed != "reply" for ticket in self):
            raise UserError(
                self.env._("Nobody answered on this ticket after it was closed.")
            )

    def _close_answer(self):
        """Somebody has seen the customer's answer: it leaves *To decide*, and its
        activity goes. In sudo: code alone writes when it was answered."""
        tickets = self.sudo()
        tickets.answered_at = False
        tickets.activity_unlink([ANSWERED])

    @api.model
    def _is_customers_word(self, message):
        """A message of a person outside, which our people can read as an answer: not
        a note, not an automatic reply, not what we wrote."""
        note = message.is_internal or message.subtype_id == self.env.ref(
            "mail.mt_note", raise_if_not_found=False
        )
        return (
            message.message_type in ("email", "comment")
            and not note
            and (not message.author_id or message.author_id.partner_share)
        )

    def _notice_answer(self, message):
        """Wake whoever is responsible, once; the customer may be the one who writes
        in the database, so in sudo."""
        ticket, message = self.sudo(), message.sudo()
        if (
            not ticket.closed
            or ticket.answered_at
            or not self._is_customers_word(message)
        ):
            return
        ticket.answered_at = fields.Datetime.now()
        spoken = ticket._in_technician_language()
        ticket._service_activity(
            ANSWERED,
            spoken.env._("Answered after it was closed"),
            spoken.env._("Open the ticket again, or say that nothing is to be done."),
        )
