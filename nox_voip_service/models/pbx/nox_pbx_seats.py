from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...policy import seat_history, seats
from ..base.guard import for_readers
from ..base.in_force import span


class NoxPbx(models.Model):
    """The users of a PBX, and when their plan starts and stops."""

    _inherit = "nox.pbx"

    seat_ids = fields.One2many("nox.pbx.seat", "pbx_id", string="Users")
    user_count = fields.Integer(compute="_compute_user_count")
    is_price_missing = fields.Boolean(
        compute="_compute_is_price_missing",
        help="The plan of today bills users, and nobody entered their price.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_user_count(self):
        for pbx in self:
            pbx.user_count = pbx._users_on(pbx.company_id._service_today())

    @api.model
    def _search_display_name(self, operator, value):
        """Also "customer / PBX", for the PBXs of two customers may have one name."""
        domain = super()._search_display_name(operator, value)
        texts = [value] if isinstance(value, str) else value or ()
        if operator.startswith("not") or operator == "!=":
            return domain
        one = "in" if operator in ("in", "=") else operator
        for text in texts:
            customer, slash, name = str(text).partition("/")
            if slash:
                both = [part.strip() for part in (customer, name)]
                both = [[part] for part in both] if one == "in" else both
                domain |= fields.Domain("partner_id.name", one, both[0]) & (
                    fields.Domain("name", one, both[1])
                )
        return domain

    @api.depends("period_ids.contract_line_id", "period_ids.plan_id")
    def _compute_is_price_missing(self):
        for pbx in self:
            period = pbx._running_period(pbx.company_id._service_today())
            plan = period.plan_id.with_company(pbx.company_id)
            pbx.is_price_missing = bool(
                plan.seat_product_id and not period.contract_line_id
            )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("ended_on", "period_ids")
    def _check_plans_before_end(self):
        for pbx in self.filtered("ended_on"):
            later = pbx.period_ids.filtered(
                lambda period, pbx=pbx: period.date_start > pbx.ended_on
            )
            if later:
                raise ValidationError(
                    self.env._(
                        "%(pbx)s ends on %(date)s, and a plan starts after that day."
                        " Remove that plan first.",
                        pbx=pbx.name,
                        date=format_date(self.env, pbx.ended_on),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def unlink(self):
        """The database deletes the periods along, unseen by their own unlink."""
        self.period_ids._drop_seat_line()
        return super().unlink()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
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

    @for_readers
    def action_change_seat(self):
        """Add, replace or end a user."""
        self.ensure_one()
        return {
            "name": self.env._("Change the users"),
            "type": "ir.actions.act_window",
            "res_model": "nox.seat.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_pbx_id": self.id, "default_kind": "add"},
        }

    @for_readers
    def action_compare_seats(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_seat_compare_action"
        )
        return dict(action, context={"default_pbx_id": self.id})

    @for_readers
    def action_view_user_history(self):
        """The number of users over time, day by day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_user_history_action"
        )
        return dict(
            action, domain=[("pbx_id", "=", self.id)], context={"graph_mode": "line"}
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _users_on(self, day):
        """Number of charged users on any day, past ones included."""
        self.ensure_one()
        return seats.users_on([seat._policy_seat() for seat in self.seat_ids], day)

    def _next_extension(self):
        """The number after the highest one that is in use or was; empty without
        numbers to go by."""
        return seat_history.next_extension(self.seat_ids.mapped("extension"))

    def _running_period(self, day):
        """The plan period that runs on a day; empty before the first one."""
        self.ensure_one()
        return self.period_ids.filtered(lambda period: span(period).covers(day))[:1]

    def _start_plan(self, plan, date_start, billed_until=None):
        """Let a plan run from a day; the period that starts on that day becomes it,
        unless a price hangs on it already."""
        self.ensure_one()
        same_day = self.period_ids.filtered(
            lambda period: period.date_start == date_start
        )
        if same_day:
            same_day._drop_seat_line()
            same_day.write({"plan_id": plan.id, "billed_until": billed_until})
            return same_day
        return self.env["nox.pbx.plan"].create(
            {
                "pbx_id": self.id,
                "plan_id": plan.id,
                "date_start": date_start,
                "billed_until": billed_until,
            }
        )

    def _last_price(self, day):
        """Price of a user before a day, for who comes back to a plan; 0 when none."""
        self.ensure_one()
        priced = self.period_ids.filtered(
            lambda period: period.contract_line_id and period.date_start <= day
        )
        return priced.sorted("date_start")[-1:].price_unit
