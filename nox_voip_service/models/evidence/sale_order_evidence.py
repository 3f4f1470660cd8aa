import base64
import hashlib

from odoo import models

from ...policy import canonical, grades, quotes
from ...policy.evidence import money_text
from .collector import day, moment


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _evidence_part(self, pack):
        """The part that says what was ordered, and who approved it.

        :return: its id
        """
        return pack.part("quote", self.name, lambda: self._evidence_content(pack))

    def _evidence_content(self, pack):
        ticket = self.service_ticket_id
        digits = self.currency_id.decimal_places
        approved = self.state == "sale"
        is_quote = self.service_kind == "quote"
        return {
            "number": self.name,
            "ticket": ticket._evidence_part(pack) if ticket else None,
            "kind": self.service_kind or "order",
            "approval_order": self._evidence_approval_order(),
            "blocks": self.service_blocks,
            "lines": [
                line._evidence_content()
                for line in self.order_line
                if not line.display_type
            ],
            "untaxed": money_text(self.amount_untaxed, digits),
            "total": money_text(self.amount_total, digits),
            "valid_until": day(self.validity_date) if is_quote else None,
            "made_at": moment(self.create_date),
            "sent_at": moment(self.service_sent_at),
            "content_hash": self.service_content_hash or None,
            "content_text": self._evidence_hashed_text(pack),
            "state": quotes.state(self.state, is_expired=self.is_service_quote_expired),
            "approved_by": (approved and self._evidence_approver()) or None,
            "approved_at": moment(approved and self.service_approved_at),
            "signed_at": moment(approved and self.signed_on),
            "grade": self._evidence_grade() if approved and is_quote else None,
            "signature_sha256": self._evidence_signature() if approved else None,
            "proof_sha256": self._evidence_proofs(),
            "decline_reason": self.service_decline_reason or None,
        }

    def _evidence_approval_order(self):
        """Which of the approved quotes of its ticket this is; blocks fill them in this
        order."""
        ticket = self.service_ticket_id
        if not ticket:
            return None
        approved = ticket._service_time_lines().order_id
        approved = [each for each in approved if each.service_kind == "quote"]
        return approved.index(self) + 1 if self in approved else None

    def _evidence_hashed_text(self, pack):
        """What the approval is bound to, letter by letter."""
        if not self.service_content_hash:
            return None
        text = self._service_hashed_text()
        if canonical.digest(text) == self.service_content_hash:
            return text
        pack.note(
            "content_moved",
            self.env._(
                "The content of %(quote)s that was approved cannot be shown any more:"
                " what it names was changed since.",
                quote=self.name,
            ),
            about=f"quote:{self.name}",
        )
        return None

    def _evidence_grade(self):
        """How strong the approval is, as far as it was kept."""
        if self.service_proof_ids:
            return "staff"
        return self.service_approval_grade or None

    def _evidence_approver(self):
        """Who signed, or in whose name it was approved beforehand."""
        return self.signed_by or self.service_approver_id.name

    def _evidence_proofs(self):
        """SHA-256 of what proves an approval besides a signature: what staff filed, the
        copy that was kept when a standing approval was used, the sealed copy."""
        found = [
            hashlib.sha256(proof.raw or b"").hexdigest()
            for proof in self.service_proof_ids
        ]
        if self.service_approval_grade == "standing" and self.service_copy_hash:
            found.append(self.service_copy_hash)
        if self.service_approval_grade == grades.SIGNED:
            found.append(self.service_sealed_hash)
        return sorted(found)

    def _evidence_signature(self):
        if not self.signature:
            return None
        return hashlib.sha256(base64.b64decode(self.signature)).hexdigest()
