from odoo import models

# Payment lines in these states wait for their file, or are in one.
ORDERED = ("draft", "open", "generated")


class AccountMove(models.Model):
    _inherit = "account.move"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _is_to_collect(self):
        """Whether money of this invoice is to be collected and in no order yet."""
        self.ensure_one()
        open_lines = self.line_ids.filtered(
            lambda line: (
                not line.reconciled
                and line.account_id.account_type == "asset_receivable"
                and line.payment_mode_id.payment_order_ok
            )
        )
        ordered = open_lines.payment_line_ids.filtered(
            lambda line: line.state in ORDERED
        )
        return bool(self.state == "posted" and open_lines and not ordered)
