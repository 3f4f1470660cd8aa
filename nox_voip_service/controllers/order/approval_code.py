from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..base.values import text
from .quote import ServiceQuotePortal

MAX_CODE = 20


class ApprovalCodePortal(ServiceQuotePortal):
    """The code that a strong approval asks for: mailed, and typed again."""

    @http.route(
        "/my/orders/<int:order_id>/approval_code",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_approval_code(self, order_id, access_token=None, **kw):
        """Mail a code to whoever is logged in and may approve this quote."""
        order = self._order_asking_for_a_code(order_id, access_token)
        try:
            request.env["nox.approval.code"]._mail_to(order, request.env.user)
        except UserError as refusal:
            request.session["nox_code_message"] = str(refusal)
        return self._back_to(order)

    @http.route(
        "/my/orders/<int:order_id>/approval_code/check",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_approval_code_check(self, order_id, access_token=None, code=None, **kw):
        """Compare what was typed with what was mailed."""
        order = self._order_asking_for_a_code(order_id, access_token)
        typed = "".join(text(code, MAX_CODE).split())
        record = request.env["nox.approval.code"]._newest(order, request.env.user)
        if record and typed.isascii() and record._try(typed):
            return self._back_to(order, "&sign=1")
        request.session["nox_code_message"] = request.env._(
            "This is not the code, or it is too old. Look at the newest mail, or ask"
            " for another code."
        )
        return self._back_to(order)

    def _order_asking_for_a_code(self, order_id, access_token):
        """The quote, when this visitor reads it and may approve it with a code."""
        try:
            order = self._document_check_access(
                "sale.order", order_id, text(access_token) or None
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        user = request.env.user
        if (
            not order._has_to_be_signed()
            or not order._portal_code_state(user)
            or order._portal_approver_refusal(user)
        ):
            raise request.not_found()
        return order

    def _back_to(self, order, query=""):
        return request.redirect(
            order.get_portal_url(query_string=query, anchor="nox_approval_code")
        )
