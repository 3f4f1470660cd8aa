from odoo import api, fields, models
from odoo.exceptions import UserError


class NoxPbxPlan(models.Model):
    """A plan period: which plan a PBX runs on from a day.

    A period ends the day before the next one starts, so that periods can neither
    overlap nor leave a gap. A new price of a user is a new period of the same plan.
    """

    _name = "nox.pbx.plan"
    _description = "Plan Period of a PBX"
    _check_company_auto = True
    _order = "pbx_id, date_start desc"
    _rec_name = "plan_id"

    pbx_id = fields.Many2one(
        "nox.pbx", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="pbx_id.partner_id")
    plan_id = fields.Many2one(
        "nox.service.plan", required=True, ondelete="restrict", check_company=True
    )
    date_start = fields.Date(required=True, default=fields.Date.context_today)
    date_end = fields.Date(
        compute="_compute_date_end",
        store=True,
        help="The day before the next period, or the last day of the PBX.",
    )

    _date_start_unique = models.Constraint(
        "UNIQUE (pbx_id, date_start)",
        "Two plans of one PBX cannot start on the same day.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("date_start", "pbx_id.period_ids.date_start", "pbx_id.ended_on")
    def _compute_date_end(self):
        for period in self:
            later = [
                other.date_start
                for other in period.pbx_id.period_ids
                if other.date_start
                and period.date_start
                and other.date_start > period.date_start
            ]
            ends = [fields.Date.subtract(min(later), days=1)] if later else []
            if period.pbx_id.ended_on:
                ends.append(period.pbx_id.ended_on)
            period.date_end = min(ends, default=False)

    @api.depends("plan_id", "date_start")
    def _compute_display_name(self):
        for period in self:
            period.display_name = self.env._(
                "%(plan)s from %(date)s",
                plan=period.plan_id.name or "",
                date=period.date_start or "",
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        periods = super().create(vals_list)
        self.env.registry.clear_cache()
        periods.pbx_id._refresh_open_tickets()
        return periods

    def write(self, vals):
        pbxs = self.pbx_id
        res = super().write(vals)
        self.env.registry.clear_cache()
        if vals.keys() & {"plan_id", "date_start", "pbx_id"}:
            (pbxs | self.pbx_id)._refresh_open_tickets()
            (pbxs | self.pbx_id)._check_plan_since_acceptance()
        return res

    def unlink(self):
        pbxs = self.pbx_id
        res = super().unlink()
        self.env.registry.clear_cache()
        pbxs = pbxs.exists()
        pbxs._check_plan_since_acceptance()
        pbxs._refresh_open_tickets()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_tickets(self):
        for period in self:
            if self.env["helpdesk.ticket"].search_count(
                [
                    ("pbx_id", "=", period.pbx_id.id),
                    ("plan_id", "=", period.plan_id.id),
                    ("requested_on", ">=", period.date_start),
                    ("worked_minutes", ">", 0),
                ],
                limit=1,
            ):
                raise UserError(
                    self.env._(
                        "There is work on tickets of %(pbx)s under this plan. Change"
                        " the period instead; the tickets that it would change are"
                        " then shown for review.",
                        pbx=period.pbx_id.name,
                    )
                )
