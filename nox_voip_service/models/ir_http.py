from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Our words in the scripts of the portal's pages are read in Dutch too."""
        modules = super()._get_translation_frontend_modules_name()
        return [*modules, "nox_voip_service"]
