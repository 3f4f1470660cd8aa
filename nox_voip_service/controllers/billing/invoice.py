import math

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount

from ...models.dispute.nox_invoice_dispute import MAX_REMARK
from ..base.values import date_range, number, text


class ServiceInvoicePortal(PortalAccount):
    """The customer's bill: every line explained, and a way to question one."""

    @http.route(
        "/my/invoices/<int:invoice_id>/question",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_invoice_question(
        self, invoice_id, line_id=None, remark=None, access_token=None, **kw
    ):
        """Question one line of an invoice with a remark."""
        try:
            invoice = self._document_check_access(
                "account.move", invoice_id, text(access_token)
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        remark = text(remark)
        partner = (
            invoice.partner_id
            if request.env.user._is_public()
            else request.env.user.partner_id
        )
        form = (invoice, access_token, line_id, remark)
        Ticket = request.env["helpdesk.ticket"]
        if Ticket._portal_requests_exceeded(partner, invoice.company_id):
            return self._question_refused(
                *form, Ticket._portal_exceeded_message(), status=429
            )
        try:
            with request.env.cr.savepoint():
                invoice._dispute_line(number(line_id), remark, partner)
        except (UserError, ValidationError) as error:
            return self._question_refused(*form, str(error))
        return request.redirect(
            invoice.get_portal_url(query_string="&questioned=1", anchor="lines")
        )

    def _question_refused(
        self, invoice, access_token, line_id, remark, error, status=200
    ):
        """The page of the invoice with the question as it was typed, and why not."""
        values = self._invoice_get_page_view_values(
            invoice,
            text(access_token),
            question_error=error,
            question_line=number(line_id),
            question_remark=remark[:MAX_REMARK],
        )
        response = request.render("account.portal_invoice_page", values)
        response.status_code = status
        return response

    @http.route("/my/charges/<int:charge_id>", type="http", auth="user", website=True)
    def portal_my_charge(self, charge_id, **kw):
        """How a month's number of users came about: the days of each user."""
        try:
            charge = self._document_check_access("nox.seat.charge", charge_id)
        except (AccessError, MissingError):
            raise request.not_found() from None
        values = {
            **self._prepare_portal_layout_values(),
            **charge._portal_charge_values(),
            "page_name": "seat_charge",
        }
        return request.render("nox_voip_service.portal_seat_charge", values)

    def _document_check_access(self, model_name, document_id, access_token=None):
        # The base compares a token that is no plain text, and fails.
        token = text(access_token)
        return super()._document_check_access(
            model_name, document_id, token if token.isascii() else None
        )

    def _show_report(self, model, report_type, report_ref, download=False):
        if model._name == "account.move" and model._is_customers_document():
            # The base says "pro forma" until there is a PDF: see the PDF itself.
            request.update_context(proforma_invoice=False)
        return super()._show_report(model, report_type, report_ref, download=download)

    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        # The base makes a number of it, of whatever it is.
        if not is_amount(kwargs.get("amount")):
            kwargs.pop("amount", None)
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        values["explained_lines"] = invoice._portal_explained_lines(request.env.user)
        for name in ("question_error", "question_line", "question_remark"):
            values[name] = kwargs.get(name)
        return values

    def _prepare_my_invoices_values(
        self,
        page,
        date_begin,
        date_end,
        sortby,
        filterby,
        domain=None,
        url="/my/invoices",
    ):
        """The base takes any key and date from the address; here an unknown one is
        as good as none."""
        if sortby not in self._get_account_searchbar_sortings():
            sortby = None
        if filterby not in self._get_account_searchbar_filters():
            filterby = None
        date_begin, date_end = date_range(date_begin, date_end)
        page = number(page) or 1
        return super()._prepare_my_invoices_values(
            page, date_begin, date_end, sortby, filterby, domain, url
        )


def is_amount(value):
    """Whether a text from a browser is a number that can be an amount."""
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False
