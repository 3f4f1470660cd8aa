from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...policy import assessment, timeblocks

# What changes what a ticket costs.
TIME_FIELDS = {"ticket_id", "unit_amount", "date"}


class AccountAnalyticLine(models.Model):
    """Time stays on its ticket and on real days, and what changes after the work was
    finished stands in the chatter of its ticket."""

    _inherit = "account.analytic.line"

    # ------------------------------------------------------------------
    # BUSINESS: where time belongs
    # ------------------------------------------------------------------

    def _check_kept_on_ticket(self, vals):
        """Time that may have to be billed moves to another ticket, not to none, and
        not out of the service project; time under a quote stays under it."""
        if "ticket_id" in vals:
            self._check_kept_under_quote(vals["ticket_id"])
        off = "ticket_id" in vals and not vals["ticket_id"]
        if not off and "project_id" not in vals:
            return
        for line in self.sudo():
            ticket = line.ticket_id
            elsewhere = (
                "project_id" in vals
                # Of time in another company the constraint speaks.
                and vals.get("company_id", line.company_id.id) == line.company_id.id
                and vals["project_id"] != line.project_id.id
                and vals["project_id"] != ticket.company_id.service_project_id.id
            )
            if (off or elsewhere) and assessment.counts(ticket.coverage):
                raise UserError(
                    self.env._(
                        "Time of %(ticket)s may have to be billed and stays on a"
                        " ticket, in the service project. Move it to the ticket that"
                        " it belongs to, or let a coordinator waive it.",
                        ticket=ticket.display_name,
                    )
                )

    def _check_kept_under_quote(self, ticket_id):
        """The customer was told that nothing above the quote is billed: not under
        another request either. Also while the work counts as covered, for it may
        become billable again."""
        if self.env.su:
            return  # The split of a ticket, which shares what was told.
        for ticket in self.ticket_id:
            if ticket.is_release_promised and ticket.id != ticket_id:
                raise UserError(
                    self.env._(
                        "%(ticket)s has a quote, and its time stays with it. A"
                        " coordinator can split the ticket.",
                        ticket=ticket.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS: the day
    # ------------------------------------------------------------------

    def _check_day(self, ticket, day, reason=None):
        """Refuse work of a day that has not come, and ask about work from before the
        service started, which belongs to the delivery: a coordinator records it with
        a reason.

        :param reason: what the coordinator gave
        """
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        # Somebody east of the company is a day ahead of it at night.
        today = max(ticket.company_id._service_today(), fields.Date.context_today(self))
        if day > today:
            raise UserError(
                self.env._(
                    "%(day)s is still to come. Record time on the day of the work, or"
                    " after it.",
                    day=format_date(self.env, day),
                )
            )
        question = self._early_day_message(ticket, day)
        if not question:
            return
        if (reason or "").strip() and (
            self.env.su or self.env.user.has_group("nox_voip_service.group_coordinator")
        ):
            return
        raise UserError(question)

    def _early_day_message(self, ticket, day):
        """What there is to say about time from before the PBX was accepted, if it
        would be billed."""
        if not assessment.counts(ticket.coverage) or not ticket.plan_id:
            return None
        # What would be billed was asked for after the acceptance: most often the day
        # of the request says enough, and the PBX is not read.
        if not day or (ticket.requested_on and day >= ticket.requested_on):
            return None
        accepted_on, _ended_on = ticket.sudo().pbx_id._service_span()
        if not accepted_on or day >= accepted_on:
            return None
        return self.env._(
            "The PBX of %(ticket)s was accepted on %(accepted)s: work of %(day)s"
            " belongs to its delivery. Correct the day; a coordinator can record it all"
            " the same, with a reason.",
            ticket=ticket.display_name,
            accepted=format_date(self.env, accepted_on),
            day=format_date(self.env, day),
        )

    def _check_changed_day(self, vals):
        """The day of time that moves to another day or ticket."""
        if not {"date", "ticket_id"} & vals.keys():
            return
        target = self.env["helpdesk.ticket"].browse(vals.get("ticket_id"))
        for line in self:
            ticket = target or line.ticket_id
            day = fields.Date.to_date(vals.get("date")) or line.date
            moves = day != line.date or ticket.pbx_id != line.ticket_id.pbx_id
            if ticket and moves:
                line._check_day(ticket, day, vals.get("held_reason", line.held_reason))

    # ------------------------------------------------------------------
    # BUSINESS: the trace
    # ------------------------------------------------------------------

    def _finished_time(self):
        """``{entry: (ticket, day, minutes)}`` of what tickets have, to compare with
        what they have afterwards. In sudo: the figures are the ticket's."""
        return {
            line: (
                line.ticket_id,
                line.date,
                timeblocks.rounded_minutes(line.unit_amount),
            )
            for line in self.sudo()
            if line.ticket_id
        }

    def _trace_changes(self, before, after):
        """Tell in the chatter of finished tickets what became of their time.

        :param before: of `_finished_time`
        :param after: the same, after the change; empty when it was deleted
        """
        texts = {}
        nothing = (self.env["helpdesk.ticket"], None, 0)
        for line in [*before, *(line for line in after if line not in before)]:
            old, new = before.get(line, nothing), after.get(line, nothing)
            if old == new:
                continue
            for ticket in old[0] | new[0]:
                was = old[2] if ticket == old[0] else 0
                now = new[2] if ticket == new[0] else 0
                day = new[1] if ticket == new[0] else old[1]
                text = self.env._(
                    "Time of %(day)s changed after the work was finished: from %(old)s"
                    " to %(new)s minutes.",
                    day=format_date(self.env, day),
                    old=was,
                    new=now,
                )
                texts.setdefault(ticket, []).append(text)
        for ticket, lines in texts.items():
            if ticket.is_finished:
                ticket.sudo().message_post(body="\n".join(lines))
