from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """With what a company seals the copies of approvals."""

    _inherit = "res.company"

    service_seal_id = fields.Many2one(
        "nox.seal",
        string="Certificate",
        readonly=True,
        ondelete="set null",
        groups="base.group_system",
    )
    service_tsa_url = fields.Char(
        string="Time stamp service",
        groups="base.group_system",
        help="Address of a time stamp service (RFC 3161). Empty: the seal carries the"
        " time of this server.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("service_tsa_url")
    def _check_service_tsa_url(self):
        for company in self.sudo().filtered("service_tsa_url"):
            try:
                parts = urlsplit(company.service_tsa_url)
                is_address = parts.scheme in ("http", "https") and parts.hostname
            except ValueError:
                is_address = False
            if not is_address:
                raise ValidationError(
                    self.env._(
                        "The address of a time stamp service starts with http:// or"
                        " https://."
                    )
                )
