from odoo import fields, models


class ResCompany(models.Model):
    """Whether customers read in the portal what another plan would have cost."""

    _inherit = "res.company"

    service_portal_advice = fields.Boolean(
        string="Plan advice in the portal",
        help="Customers read what the other plans would have cost with their requests"
        " of the last year.",
    )
