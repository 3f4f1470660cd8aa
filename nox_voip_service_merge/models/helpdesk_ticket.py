from odoo import models
from odoo.exceptions import UserError

from odoo.addons.nox_voip_service.models.base.facts import TICKET_FIELDS
from odoo.addons.nox_voip_service.policy import assessment

# What the ticket that stays takes over where it knows nothing.
ASKED_OF_USERS = ["seat_leaver_id", "seat_name", "seat_extension", "seat_day"]
TAKEN_OVER = [
    "pbx_id",
    "category_id",
    "customer_reference",
    "callback_phone",
    *TICKET_FIELDS,
    *ASKED_OF_USERS,
]

# Nobody makes this context from outside: a request carries no such value.
MERGING = object()


class HelpdeskTicket(models.Model):
    """Two tickets about one job become one: time, quotes and facts go along, and
    nothing falls off the bill. Called in sudo, after the rights of the user were
    asked."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _merge_work_into(self, kept):
        """Take what was worked and known of these tickets to `kept`."""
        self._check_no_quote_is_left()
        (self | kept)._check_one_change_of_users()
        kept._take_over_facts(self)
        for ticket in self:
            ticket._check_may_be_one(kept)
        tickets = self | kept
        held = sum(tickets.mapped("held_minutes"))
        estimate = max(tickets.mapped("estimated_minutes"))
        # Without an estimate no draft is due below the hour: they go by themselves,
        # and what they froze as released is free again.
        (self | kept.filtered(lambda each: each.quote_state == "draft")).write(
            {"estimated_minutes": 0}
        )
        self._move_time(kept)
        for ticket in self.filtered(lambda each: each.quote_state == "draft"):
            ticket.quote_id._service_drop(
                self.env._("The request was merged with another.")
            )
        if kept.estimated_minutes != estimate:
            kept.estimated_minutes = estimate
        kept._check_nothing_waits_under_quote(held)

    def _take_over_facts(self, others):
        """Fill in what is not known here and the others agree on."""
        self.ensure_one()
        known = {}
        for name in TAKEN_OVER:
            values = {ticket[name] for ticket in others if ticket[name]}
            if not self[name] and len(values) == 1:
                [value] = values
                is_record = isinstance(value, models.BaseModel)
                known[name] = value.id if is_record else value
        # A kind of change brings facts of its own; those that were told win.
        for name in ("pbx_id", "category_id"):
            if name in known:
                self.write({name: known.pop(name)})
        if known:
            self.write(known)

    def _check_no_quote_is_left(self):
        """A quote that a customer was sent binds us on the ticket that it names."""
        for ticket in self:
            bound = ticket.worked_minutes or ticket.quote_state in ("sent", "approved")
            if ticket.is_release_promised and bound:
                raise UserError(
                    self.env._(
                        "%(ticket)s has quote %(quote)s, which says what is billed."
                        " Choose it as the ticket that stays.",
                        ticket=ticket.display_name,
                        quote=ticket.quote_name,
                    )
                )

    def _check_one_change_of_users(self):
        """A ticket brings one change of the users of the PBX: of two, one would be on
        no bill."""
        asked = self.filtered(
            lambda ticket: ticket.seat_change and not ticket.is_seat_change_done
        )
        for name in ASKED_OF_USERS:
            told = {ticket[name] for ticket in asked if ticket[name]}
            if len(told) > 1:
                raise UserError(
                    self.env._(
                        "%(tickets)s ask for different changes of the users of the PBX."
                        " Each change has a ticket of its own: they stay apart.",
                        tickets=", ".join(asked.mapped("display_name")),
                    )
                )

    def _check_may_be_one(self, kept):
        """Refuse to make one bill of what belongs on two, or on none."""
        self.ensure_one()
        if not self.worked_minutes:
            return
        if self.pbx_id != kept.pbx_id:
            raise UserError(
                self.env._(
                    "%(ticket)s is about PBX %(pbx)s and %(kept)s about %(other)s."
                    " Each PBX has its own plan and its own bill: they stay apart.",
                    ticket=self.display_name,
                    pbx=self.pbx_id.name or self.env._("none"),
                    kept=kept.display_name,
                    other=kept.pbx_id.name or self.env._("none"),
                )
            )
        if self.coverage not in ("undecided", kept.coverage):
            words = dict(self._fields["coverage"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(ticket)s is %(verdict)s, %(kept)s %(other)s: as one ticket the"
                    " time would end on the wrong side. Correct the facts first, or"
                    " leave them apart.",
                    ticket=self.display_name,
                    verdict=words[self.coverage].lower(),
                    kept=kept.display_name,
                    other=words[kept.coverage].lower(),
                )
            )

    def _move_time(self, kept):
        """Give the open time of these tickets, and their running timers, to `kept`."""
        lines = self.timesheet_ids
        for ticket in self:
            lines -= ticket._frozen_entries()
        lines.with_context(nox_merging=MERGING).write({"ticket_id": kept.id})
        if "timer_ids" in self._fields:
            self.timer_ids.with_context(nox_merging=MERGING).write(
                {"timer_ticket_id": kept.id}
            )

    def _check_may_log(self, held_reason=None):
        """Merged time was worked already: it moves whatever the state of approval."""
        if self.env.context.get("nox_merging") is MERGING and self.can_log_time:
            return
        super()._check_may_log(held_reason)

    def _check_nothing_waits_under_quote(self, held):
        """A quote says what is billed without another approval. Time that could be
        billed before the merge is not put above it.

        :param held: minutes of all the tickets that were held before
        """
        self.ensure_one()
        more = self.held_minutes - held
        if more > 0 and self.is_release_promised and assessment.counts(self.coverage):
            raise UserError(
                self.env._(
                    "%(minutes)s minutes that can be billed now would wait for another"
                    " approval on %(ticket)s, above quote %(quote)s. Finish that work"
                    " on its own ticket.",
                    minutes=more,
                    ticket=self.display_name,
                    quote=self.quote_name,
                )
            )
