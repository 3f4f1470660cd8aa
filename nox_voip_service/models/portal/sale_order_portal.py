from decimal import Decimal

from odoo import models
from odoo.tools import format_date, formatLang

from ...policy import grades
from ...policy.approvers import may_approve


class SaleOrder(models.Model):
    """A quote of a ticket as its customer meets it: what it is for, what approving
    it means, and why it cannot be approved."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # BUSINESS: no other way to approve than a signature
    # ------------------------------------------------------------------

    def _has_to_be_paid(self):
        return not self.service_kind and super()._has_to_be_paid()

    def _is_confirmation_amount_reached(self):
        """Paying confirms an order, but never a quote for service work."""
        return not self.service_kind and super()._is_confirmation_amount_reached()

    def _can_be_edited_on_portal(self):
        """A quote for work is approved or declined as it is: nothing on it is the
        customer's to change, least of all its blocks."""
        return not self.service_kind and super()._can_be_edited_on_portal()

    # ------------------------------------------------------------------
    # BUSINESS: what the customer reads
    # ------------------------------------------------------------------

    def _portal_state_refusal(self):
        """Why nobody can approve this quote now; empty if somebody can."""
        self.ensure_one()
        if self.state == "draft":
            return self._portal_changing_message()
        if self.state == "sale":
            return self.env._("This quote is approved already. We do the work.")
        if self.state == "cancel":
            return self.env._(
                "This quote was declined or withdrawn. Answer your request if you"
                " still want the work done."
            )
        if self._is_service_expired():
            return self.env._(
                "This quote was valid until %(date)s. Ask us for a new one by"
                " answering your request.",
                date=format_date(self.env, self.validity_date),
            )
        return ""

    def _is_service_draft(self):
        """A quote that was not sent, or is changed since: ours alone."""
        self.ensure_one()
        return self.service_kind == "quote" and self.state == "draft"

    def _is_service_ours(self):
        """A quote that customers read nothing of: it is being made or changed, or was
        withdrawn before anybody was sent it."""
        self.ensure_one()
        unsent = self.state == "cancel" and not self.service_sent_at
        return self._is_service_draft() or (self.service_kind == "quote" and unsent)

    def _portal_changing_message(self):
        """Without an amount: it is none before it is sent."""
        self.ensure_one()
        return self.env._(
            "We are changing this quote. You will get a message when it can be"
            " approved."
        )

    def _portal_changed_message(self):
        self.ensure_one()
        return self.env._(
            "This quote was changed after you opened it. It now amounts to"
            " %(amount)s including VAT. Please reload the page and look at it"
            " again.",
            amount=self._portal_amount(),
        )

    def _portal_amount(self):
        self.ensure_one()
        return formatLang(self.env, self.amount_total, currency_obj=self.currency_id)

    def _is_fixed_price(self):
        """Whether the quoted blocks are billed whole, whatever was worked; otherwise
        they are the most that is billed."""
        self.ensure_one()
        return self.sudo().service_ticket_id.plan_id.quote_billing == "fixed"

    def _portal_amount_text(self):
        """What approving this quote costs, in one sentence."""
        self.ensure_one()
        amount = self._portal_amount()
        if self._is_fixed_price():
            return self.env._("The amount is %(amount)s including VAT.", amount=amount)
        return self.env._(
            "For this quote you pay at most %(amount)s including VAT.", amount=amount
        )

    def _portal_approved_text(self):
        self.ensure_one()
        amount = self._portal_amount()
        if self._is_fixed_price():
            return self.env._(
                "Approved: we do the work for %(amount)s including VAT.", amount=amount
            )
        return self.env._(
            "Approved: we do the work. %(amount)s including VAT is the most that it"
            " costs without a new approval.",
            amount=amount,
        )

    def _portal_approver_refusal(self, user):
        """Why this user is not one who answers this quote; empty when they are.

        :param user: the one who looks; the public user is nobody
        """
        self.ensure_one()
        approvers = self._quote_approvers()
        if not approvers:
            return ""
        if user.partner_id in approvers:
            return self._portal_limit_refusal(user.partner_id)
        if len(approvers) == 1:
            return self.env._(
                "Only %(name)s can approve or decline quotes of this PBX, after"
                " logging in.",
                name=approvers.name,
            )
        return self.env._(
            "Only %(names)s can approve or decline quotes of this PBX, after logging"
            " in.",
            names=", ".join(approvers.mapped("name")),
        )

    def _portal_limit_refusal(self, partner):
        """Why this approver may not answer a quote of this amount; empty if he may."""
        self.ensure_one()
        acting = self.sudo().service_ticket_id.pbx_id._acting_approvers()
        amount = Decimal(str(self.sudo()._amount_in_company_currency()))
        if may_approve(acting.get(partner.id), amount):
            return ""
        able = [
            number for number, limit in acting.items() if may_approve(limit, amount)
        ]
        names = self.env["res.partner"].sudo().browse(able).mapped("name")
        if names:
            return self.env._(
                "This quote is above the amount that you may approve. %(names)s can"
                " approve or decline it, after logging in.",
                names=", ".join(names),
            )
        return self.env._(
            "This quote is above the amount that the approvers of this PBX may approve."
            " Please contact us."
        )

    def _portal_grade_refusal(self, user):
        """Why this visitor's approval would not be strong enough; empty when it is.
        Declining asks for nothing."""
        self.ensure_one()
        wanted = self.service_grade_needed or "link"
        if grades.is_enough(self._approval_by(user).grade, wanted):
            return ""
        if not self._is_customers_own(user):
            return self.env._(
                "A quote of this amount is approved after logging in, by somebody of"
                " %(customer)s.",
                customer=self.sudo().partner_id.commercial_partner_id.name,
            )
        return self.env._(
            "A quote of this amount is approved with a code that we mail to you."
        )

    def _portal_code_state(self, user):
        """How the code of this visitor stands; empty when none is asked for."""
        self.ensure_one()
        asked = grades.of_customer(self.service_grade_needed)
        if asked != "code" or not self._is_customers_own(user):
            return ""
        return self.env["nox.approval.code"]._state_of(self, user)

    def _portal_seal_text(self):
        """What became of the sealed copy of this approval; empty where none is."""
        self.ensure_one()
        if self.service_seal_state == "waits":
            return self.env._(
                "We seal the PDF of your approval and keep it; your approval counts"
                " already."
            )
        if self.service_seal_state == "sealed":
            return self.env._(
                "The PDF of your approval was sealed on %(date)s: whoever opens it sees"
                " whether a letter of it was changed.",
                date=format_date(self.env, self.service_sealed_at),
            )
        return ""

    def _portal_may_answer(self, user):
        """Whether this user gets buttons to approve and decline: none that end in a
        refusal."""
        self.ensure_one()
        return self.service_kind != "quote" or not self._portal_approver_refusal(user)

    def _portal_signer_name(self, user):
        """The name to sign with, until somebody types another."""
        self.ensure_one()
        if not user._is_public():
            return user.name
        return self.sudo().service_ticket_id.partner_id.name or self.partner_id.name

    def _portal_quote_values(self, user):
        """Values of the box above a quote; empty for other orders."""
        self.ensure_one()
        if self.service_kind != "quote":
            return {}
        ticket = self.sudo().service_ticket_id
        can_read = not user._is_public() and ticket.with_user(user).has_access("read")
        waits = self._has_to_be_signed()
        if waits:
            sentence = self.env._("The work starts after your approval.")
        elif self.state in ("draft", "sent") and not self._is_service_expired():
            sentence = self._portal_changing_message()
        elif self.state == "sale":
            sentence = self._portal_approved_text()
            if self.service_approval_grade == grades.STANDING:
                sentence += " " + self.env._("It was approved beforehand.")
            sentence = " ".join(filter(None, [sentence, self._portal_seal_text()]))
        else:
            sentence = self._portal_state_refusal()
        refusal = code_state = ""
        if waits:
            refusal = self._portal_approver_refusal(user)
            if not refusal:
                refusal = self._portal_grade_refusal(user)
                code_state = self._portal_code_state(user)
        return {
            "ticket": ticket.display_name,
            "ticket_url": ticket.access_url if can_read else "",
            "sentence": sentence,
            "refusal": refusal,
            "code_state": code_state,
            "code_email": user.sudo().email if code_state else "",
            "login_url": self._portal_login_url() if user._is_public() else "",
            "waits": waits,
        }
