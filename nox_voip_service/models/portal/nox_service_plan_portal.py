from odoo import api, models

from ...policy import coverage


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
            "open": [self._portal_request_text(gap) for gap in gaps],
        }

    @api.model
    def _portal_request_text(self, request):
        """A (partial) request as a customer says it: "Other work, remotely"."""
        work = {
            "adjustment": self.env._("A change"),
            "user_addition": self.env._("A user"),
            "number_addition": self.env._("A new number"),
            "hardware": self.env._("Programming of a device"),
            "fault": self.env._("A fault"),
            "question": self.env._("A question"),
            "other": self.env._("Other work"),
            None: self.env._("Any request"),
        }
        facts = {
            "location": {
                "remote": self.env._("remotely"),
                "on_site": self.env._("at your place"),
            },
            "replaces_user": {
                True: self.env._("who replaces somebody"),
                False: self.env._("who replaces nobody"),
            },
            "warranty": {
                True: self.env._("under warranty"),
                False: self.env._("without warranty"),
            },
            "fault_domain": {
                "own": self.env._("caused by our platform"),
                "customer": self.env._("caused by your network or equipment"),
                "third_party": self.env._("caused by another supplier"),
            },
        }
        known = [texts.get(getattr(request, name)) for name, texts in facts.items()]
        return ", ".join([work[request.scope], *filter(None, known)])
