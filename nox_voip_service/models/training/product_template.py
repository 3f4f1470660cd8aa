from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_admin_training = fields.Boolean(
        string="Administrator training",
        help="Selling it makes a place per person, to be given a contact, a date and a "
        "result. People who attended are invoiced.",
    )

    @api.constrains("uom_id")
    def _check_unit_of_time(self):
        self.env["nox.service.plan"]._check_units_of(self.product_variant_ids)
