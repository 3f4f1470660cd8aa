import hashlib
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError

from ...policy import approval_code, grades
from ..base.guard import for_readers
from ..plan.nox_approval_grade import GRADES


class Approval(NamedTuple):
    """How a customer approves: made by a page of ours and handed on in the context. No
    value that a request carries is one of these."""

    grade: str
    partner: int | None = None


class SaleOrder(models.Model):
    """How strong the approval of a quote has to be, how strong it was, and the copy
    that was signed."""

    _inherit = "sale.order"

    service_grade_needed = fields.Selection(
        GRADES,
        string="Approval asked for",
        copy=False,
        readonly=True,
        help="By the plan and the amount, when the quote was sent.",
    )
    service_approval_grade = fields.Selection(
        [
            *GRADES,
            ("staff", "Recorded by us, with its proof"),
            ("standing", "Beforehand, by a standing approval"),
        ],
        string="Approved how",
        copy=False,
        readonly=True,
    )
    service_approver_id = fields.Many2one(
        "res.partner",
        string="Approved by",
        copy=False,
        readonly=True,
        help="Who was logged in; empty: whoever had the link, or see the proof.",
    )
    service_signed_copy_id = fields.Many2one(
        "ir.attachment",
        string="Approved copy",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="The quote as it was approved; it is never printed again from later data.",
    )

    service_copy_hash = fields.Char(
        string="SHA-256 of the approved copy", copy=False, readonly=True
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_signed_copy(self):
        """The quote as it was approved."""
        self.ensure_one()
        copy = self._approved_paper()
        if not copy:
            raise UserError(self.env._("There is no approved copy of this quote."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{copy.id}?download=true",
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _needed_grade(self):
        """The grade that this quote asks for, by its plan and its amount."""
        self.ensure_one()
        plan = self.sudo().service_ticket_id.plan_id
        return plan._needed_grade(self._amount_in_company_currency())

    def _used_grade(self):
        """How this quote is being approved."""
        self.ensure_one()
        approval = self.env.context.get("nox_approval")
        if self.service_proof_ids and not self.signature:
            return grades.STAFF
        if self.sudo().standing_use_ids:
            return grades.STANDING
        return approval.grade if isinstance(approval, Approval) else grades.GRADES[0]

    def _grade_refusal(self):
        """Why the approval that is being given is not strong enough; empty if it is."""
        self.ensure_one()
        if grades.is_enough(self._used_grade(), self.service_grade_needed or "link"):
            return ""
        return self.env._(
            "%(quote)s is approved in the portal, %(how)s; or use 'Approved otherwise'"
            " and attach the proof.",
            quote=self.name,
            how=self._grade_words(),
        )

    def _grade_words(self):
        """The grade that is asked for, as part of a sentence."""
        self.ensure_one()
        if grades.of_customer(self.service_grade_needed) == "code":
            return self.env._("logged in and with a code by mail")
        return self.env._("logged in")

    def _keep_approval(self):
        """How, by whom, and the paper as it was: at the moment of the approval."""
        approval = self.env.context.get("nox_approval")
        for order in self:
            grade = order._used_grade()
            known = isinstance(approval, Approval) and grade != grades.STAFF
            # Where no page of ours said how, it is not known; the link was enough.
            is_told = isinstance(approval, Approval) or grade not in grades.GRADES
            order.sudo().write(
                {
                    "service_approval_grade": is_told and grade,
                    "service_approver_id": known and approval.partner,
                }
            )
            if grade == "code":
                codes = self.env["nox.approval.code"].sudo()
                codes.search(
                    [("order_id", "=", order.id), ("used_at", "=", False)]
                ).used_at = fields.Datetime.now()

    def _keep_copy(self, made=None):
        """Store the quote as it was approved, with its SHA-256.

        :param made: content that was printed at the approval; None: print it now
        """
        self.ensure_one()
        kind = "pdf"
        if made is None:
            made, kind = (
                self.env["ir.actions.report"]
                .sudo()
                .with_context(lang=self.partner_id._service_lang())
                ._render_qweb_pdf("sale.action_report_saleorder", self.ids)
            )
        copy = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.name.replace('/', '-')}-approved.{kind}",
                    "raw": made,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.sudo().write(
            {
                "service_signed_copy_id": copy.id,
                "service_copy_hash": hashlib.sha256(made).hexdigest(),
            }
        )

    def _keep_copy_of_page(self):
        """Of an approval in the portal: what the base printed at that moment."""
        self.ensure_one()
        printed = self.sudo().message_ids.attachment_ids.filtered(
            lambda each: each.name == f"{self.name}.pdf"
        )
        self._keep_copy(printed.sorted("id")[-1:].raw or None)
        self._ask_for_seal()

    def _is_customers_own(self, user):
        """Whether this log-in is of the customer of the quote."""
        self.ensure_one()
        customer = self.sudo().partner_id.commercial_partner_id
        return not user._is_public() and user.commercial_partner_id == customer

    def _approval_by(self, user):
        """How strong an approval by this visitor is now."""
        self.ensure_one()
        if not self._is_customers_own(user):
            return Approval("link")
        state = self.env["nox.approval.code"]._state_of(self, user)
        grade = "code" if state == "confirmed" else "login"
        return Approval(grade, user.partner_id.id)

    def _code_lifetime_minutes(self):
        return int(approval_code.LIFETIME.total_seconds() // 60)
