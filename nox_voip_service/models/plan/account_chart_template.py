from odoo import models

PRODUCTS = ("product_time", "product_seat", "product_training")


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _load(self, template_code, company, install_demo, force_create=True):
        """Our products have the sales tax of a chart that comes after them: Odoo gives
        it to those only that have a tax in another company, and bills would go out
        without VAT. Loaded again, a chart leaves what an accountant chose."""
        is_first = template_code != company.chart_template
        res = super()._load(template_code, company, install_demo, force_create)
        if is_first:
            products = self.env["product.template"].sudo()
            for name in PRODUCTS:
                product = self.env.ref(
                    f"nox_voip_service.{name}", raise_if_not_found=False
                )
                if product:
                    products |= product.sudo().product_tmpl_id
            products.filtered(
                lambda product: not product.taxes_id._filter_taxes_by_company(company)
            )._force_default_sale_tax(company)
        return res
