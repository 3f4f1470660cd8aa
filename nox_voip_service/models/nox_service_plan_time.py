from odoo import models
from odoo.exceptions import UserError

# What blocks and limits of every ticket are counted with.
COUNTING_FIELDS = (
    "block_minutes",
    "grace_minutes",
    "rounding_scope",
    "quote_threshold_minutes",
    "quote_billing",
)


class NoxServicePlan(models.Model):
    """A plan counts the same for as long as tickets count by it (design 5.1, law 5)."""

    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        # Who may not write hears that, and not what tickets there are.
        self.check_access("write")
        self.filtered(
            lambda plan: any(
                name in vals and plan[name] != vals[name] for name in COUNTING_FIELDS
            )
        )._check_nothing_counted()
        warned = self.filtered(
            lambda plan: (
                plan.warn_minutes != vals.get("warn_minutes", plan.warn_minutes)
            )
        )
        res = super().write(vals)
        warned._refresh_warnings()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

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
                        " its own for it, and move the PBXs to it on a day with 'Change"
                        " plan'.",
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
