from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...policy import timeblocks
from ...policy.errors import InvalidDuration
from .account_analytic_line_bill import TIME_FIELDS

# Above this many hours the form asks whether minutes were meant.
LONG_ENTRY_HOURS = 10
# What logging time asks of a ticket. Without this list Odoo reads all of its hundred
# columns, with every entry of everybody. The figures that follow from the time are not
# in it: they are written, not read.
TICKET_FIELDS = [
    "answered_at",
    "approval_state",
    "approved_blocks",
    "base_invoiced_blocks",
    "closed",
    "company_id",
    "coverage",
    "decision_needed",
    "decision_since",
    "estimated_minutes",
    "held_minutes",
    "invoiced_blocks",
    "is_finished",
    "is_release_capped",
    "is_seat_change_due",
    "name",
    "outcome",
    "plan_id",
    "quote_id",
    "quote_sent_on",
    "quote_state",
    "release_cap",
    "release_cap_blocks",
    "release_last_entry",
    "requested_on",
    "service_line_id",
    "split_root_id",
    "waived_blocks",
    "warned_on",
    "worked_minutes",
]
# And what Odoo and we ask of the company and of the service project.
COMPANY_FIELDS = [
    "currency_id",
    "parent_path",
    "project_time_mode_id",
    "service_project_id",
    "service_tz",
]
PROJECT_FIELDS = [
    "account_id",
    "allow_billable",
    "billing_type",
    "company_id",
    "partner_id",
    "privacy_visibility",
    "sale_line_id",
]
FROZEN_FIELDS = {
    "unit_amount",
    "date",
    "ticket_id",
    "project_id",
    "employee_id",
    "product_uom_id",
    "company_id",
}


