import math
from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...policy import assessment, timeblocks
from ..base.guard import for_readers

APPROVAL_STATES = [
    ("not_needed", "No quote needed"),
    ("needed", "Quote needed"),
    ("sent", "Waiting for approval"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("expired", "Expired"),
]
KNOWN_TIME = "nox_voip_service.known_time"


class HelpdeskTicket(models.Model):
    """Time on a ticket, in whole minutes and whole blocks: worked, released (billed
    whatever becomes of a quote), held (above the limit, on no invoice), billed.

    95 minutes without a quote: 60 released, 35 held, 4 blocks billed.
    """

    _inherit = "helpdesk.ticket"

    timesheet_ids = fields.One2many("account.analytic.line", "ticket_id")
    estimated_minutes = fields.Integer(
        tracking=True,
        copy=False,
        help="Total minutes that the whole job is expected to take.",
    )
    estimated_hours = fields.Float(
        string="Estimate",
        compute="_compute_estimated_hours",
        inverse="_inverse_estimated_hours",
    )
    worked_minutes = fields.Integer(compute="_compute_time", store=True)
    released_minutes = fields.Integer(
        compute="_compute_time",
        store=True,
        help="Minutes from before the quote fell due. They can be billed whatever "
        "becomes of the quote.",
    )
    held_minutes = fields.Integer(
        compute="_compute_time",
        store=True,
        help="Worked minutes above what was released or approved: on no invoice.",
    )
    limit_blocks = fields.Integer(compute="_compute_time", store=True)
    billable_blocks = fields.Integer(
        compute="_compute_time",
        store=True,
        help="Blocks of this ticket that its plan bills, before waiving.",
    )
    to_invoice_blocks = fields.Integer(
        string="Blocks to invoice",
        compute="_compute_time",
        store=True,
    )
    approval_state = fields.Selection(
        APPROVAL_STATES,
        compute="_compute_time",
        store=True,
        index=True,
    )
    is_quote_due = fields.Boolean(compute="_compute_time", store=True)
    is_warned = fields.Boolean(
        compute="_compute_time",
        store=True,
        help="The warning of the plan is reached.",
    )
    can_log_time = fields.Boolean(
        compute="_compute_can_log_time",
        help="A closed ticket whose time is billed, or may be, takes no more of it.",
    )
    is_approval_open = fields.Boolean(
        compute="_compute_is_approval_open",
        help="More work has no approval (yet).",
    )
    # === A ticket with covered and billable work is split ===
    split_from_id = fields.Many2one(
        "helpdesk.ticket",
        string="Split from",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    split_root_id = fields.Many2one(
        "helpdesk.ticket",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="First ticket of a family of split tickets (itself included): the "
        "hour is counted over the family. Empty when there was no split, so that "
        "a ticket alone costs no extra query.",
    )
    split_member_ids = fields.One2many(
        "helpdesk.ticket", "split_root_id", readonly=True
    )
    log_hours = fields.Float(
        string="Log time",
        compute="_compute_log",
        inverse="_inverse_log",
        groups="base.group_user",
        help="0:20, 20m or 1h20. Saving adds the entry to the time of this ticket.",
    )
    log_note = fields.Char(
        string="What was done",
        compute="_compute_log",
        inverse="_inverse_log",
        groups="base.group_user",
    )
    log_held_reason = fields.Char(
        string="Reason to work without approval",
        compute="_compute_log",
        inverse="_inverse_log",
        groups="base.group_user",
        help="Time worked before the customer approved it is held; a coordinator says"
        " why it was worked.",
    )

    _estimate_in_range = models.Constraint(
        "CHECK (estimated_minutes >= 0 AND estimated_minutes <= 60000)",
        "An estimate lies between 0 and 1,000 hours.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("estimated_minutes")
    def _compute_estimated_hours(self):
        for ticket in self:
            ticket.estimated_hours = timeblocks.hours_from_minutes(
                ticket.estimated_minutes
            )

    def _inverse_estimated_hours(self):
        for ticket in self:
            ticket.estimated_minutes = timeblocks.rounded_minutes(
                ticket.estimated_hours
            )

    @api.depends("closed", "coverage")
    def _compute_can_log_time(self):
        for ticket in self:
            ticket.can_log_time = not (
                ticket.closed and assessment.counts(ticket.coverage)
            )

    @api.depends("approval_state")
    def _compute_is_approval_open(self):
        for ticket in self:
            ticket.is_approval_open = assessment.is_open(ticket.approval_state)

    @api.depends(
        "timesheet_ids.unit_amount",
        "timesheet_ids.date",
        "coverage",
        "plan_id",
        "estimated_minutes",
        "release_cap",
        "release_cap_blocks",
        "release_last_entry",
        "is_release_capped",
        "approved_blocks",
        "quote_state",
        "invoiced_blocks",
        "base_invoiced_blocks",
        "waived_blocks",
        "split_root_id.split_member_ids.coverage",
        "split_root_id.split_member_ids.timesheet_ids.unit_amount",
    )
    def _compute_time(self):
        entries = self._service_entries()
        for ticket in self:
            found = ticket._assess(entries)
            ticket.worked_minutes = found.worked_minutes
            ticket.released_minutes = found.released_minutes
            ticket.held_minutes = found.held_minutes
            ticket.limit_blocks = found.limit_blocks or 0
            ticket.billable_blocks = found.billed_blocks
            ticket.to_invoice_blocks = found.to_invoice_blocks
            ticket.approval_state = found.approval_state
            ticket.is_quote_due = found.quote_due
            ticket.is_warned = found.warned

    def _compute_log(self):
        self.log_hours = 0
        self.log_note = self.log_held_reason = False

    def _inverse_log(self):
        for ticket in self.filtered("log_hours"):
            self.env["account.analytic.line"].create(
                {
                    "ticket_id": ticket.id,
                    "unit_amount": ticket.log_hours,
                    "name": ticket.log_note or ticket._masked_name(),
                    "date": ticket.company_id._service_today(),
                    "held_reason": ticket.log_held_reason,
                }
            )

    @api.onchange("log_hours")
    def _onchange_log_hours(self):
        return self.env["account.analytic.line"]._long_entry_warning(self.log_hours)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _assess_new(self, vals_list):
        """Fill in the figures of tickets that were made a moment ago: they have no
        time."""
        lines = self.env["account.analytic.line"]
        self._assess_known(
            {
                ticket.id: lines
                for ticket, vals in zip(self, vals_list, strict=True)
                if not vals.get("timesheet_ids")
            }
        )

    def _assess_known(self, lines_by_ticket):
        """Fill in the figures of tickets whose time is known: no query has to find
        it.

        :param lines_by_ticket: ``{ticket id: all its entries}``
        """
        # Not in the context: an environment of its own costs as much as the query.
        self.env.cr.cache[KNOWN_TIME] = lines_by_ticket
        try:
            self.browse(lines_by_ticket).mapped("worked_minutes")
        finally:
            self.env.cr.cache.pop(KNOWN_TIME, None)

    def _service_entries(self):
        """``{ticket: [(entry id, Entry)]}`` of these tickets and their families, in
        (date, id) order, unsaved entries of a form included."""
        entries = defaultdict(list)
        family = self | self.split_root_id.split_member_ids
        saved = family.filtered(lambda ticket: isinstance(ticket.id, int))
        known = self.env.cr.cache.get(KNOWN_TIME, {})
        asked = [number for number in saved.ids if number not in known]
        lines = self.env["account.analytic.line"].sudo()
        if asked:
            # One query for all: logging time is what technicians do all day.
            lines = lines.search_fetch(
                [("ticket_id", "in", asked)],
                ["ticket_id", "date", "unit_amount"],
                order="date, id",
            )
        for ticket in family - saved:
            lines += ticket.timesheet_ids.filtered("unit_amount").sorted(
                lambda line: (line.date or date.max, line._origin.id or math.inf)
            )
        lines = lines.concat(
            *(
                known[number].sudo().sorted(lambda line: (line.date, line.id))
                for number in saved.ids
                if number in known
            )
        )
        for line in lines:
            entries[line.ticket_id].append((line._origin.id, line._policy_entry()))
        return entries

    def _assess(self, entries):
        """The policy's summary of one ticket: minutes, blocks, state of approval."""
        self.ensure_one()
        own = [entry for _id, entry in entries[self]]
        if not self.plan_id or not assessment.counts(self.coverage):
            return assessment.not_limited(own)
        released = self._released_by_ticket(entries)
        mine = released.get(self.id, 0)
        return assessment.assess(
            entries=own,
            policy=self.plan_id._limit_policy(),
            coverage=self.coverage,
            estimated_minutes=self.estimated_minutes,
            released_minutes=mine,
            released_blocks=self._released_in_blocks(mine, entries),
            others_released=sum(released.values()) - released.get(self.id, 0),
            approved_blocks=self.approved_blocks,
            quote_state=self.quote_state or None,
            invoiced_blocks=self.invoiced_blocks,
            waived_blocks=self.waived_blocks,
        )

    def _frozen_entries(self):
        """Entries that are invoiced or waived, in (date, id) order; one that straddles
        the limit is frozen whole. Two blocks invoiced of 20 and 20 minutes: both."""
        self.ensure_one()
        closed = self.invoiced_blocks + self.waived_blocks
        lines = self.env["account.analytic.line"].sudo()
        if not closed or not self.plan_id:
            return lines
        lines = lines.search([("ticket_id", "=", self.id)], order="date, id")
        count = timeblocks.frozen_entries(
            [line._policy_entry() for line in lines],
            closed,
            self.plan_id._block_policy(),
        )
        return lines[:count]

    def _check_may_log(self, held_reason=None):
        """Refuse time on a closed ticket, and time that the customer has not approved
        (docs/ARCHITECTURE.md#nothing-above-the-limit). A coordinator can record what
        really happened above the limit, with a reason."""
        self.ensure_one()
        if not self.can_log_time:
            # Nobody looks at a closed ticket: its time would be held, or billed a
            # second time, unseen.
            raise UserError(
                self.env._(
                    "%(ticket)s is closed, and more time changes what it costs. Open it"
                    " again first, by moving it to another stage.",
                    ticket=self.display_name,
                )
            )
        allowed, code = assessment.may_log(
            self.approval_state, self.coverage, self.held_minutes
        )
        if allowed:
            return
        if (held_reason or "").strip() and (
            self.env.su or self.env.user.has_group("nox_voip_service.group_coordinator")
        ):
            return
        raise UserError(self._may_log_message(code))

    def _may_log_message(self, code):
        """Why no time can be logged: on which quote, and who can help."""
        self.ensure_one()
        quote = self.sudo().quote_id
        who = quote.user_id.name or self.env._("a service coordinator")
        reasons = {
            "quote_needed": self.env._(
                "%(ticket)s is above the agreed time and needs a quote first: enter"
                " the estimate of the whole job and send the quote.",
                ticket=self.display_name,
            ),
            "quote_sent": self.env._(
                "%(ticket)s waits for the customer's approval of quote %(quote)s.",
                ticket=self.display_name,
                quote=quote.name,
            ),
            "quote_refused": self.env._(
                "Quote %(quote)s of %(ticket)s was refused.",
                ticket=self.display_name,
                quote=quote.name,
            ),
            "quote_expired": self.env._(
                "Quote %(quote)s of %(ticket)s has expired.",
                ticket=self.display_name,
                quote=quote.name,
            ),
        }
        return "{} {}".format(
            reasons.get(code, reasons["quote_needed"]),
            self.env._(
                "Time that was worked all the same can be recorded by a coordinator,"
                " with a reason. Ask %(who)s.",
                who=who,
            ),
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_log_time(self):
        """The button beside the line: the form has saved it by now."""
        return True
