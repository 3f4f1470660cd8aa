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
    service_request_limit = fields.Integer(
        related="company_id.service_request_limit", readonly=False
    )
    service_portal_time = fields.Selection(
        related="company_id.service_portal_time", readonly=False
    )
    service_run_automatic = fields.Boolean(
        related="company_id.service_run_automatic", readonly=False
    )
    service_invoice_mode = fields.Selection(
        related="company_id.service_invoice_mode", readonly=False
    )
    service_invoice_separate = fields.Boolean(
        related="company_id.service_invoice_separate", readonly=False
    )
    service_long_running_days = fields.Integer(
        related="company_id.service_long_running_days", readonly=False
    )
    service_correction_months = fields.Integer(
        related="company_id.service_correction_months", readonly=False
    )
    service_tz = fields.Selection(related="company_id.service_tz", readonly=False)
    service_dispute_days = fields.Integer(
        related="company_id.service_dispute_days", readonly=False
    )
    service_dispute_user_id = fields.Many2one(
        related="company_id.service_dispute_user_id", readonly=False
    )
    service_certificate_months = fields.Integer(
        related="company_id.service_certificate_months", readonly=False
    )
    service_certificate_reminder_days = fields.Integer(
        related="company_id.service_certificate_reminder_days", readonly=False
    )
