from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.nox_voip_service.models.base.guard import for_readers
from odoo.addons.nox_voip_service.policy import assessment, timeblocks


class HelpdeskTicket(models.Model):
    """Start and stop on the ticket: one click each. A ticket with a running timer is
    not closed by the way: staff are asked, and where nobody can be asked (a customer
    withdraws, a job closes) the time until then is recorded."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "hr.timesheet.time_control.mixin"]

    show_time_control = fields.Selection(groups="base.group_user")
    timer_ids = fields.One2many(
        "account.analytic.line",
        "timer_ticket_id",
        string="Running timers",
        groups="base.group_user",
    )
    timer_text = fields.Text(
        string="Running",
        compute="_compute_timer_text",
        compute_sudo=True,
        groups="base.group_user",
        help="Who works on the ticket at this moment.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("timer_ids", "can_log_time", "approval_state", "coverage")
    @api.depends_context("uid")
    def _compute_show_time_control(self):
        res = super()._compute_show_time_control()
        for ticket in self:
            if ticket.show_time_control == "start" and not (
                ticket.can_log_time and ticket._is_time_welcome()
            ):
                ticket.show_time_control = False
        return res

    @api.depends("timer_ids.date_time", "timer_ids.employee_id")
    def _compute_timer_text(self):
        for ticket in self:
            texts = [timer._timer_text() for timer in ticket.timer_ids]
            ticket.timer_text = "\n".join(texts)

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("stage_id")
    def _check_no_timer_runs(self):
        """Ask what becomes of a running timer before its ticket is closed."""
        closing = self.sudo().filtered(lambda each: each.closed and each.timer_ids)
        if not closing:
            return
        raise RedirectWarning(
            self.env._(
                "A timer is still running:\n%(timers)s\nStop it first, so that its time"
                " is on the ticket.",
                timers="\n".join(
                    f"{ticket.display_name}: {ticket.timer_text}" for ticket in closing
                ),
            ),
            self.env.ref("nox_voip_service_timer.nox_timer_close_action").id,
            self.env._("Stop the timer and close"),
            {
                "default_ticket_ids": closing.ids,
                "default_stage_id": closing[:1].stage_id.id,
            },
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if vals.get("stage_id") and (self.env.su or self.env.user.share):
            self.check_access("write")
            stage = self.env["helpdesk.ticket.stage"].browse(vals["stage_id"])
            if stage.closed:
                self._stop_timers_unasked()
        return super().write(vals)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def button_start_work(self):
        """Start at once; where another timer of the user runs, ask about that one."""
        self.ensure_one()
        self._check_may_log()
        if self.env["hr.timesheet.switch"]._default_running_timer_id():
            return super().button_start_work()
        self.env["account.analytic.line"].create({"timer_ticket_id": self.id})
        return True

    @for_readers
    def button_end_work(self):
        return super().button_end_work()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _relation_with_timesheet_line(self):
        return "timer_ticket_id"

    def _is_time_welcome(self):
        """Whether time may be logged now without a reason."""
        self.ensure_one()
        ticket = self.sudo()
        return assessment.may_log(
            ticket.approval_state, ticket.coverage, ticket.held_minutes
        ).allowed

    def _check_may_archive(self):
        """A timer on a ticket that is in nobody's list would be found by nobody."""
        res = super()._check_may_archive()
        for ticket in self.sudo().filtered("timer_ids"):
            raise UserError(
                self.env._(
                    "%(ticket)s: %(timer)s is running. Stop it before you archive the"
                    " ticket.",
                    ticket=ticket.display_name,
                    timer=ticket.timer_text,
                )
            )
        return res

    def _stop_timers_unasked(self):
        """Record what timers ran until now, before the ticket closes without anybody
        to ask. One that was forgotten for more than a day says so in the chatter."""
        for timer in self.sudo().timer_ids:
            ticket, text = timer.timer_ticket_id, timer._timer_text()
            if timer._timer_minutes() > timeblocks.DAY_MINUTES:
                ticket.message_post(
                    body=self.env._(
                        "%(timer)s ran for more than a day and was ended without time."
                        " What was worked can be logged when the ticket is open again.",
                        timer=text,
                    )
                )
                timer.unlink()
            else:
                timer._stop_timers()
