from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager as portal_pager

from ..base.values import number, text

PAGE = 20
MAX_TOKEN = 100


class NoticePortal(CustomerPortal):
    """Letters about changes; that a customer opened one is proof that it arrived."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "notice_count" in counters:
            Notice = request.env["nox.notice"]
            values["notice_count"] = (
                Notice.search_count(self._notice_domain())
                if Notice.has_access("read")
                else 0
            )
        return values

    # ------------------------------------------------------------------
    # ROUTES
    # ------------------------------------------------------------------

    @http.route(
        ["/my/notices", "/my/notices/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_notices(self, page=1, **kw):
        """The letters to this customer, the newest first."""
        Notice = request.env["nox.notice"]
        if not Notice.has_access("read"):
            return request.redirect("/my")
        domain = self._notice_domain()
        total = Notice.search_count(domain)
        pager = portal_pager(
            url="/my/notices", total=total, page=number(page) or 1, step=PAGE
        )
        letters = Notice.search(domain, limit=PAGE, offset=pager["offset"])
        return request.render(
            "nox_voip_service.portal_my_notices",
            dict(
                self._prepare_portal_layout_values(),
                page_name="notices",
                # What they may read is decided; how they stand is ours alone.
                letters=letters.sudo(),
                pager=pager,
            ),
        )

    @http.route(
        "/my/notices/<int:notice_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_my_notice(self, notice_id, access_token=None, download=None, **kw):
        """One letter, for its readers and for who has its link."""
        token = text(access_token, MAX_TOKEN) or None
        try:
            letter = self._document_check_access(
                "nox.notice", number(notice_id), token
            ).sudo()
        except (AccessError, MissingError):
            raise request.not_found() from None
        if not letter.attachment_id:
            raise request.not_found()
        self._note_opened(letter)
        if download:
            return self._letter_file(letter)
        return request.render(
            "nox_voip_service.portal_my_notice",
            dict(
                self._prepare_portal_layout_values(),
                page_name="notice",
                letter=letter,
                pdf_url=letter.get_portal_url(query_string="&download=1")
                if token
                else f"{letter.access_url}?download=1",
            ),
        )

    def _notice_domain(self):
        """Letters to this customer; those that are not written yet are ours by rule."""
        customer = request.env.user.commercial_partner_id
        return [("commercial_partner_id", "=", customer.id)]

    def _note_opened(self, letter):
        """A customer looks: not one of us, and not a program that only asks whether
        the page exists."""
        user = request.env.user
        if user._is_internal() or request.httprequest.method != "GET":
            return
        letter._read_by("" if user._is_public() else user.name)

    def _letter_file(self, letter):
        """The PDF as it was sent, not one that is printed again."""
        content = letter.attachment_id.raw
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                (
                    "Content-Disposition",
                    http.content_disposition(letter.attachment_id.name),
                ),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
