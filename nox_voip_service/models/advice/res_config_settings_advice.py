from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_portal_advice = fields.Boolean(
        related="company_id.service_portal_advice", readonly=False
    )
