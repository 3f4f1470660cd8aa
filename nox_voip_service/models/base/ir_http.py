from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """There is no page at an address with the character NUL in it: the database
        takes it in no text, and the base answered with an error."""
        found = super()._match(path_info)
        if cls._has_nul():
            raise request.not_found()
        return found

    @classmethod
    def _serve_fallback(cls):
        return None if cls._has_nul() else super()._serve_fallback()

    @classmethod
    def _has_nul(cls):
        asked = request.httprequest
        return "\0" in asked.path or any(
            "\0" in text for pair in asked.args.items(multi=True) for text in pair
        )

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Words in the scripts of the portal's pages are read in Dutch too: ours, and
        those of the conversation below each page, which the base leaves in English."""
        modules = super()._get_translation_frontend_modules_name()
        return [*modules, "mail", "nox_voip_service"]
