from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.portal.controllers.portal import CustomerPortal


class ServiceTicketController(HelpdeskTicketController, CustomerPortal):
    """A customer closes an own ticket: by POST, never somebody else's."""

    @http.route(
        "/ticket/close", type="http", auth="user", methods=["GET", "POST"], website=True
    )
    def support_ticket_close(self, **kw):
        """The base closes any ticket, by GET. Here GET changes nothing, and POST
        (with its token) only what the user may read."""
        ticket_id, stage_id = _number(kw.get("ticket_id")), _number(kw.get("stage_id"))
        try:
            ticket = self._document_check_access("helpdesk.ticket", ticket_id)
        except (AccessError, MissingError):
            return request.redirect("/my/tickets")
        stage = request.env["helpdesk.ticket.stage"].browse(stage_id).exists()
        if request.httprequest.method == "POST" and self._may_close(ticket, stage):
            try:
                with request.env.cr.savepoint():
                    ticket.sudo().stage_id = stage
            except ValidationError as error:
                ticket.sudo().message_post(
                    body=str(error), subtype_xmlid="mail.mt_note"
                )
                return request.redirect(f"{ticket.get_portal_url()}&not_closed=1")
        return request.redirect(ticket.get_portal_url())

    def _may_close(self, ticket, stage):
        applicable = ticket.sudo().team_id._get_applicable_stages()
        return stage.close_from_portal and stage in applicable


def _number(text):
    """An id from a form; 0, which is nobody's, for anything else."""
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 10 else 0
