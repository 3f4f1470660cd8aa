from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import by_code, for_readers
from ...models.billing.account_move import SERVICE_REBILL


class AccountMoveReversal(models.TransientModel):
    """Crediting service work or users asks whether it is to be billed again: *no*
    leaves the time frozen and the blocks waived, *yes* makes exactly what is credited
    due again."""

    _inherit = "account.move.reversal"

    has_service_work = fields.Boolean(compute="_compute_has_service_work")
    service_rebill = fields.Selection(
        SERVICE_REBILL,
        string="Bill it again",
        default="no",
        required=True,
    )
    dispute_id = fields.Many2one(
        "nox.invoice.dispute",
        string="Question",
        readonly=True,
        help="The question of the customer that this credit note answers.",
    )
    dispute_outcome = fields.Selection(
        [("goodwill", "Goodwill"), ("corrected", "Corrected")], readonly=True
    )

    @api.depends("move_ids")
    def _compute_has_service_work(self):
        for wizard in self:
            wizard.has_service_work = any(wizard.move_ids.mapped("has_service_work"))

    def _prepare_default_reversal(self, move):
        return dict(
            super()._prepare_default_reversal(move), service_rebill=self.service_rebill
        )

    @for_readers
    def reverse_moves(self, is_modify=False):
        if is_modify:
            # The corrected invoice bills the work again at once.
            self.service_rebill = "yes"
        dispute = self.dispute_id
        if dispute:
            dispute._check_can_answer()
        # What the credit note credits goes along from the invoice.
        wizard = by_code(self.with_context(service_dispute_id=dispute.id))
        action = super(AccountMoveReversal, wizard).reverse_moves(is_modify=is_modify)
        if dispute:
            self._answer_dispute(is_modify)
        return action

    def _answer_dispute(self, is_modify):
        """Credit the line that the customer questioned, not the whole invoice."""
        if not is_modify:
            lines = self.new_move_ids.invoice_line_ids
            answer = lines.filtered(lambda line: line.dispute_id == self.dispute_id)
            if not answer:
                raise UserError(
                    self.env._(
                        "What the customer asks about is credited already. Answer the"
                        " question with a text."
                    )
                )
            (lines - answer - answer._rounding_lines()).unlink()
        self.dispute_id._close_with(self.dispute_outcome or "goodwill")
