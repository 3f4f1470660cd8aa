from odoo import api, models
from odoo.exceptions import ValidationError


class NoxServicePlan(models.Model):
    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("requires_certified_admin")
    def _check_running_plans_are_certified(self):
        """Refuse to ask for a certified administrator on a plan that a PBX runs without
        one."""
        plans = self.filtered("requires_certified_admin")
        running = (
            self.env["nox.pbx.plan"]
            .sudo()
            .search([("plan_id", "in", plans.ids)])
            .pbx_id
        )
        sentences = []
        for pbx in running:
            day = pbx._certification_day()
            sentence = day and pbx._uncertified_sentence(day)
            if sentence:
                sentences.append(sentence)
        if sentences:
            raise ValidationError(
                self.env._(
                    "This plan runs at customers without a certified administrator:"
                    " %(sentences)s",
                    sentences=" ".join(sentences[:5]),
                )
            )
