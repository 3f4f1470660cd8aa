from odoo import api, models, tools


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
