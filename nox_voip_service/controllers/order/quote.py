from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.image import base64_to_image

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal
from odoo.addons.sale_management.controllers.portal import (
    CustomerPortal as OptionPortal,
)

from ..base.values import date_range, number, quantity, text

MAX_NAME = 200
MAX_REASON = 2000
MAX_SIGNATURE = 2 * 1024 * 1024


class ServiceQuotePortal(CustomerPortal):
    """Approving and declining the quotes of tickets. What may be approved is the
    order's own decision; here the customer hears it before anything is written."""

    @http.route()
    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        token = access_token or request.httprequest.args.get("access_token")
        name = text(name)
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
            draft = self._quote_in_the_making(order_id, token)
            return {
                "error": draft._portal_changing_message()
                if draft
                else request.env._("This quote does not exist any more.")
            }
        refusal = self._service_refusal(order) or self._signature_refusal(signature)
        if refusal:
            return {"error": refusal}
        if order.service_kind == "quote":
            approval = order._approval_by(request.env.user)
            request.update_context(nox_approval=approval)
        answer = super().portal_quote_accept(order_id, text(token), name, signature)
        if order.service_kind == "quote" and "error" not in answer:
            order._keep_copy_of_page()
        return answer

    def _service_refusal(self, order):
        """Why this person cannot approve what this page shows; empty if they can."""
        if order.service_kind != "quote":
            return ""
        refusal = order._portal_state_refusal()
        if refusal:
            return refusal
        seen = request.httprequest.args.get("content")
        if seen != order.service_content_hash:
            return order._portal_changed_message()
        user = request.env.user
        return order._portal_approver_refusal(user) or order._portal_grade_refusal(user)

    def _signature_refusal(self, signature):
        """The base tries to store and print whatever it is sent."""
        try:
            if len(signature) > MAX_SIGNATURE or not isinstance(signature, str):
                raise ValueError
            base64_to_image(signature)
        except (TypeError, ValueError, UserError):
            return request.env._("The signature did not arrive. Please sign again.")
        return ""

    @http.route()
    def portal_quote_decline(
        self, order_id, access_token=None, decline_message=None, **kwargs
    ):
        reason = text(decline_message)[:MAX_REASON]
        token = text(access_token)
        try:
            order = self._document_check_access("sale.order", order_id, token)
        except (AccessError, MissingError):
            return self._order_not_readable(order_id, token)
        if order.service_kind == "quote":
            if order._portal_approver_refusal(request.env.user):
                return request.redirect(
                    order.get_portal_url(query_string="&message=not_approver")
                )
            if reason and order._has_to_be_signed():
                # The technician reads the reason as soon as the order is cancelled.
                order.service_decline_reason = reason
        return super().portal_quote_decline(
            order_id, access_token=token, decline_message=reason, **kwargs
        )

    @http.route()
    def portal_order_page(self, order_id, access_token=None, **kw):
        """A payment link is no way around the approval of a quote."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return self._order_not_readable(order_id, access_token)
        if order.service_kind == "quote" and order.state != "sale":
            kw.pop("payment_amount", None)
        return super().portal_order_page(
            order_id, access_token=text(access_token), **kw
        )

    def _document_check_access(self, model_name, document_id, access_token=None):
        """A quote that is being made or changed is no quote yet: customers read none
        of it, not with its link either."""
        document = super()._document_check_access(model_name, document_id, access_token)
        if (
            model_name == "sale.order"
            and document._is_service_ours()
            and request.env.user.share
        ):
            raise AccessError(document._portal_changing_message())
        return document

    def _quote_in_the_making(self, order_id, access_token):
        """The draft quote that this visitor may read once it is sent; else none."""
        order = request.env["sale.order"].sudo().browse(number(order_id)).exists()
        if not order or not order._is_service_draft():
            return order.browse()
        token = text(access_token)
        by_link = token.isascii() and consteq(order.access_token or "", token)
        user = request.env.user
        customer = order.partner_id.commercial_partner_id
        own = not user._is_public() and user.commercial_partner_id == customer
        return order if own or (token and by_link) else order.browse()

    def _order_not_readable(self, order_id, access_token):
        """The answer to an order that this visitor does not get to read."""
        draft = self._quote_in_the_making(order_id, access_token)
        if draft:
            return request.render(
                "nox_voip_service.portal_quote_changing",
                {
                    **self._prepare_portal_layout_values(),
                    "page_name": "quote",
                    "quote": draft._portal_quote_values(request.env.user),
                },
            )
        if request.env.user._is_public():
            return request.redirect("/my")
        raise request.not_found()

    def _prepare_sale_portal_rendering_values(
        self, page=1, date_begin=None, date_end=None, sortby=None, **kwargs
    ):
        """The base takes any key and date from the address; here an unknown one is
        as good as none."""
        if sortby not in self._get_sale_searchbar_sortings():
            sortby = None
        date_begin, date_end = date_range(date_begin, date_end)
        return super()._prepare_sale_portal_rendering_values(
            page=number(page) or 1,
            date_begin=date_begin,
            date_end=date_end,
            sortby=sortby,
            **kwargs,
        )


class ServiceQuotePayment(PaymentPortal):
    """Paying is no way around the approval of a quote either."""

    @http.route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            order = None
        if order and order.service_kind == "quote" and order.state != "sale":
            raise ValidationError(
                request.env._("This quote is approved by signing it, not by paying.")
            )
        return super().portal_order_transaction(order_id, text(access_token), **kwargs)


class ServiceQuoteOptions(OptionPortal):
    """A customer chooses how many of an optional product, in numbers that are some."""

    @http.route()
    def portal_quote_option_update(
        self,
        order_id,
        line_id,
        access_token=None,
        remove=False,
        input_quantity=False,
        **kwargs,
    ):
        """The base takes any quantity: below nothing, of any size, or none at all."""
        wanted = False
        if input_quantity is not False:
            wanted = quantity(input_quantity)
            if wanted is None:
                return {"error": request.env._("Choose a number between 0 and 9,999.")}
        try:
            return super().portal_quote_option_update(
                order_id,
                number(line_id),
                access_token=text(access_token) or None,
                remove=bool(remove),
                input_quantity=wanted,
                **kwargs,
            )
        except UserError as refusal:
            return {"error": str(refusal)}
