from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_project_id = fields.Many2one(
        related="company_id.service_project_id", readonly=False
    )
    service_quote_validity_days = fields.Integer(
        related="company_id.service_quote_validity_days", readonly=False
    )
    service_quote_reminder_days = fields.Integer(
        related="company_id.service_quote_reminder_days", readonly=False
    )
    service_quote_autosend = fields.Boolean(
        related="company_id.service_quote_autosend", readonly=False
    )
