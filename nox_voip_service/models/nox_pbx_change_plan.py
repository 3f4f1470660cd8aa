from odoo import api, fields, models
from odoo.exceptions import UserError


class NoxPbxChangePlan(models.TransientModel):
    """Move a PBX to another plan from a day on."""

    _name = "nox.pbx.change.plan"
    _description = "Change Plan of a PBX"

    pbx_id = fields.Many2one("nox.pbx", required=True, readonly=True)
    current_plan_id = fields.Many2one(related="pbx_id.plan_id")
    plan_id = fields.Many2one(
        "nox.service.plan",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    company_id = fields.Many2one(related="pbx_id.company_id")
    date_start = fields.Date(required=True, default=fields.Date.context_today)
    review_count = fields.Integer(compute="_compute_review_count")

    @api.depends("pbx_id", "date_start")
    def _compute_review_count(self):
        """Tickets with time on or after the date: their verdict may need a review."""
        for wizard in self:
            wizard.review_count = self.env["helpdesk.ticket"].search_count(
                [
                    ("pbx_id", "=", wizard.pbx_id.id),
                    ("requested_on", ">=", wizard.date_start),
                    ("worked_minutes", ">", 0),
                ]
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_change(self):
        self.ensure_one()
        pbx = self.pbx_id
        same_day = pbx.period_ids.filtered(
            lambda period: period.date_start == self.date_start
        )
        if pbx._plan_on(self.date_start) == self.plan_id:
            raise UserError(
                self.env._(
                    "%(pbx)s has plan %(plan)s on that day already.",
                    pbx=pbx.name,
                    plan=self.plan_id.name,
                )
            )
        if same_day:
            same_day.plan_id = self.plan_id
        else:
            self.env["nox.pbx.plan"].create(
                {
                    "pbx_id": pbx.id,
                    "plan_id": self.plan_id.id,
                    "date_start": self.date_start,
                }
            )
        pbx.message_post(
            body=self.env._(
                "Plan %(plan)s from %(date)s.",
                plan=self.plan_id.name,
                date=self.date_start,
            )
        )
        if pbx.review_count:
            return pbx.action_review_coverage()
        return {"type": "ir.actions.act_window_close"}
