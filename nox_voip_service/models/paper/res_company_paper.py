from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_statement_attached = fields.Boolean(
        string="Mail the monthly statement with the invoice",
        help="Users, requests, and what was included, as a second document.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_statement_attached = fields.Boolean(
        related="company_id.service_statement_attached", readonly=False
    )
