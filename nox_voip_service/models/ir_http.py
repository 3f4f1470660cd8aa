from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Words in the scripts of the portal's pages are read in Dutch too: ours, and
        those of the conversation below each page, which the base leaves in English."""
        modules = super()._get_translation_frontend_modules_name()
        return [*modules, "mail", "nox_voip_service"]
