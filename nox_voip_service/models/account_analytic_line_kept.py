from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .helpdesk_ticket_time import COUNTS_FOR_LIMIT


class AccountAnalyticLine(models.Model):
    """Time that was recorded stays where somebody answers for it: it leaves a ticket
    for no other bill, and changes after the work was finished are told."""

    _inherit = "account.analytic.line"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_stays_on_tickets(self, target):
        """Billable time moves from ticket to ticket, not off them; and time under a
        quote not to another request: the customer was told that nothing above the
        quote is billed.

        :param target: the ticket that it moves to, none when it moves off
        """
        if self.env.su:
            return  # The split of a ticket, which shares what was told.
        for ticket in self.ticket_id - target:
            if ticket.is_release_promised:
                # Also while it counts as covered: it may become billable again.
                raise UserError(
                    self.env._(
                        "%(ticket)s has a quote, and its time stays with it. A"
                        " coordinator can split the ticket.",
                        ticket=ticket.display_name,
                    )
                )
            if not target and ticket.coverage in COUNTS_FOR_LIMIT:
                raise UserError(
                    self.env._(
                        "Time of %(ticket)s can move to another ticket, or be deleted;"
                        " on no ticket nobody would bill it.",
                        ticket=ticket.display_name,
                    )
                )

    def _texts_of_finished(self):
        """``{(ticket, entry id): text}`` of these entries on tickets that are finished
        or closed: what a change of them is compared with."""
        return {
            (line.ticket_id, line.id): line._text_of_time()
            for line in self
            if line.ticket_id and (line.ticket_id.is_finished or line.ticket_id.closed)
        }

    def _text_of_time(self):
        """ "02-03-2026, Anna: 20 min" """
        self.ensure_one()
        return self.env._(
            "%(date)s, %(who)s: %(minutes)s min",
            date=format_date(self.env, self.date),
            who=self.employee_id.name or self.user_id.name or "",
            minutes=round(self.unit_amount * 60),
        )

    def _tell_changed_after_finish(self, before):
        """Who changed the time of a finished ticket, and what it was before."""
        here = {line.id: line for line in self}
        for (ticket, number), old in before.items():
            line = here.get(number)
            if line is None:
                body = self.env._(
                    "Time was deleted after the work was finished: %(old)s.", old=old
                )
            elif line.ticket_id != ticket:
                body = self.env._(
                    "Time was moved to %(ticket)s after the work was finished:"
                    " %(old)s.",
                    ticket=line.ticket_id.display_name or "-",
                    old=old,
                )
            elif (new := line._text_of_time()) != old:
                body = self.env._(
                    "Time was changed after the work was finished: %(old)s became"
                    " %(new)s.",
                    old=old,
                    new=new,
                )
            else:
                continue
            ticket.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)
