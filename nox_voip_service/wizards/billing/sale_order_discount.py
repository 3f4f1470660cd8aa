from odoo import models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers


class SaleOrderDiscount(models.TransientModel):
    """A discount that the customer reads on an order is a discount that is given."""

    _inherit = "sale.order.discount"

    @for_readers
    def action_apply_discount(self):
        """The run bills the price per user of the contract, which a discount on the
        whole order does not change."""
        self.ensure_one()
        order = self.sale_order_id
        if self.discount_type != "sol_discount" and any(
            line._is_seat_line() for line in order.order_line
        ):
            raise UserError(
                self.env._(
                    "%(order)s sells users at a price per month, which a discount on"
                    " the whole order does not lower. Give it on the lines, before the"
                    " order is confirmed.",
                    order=order.name,
                )
            )
        return super().action_apply_discount()
