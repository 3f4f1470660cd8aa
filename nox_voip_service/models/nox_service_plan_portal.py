from odoo import models

from ..policy import coverage


class NoxServicePlan(models.Model):
    """A plan as its customers read it: written by its rules, never a second text
    that can disagree with them."""

    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _portal_coverage(self):
        """``{"covered": rules, "billable": rules, "open": [text]}``: what is
        included, what is not, and what the rules leave open."""
        self.ensure_one()
        rules = self.sudo().rule_ids.filtered("active").sorted("sequence")
        by_outcome = rules.grouped("outcome")
        gaps = coverage.audit(rules._policy_rules()).gaps
        return {
            "covered": by_outcome.get("covered", rules.browse()),
            "billable": by_outcome.get("billable", rules.browse()),
            "open": [rules._describe_request(gap) for gap in gaps],
        }
