from odoo import api, models
from odoo.exceptions import ValidationError


class NoxPbxPlan(models.Model):
    """A plan that asks for a certified administrator starts on a day that has one."""

    _inherit = "nox.pbx.plan"

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("plan_id", "date_start", "pbx_id")
    def _check_certified_administrator(self):
        for period in self.filtered("plan_id.requires_certified_admin"):
            sentence = period.pbx_id._uncertified_sentence(period.date_start)
            if sentence:
                raise ValidationError(
                    self.env._(
                        "%(plan)s cannot start. %(sentence)s Let somebody pass the"
                        " training first, or record a training that was held before.",
                        plan=period.plan_id.name,
                        sentence=sentence,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        periods = super().create(vals_list)
        periods.pbx_id._refresh_certification()
        return periods

    def write(self, vals):
        pbxs = self.pbx_id
        res = super().write(vals)
        if vals.keys() & {"plan_id", "date_start", "pbx_id"}:
            (pbxs | self.pbx_id)._refresh_certification()
        return res

    def unlink(self):
        pbxs = self.pbx_id
        res = super().unlink()
        pbxs.exists()._refresh_certification()
        return res
