from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools import formatLang

from odoo.addons.sale.controllers.portal import CustomerPortal

MAX_NAME = 200
MAX_REASON = 2000


class ServiceQuotePortal(CustomerPortal):
    """Approving and declining the quotes of tickets. What may be approved is the
    order's own decision; here the customer hears it before anything is written."""

    @http.route()
    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        token = access_token or request.httprequest.args.get("access_token")
        name = name.strip() if isinstance(name, str) else ""
        if not 0 < len(name) <= MAX_NAME:
            # The base prints a name of any length into a PDF, for minutes.
            return {
                "error": request.env._(
                    "Please sign with your name, at most %(length)s letters.",
                    length=MAX_NAME,
                )
            }
        try:
            order = self._document_check_access("sale.order", order_id, token)
        except (AccessError, MissingError):
            return super().portal_quote_accept(order_id, token, name, signature)
        refusal = self._service_refusal(order)
        if refusal:
            return {"error": refusal}
        return super().portal_quote_accept(order_id, token, name, signature)

    def _service_refusal(self, order):
        """Why this person cannot approve what this page shows; empty if they can."""
        if order.service_kind != "quote":
            return ""
        seen = request.httprequest.args.get("content")
        if order.state == "draft" or seen != order.service_content_hash:
            return request.env._(
                "This quote was changed after you opened it. It now amounts to"
                " %(amount)s including VAT. Please reload the page and look at it"
                " again.",
                amount=formatLang(
                    request.env, order.amount_total, currency_obj=order.currency_id
                ),
            )
        approvers = order.service_ticket_id.pbx_id.approver_ids
        if approvers and request.env.user.partner_id not in approvers:
            return request.env._(
                "Only %(names)s can approve quotes of this PBX, after logging in.",
                names=", ".join(approvers.mapped("name")),
            )
        return ""

    @http.route()
    def portal_quote_decline(
        self, order_id, access_token=None, decline_message=None, **kwargs
    ):
        reason = (decline_message or "").strip()[:MAX_REASON]
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if order.service_kind == "quote" and reason and order._has_to_be_signed():
            # The technician reads the reason as soon as the order is cancelled.
            order.service_decline_reason = reason
        return super().portal_quote_decline(
            order_id, access_token=access_token, decline_message=reason, **kwargs
        )
