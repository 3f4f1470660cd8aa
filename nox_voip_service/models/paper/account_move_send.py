from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """The monthly statement goes along with the mail of its invoice, where the company
    wants it."""

    _inherit = "account.move.send"

    # ------------------------------------------------------------------
    # ATTACHMENTS
    # ------------------------------------------------------------------

    @api.model
    def _get_placeholder_mail_attachments_data(self, move, **kwargs):
        """Odoo renders a report that is named here when the mail goes out, by hand or
        by its queue, and lets the sender leave it out."""
        attachments = super()._get_placeholder_mail_attachments_data(move, **kwargs)
        if move.company_id.service_statement_attached and move.has_statement:
            filename = f"{move._statement_filename()}.pdf"
            attachments.append(
                {
                    "id": f"placeholder_{filename}",
                    "name": filename,
                    "mimetype": "application/pdf",
                    "placeholder": True,
                    "dynamic_report": "nox_voip_service.report_statement",
                }
            )
        return attachments
