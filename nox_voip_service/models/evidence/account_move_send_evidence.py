from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """The evidence goes along with the mail of its invoice, where the company wants
    it: the paper, and the file."""

    _inherit = "account.move.send"

    @api.model
    def _get_placeholder_mail_attachments_data(self, move, **kwargs):
        attachments = super()._get_placeholder_mail_attachments_data(move, **kwargs)
        if move.company_id.service_evidence_attached and move._evidence():
            filename = f"{move._evidence_filename()}.pdf"
            attachments.append(
                {
                    "id": f"placeholder_{filename}",
                    "name": filename,
                    "mimetype": "application/pdf",
                    "placeholder": True,
                    "dynamic_report": "nox_voip_service.report_evidence",
                }
            )
        return attachments

    @api.model
    def _get_invoice_extra_attachments(self, move):
        res = super()._get_invoice_extra_attachments(move)
        if move.company_id.service_evidence_attached:
            res |= move._evidence()._mail_attachment().with_env(self.env)
        return res
