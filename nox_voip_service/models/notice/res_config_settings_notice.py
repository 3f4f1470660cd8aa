from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_notice_days = fields.Integer(
        related="company_id.service_notice_days", readonly=False
    )
    service_notice_proof = fields.Selection(
        related="company_id.service_notice_proof", readonly=False
    )
    service_notice_ending = fields.Text(
        related="company_id.service_notice_ending", readonly=False
    )
