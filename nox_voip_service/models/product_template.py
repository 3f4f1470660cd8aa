from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_admin_training = fields.Boolean(
        string="Administrator training",
        help="Selling it makes a place per person, to be given a contact, a date and a "
        "result. People who attended are invoiced.",
    )
