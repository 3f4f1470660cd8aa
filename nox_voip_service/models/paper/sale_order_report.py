from odoo import models
from odoo.tools import format_date


class SaleOrder(models.Model):
    """A quote on the papers of its customer."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _work_report_values(self):
        """A quote as the work report names it: blocks, state, who signed when; no
        amount."""
        self.ensure_one()
        approved = self.state == "sale"
        return {
            "name": self.name,
            "work": self._portal_work_text(),
            "state": self._approved_text()
            if approved and self.service_approved_at
            else self.service_ticket_id._portal_quote_label(
                "quote_state", self._service_quote_state()
            ),
            "signature": self.signature if approved else False,
        }

    def _approved_text(self):
        """Who approved this quote, and when."""
        self.ensure_one()
        day = format_date(
            self.env, self.company_id._service_day(self.service_approved_at)
        )
        if not self.signed_by:
            return self.env._("Approved on %(day)s", day=day)
        return self.env._(
            "Approved by %(name)s on %(day)s", name=self.signed_by, day=day
        )
