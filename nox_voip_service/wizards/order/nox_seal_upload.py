import base64
import binascii

from odoo import api, fields, models

from ...models.base.guard import for_readers


class NoxSealUpload(models.TransientModel):
    """The file of a certificate, with its password: kept for as long as it takes."""

    _name = "nox.seal.upload"
    _description = "Certificate to Seal With"

    content = fields.Binary(string="File", required=True, attachment=False)
    file_name = fields.Char()
    password = fields.Char(groups="base.group_system")

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("content", "password")
    def _check_can_be_opened(self):
        """Before it is stored: what cannot be used leaves no password behind."""
        for upload in self:
            self.env["nox.seal"]._opened(upload._file(), upload.password)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_use(self):
        """Seal with this certificate from now on."""
        self.ensure_one()
        self.check_access("write")
        self.env["nox.seal"]._keep(self.env.company, self._file(), self.password)
        self.unlink()
        return {"type": "ir.actions.client", "tag": "reload"}

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _file(self):
        self.ensure_one()
        try:
            return base64.b64decode(self.content or b"")
        except binascii.Error:
            return b""
