import uuid

from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.portal.controllers.portal import CustomerPortal

from ...models.portal.helpdesk_ticket_details import DETAILS
from ..base import values as browser

ACTIONS = ("check", "send")
# Of a random UUID in hexadecimal.
KEY_LENGTH = 32


class ServiceRequestPortal(CustomerPortal):
    """New request: what is asked, and live beside it what it will cost and why.

    The browser sends choices. Customer, plan, price and verdict are found here, for
    the preview and again when the request is sent.
    """

    # ------------------------------------------------------------------
    # ROUTES
    # ------------------------------------------------------------------

    @http.route(
        "/my/telephony/request",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def portal_new_request(self, action="send", **form):
        """The form; with POST the verdict on it (``check``) or the ticket."""
        if not request.env["nox.pbx"].has_access("read"):
            return request.redirect("/my")
        posted = request.httprequest.method == "POST"
        sending = posted and browser.choice(action, ACTIONS, "send") == "send"
        sent = sending and self._sent_already(form)
        if sent:
            return self._lead_to(sent)
        if not posted:
            form = self._repeated(form) or self._reported(form)
        chosen = self._chosen(form)
        if not sending:
            return self._render_request(form, chosen)
        texts = {
            "name": browser.text(form.get("subject"), browser.MAX_SUBJECT),
            "description": browser.text(
                form.get("description"), browser.MAX_DESCRIPTION
            ),
            "customer_reference": browser.text(
                form.get("reference"), browser.MAX_REFERENCE
            ),
        }
        uploads, wrong_files = browser.files(
            request.httprequest.files.getlist("attachment")
        )
        details, wrong_details = request.env["helpdesk.ticket"]._portal_read_details(
            self._details(form), chosen["pbx"], chosen["category"]
        )
        errors = self._request_errors(chosen, texts, wrong_files) | wrong_details
        if errors:
            return self._render_request(form, chosen, errors, status=422)
        if request.env["helpdesk.ticket"]._portal_requests_exceeded():
            errors = {"": request.env["helpdesk.ticket"]._portal_exceeded_message()}
            return self._render_request(form, chosen, errors, status=429)
        try:
            with mute_logger("odoo.sql_db"), request.env.cr.savepoint():
                ticket = request.env["helpdesk.ticket"]._create_portal_request(
                    request.env.user.partner_id,
                    **chosen,
                    **texts,
                    **details,
                    request_key=self._form_key(form),
                )
                ticket.flush_recordset(["request_key"])
        except UniqueViolation:
            # The same form came twice at once. Only a new transaction sees the ticket
            # that the other one made.
            request.env.cr.rollback()
            return self._lead_to(self._sent_already(form))
        request.env["ir.attachment"].sudo().create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": "helpdesk.ticket",
                    "res_id": ticket.id,
                }
                for name, content in uploads
            ]
        )
        return self._lead_to(ticket)

    @http.route(
        "/my/telephony/request/preview", type="jsonrpc", auth="user", website=True
    )
    def portal_request_preview(self, **form):
        """The verdict on what is chosen so far; empty until it can be known.

        Part of the website, so that it speaks the language of the page, not the
        user's own.
        """
        if not request.env["nox.pbx"].has_access("read"):
            return {}
        chosen = self._chosen(form)
        return self._preview(chosen)

    @http.route(
        "/my/ticket/<int:ticket_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_ticket_answer(self, ticket_id, access_token=None, **form):
        """The customer answers what is missing; the verdict follows at once."""
        token = browser.text(access_token, 100) or None
        try:
            ticket = self._document_check_access(
                "helpdesk.ticket", browser.number(ticket_id), token
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        pbxs = ticket._portal_pbxs()
        kinds = self._kinds(ticket.company_id)
        pbx = pbxs.filtered(lambda p: p.id == browser.number(form.get("pbx")))
        kind = kinds.filtered(lambda k: k.id == browser.number(form.get("kind")))
        answers = ticket._portal_read_answers(form)
        saved = False
        try:
            with request.env.cr.savepoint():
                # Whoever answers, the ticket's own user environment writes: sudo for
                # the rights, the visitor as the author.
                saved = (
                    request.env["helpdesk.ticket"]
                    .browse(ticket.id)
                    .sudo()
                    ._portal_answer(pbx, kind, answers)
                )
        except ValidationError:
            saved = False
        return request.redirect(
            ticket.get_portal_url(query_string=f"&answered={int(saved)}")
        )

    # ------------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------------

    def _form_key(self, form):
        """What tells one form from another, by whoever it is sent and however often;
        empty for a form that did not come from our page."""
        key = browser.text(form.get("key"), KEY_LENGTH)
        return key if len(key) == KEY_LENGTH and key.isalnum() else False

    def _sent_already(self, form):
        """The ticket that this very form made when it was sent before."""
        Ticket = request.env["helpdesk.ticket"].sudo()
        key = self._form_key(form)
        if not key:
            return Ticket
        own = request.env.user.partner_id
        return Ticket.search(
            [("request_key", "=", key), ("partner_id", "=", own.id)], limit=1
        )

    def _lead_to(self, ticket):
        return request.redirect(
            f"/my/ticket/{ticket.id}?sent=1" if ticket else "/my/tickets"
        )

    def _details(self, form):
        """``{name: text}`` of what the form asks beside the facts of the verdict."""
        return {
            name: browser.text(form.get(name), most) for name, most in DETAILS.items()
        }

    def _repeated(self, form):
        """The form filled in as an earlier request of this customer; empty for none."""
        number = browser.number(form.get("again"))
        try:
            ticket = number and self._document_check_access("helpdesk.ticket", number)
        except (AccessError, MissingError):
            ticket = None
        if not ticket:
            return {}
        return {
            "pbx": str(ticket.pbx_id.id),
            "kind": str(ticket.category_id.id),
            "location": ticket.work_location,
            "subject": ticket.name,
            "description": html2plaintext(ticket.description or "").strip(),
            "reference": "",
        }

    def _reported(self, form):
        """The form as the list of users opens it: about somebody, filled in."""
        Ticket = request.env["helpdesk.ticket"]
        seat = Ticket._portal_leaver(
            browser.text(form.get("leaver"), 10), self._request_pbxs()
        )
        about = browser.text(form.get("about"), 10)
        xmlid, title = Ticket._portal_user_report(about, seat)
        kind = xmlid and request.env.ref(xmlid, raise_if_not_found=False)
        if not kind or (about != "new" and not seat):
            return form
        return {
            "pbx": str(seat.pbx_id.id) if seat else form.get("pbx"),
            "leaver": str(seat.id) if seat else "",
            "kind": str(kind.id),
            "subject": title,
            "description": title + ".",
        }

    def _request_pbxs(self):
        """The PBXs that this user can ask for: the customer's own that run."""
        customer = request.env.user.commercial_partner_id
        Pbx = request.env["nox.pbx"]
        return Pbx.search(
            Domain("commercial_partner_id", "=", customer.id)
            & Pbx._portal_alive_domain()
        )

    def _kinds(self, company):
        Category = request.env["helpdesk.ticket.category"].sudo()
        return Category.search(Category._request_domain(company))

    def _chosen(self, form):
        """``{pbx, category, answers}`` of a form, each empty unless it is this
        customer's to choose."""
        pbxs = self._request_pbxs()
        wanted = browser.number(form.get("pbx"))
        pbx = pbxs if len(pbxs) == 1 else pbxs.filtered(lambda p: p.id == wanted)
        pbx = pbx.sudo()
        kinds = self._kinds(pbx.company_id or request.env.company)
        kind = kinds.filtered(lambda k: k.id == browser.number(form.get("kind")))
        answers = request.env["helpdesk.ticket"]._portal_read_answers(form, kind)
        return {"pbx": pbx, "category": kind, "answers": answers}

    def _preview(self, chosen):
        if not chosen["pbx"] or not chosen["category"]:
            return {}
        return request.env["helpdesk.ticket"]._portal_preview(
            request.env.user.partner_id, **chosen
        )

    def _request_errors(self, chosen, texts, wrong_files):
        """``{field: sentence}`` of what keeps the form from being sent."""
        errors = {}
        if not chosen["pbx"]:
            errors["pbx"] = request.env._("Choose the telephone system this is about.")
        if not chosen["category"]:
            errors["kind"] = request.env._("Choose what you would like to change.")
        for name, field, limit in (
            ("subject", "name", browser.MAX_SUBJECT),
            ("description", "description", browser.MAX_DESCRIPTION),
            ("reference", "customer_reference", browser.MAX_REFERENCE),
        ):
            if len(texts[field]) > limit:
                errors[name] = request.env._(
                    "This text is too long: at most %(length)s characters.",
                    length=limit,
                )
        if not texts["name"]:
            errors["subject"] = request.env._("Give your request a short title.")
        if not texts["description"]:
            errors["description"] = request.env._("Describe what you would like.")
        if chosen["pbx"].reference_required and not texts["customer_reference"]:
            errors["reference"] = request.env._(
                "Your company wants its own reference on every request."
            )
        if wrong_files:
            errors["attachment"] = {
                "too_many": request.env._(
                    "At most %(count)s files.", count=browser.MAX_FILES
                ),
                "too_large": request.env._(
                    "A file can be at most %(size)s MB.",
                    size=browser.MAX_FILE_BYTES // 2**20,
                ),
                "wrong_type": request.env._(
                    "This kind of file cannot be sent. Possible are: %(types)s",
                    types=", ".join(kind[1:] for kind in browser.FILE_TYPES),
                ),
            }[wrong_files]
        return errors

    def _render_request(self, form, chosen, errors=None, status=200):
        """The form as the customer filled it in, with what is wrong and the verdict."""
        pbxs = self._request_pbxs()
        preview = self._preview(chosen)
        response = request.render(
            "nox_voip_service.portal_new_request",
            dict(
                self._prepare_portal_layout_values(),
                page_name="telephony_request",
                pbxs=pbxs,
                kinds=self._kinds(chosen["pbx"].company_id or request.env.company),
                pbx=chosen["pbx"],
                kind=chosen["category"],
                preview=preview,
                options=request.env["helpdesk.ticket"]._portal_answer_options(),
                details=self._details(form),
                seats=request.env["helpdesk.ticket"]._portal_seats(pbxs),
                urgencies=request.env["helpdesk.ticket"]._portal_urgencies(),
                errors=errors or {},
                unknown=request.env._("I do not know"),
                key=self._form_key(form) or uuid.uuid4().hex,
                # What was typed is not lost, within reason.
                subject=browser.text(form.get("subject"), 2 * browser.MAX_SUBJECT),
                description=browser.text(
                    form.get("description"), 5 * browser.MAX_DESCRIPTION
                ),
                reference=browser.text(
                    form.get("reference"), 2 * browser.MAX_REFERENCE
                ),
                max_files=browser.MAX_FILES,
                max_megabytes=browser.MAX_FILE_BYTES // 2**20,
                file_types=",".join(browser.FILE_TYPES),
            ),
        )
        response.status_code = status
        return response
