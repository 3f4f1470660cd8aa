from odoo import api, models

from ...policy import coverage
from ..base.facts import FACTS


class NoxServicePlan(models.Model):
    """A plan as its customers read it: written by its rules, never a second text
    that can disagree with them."""

    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _portal_coverage(self, pbx=None):
        """``{"covered": rules, "billable": rules, "open": [text]}``: what is
        included, what is not, and what the rules leave open: by the rules that decide
        requests of today, about a PBX."""
        self.ensure_one()
        table = self._coverage_table(pbx and pbx.company_id._service_today(), pbx)
        # Rows that were replaced may still decide for this customer.
        rules = self.env["nox.coverage.rule"].sudo()
        rules = rules.browse([rule.key for rule in table.rules]).exists()
        by_outcome = rules.grouped("outcome")
        gaps = coverage.audit(table.rules).gaps
        return {
            "covered": by_outcome.get("covered", rules.browse()),
            "billable": by_outcome.get("billable", rules.browse()),
            "open": [self._portal_request_text(gap) for gap in gaps],
        }

    @api.model
    def _portal_request_text(self, request):
        """A (partial) request as a customer says it: "Other work, remotely"."""
        words = [fact.words.get(getattr(request, name)) for name, fact in FACTS.items()]
        return ", ".join(self.env._(text) for text in words if text is not None)
