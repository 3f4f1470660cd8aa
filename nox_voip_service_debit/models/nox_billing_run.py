from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.nox_voip_service.models.base.guard import for_readers


class NoxBillingRun(models.Model):
    """The run's invoices carry the payment mode of contract or customer, and with it
    the mandate; what is to be collected goes to one debit order."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_debit(self):
        """Put the posted invoices of the run that are collected, and are in no payment
        order yet, into the draft order of their payment mode."""
        self.ensure_one()
        self._check_accountant()
        self.env["account.payment.order"].check_access("create")
        moves = self.move_ids.filtered(lambda move: move._is_to_collect())
        if not moves:
            raise UserError(
                self.env._(
                    "No posted invoice of this run is still to be collected: each is"
                    " paid, or in a payment order, or of a customer who pays himself."
                )
            )
        return moves.create_account_payment_line()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _invoice_keys(self):
        return (*super()._invoice_keys(), "payment_mode_id")
