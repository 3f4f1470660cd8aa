from odoo import api, fields, models

from .account_move import SERVICE_REBILL


class AccountMoveReversal(models.TransientModel):
    """Crediting service work asks whether it is to be billed again (design 5.2)."""

    _inherit = "account.move.reversal"

    has_service_work = fields.Boolean(compute="_compute_has_service_work")
    service_rebill = fields.Selection(
        SERVICE_REBILL,
        string="Bill the work again",
        default="no",
        required=True,
    )

    @api.depends("move_ids")
    def _compute_has_service_work(self):
        for wizard in self:
            wizard.has_service_work = any(wizard.move_ids.mapped("has_service_work"))

    def _prepare_default_reversal(self, move):
        return dict(
            super()._prepare_default_reversal(move), service_rebill=self.service_rebill
        )

    def reverse_moves(self, is_modify=False):
        if is_modify:
            # The corrected invoice bills the work again at once.
            self.service_rebill = "yes"
        return super().reverse_moves(is_modify=is_modify)
