import base64
import io
import zipfile

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..base.values import number, text
from ..billing.invoice import ServiceInvoicePortal

REPORT = "nox_voip_service.action_report_evidence"


class EvidencePortal(ServiceInvoicePortal):
    """The evidence beside an invoice in the portal."""

    @http.route(
        "/my/invoices/<int:invoice_id>/evidence",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_invoice_evidence(self, invoice_id, access_token=None, **kw):
        """What led to each line, on paper."""
        move = self._evidence_of(invoice_id, access_token).move_id
        content, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            .with_company(move.company_id)
            ._render_qweb_pdf(REPORT, move.ids)
        )
        return self._evidence_file(
            content, "application/pdf", f"{move._evidence_filename()}.pdf"
        )

    @http.route(
        "/my/invoices/<int:invoice_id>/evidence/file",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_invoice_evidence_file(self, invoice_id, access_token=None, **kw):
        """The same as data, to recompute."""
        evidence = self._evidence_of(invoice_id, access_token)
        return self._evidence_file(
            base64.b64decode(evidence.file), "application/json", evidence.file_name
        )

    @http.route("/service/evidence.zip", type="http", auth="user", methods=["GET"])
    def evidence_zip(self, ids="", **kw):
        """The files of several invoices, for who may read them all."""
        numbers = [number(each) for each in text(ids).split(",")]
        evidence = request.env["nox.invoice.evidence"].browse(filter(None, numbers))
        if not evidence or evidence.exists() != evidence:
            raise request.not_found()
        try:
            evidence.check_access("read")
        except AccessError:
            raise request.not_found() from None
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in evidence.filtered("head"):
                archive.writestr(each.file_name, base64.b64decode(each.file))
        return self._evidence_file(buffer.getvalue(), "application/zip", "evidence.zip")

    def _evidence_of(self, invoice_id, access_token):
        """The evidence of an invoice that this visitor may read; else: not found."""
        try:
            invoice = self._document_check_access(
                "account.move", invoice_id, text(access_token)
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        evidence = invoice._evidence()
        if not evidence:
            raise request.not_found()
        return evidence

    def _evidence_file(self, content, kind, name):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", kind),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        if invoice._evidence():
            values["evidence_url"] = invoice.get_portal_url(suffix="/evidence")
            values["evidence_file_url"] = invoice.get_portal_url(
                suffix="/evidence/file"
            )
        return values
