import re

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..base.values import text
from ..billing.invoice import ServiceInvoicePortal

REPORT = "nox_voip_service.action_report_statement"


class StatementPortal(ServiceInvoicePortal):
    """The monthly statement in the portal, for who may read the invoice."""

    @http.route(
        "/my/invoices/<int:invoice_id>/statement",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_invoice_statement(self, invoice_id, access_token=None, **kw):
        """The statement beside an invoice as PDF."""
        try:
            invoice = self._document_check_access(
                "account.move", invoice_id, text(access_token)
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        if not invoice.has_statement:
            raise request.not_found()
        content, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            .with_company(invoice.company_id)
            ._render_qweb_pdf(REPORT, invoice.ids)
        )
        name = re.sub(r"\W+", "_", invoice._statement_filename())
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{name}.pdf")),
            ],
        )

    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        values["statement_url"] = (
            invoice.get_portal_url(suffix="/statement") if invoice.has_statement else ""
        )
        return values
