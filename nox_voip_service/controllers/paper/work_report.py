from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ...models.paper.helpdesk_ticket_sign_off import MOST_LETTERS
from ..base.values import number, text
from ..ticket.helpdesk import ServiceTicketPortal

REPORT = "nox_voip_service.action_report_work"


class WorkReportPortal(ServiceTicketPortal):
    """The work report on the page of a request, and signing the work off there."""

    def _own_ticket(self, ticket_id):
        """The request of a customer (or of us) that has a report to read; a link
        without a log-in opens none."""
        try:
            self._document_check_access("helpdesk.ticket", number(ticket_id))
        except (AccessError, MissingError):
            raise request.not_found() from None
        ticket = request.env["helpdesk.ticket"].browse(number(ticket_id))
        if not ticket._portal_has_work_report():
            raise request.not_found()
        return ticket

    @http.route(
        "/my/ticket/<int:ticket_id>/report",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_work_report(self, ticket_id, **kw):
        """The work report as PDF."""
        ticket = self._own_ticket(ticket_id)
        return self._show_report(ticket.sudo(), "pdf", REPORT, download=True)

    @http.route(
        "/my/ticket/<int:ticket_id>/sign-off",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_sign_off(self, ticket_id, name=None, remark=None, **kw):
        """The customer signs finished work off."""
        ticket = self._own_ticket(ticket_id)
        if request.env.user.share:
            ticket_answer = "1"
            try:
                ticket._sign_off(
                    request.env.user.partner_id,
                    text(name, MOST_LETTERS["name"]),
                    text(remark, MOST_LETTERS["remark"]),
                )
            except UserError:
                ticket_answer = "0"
            return request.redirect(f"/my/ticket/{ticket.id}?signed={ticket_answer}")
        # Our own people sign nothing off for a customer.
        raise request.not_found()

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        seen = request.env["helpdesk.ticket"].browse(ticket.id)
        has_report = seen._portal_has_work_report()
        values.update(
            work_report_url=f"/my/ticket/{ticket.id}/report" if has_report else "",
            may_sign_off=has_report
            and request.env.user.share
            and ticket._may_sign_off(),
            sign_off=has_report and ticket._sign_off_values(),
            signed=kwargs.get("signed") if kwargs.get("signed") in ("0", "1") else "",
            sign_off_letters=MOST_LETTERS,
        )
        return values
