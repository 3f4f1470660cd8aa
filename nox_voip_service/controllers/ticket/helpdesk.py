from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

from ..base import values as browser

MAX_SEARCH = 100
MAX_TOKEN = 100


class ServiceTicketController(HelpdeskTicketController):
    """The base's ways to make and to close a ticket, for customers with a PBX and for
    hostile input: requests within limits, closing by POST and only one's own."""

    # ------------------------------------------------------------------
    # A NEW TICKET
    # ------------------------------------------------------------------

    @http.route()
    def create_new_ticket(self, **kw):
        """A customer with a PBX asks on the page that shows the verdict."""
        Pbx = request.env["nox.pbx"]
        customer = request.env.user.commercial_partner_id
        if Pbx.has_access("read") and Pbx.search_count(
            Domain("commercial_partner_id", "=", customer.id)
            & Pbx._portal_alive_domain(),
            limit=1,
        ):
            return request.redirect("/my/telephony/request")
        return super().create_new_ticket()

    @http.route()
    def submit_ticket(self, **kw):
        form = {
            "subject": browser.text(kw.get("subject"), browser.MAX_SUBJECT),
            "description": browser.text(kw.get("description"), browser.MAX_DESCRIPTION),
            "category": self._visible_category(kw.get("category")),
            "team": browser.number(kw.get("team")),
            "attachment": kw.get("attachment"),
        }
        _uploads, wrong_files = browser.files(
            request.httprequest.files.getlist("attachment")
        )
        for upload in request.httprequest.files.getlist("attachment"):
            upload.seek(0)
        if (
            request.httprequest.method != "POST"
            or wrong_files
            or not 0 < len(form["subject"]) <= browser.MAX_SUBJECT
            or not 0 < len(form["description"]) <= browser.MAX_DESCRIPTION
        ):
            return self._refuse_ticket(422)
        if request.env["helpdesk.ticket"]._portal_requests_exceeded():
            return self._refuse_ticket(429)
        return super().submit_ticket(**form)

    def _refuse_ticket(self, status):
        values = self._get_create_new_ticket_values()
        response = request.render(
            "helpdesk_mgmt.portal_create_ticket", dict(values, refused=status)
        )
        response.status_code = status
        return response

    def _visible_category(self, value):
        category = request.env["helpdesk.ticket.category"].search(
            [("id", "=", browser.number(value)), ("show_in_portal", "=", True)]
        )
        return category.id

    # ------------------------------------------------------------------
    # CLOSING
    # ------------------------------------------------------------------

    @http.route(
        "/ticket/close", type="http", auth="user", methods=["GET", "POST"], website=True
    )
    def support_ticket_close(self, **kw):
        """The base closes any ticket, by GET. Here GET changes nothing, and POST
        (with its token) only what the user may read."""
        ticket_id = browser.number(kw.get("ticket_id"))
        stage_id = browser.number(kw.get("stage_id"))
        try:
            ticket = request.env["helpdesk.ticket"].browse(ticket_id)
            ticket.check_access("read")
            ticket = ticket.exists().ensure_one().sudo()
        except (AccessError, MissingError, ValueError):
            raise request.not_found() from None
        stage = request.env["helpdesk.ticket.stage"].browse(stage_id).exists()
        if request.httprequest.method == "POST" and self._may_close(ticket, stage):
            try:
                with request.env.cr.savepoint():
                    ticket.sudo().stage_id = stage
            except ValidationError as error:
                ticket.sudo().message_post(
                    body=str(error), subtype_xmlid="mail.mt_note"
                )
                return request.redirect(f"{ticket.access_url}?not_closed=1", 302)
        # As the base answers: whoever may close reads the ticket without its token.
        return request.redirect(ticket.access_url, 302)

    def _may_close(self, ticket, stage):
        applicable = ticket.sudo().team_id._get_applicable_stages()
        return stage.close_from_portal and stage in applicable


class ServiceTicketPortal(CustomerPortalHelpdesk):
    """The base's pages of tickets, which answer with a page whatever is asked.

    A class of its own: one that had both bases would answer the portal's common routes
    (the counters of the start page) without what other addons add to them.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "waiting_count" in counters:
            Ticket = request.env["helpdesk.ticket"]
            can_read = Ticket.has_access("read")
            values["waiting_count"] = len(Ticket._portal_waiting()) if can_read else 0
        return values

    @http.route()
    def portal_my_tickets(
        self,
        page=1,
        date_begin=None,
        date_end=None,
        sortby=None,
        filterby=None,
        search=None,
        search_in=None,
        groupby=None,
        **kw,
    ):
        """The base fails on a sort key it does not know, and on dates that are none."""
        date_begin, date_end = browser.date_range(date_begin, date_end)
        response = super().portal_my_tickets(
            page=browser.number(page) or 1,
            date_begin=date_begin,
            date_end=date_end,
            sortby=browser.choice(sortby, self._ticket_get_searchbar_sortings(), None),
            filterby=browser.text(filterby, 20) or None,
            search=browser.text(search, MAX_SEARCH)[:MAX_SEARCH] or None,
            search_in=browser.choice(
                search_in, self._ticket_get_searchbar_inputs(), None
            ),
            groupby=browser.choice(groupby, self._ticket_get_searchbar_groupby(), None),
        )
        if response.is_qweb:
            response.qcontext["waiting"] = request.env[
                "helpdesk.ticket"
            ]._portal_waiting()
        return response

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        token = browser.text(access_token, MAX_TOKEN) or None
        try:
            self._document_check_access(
                "helpdesk.ticket", browser.number(ticket_id), token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        return super().portal_my_ticket(ticket_id, access_token=token, **kw)

    def _ticket_get_searchbar_sortings(self):
        """The newest request is the one that was asked last, as the list shows."""
        sortings = super()._ticket_get_searchbar_sortings()
        sortings["date"]["order"] = "requested_on desc, id desc"
        return sortings

    def _ticket_get_searchbar_inputs(self):
        return dict(
            super()._ticket_get_searchbar_inputs(),
            open={
                "input": "open",
                "label": request.env._("Open requests, by system"),
                "order": 4,
            },
        )

    def _ticket_get_search_domain(self, search_in, search):
        if search_in == "open":
            return Domain("closed", "=", False) & Domain("pbx_id.name", "ilike", search)
        return super()._ticket_get_search_domain(search_in, search)

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        # The page is rendered in sudo; who looks decides what of it is shown.
        seen = request.env["helpdesk.ticket"].browse(ticket.id)
        service = seen._portal_service_values()
        missing = service.get("missing") or []
        attachments = seen._portal_attachments()
        for attachment in attachments:
            attachment.generate_access_token()
        values.update(
            service=service,
            own=seen._portal_is_own(),
            # Without a service plan there is no verdict, but there is a next step.
            next_step="" if service or ticket.about_pbx else ticket._portal_next_step(),
            attachments=attachments,
            options=seen._portal_answer_options() if missing else {},
            answer_pbxs=ticket._portal_pbxs() if "pbx" in missing else [],
            answer_kinds=self._answer_kinds(ticket) if "scope" in missing else [],
            sent=kwargs.get("sent") == "1",
            answered=browser.choice(kwargs.get("answered"), ("0", "1"), ""),
            not_closed=kwargs.get("not_closed") == "1",
        )
        return values

    def _answer_kinds(self, ticket):
        Category = request.env["helpdesk.ticket.category"].sudo()
        return Category.search(
            Category._request_domain(ticket.company_id) + [("outside_plan", "=", False)]
        )
