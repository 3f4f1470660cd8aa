from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers
from ..base.in_force import span


class SaleOrder(models.Model):
    """An order that sells users starts their plan, and never invoices them: every way
    to an invoice leaves their lines out."""

    _inherit = "sale.order"

    has_seat_lines = fields.Boolean(
        compute="_compute_has_seat_lines", help="Something is sold for one PBX."
    )
    sells_users = fields.Boolean(compute="_compute_has_seat_lines")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("order_line.product_id", "order_line.plan_period_id")
    def _compute_has_seat_lines(self):
        for order in self:
            order.has_seat_lines = any(
                line._needs_pbx() or line.plan_period_id for line in order.order_line
            )
            order.sells_users = any(line._is_seat_line() for line in order.order_line)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_quotation_send(self):
        """Ask before the customer does: what was signed has to start."""
        for order in self:
            problem = order._seat_problem()
            if problem:
                raise UserError(problem)
        return super().action_quotation_send()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _seat_problem(self):
        """Why the plans that this order sells cannot start: a sentence, or None."""
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return None
        sold = self.order_line.filtered(lambda line: line._is_sold_plan())
        return next(filter(None, (line._seat_line_problem() for line in sold)), None)

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._seat_problem()

    def _action_confirm(self):
        res = super()._action_confirm()
        self.order_line._start_sold_plans()
        return res

    def _action_cancel(self):
        """A running contract is stopped on its PBX, on a day; not by its order."""
        for line in self.order_line.sudo():
            period = line.plan_period_id
            contract_line = line.seat_contract_line_id
            if not contract_line:
                line.plan_period_id = False  # Undone: a new confirmation starts again.
            elif period.contract_line_id == contract_line and not span(period).is_over(
                period.company_id._service_today()
            ):
                raise UserError(
                    self.env._(
                        "%(order)s started the plan of %(pbx)s on %(date)s, and it"
                        " runs. Use 'Change plan' on that PBX first: from the same day"
                        " to undo it, from a later one to stop it.",
                        order=line.order_id.name,
                        pbx=period.pbx_id.name,
                        date=period.date_start,
                    )
                )
        return super()._action_cancel()

    def _force_lines_to_invoice_policy_order(self):
        """An order that is paid online is invoiced whole, except for its users."""
        res = super()._force_lines_to_invoice_policy_order()
        self.order_line.filtered(lambda line: line._is_seat_line()).qty_to_invoice = 0
        return res

    def _nothing_to_invoice_error_message(self):
        if any(line._is_seat_line() for line in self.order_line):
            return self.env._(
                "Users of a PBX are billed by the monthly run: see Billing, Monthly"
                " runs. There is nothing else to invoice on this order."
            )
        return super()._nothing_to_invoice_error_message()
