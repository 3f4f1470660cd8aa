from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class NoxServicePlan(models.Model):
    """A plan counts the same for as long as tickets count by it: another block or limit
    would change what they cost (docs/ARCHITECTURE.md#plans-do-not-look-back)."""

    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("time_product_id", "block_minutes")
    def _check_time_product_unit(self):
        """One piece of the time product is one block: of a product that is sold by the
        hour, 2 blocks would be billed as 2 hours."""
        for plan in self:
            unit = plan.time_product_id.uom_id
            if unit and not plan._is_block(unit):
                raise ValidationError(
                    self.env._(
                        "%(product)s is counted in %(unit)s, and plan %(plan)s bills"
                        " blocks of %(minutes)s minutes. Give the product the unit of a"
                        " block, or 'Units'.",
                        product=plan.time_product_id.display_name,
                        unit=unit.name,
                        plan=plan.name,
                        minutes=plan.block_minutes,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _check_units_of(self, products):
        """The products that plans bill time with, in any company, count blocks."""
        companies = self.env["res.company"].sudo()
        for company in companies.search([("active", "in", (True, False))]):
            self.sudo().with_company(company).with_context(active_test=False).search(
                [("time_product_id", "in", products.ids)]
            )._check_time_product_unit()

    def _is_block(self, unit):
        """Whether one of this unit is one block: the shipped unit, a unit of so many
        minutes, or pieces."""
        self.ensure_one()
        hour = self.env.ref("uom.product_uom_hour")
        shipped = self.env.ref("nox_voip_service.uom_block", raise_if_not_found=False)
        if unit == shipped:
            return True
        if unit._has_common_reference(hour):
            hours = unit._compute_quantity(1, hour, round=False)
            return round(hours * 60) == self.block_minutes
        return not unit.relative_uom_id

    def _check_nothing_counted(self):
        """Another way of counting would make invoiced blocks due again, take back
        what was released, or release what was held; in sudo, to see the tickets of
        every company of the plan."""
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        for plan in self:
            if tickets.search_count(
                [
                    ("plan_id", "=", plan.id),
                    "|",
                    ("worked_minutes", ">", 0),
                    ("quote_id", "!=", False),
                ],
                limit=1,
            ):
                raise UserError(
                    self.env._(
                        "Tickets under plan %(plan)s have time or a quote, and another"
                        " way of counting would change what they cost. Make a plan of"
                        " its own for it, and move the PBXs to it on a day: with a"
                        " letter to all customers by 'Index prices', ground 'Terms"
                        " changed', or one by one with 'Change plan'.",
                        plan=plan.name,
                    )
                )

    def _refresh_warnings(self):
        """Who works on an open ticket is warned by the new figure; money does not
        hang on it."""
        if not self:
            return
        tickets = (
            self.env["helpdesk.ticket"]
            .sudo()
            .search([("plan_id", "in", self.ids), ("closed", "=", False)])
        )
        tickets.modified(["estimated_minutes"])
        tickets._after_service_change()
