from decimal import Decimal

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...policy import approvers, grades
from .sale_order_grade import Approval


class SaleOrder(models.Model):
    """A quote inside what its customer approved beforehand: nobody is asked, and the
    approver hears at once."""

    _inherit = "sale.order"

    standing_use_ids = fields.One2many("nox.standing.use", "order_id", readonly=True)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _approve_by_standing(self):
        """Approve this draft quote when it is inside a standing approval, in the name
        of an approver whose own limit it is inside of; whether it was.

        In sudo: who enters the estimate is a technician without rights on orders, and
        the customer agreed to it beforehand.
        """
        self.ensure_one()
        order = self.sudo()
        ticket, pbx = order.service_ticket_id, order.service_ticket_id.pbx_id
        if order.state != "draft" or order.service_by_hand or ticket._needs_estimate():
            return False
        today = order.company_id._service_today()
        approval = self.env["nox.standing.approval"]._in_force(pbx, today)
        if not approval:
            return False
        amount = Decimal(str(order._amount_in_company_currency()))
        heard = approvers.who_hears(pbx._policy_approvers(), today, amount)
        people = self.env["res.partner"].sudo().browse(heard)
        if (
            not people.filtered("email")
            or not approval._covers(ticket, order.service_blocks, amount)
            or not order._can_be_sent()
        ):
            return False
        order._use_standing(approval, people, amount)
        return True

    def _can_be_sent(self):
        """A quote that lacks what its customer wants on it is not approved either."""
        try:
            self._check_ready_to_send()
        except UserError:
            return False
        return True

    def _use_standing(self, approval, people, amount):
        """Record the use, approve the quote by it, and tell the approver."""
        self.ensure_one()
        # Two at one moment: the second is repeated, and finds what the first used.
        approval.last_used_at = fields.Datetime.now()
        approval.flush_recordset(["last_used_at"])
        self.env["nox.standing.use"].sudo().create(
            {
                "standing_id": approval.id,
                "order_id": self.id,
                "used_on": self.company_id._service_today(),
                "blocks": self.service_blocks,
                "amount": float(amount),
                "approver_id": people[:1].id,
                "told_ids": [Command.set(people.filtered("email").ids)],
            }
        )
        order = self.with_context(nox_approval=Approval(grades.STANDING, people[:1].id))
        order.write({"state": "sent"})
        order.action_confirm()
        order._keep_copy()
        self._tell_of_standing(people.filtered("email"))

    def _tell_of_standing(self, people):
        """At once, each in his language."""
        template = self.env.ref("nox_voip_service.mail_template_standing_used")
        for readers in people.grouped("lang").values():
            self.with_context(
                service_quote_readers=readers.ids
            ).message_post_with_source(
                template, subtype_xmlid="mail.mt_comment", force_send=False
            )

    def _standing_rest_text(self):
        """What of a standing approval is used up after this quote, in one sentence."""
        self.ensure_one()
        approval = self.sudo().standing_use_ids.standing_id[:1]
        if not approval.month_amount:
            return ""
        currency = approval.currency_id
        return self.env._(
            "Used this month: %(used)s of %(bound)s.",
            used=formatLang(self.env, approval.used_this_month, currency_obj=currency),
            bound=formatLang(self.env, approval.month_amount, currency_obj=currency),
        )

    def _amount_in_company_currency(self):
        self.ensure_one()
        company = self.company_id
        return self.currency_id._convert(
            self.amount_total, company.currency_id, company, fields.Date.today()
        )
