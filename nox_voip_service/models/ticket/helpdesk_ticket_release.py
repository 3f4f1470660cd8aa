import math

from odoo import fields, models

from ...policy import assessment, limit, timeblocks


class HelpdeskTicket(models.Model):
    """The minutes that a ticket bills without an approval: its part of the hour, which
    it shares with the tickets split from it; from its first quote on, what was recorded
    before that quote.

    40 minutes, a quote, 30 more minutes: 40 are released, 30 wait for the approval.
    """

    _inherit = "helpdesk.ticket"

    # === What was released when the first quote was made: it stays so ===
    is_release_capped = fields.Boolean(copy=False, readonly=True)
    release_cap = fields.Integer(
        copy=False,
        readonly=True,
        help="Released minutes when the first quote of the ticket was made.",
    )
    release_cap_blocks = fields.Integer(
        copy=False, readonly=True, help="Those minutes in blocks."
    )
    release_last_entry = fields.Integer(
        copy=False,
        readonly=True,
        help="Number of the last time entry that was recorded before that quote.",
    )
    is_release_promised = fields.Boolean(
        copy=False,
        readonly=True,
        help="The customer was sent a quote that says what was released before it.",
    )

    # ------------------------------------------------------------------
    # BUSINESS: released
    # ------------------------------------------------------------------

    def _recorded_before_quote(self, entries):
        """``[(entry id, Entry)]`` of this ticket that were recorded before its first
        quote was made: all of them when there was none. An entry that is not saved
        yet comes last."""
        return limit.recorded_before(
            [(entry_id or math.inf, entry) for entry_id, entry in entries[self]],
            self.release_last_entry if self.is_release_capped else None,
        )

    def _released_in_blocks(self, minutes, entries, until=None):
        """Blocks of so many released minutes of this ticket.

        :param entries: of `_service_entries`
        :param until: leave out the work after this date
        """
        return limit.released_blocks(
            [
                entry
                for _id, entry in self._recorded_before_quote(entries)
                if not until or entry.day <= until
            ],
            minutes,
            self.plan_id._block_policy(),
            self.release_cap_blocks if self.is_release_capped else None,
        )

    def _released_by_ticket(self, entries):
        """``{ticket id: minutes}`` released over the family, in recording order."""
        self.ensure_one()
        if not any(entries.values()):
            return {}  # every ticket when it is made
        members = (self | self.split_root_id.split_member_ids).filtered(
            lambda ticket: assessment.counts(ticket.coverage) and ticket.plan_id
        )
        recorded = sorted(
            (
                (entry_id, ticket.id, entry.minutes)
                for ticket in members
                for entry_id, entry in ticket._recorded_before_quote(entries)
            ),
            key=lambda recording: recording[0],
        )
        policy = self.plan_id._limit_policy()
        return limit.release(
            entries=[(ticket_id, minutes) for _id, ticket_id, minutes in recorded],
            threshold=policy.threshold_minutes,
            caps={
                ticket.id: ticket.release_cap if ticket.is_release_capped else None
                for ticket in members
            },
            floors={
                ticket.id: timeblocks.minutes_paid_for(
                    [entry for _id, entry in ticket._recorded_before_quote(entries)],
                    ticket.base_invoiced_blocks,
                    policy.blocks,
                )
                for ticket in members
                if ticket.base_invoiced_blocks
            },
        )

    # ------------------------------------------------------------------
    # BUSINESS: the first quote
    # ------------------------------------------------------------------

    def _freeze_release(self):
        """The first quote was made: keep the minutes that are released now, their
        blocks and the number of the last entry. What is recorded later needs an
        approval."""
        self.ensure_one()
        if self.is_release_capped:
            return
        last = self.env["account.analytic.line"].sudo()
        last = last.search([("ticket_id", "=", self.id)], order="id desc", limit=1)
        self.sudo().write(
            {
                "is_release_capped": True,
                "release_cap": self.released_minutes,
                "release_cap_blocks": self._released_blocks(),
                "release_last_entry": last.id,
            }
        )

    def _promise_release(self):
        """A quote is sent: what it says was worked before it is the most that is
        billed without an approval, whatever becomes of it and of that time."""
        for ticket in self:
            cap = limit.told_cap(
                limit.ReleaseCap(ticket.release_cap, ticket.release_cap_blocks),
                ticket.released_minutes,
                ticket._released_blocks(),
            )
            ticket.sudo().write(
                {
                    "is_release_promised": True,
                    "release_cap": cap.minutes,
                    "release_cap_blocks": cap.blocks,
                }
            )

    def _lift_release_cap(self):
        """The draft quote is gone and nobody was sent it: the hour is free again."""
        self.filtered(
            lambda ticket: (
                ticket.is_release_capped
                and not ticket.quote_id
                and not ticket.is_release_promised
            )
        ).sudo().write(
            {
                "is_release_capped": False,
                "release_cap": 0,
                "release_cap_blocks": 0,
                "release_last_entry": 0,
            }
        )

    def _share_release_cap(self, part, moved):
        """Share what the customer was told was released before a quote with a part
        that is split off: together they bill no block more without an approval.

        :param part: the new ticket, before the time `moved` goes to it
        """
        self.ensure_one()
        if not self.is_release_promised:
            return
        before = self._recorded_before_quote(self._service_entries())
        kept, given = limit.share_cap(
            limit.ReleaseCap(self.release_cap, self.release_cap_blocks),
            [entry for number, entry in before if number not in moved.ids],
            self.plan_id._block_policy(),
        )
        for ticket, cap in ((self, kept), (part, given)):
            ticket.sudo().write(
                {
                    "is_release_capped": True,
                    "is_release_promised": True,
                    "release_cap": cap.minutes,
                    "release_cap_blocks": cap.blocks,
                    "release_last_entry": self.release_last_entry,
                }
            )

    def _freeze_release_of_old_quotes(self):
        """Give tickets that were quoted before the cap was kept with every quote
        theirs: what was recorded before the first quote, never less than what the
        base order billed. Called by the update of the addon."""
        # In the archive too: what is there may come back.
        quoted = self.with_context(active_test=False).search(
            [
                ("service_order_ids.service_kind", "=", "quote"),
                ("release_last_entry", "=", 0),
                ("plan_id", "!=", False),
            ]
        )
        for company, tickets in quoted.grouped("company_id").items():
            own = tickets.with_company(company)
            entries = own._service_entries()
            for ticket in own:
                ticket._freeze_release_at_first_quote(entries)

    def _freeze_release_at_first_quote(self, entries):
        self.ensure_one()
        quotes = self.service_order_ids.filtered(lambda o: o.service_kind == "quote")
        first = min(quotes.mapped("create_date"))
        lines = self.timesheet_ids.filtered(lambda line: line.create_date <= first)
        last = max(lines.ids, default=0)
        block = self.plan_id._block_policy()
        before = [
            entry for _number, entry in limit.recorded_before(entries[self], last)
        ]
        billed = self.base_invoiced_blocks
        minutes = max(
            min(self.released_minutes, sum(entry.minutes for entry in before)),
            timeblocks.minutes_paid_for(before, billed, block),
        )
        if self.is_release_capped:
            minutes = min(minutes, self.release_cap)
        self.write(
            {
                "is_release_capped": True,
                "is_release_promised": bool(
                    quotes.filtered(
                        lambda o: o.service_sent_at or o.state in ("sent", "sale")
                    )
                ),
                "release_cap": minutes,
                "release_cap_blocks": max(
                    limit.released_blocks(before, minutes, block), billed
                ),
                "release_last_entry": last,
            }
        )
