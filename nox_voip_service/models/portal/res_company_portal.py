from odoo import fields, models


class ResCompany(models.Model):
    """What a company offers its customers in the portal."""

    _inherit = "res.company"

    # A field, so that a list of invoices asks once.
    has_online_payment = fields.Boolean(
        compute="_compute_has_online_payment",
        help="Some payment provider is switched on and published.",
    )

    def _compute_has_online_payment(self):
        Provider = self.env["payment.provider"].sudo()
        for company in self:
            company.has_online_payment = bool(
                Provider.search_count(
                    [
                        *Provider._check_company_domain(company),
                        ("state", "in", ("enabled", "test")),
                        ("is_published", "=", True),
                    ],
                    limit=1,
                )
            )
