from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.nox_voip_service.models.order.sale_order import COMMERCIAL_FIELDS


class SaleOrder(models.Model):
    """A quote of a ticket that falls under a tier is validated before it is sent, not
    when its customer signs: what was sent is a promise."""

    _inherit = "sale.order"

    service_validated_hash = fields.Char(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="SHA-256 of the content for which the validation was asked.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_need_validation(self):
        """A base order carries time that was released: nobody can refuse it any more.
        A quote that was sent was validated, or needed none when it was."""
        res = super()._compute_need_validation()
        for order in self:
            if order.service_kind == "base" or (
                order.service_kind == "quote" and order.state == "sent"
            ):
                order.need_validation = False
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_send(self):
        """Ask for the validation that is missing, instead of sending. Not refused: a
        technician whose entry makes the quote is not to lose it."""
        if self.state == "draft" and self._is_validation_missing():
            self._ask_validation()
            if self._is_validation_missing():
                return None
        return super()._service_send()

    def _check_ready_to_send(self):
        res = super()._check_ready_to_send()
        if self.sudo()._is_validation_missing():
            raise UserError(self._validation_message())
        return res

    def _is_validation_missing(self):
        """Whether a tier applies and has not said yes to this content."""
        self.ensure_one()
        if self.service_kind != "quote":
            return False
        if not self.review_ids:
            return self.need_validation
        return (
            self.validation_status != "validated"
            or self.sudo().service_validated_hash != self._service_hash()
        )

    def _ask_validation(self):
        """Ask the reviewers, once for one content; a reviewer who sends says yes."""
        order = self.sudo()
        content = order._service_hash()
        if order.review_ids and order.service_validated_hash != content:
            order.review_ids.unlink()
            order.invalidate_recordset(["need_validation", "validation_status"])
        if not order.review_ids:
            order.service_validated_hash = content
            order._validate_tier(order.request_validation())
            order.invalidate_recordset(["need_validation", "validation_status"])

    def _validation_message(self):
        self.ensure_one()
        order = self.sudo()
        people = order.review_ids.reviewer_ids
        return self.env._(
            "Quote %(quote)s is not sent yet: %(people)s must validate it first. Send"
            " it again afterwards.",
            quote=order.name,
            people=", ".join(people.mapped("name")) or self.env._("a reviewer"),
        )

    def _tier_validation_check_write_allowed(self, vals):
        """Of a quote of a ticket the content alone is kept while it is validated, and
        code of ours (in sudo) may change it: then it is asked anew. The base refuses
        every write, the sending and the customer's signature too."""
        free = self.filtered(
            lambda order: (
                order.service_kind
                and (order.env.su or not COMMERCIAL_FIELDS & vals.keys())
            )
        )
        return super(SaleOrder, self - free)._tier_validation_check_write_allowed(vals)
