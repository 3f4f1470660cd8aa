from odoo import fields, models


class ResCompany(models.Model):
    """How long the names of users who left are kept."""

    _inherit = "res.company"

    service_retention_years = fields.Integer(
        string="Names of users are kept",
        default=7,
        help="Whole years after the year in which a user left; then the name is"
        " erased, and what was billed stays. 0: names are never erased.",
    )

    _service_retention_not_negative = models.Constraint(
        "CHECK (service_retention_years >= 0)",
        "Names are kept for a number of years, or for ever with 0.",
    )