class AccountAnalyticLine(models.Model):
    """Time on a ticket. `unit_amount` is what was worked, in hours; rounding never
    touches it (docs/ARCHITECTURE.md#worked-time-stays)."""

    _inherit = "account.analytic.line"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="restrict",
        # Not `check_company`, which costs every entry a search: see the constraint.
        domain="[('company_id', '=', company_id)]",
    )
    ticket_partner_id = fields.Many2one(
        related="ticket_id.partner_id", string="Ticket customer"
    )
    ticket_coverage = fields.Selection(related="ticket_id.coverage")
    is_frozen = fields.Boolean(
        compute="_compute_is_frozen",
        help="Invoiced or waived: it can no longer be changed.",
    )
    held_reason = fields.Char(
        help="Why a coordinator recorded time while the customer had not approved "
        "it, or of a day before the PBX was accepted. Time without approval is held "
        "unless it is approved later."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("ticket_id.invoiced_blocks", "ticket_id.waived_blocks")
    def _compute_is_frozen(self):
        frozen = self.browse()
        for ticket in self.ticket_id:
            frozen |= ticket._frozen_entries()
        for line in self:
            line.is_frozen = line._origin in frozen

    @api.onchange("unit_amount")
    def _onchange_unit_amount_of_ticket(self):
        if self.ticket_id:
            return self._long_entry_warning(self.unit_amount)

    @api.onchange("date")
    def _onchange_date_of_ticket(self):
        question = self._early_day_message(self.ticket_id, self.date)
        if question:
            title = self.env._("Before the acceptance")
            return {"warning": {"title": title, "message": question}}

    @api.depends("ticket_id.service_line_id")
    def _compute_so_line(self):
        return super()._compute_so_line()

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("ticket_id", "unit_amount", "date", "company_id", "product_uom_id")
    def _check_ticket_time(self):
        for line in self.filtered("ticket_id"):
            line._policy_entry()
            if line.company_id != line.ticket_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s belongs to %(company)s, and so does its time.",
                        ticket=line.ticket_id.display_name,
                        company=line.ticket_id.company_id.name,
                    )
                )
            if not line.project_id:
                raise ValidationError(
                    self.env._(
                        "Time on a ticket belongs to the service project of"
                        " %(company)s, which has none. An administrator can choose it"
                        " in the settings of the helpdesk.",
                        company=line.company_id.name,
                    )
                )
            # Not `ref`, which asks the database whether the unit still exists.
            hour = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour")
            if line.product_uom_id.id not in (hour, False):
                raise ValidationError(
                    self.env._(
                        "Time on a ticket is counted in hours, also where timesheets"
                        " are shown in days: 0.25 is a quarter of an hour."
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = [vals for vals in vals_list if vals.get("ticket_id")]
        tickets = self.env["helpdesk.ticket"].browse(
            [vals["ticket_id"] for vals in rows]
        )
        # One question about access, instead of one about each field.
        tickets.sudo().fetch(TICKET_FIELDS)
        tickets.company_id.sudo().fetch(COMPANY_FIELDS)
        tickets.check_access("read")
        tickets._remember_without_orders()
        # An entry has a minute at least: these have none.
        untouched = tickets.filtered(lambda ticket: not ticket.worked_minutes)
        for vals, ticket in zip(rows, tickets, strict=True):
            self._prepare_ticket_time_vals(vals, ticket)
        projects = {vals["project_id"] for vals in rows}
        self.env["project.project"].sudo().browse(projects).fetch(PROJECT_FIELDS)
        lines = super().create(vals_list)
        by_ticket = lines.grouped("ticket_id")
        untouched._assess_known({ticket.id: by_ticket[ticket] for ticket in untouched})
        lines.ticket_id._after_service_change()
        if any(ticket.is_finished for ticket in lines.ticket_id):
            lines._trace_changes({}, lines._finished_time())
        return lines

    def write(self, vals):
        if FROZEN_FIELDS & vals.keys():
            self._check_not_frozen(vals)
        self._check_kept_on_ticket(vals)
        self._check_changed_day(vals)
        self._check_added_time(vals)
        tickets = self.ticket_id
        changes_time = bool(TIME_FIELDS & vals.keys())
        before = self._finished_time() if changes_time else {}
        res = super().write(vals)
        if changes_time:
            (tickets | self.ticket_id)._after_service_change()
            self._trace_changes(before, self._finished_time())
        return res

    def unlink(self):
        tickets = self.ticket_id
        before = self._finished_time()
        res = super().unlink()
        tickets._after_service_change()
        self._trace_changes(before, {})
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _timesheet_determine_sale_line(self):
        """The time of a ticket goes where its ticket says."""
        if self.ticket_id:
            return self.ticket_id.service_line_id
        return super()._timesheet_determine_sale_line()

    def _timesheet_get_portal_domain(self):
        """Time on tickets is on no list of the portal's: what customers see of it is
        on their request and their bill, as the company's setting says."""
        domain = super()._timesheet_get_portal_domain()
        if self.env.user.share:
            domain = Domain(domain) & Domain("ticket_id", "=", False)
        return domain

    def _policy_entry(self):
        """This entry as (day, whole minutes); a sentence when it is no duration."""
        self.ensure_one()
        return timeblocks.Entry(
            self.date or fields.Date.context_today(self),
            self._check_duration(self.unit_amount),
        )

    @api.model
    def _check_duration(self, hours):
        """Whole minutes of an entry in hours; refuses what is no working time."""
        try:
            return timeblocks.minutes_from_hours(hours)
        except InvalidDuration as error:
            raise ValidationError(self._duration_message(error)) from error

    @api.model
    def _long_entry_warning(self, hours):
        """Ask about 20 in a field of hours: most often 20 minutes were meant."""
        if LONG_ENTRY_HOURS < (hours or 0) <= 24:
            return {
                "warning": {
                    "title": self.env._("A long entry"),
                    "message": self.env._(
                        "This says %(hours)s hours. If you meant minutes, enter"
                        " 0:%(minutes)s.",
                        hours=round(hours, 2),
                        minutes=f"{min(59, round(hours)):02d}",
                    ),
                }
            }
        return None

    @api.model
    def _duration_message(self, error):
        if error.code == "over_a_day":
            return self.env._(
                "One time entry lasts at most 24 hours. Enter hours and minutes: 20"
                " minutes are 0:20."
            )
        if error.code == "not_positive":
            return self.env._("A time entry lasts at least one minute.")
        return self.env._(
            "This is not a duration. Enter hours and minutes, for example 0:20."
        )

    @api.model
    def _prepare_ticket_time_vals(self, vals, ticket):
        """Check one new entry of a ticket and fill in its day and service project."""
        self._check_duration(vals.get("unit_amount"))
        if not (vals.get("date") or self.env.context.get("default_date")):
            # Odoo's own default is the user's day, who may live by another clock.
            vals["date"] = ticket.company_id._service_today()
        self._check_day(ticket, vals.get("date"), vals.get("held_reason"))
        ticket._check_may_log(vals.get("held_reason"))
        vals.setdefault("name", ticket._masked_name())
        if not vals.get("project_id"):
            vals["project_id"] = ticket.company_id._service_project().id

    def _check_added_time(self, vals):
        """Time that a write brings to a ticket, from another one or by a longer
        entry, waits for the customer's approval as new time does."""
        target = self.env["helpdesk.ticket"].browse(vals.get("ticket_id"))
        if "unit_amount" in vals and (target or self.ticket_id):
            minutes = self._check_duration(vals["unit_amount"])
        for line in self:
            ticket = target or line.ticket_id
            if ticket and (
                ticket != line.ticket_id
                or ("unit_amount" in vals and minutes > line._policy_entry().minutes)
            ):
                ticket._check_may_log(vals.get("held_reason", line.held_reason))

    def _check_not_frozen(self, vals=None):
        """Refuse to change or delete time that is invoiced or waived, whoever writes:
        an invoice says that it was worked."""
        for ticket, lines in self.grouped("ticket_id").items():
            if not ticket:
                continue
            frozen = lines & ticket._frozen_entries()
            if vals:
                frozen = frozen.filtered(lambda line: line._changes(vals))
            if frozen:
                raise UserError(
                    self.env._(
                        "%(entries)s of %(ticket)s is invoiced or waived and can no"
                        " longer be changed. An accountant can credit the invoice.",
                        entries=", ".join(
                            f"{line.date} {line.name}" for line in frozen
                        ),
                        ticket=ticket.display_name,
                    )
                )

    def _changes(self, vals):
        """Whether these values differ from what a frozen entry says."""
        self.ensure_one()
        for name in FROZEN_FIELDS & vals.keys():
            field = self._fields[name]
            new = field.convert_to_cache(vals[name], self)
            if new != field.convert_to_cache(self[name], self):
                return True
        return False
