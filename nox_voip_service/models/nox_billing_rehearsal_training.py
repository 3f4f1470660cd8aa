from odoo import models


class NoxBillingRehearsal(models.TransientModel):
    """Attended trainings in the rehearsal, by the run's own domain."""

    _inherit = "nox.billing.rehearsal"

    # ------------------------------------------------------------------
    # BUSINESS: the next invoices
    # ------------------------------------------------------------------

    def _preview_invoices(self, run, customers):
        previews = super()._preview_invoices(run, customers)
        lines = run._training_lines_to_invoice(customers)
        for order, own in lines.grouped("order_id").items():
            customer = order.partner_id.commercial_partner_id
            self._preview_order(
                order.with_context(service_run_id=run.id),
                {line: line.qty_to_invoice for line in own},
                previews[customer]["invoices"],
            )
        return previews
