from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...policy import assessment, limit
from ..base.guard import for_readers


class HelpdeskTicket(models.Model):
    """What the people who work on a ticket see at a glance."""

    _inherit = "helpdesk.ticket"

    # The order of the list: without it PostgreSQL sorts every ticket there ever was for
    # the first page.
    _list_order_idx = models.Index("(priority DESC, sequence, number DESC, id DESC)")

    can_coordinate = fields.Boolean(compute="_compute_can_coordinate")
    service_project_id = fields.Many2one(related="company_id.service_project_id")
    next_step = fields.Char(compute="_compute_next_step")
    limit_minutes = fields.Integer(
        compute="_compute_limit_text",
        groups="base.group_user",
        help="Minutes that may be worked before the customer has to approve more.",
    )
    limit_parts = fields.Json(
        compute="_compute_limit_text",
        groups="base.group_user",
        help="Worked minutes that were released, that were approved, that are held.",
    )
    limit_percentage = fields.Float(compute="_compute_limit_text")
    limit_text = fields.Char(string="Limit", compute="_compute_limit_text")
    quote_age_days = fields.Integer(
        string="Waiting (days)",
        compute="_compute_quote_age_days",
        help="Days since the open quote was sent.",
    )
    decision_needed = fields.Selection(
        [
            ("verdict", "A verdict: facts are missing"),
            ("estimate", "An estimate, for the quote"),
            ("send", "A quote to send"),
            ("waiting", "The customer's approval"),
            ("answered", "Refused or expired: what now?"),
            ("users", "The users of the PBX to update"),
            ("reply", "Answered after it was closed"),
        ],
        compute="_compute_decision_needed",
        store=True,
        index=True,
        group_expand=True,
    )
    decision_since = fields.Datetime(
        string="Waiting since",
        compute="_compute_decision_needed",
        store=True,
        groups="base.group_user",
    )
    decision_age_days = fields.Integer(
        string="Days",
        compute="_compute_decision_age_days",
        groups="base.group_user",
        help="Days that this decision waits.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_can_coordinate(self):
        self.can_coordinate = self.env.user.has_group(
            "nox_voip_service.group_coordinator"
        )

    @api.depends(
        "coverage",
        "approval_state",
        "quote_state",
        "quote_sent_on",
        "estimated_minutes",
        "worked_minutes",
        "outcome",
        "closed",
        "is_seat_change_due",
        "answered_at",
    )
    def _compute_decision_needed(self):
        for ticket in self:
            needed = ticket._decision_needed()
            if needed == "waiting" and ticket.quote_sent_on:
                # As the list of waiting quotes counts it.
                ticket.decision_since = ticket.quote_sent_on
            elif needed != ticket.decision_needed:
                # The age of a decision counts from when it was first needed.
                ticket.decision_since = needed and fields.Datetime.now()
            else:
                ticket.decision_since = ticket.decision_since
            ticket.decision_needed = needed

    @api.depends("decision_since")
    def _compute_decision_age_days(self):
        for ticket in self:
            ticket.decision_age_days = ticket._service_days_since(ticket.decision_since)

    @api.depends("coverage", "approval_state", "invoice_status", "decision_needed")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for ticket in self:
            ticket.next_step = ticket._next_step_text()

    @api.depends(
        "worked_minutes",
        "held_minutes",
        "limit_blocks",
        "approved_blocks",
        "is_release_capped",
        "released_minutes",
        "coverage",
        "plan_id",
        "split_root_id.split_member_ids.released_minutes",
    )
    @api.depends_context("lang")
    def _compute_limit_text(self):
        for ticket in self:
            minutes = ticket._service_limit_minutes()
            ticket.limit_minutes = minutes or 0
            ticket.limit_parts = limit.parts(
                ticket.worked_minutes,
                ticket.released_minutes,
                ticket.held_minutes,
                ticket.approved_blocks * ticket.plan_id.block_minutes,
            )._asdict()
            ticket.limit_percentage = (
                100 * ticket.worked_minutes / minutes if minutes else 0
            )
            ticket.limit_text = ticket._limit_sentence(minutes)

    @api.depends("quote_state", "quote_sent_on")
    def _compute_quote_age_days(self):
        for ticket in self:
            ticket.quote_age_days = ticket._service_days_since(
                ticket.quote_state == "sent" and ticket.quote_sent_on
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_waive(self):
        """Open the form in which a coordinator waives blocks."""
        self.ensure_one()
        self._check_coordinator()
        return self._service_dialog("nox.block.waiver", self.env._("Waive blocks"))

    @for_readers
    def action_withdraw_quote(self):
        self.ensure_one()
        self._check_coordinator()
        if self.quote_state not in ("draft", "sent"):
            raise UserError(self.env._("There is no open quote to withdraw."))
        return self.quote_id.action_withdraw_quote()

    @for_readers
    def action_approved_otherwise(self):
        self.ensure_one()
        self._check_coordinator()
        if self.quote_state != "sent":
            raise UserError(
                self.env._("Only a quote that was sent can have been approved.")
            )
        return self.quote_id.action_approved_otherwise()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_days_since(self, moment):
        """Days from a moment till today, both where the company is; 0 without one."""
        self.ensure_one()
        if not moment:
            return 0
        today = self.company_id._service_today()
        return (today - self.company_id._service_day(moment)).days

    def _decision_needed(self):
        """What a coordinator has to decide about this ticket, if anything."""
        self.ensure_one()
        if self.is_seat_change_due:
            return "users"
        if self.outcome or self.closed:
            return "reply" if self.answered_at else False
        if self.coverage == "undecided":
            return "verdict"
        if self.approval_state == "needed":
            return "estimate" if self._needs_estimate() else "send"
        return {"sent": "waiting", "refused": "answered", "expired": "answered"}.get(
            self.approval_state, False
        )

    def _next_step_text(self):
        """The next thing to do, in one sentence."""
        self.ensure_one()
        quote = self.quote_name or ""
        if self.decision_needed == "users":
            return self.env._("Update the users of the PBX.")
        if self.decision_needed == "reply":
            return self.env._(
                "The customer answered after it was closed: open it again, or say that"
                " nothing is to be done."
            )
        if self.invoice_status == "to_invoice":
            return self.env._("Ready for the invoice.")
        if self.outcome:
            return (
                self.env._("Invoiced.")
                if self.invoice_status == "invoiced"
                else self.env._("Nothing: this ticket is closed.")
            )
        if self.decision_needed == "verdict":
            return self.coverage_question or self.env._(
                "A coordinator decides whether this is covered."
            )
        if self.decision_needed == "estimate":
            return self.env._("Enter the estimate of the whole job, for the quote.")
        if self.decision_needed == "send":
            return self.env._("Send quote %(quote)s to the customer.", quote=quote)
        if self.decision_needed == "waiting":
            return self.env._(
                "Wait for the customer's answer to quote %(quote)s, sent on %(date)s.",
                quote=quote,
                date=format_date(self.env, self.quote_sent_on),
            )
        if self.decision_needed == "answered":
            return self.env._(
                "Quote %(quote)s was refused or has expired: finish with what was"
                " released, or make a new quote.",
                quote=quote,
            )
        return self.env._("Do the work and log the time.")

    def _service_limit_minutes(self):
        """Minutes that may be worked before the customer approves (more); None where
        no limit applies. The limit is one for a ticket and those split from it."""
        self.ensure_one()
        if not self.plan_id or not assessment.counts(self.coverage):
            return None
        return limit.allowed_minutes(
            self.plan_id._limit_policy(),
            limit_blocks=self.limit_blocks,
            approved_blocks=self.approved_blocks,
            released_minutes=self.released_minutes if self.is_release_capped else None,
            others_released=self._service_others_released(),
        )

    def _service_free_minutes(self):
        """What those split from the same request leave of the limit; None: no limit."""
        self.ensure_one()
        return limit.free_minutes(
            self.plan_id._limit_policy(), self._service_others_released()
        )

    def _service_others_released(self):
        """Minutes that those split from the same request used of the limit."""
        others = self.split_root_id.split_member_ids - self
        return sum(others.mapped("released_minutes"))

    def _limit_sentence(self, minutes):
        """ "38 of 60 minutes; 3 blocks" """
        self.ensure_one()
        if minutes is None:
            return self.env._("%(worked)s minutes worked", worked=self.worked_minutes)
        if not minutes:
            text = self.env._(
                "%(worked)s minutes worked; none before the customer approves",
                worked=self.worked_minutes,
            )
        else:
            text = self._limit_used(minutes)
        if self.held_minutes:
            text += "; " + self.env._("%(held)s min held", held=self.held_minutes)
        return text

    def _limit_used(self, minutes):
        """ "38 of 60 minutes; 3 × 15 minutes billable" """
        self.ensure_one()
        return self.env._(
            "%(worked)s of %(limit)s minutes; %(blocks)s × %(block)s minutes billable",
            worked=self.worked_minutes,
            limit=minutes,
            blocks=self.billable_blocks,
            block=self.plan_id.block_minutes,
        )
