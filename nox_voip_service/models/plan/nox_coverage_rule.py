from odoo import api, fields, models


class NoxCoverageRule(models.Model):
    """One row of a plan's decision table: the first row that matches a request decides
    it. An empty condition matches anything."""

    _name = "nox.coverage.rule"
    _inherit = ["nox.coverage.row"]
    _description = "Coverage Rule"
    _order = "plan_id, sequence, id"
    _table_field = "plan_id"

    plan_id = fields.Many2one(
        "nox.service.plan", required=True, ondelete="cascade", index=True
    )
    override_count = fields.Integer(compute="_compute_override_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_override_count(self):
        counts = dict(
            self.env["nox.coverage.override"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.override_count = counts.get(rule, 0)

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("plan_id")
    def _check_reachable_in_plan(self):
        self._check_reachable()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
