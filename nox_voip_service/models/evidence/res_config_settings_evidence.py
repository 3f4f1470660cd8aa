from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_evidence_attached = fields.Boolean(
        related="company_id.service_evidence_attached", readonly=False
    )
