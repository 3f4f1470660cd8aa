from odoo import fields, models

from ..base import sealing


class ResConfigSettings(models.TransientModel):
    """With what the copies of approvals are sealed."""

    _inherit = "res.config.settings"

    service_seal_id = fields.Many2one(related="company_id.service_seal_id")
    service_seal_is_own = fields.Boolean(related="service_seal_id.is_own")
    service_tsa_url = fields.Char(related="company_id.service_tsa_url", readonly=False)
    service_can_seal = fields.Boolean(compute="_compute_service_can_seal")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_service_can_seal(self):
        self.service_can_seal = sealing.is_available()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_upload_seal(self):
        """Choose the file of a certificate."""
        self.browse().check_access("create")
        return {
            "name": self.env._("Certificate"),
            "type": "ir.actions.act_window",
            "res_model": "nox.seal.upload",
            "view_mode": "form",
            "target": "new",
        }

    def action_make_seal(self):
        """Make a certificate that we vouch for ourselves."""
        self.browse().check_access("create")
        self.env["nox.seal"]._make_own(self.env.company)
        return {"type": "ir.actions.client", "tag": "reload"}
