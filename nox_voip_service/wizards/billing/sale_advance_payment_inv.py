from odoo import models
from odoo.exceptions import UserError


class SaleAdvancePaymentInv(models.TransientModel):
    """A down payment is for what the order will invoice; its users never are."""

    _inherit = "sale.advance.payment.inv"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _create_invoices(self, sale_orders):
        if self.advance_payment_method == "delivered" or not any(
            line._is_seat_line() for line in sale_orders.order_line
        ):
            return super()._create_invoices(sale_orders)
        rest = sale_orders.order_line.filtered(
            lambda line: not line.display_type and not line._is_seat_line()
        )
        amount = sum(rest.mapped("price_total"))
        if sale_orders.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(sale_orders._nothing_to_invoice_error_message())
        if (
            self.advance_payment_method == "fixed"
            and sale_orders.currency_id.compare_amounts(self.fixed_amount, amount) > 0
        ):
            raise UserError(
                self.env._(
                    "The order comes to %(amount)s without its users, who are billed by"
                    " the monthly run. A down payment cannot be more.",
                    amount=sale_orders.currency_id.format(amount),
                )
            )
        without_users = self.with_context(service_without_users=True)
        return super(SaleAdvancePaymentInv, without_users)._create_invoices(
            sale_orders.with_context(service_without_users=True)
        )
