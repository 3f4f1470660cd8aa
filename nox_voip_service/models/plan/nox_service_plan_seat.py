from odoo import api, models, tools
from odoo.exceptions import UserError


class NoxServicePlan(models.Model):
    """Which product sells the users of which plan."""

    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _plan_by_seat_product(self, company_id):
        """``{product id: plan id}`` of a company. Cached, because every line of every
        order asks; a write on a plan clears it."""
        company = self.env["res.company"].browse(company_id)
        plans = (
            self.sudo()
            .with_company(company)
            .search([("company_id", "in", (False, company_id))])
        )
        return {plan.seat_product_id.id: plan.id for plan in reversed(plans)}

    def _check_policy_not_billed(self):
        """Another way of counting would correct every month that was billed, of every
        customer and company of the plan; in sudo, to see them all."""
        for plan in self:
            if (
                self.env["nox.seat.charge"]
                .sudo()
                .search_count([("plan_id", "=", plan.id)], limit=1)
            ):
                raise UserError(
                    self.env._(
                        "Users of plan %(plan)s are billed already, and another way of"
                        " counting would change those bills. Make a plan of its own for"
                        " it, and move the PBXs to it on a day with 'Change plan'.",
                        plan=plan.name,
                    )
                )
