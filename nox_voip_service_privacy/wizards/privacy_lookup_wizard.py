from odoo import models
from odoo.tools import SQL

# Where the service keeps a name without a contact.
NAMES = {
    "nox.pbx.seat": ("name",),
    "helpdesk.ticket": ("partner_name", "seat_name", "signed_off_by"),
    "sale.order": ("signed_by",),
    "nox.notice": ("opened_by",),
}


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's own look-up finds contacts and mail addresses; users of PBXs, and who
    signed, are names."""

    _inherit = "privacy.lookup.wizard"

    def _get_query(self):
        name = self.name.strip()
        found = [
            SQL(
                "SELECT %s AS res_model_id, id AS res_id, %s AS is_active FROM %s"
                " WHERE %s",
                self.env["ir.model"]._get_id(model),
                SQL.identifier("active") if "active" in self.env[model] else True,
                SQL.identifier(self.env[model]._table),
                SQL(" OR ").join(
                    SQL("%s ILIKE %s", SQL.identifier(field), name) for field in names
                ),
            )
            for model, names in NAMES.items()
        ]
        return SQL(
            "SELECT DISTINCT res_model_id, res_id, is_active FROM (%s) found",
            SQL(" UNION ALL ").join([super()._get_query(), *found]),
        )
