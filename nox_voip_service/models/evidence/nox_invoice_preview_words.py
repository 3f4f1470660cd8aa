from odoo import models

from ...policy import preview as policy


class NoxInvoicePreview(models.Model):
    """Why a bill differs from its preview, as a person would say it."""

    _inherit = "nox.invoice.preview"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _reason_sentence(self, reason):
        """One reason in the language of the environment."""
        self.ensure_one()
        words = self._fact_words() | self._event_words() | self._edit_words()
        sentence = words.get(reason["code"]) or words[policy.UNEXPLAINED]
        return sentence % {
            "line": self._line_name(reason["key"]),
            "was": self._spoken(reason["was"]),
            "now": self._spoken(reason["now"]),
        }

    def _spoken(self, text):
        """A figure of a reason as the language writes it; other words as they are."""
        try:
            return self._figure(text or 0)
        except ValueError:
            return text

    def _line_name(self, key):
        """What a line is about, in the words of the invoice: the PBX and month of
        users, the request of work."""
        for line in [*(self.lines or []), *(self.made_lines or [])]:
            if line["key"] == key:
                parts = line["text"].split("\n")
                return parts[1 if key.startswith("users ") and parts[1:] else 0]
        return self.env._("An added line")

    def _fact_words(self):
        """Facts that differ between the night and the bill."""
        return {
            "users": self.env._("%(line)s: users changed after the preview."),
            "period": self.env._(
                "%(line)s: the plan period changed after the preview."
            ),
            "price": self.env._("%(line)s: the price was %(was)s and became %(now)s."),
            "verdict": self.env._("%(line)s: the verdict changed after the preview."),
            "minutes": self.env._(
                "%(line)s: %(was)s minutes were worked at the preview, %(now)s at the"
                " bill."
            ),
            "approved": self.env._(
                "%(line)s: %(was)s blocks were approved at the preview, %(now)s at the"
                " bill."
            ),
            "waived": self.env._(
                "%(line)s: %(was)s blocks were waived at the preview, %(now)s at the"
                " bill."
            ),
            "sold": self.env._("%(line)s: the order changed after the preview."),
            "subject": self.env._("%(line)s: the subject changed after the preview."),
        }

    def _event_words(self):
        """What happened between the night and the bill."""
        return {
            "no_preview": self.env._(
                "%(line)s: this became due after the preview (%(now)s)."
            ),
            "parked": self.env._("%(line)s: the run parked this customer."),
            "finished": self.env._(
                "%(line)s: the request came to another stage after the preview"
                " (%(was)s, then %(now)s)."
            ),
            "logged": self.env._("%(line)s: time was recorded after the preview."),
            "decided": self.env._("%(line)s: the verdict changed after the preview."),
            "approved_since": self.env._(
                "%(line)s: the customer approved a quote after the preview."
            ),
            "attended": self.env._(
                "%(line)s: the training was attended or changed after the preview."
            ),
            "ordered": self.env._("%(line)s: this was ordered after the preview."),
            "users_since": self.env._("%(line)s: users changed after the preview."),
            "period_since": self.env._(
                "%(line)s: the plan period changed after the preview."
            ),
            "waived_since": self.env._(
                "%(line)s: blocks were waived after the preview."
            ),
            "withdrawn": self.env._("%(line)s: the invoice was deleted or cancelled."),
            "edited_since": self.env._("%(line)s: somebody edited the draft invoice."),
        }

    def _edit_words(self):
        """What people changed on the invoice, and what nothing explains."""
        return {
            "vat": self.env._("%(line)s: VAT was %(was)s and became %(now)s."),
            "edited": self.env._(
                "%(line)s: somebody changed the draft invoice, from %(was)s to %(now)s."
            ),
            "deleted": self.env._(
                "%(line)s: somebody took this off the draft invoice (%(was)s)."
            ),
            "by_hand": self.env._(
                "%(line)s: somebody put this on the draft invoice (%(now)s)."
            ),
            "reworded": self.env._("%(line)s: the sentence reads differently."),
            "cents": self.env._(
                "%(line)s: the cents of the invoice fell differently, beside its other"
                " lines."
            ),
            policy.UNEXPLAINED: self.env._(
                "%(line)s: shown %(was)s, billed %(now)s, and nothing explains it."
            ),
        }
