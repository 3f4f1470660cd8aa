from odoo import fields, models

from ..policy import seats


class NoxPbx(models.Model):
    """The users of a PBX."""

    _inherit = "nox.pbx"

    seat_ids = fields.One2many("nox.pbx.seat", "pbx_id", string="Users")
    user_count = fields.Integer(compute="_compute_user_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_user_count(self):
        for pbx in self:
            pbx.user_count = pbx._users_on(pbx.company_id._service_today())

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_view_seats(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_pbx_seat_action"
        )
        return dict(
            action,
            domain=[("pbx_id", "=", self.id)],
            context={"default_pbx_id": self.id, "search_default_running": 1},
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _users_on(self, day):
        """Number of charged users on any day, past ones included."""
        self.ensure_one()
        return seats.users_on([seat._policy_seat() for seat in self.seat_ids], day)

    def _running_period(self, day):
        """The plan period that runs on a day; empty before the first one."""
        self.ensure_one()
        return self.period_ids.filtered(
            lambda period: (
                period.date_start <= day
                and (not period.date_end or day <= period.date_end)
            )
        )[:1]

    def _start_plan(self, plan, date_start, billed_until=None):
        """Let a plan run from a day; the period that starts on that day becomes it,
        unless a price hangs on it already."""
        self.ensure_one()
        same_day = self.period_ids.filtered(
            lambda period: (
                period.date_start == date_start and not period.contract_line_id
            )
        )
        if same_day:
            same_day.write({"plan_id": plan.id, "billed_until": billed_until})
            return same_day
        period = self.env["nox.pbx.plan"].create(
            {
                "pbx_id": self.id,
                "plan_id": plan.id,
                "date_start": date_start,
                "billed_until": billed_until,
            }
        )
        self.period_ids._end_seat_line()
        return period
