from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from odoo.addons.nox_voip_service.policy import timeblocks

MINUTES = timeblocks.DAY_MINUTES


class AccountAnalyticLine(models.Model):
    """A running timer of a ticket. It is no time of the ticket yet: an entry of no
    hours in the service project, which names the ticket in a field of its own, so that
    nothing that counts, bills or proves time meets it. Stopping it records an entry,
    and what stands in the way of an entry stands in its way."""

    _inherit = "account.analytic.line"

    timer_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Timer of ticket",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        groups="base.group_user",
        help="The ticket on which this timer runs. Stopping it records the time.",
    )

    _one_timer_each = models.UniqueIndex(
        "(employee_id) WHERE timer_ticket_id IS NOT NULL",
        "A timer of yours is running already. Stop it first.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("timer_ticket_id")
    def _compute_display_name(self):
        """A timer is called as its ticket, where the base has the project."""
        timers = self.sudo().filtered("timer_ticket_id").with_env(self.env)
        res = super(AccountAnalyticLine, self - timers)._compute_display_name()
        for timer in timers:
            timer.display_name = timer.sudo().timer_ticket_id.display_name
        return res

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("timer_ticket_id", "ticket_id", "unit_amount")
    def _check_timer_has_no_time(self):
        for line in self:
            if line.timer_ticket_id and (line.ticket_id or line.unit_amount):
                raise ValidationError(
                    self.env._(
                        "%(timer)s is running. Stop it first: that records its time,"
                        " which can be corrected afterwards.",
                        timer=line._timer_text(),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        timers = [vals for vals in vals_list if vals.get("timer_ticket_id")]
        if timers:
            self.browse().check_access("create")
            tickets = self.env["helpdesk.ticket"].browse(
                [vals["timer_ticket_id"] for vals in timers]
            )
            tickets.check_access("read")
            for vals, ticket in zip(timers, tickets, strict=True):
                self._prepare_timer_vals(vals, ticket)
        return super().create(vals_list)

    def write(self, vals):
        # The addon of the timer makes the day of an entry out of its start. Made here,
        # before any rule: the day of time that is invoiced stays.
        if vals.get("date_time"):
            vals = self._eval_date(vals)
        if vals.get("timer_ticket_id"):
            self.check_access("write")
            ticket = self.env["helpdesk.ticket"].browse(vals["timer_ticket_id"])
            ticket.check_access("read")
            ticket._check_may_log()
        return super().write(vals)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def button_end_work(self):
        timers = self.filtered("timer_ticket_id")
        if self - timers:
            super(AccountAnalyticLine, self - timers).button_end_work()
        timers.check_access("write")
        end = fields.Datetime.to_datetime(self.env.context.get("stop_dt"))
        recorded = timers._stop_timers(end)
        if len(recorded) == 1 and self.env.context.get("show_recorded_time"):
            return recorded.get_formview_action()
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _timesheet_determine_sale_line(self):
        """A timer is nobody's bill yet."""
        if self.timer_ticket_id:
            return self.env["sale.order.line"]
        return super()._timesheet_determine_sale_line()

    def _timesheet_get_portal_domain(self):
        """As the time of tickets: on no list of the portal's."""
        domain = super()._timesheet_get_portal_domain()
        if self.env.user.share:
            timers = self.sudo().search([("timer_ticket_id", "!=", False)])
            domain = Domain(domain) & Domain("id", "not in", timers.ids)
        return domain

    @api.model
    def _prepare_timer_vals(self, vals, ticket):
        """Check one new timer as a new entry is checked, before the work; fill in the
        service project."""
        ticket._check_may_log()
        self._check_day(ticket, vals.get("date"))
        vals["project_id"] = ticket.company_id._service_project().id
        vals.setdefault("name", ticket._masked_name())

    def _timer_minutes(self, end=None):
        """Whole minutes from start to end (now): 10:00:00 to 10:19:40 are 20."""
        self.ensure_one()
        end = end or fields.Datetime.now()
        return timeblocks.rounded_minutes(self._duration(self.date_time, end))

    def _stop_timers(self, end=None):
        """Record the time of these timers as entries of their tickets; the entries.

        An entry is new, for what was recorded before a quote is told by the order of
        recording. Less than half a minute is nothing.
        """
        recorded = self.browse()
        for timer in self:
            minutes = timer._timer_minutes(end)
            if minutes > MINUTES:
                raise UserError(
                    self.env._(
                        "%(timer)s is longer than an entry can be (24 hours). Correct"
                        " its start, or delete it and log the time by hand.",
                        timer=timer._timer_text(),
                    )
                )
            if minutes > 0:
                recorded |= timer._record_timer(minutes)
            # In sudo: who may close a ticket stops the timers of others on it.
            timer.sudo().unlink()
        return recorded

    def _record_timer(self, minutes):
        """The entry of a timer that ran so many minutes. Work that began while it was
        allowed is recorded, also where a quote fell due meanwhile: it is held then."""
        self.ensure_one()
        ticket, company = self.timer_ticket_id, self.company_id
        waiting = not ticket._is_time_welcome()
        # In sudo: an entry of somebody else whose timer is stopped, and held time,
        # for which otherwise a coordinator says why. Here the clock does.
        lines = self.sudo().with_context(tz=company.sudo().service_tz or "UTC")
        return lines.create(
            {
                "ticket_id": ticket.id,
                "name": self.name,
                "date_time": self.date_time,
                "date": company._service_day(self.date_time),
                "unit_amount": timeblocks.hours_from_minutes(minutes),
                "employee_id": self.employee_id.id,
                "project_id": self.project_id.id,
                "company_id": company.id,
                "held_reason": waiting
                and self.env._(
                    "%(timer)s began before the approval was needed.",
                    timer=self._timer_text(),
                ),
            }
        ).with_env(self.env)

    def _timer_text(self):
        """Who, since when, how long: "Anita since 10:02 (0:25)"."""
        self.ensure_one()
        timer = self.sudo()
        hours, minutes = divmod(max(0, timer._timer_minutes()), 60)
        return self.env._(
            "Timer of %(who)s since %(start)s (%(hours)s:%(minutes)s)",
            who=timer.employee_id.name,
            start=format_datetime(
                self.env,
                timer.date_time,
                tz=timer.company_id.service_tz,
                dt_format="short",
            ),
            hours=hours,
            minutes=f"{minutes:02d}",
        )
