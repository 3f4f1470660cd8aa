from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    service_evidence_attached = fields.Boolean(
        string="Mail the evidence with the invoice",
        help="What led to each line, as PDF and as a file that anybody can recompute.",
    )
