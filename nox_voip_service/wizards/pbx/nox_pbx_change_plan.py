from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.base.guard import for_readers
from ...policy import months


class NoxPbxChangePlan(models.TransientModel):
    """Move a PBX to another plan from a day on."""

    _name = "nox.pbx.change.plan"
    _description = "Change Plan of a PBX"

    pbx_id = fields.Many2one("nox.pbx", required=True, readonly=True)
    current_plan_id = fields.Many2one(related="pbx_id.plan_id")
    plan_id = fields.Many2one(
        "nox.service.plan",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    company_id = fields.Many2one(related="pbx_id.company_id")
    date_start = fields.Date(
        required=True, default=lambda self: self.env.company._service_today()
    )
    review_count = fields.Integer(compute="_compute_review_count")
    # === Plans that bill users ===
    seat_product_id = fields.Many2one(
        "product.product", compute="_compute_seat_product_id"
    )
    needs_price = fields.Boolean(compute="_compute_seat_product_id")
    price_unit = fields.Float(
        string="Price per user per month",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        help="Excl. VAT, as agreed with this customer.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    billed_until = fields.Date(
        compute="_compute_billed_until",
        store=True,
        readonly=False,
        help="Months before the month of this day count as billed. Needed when the"
        " plan starts before the current month.",
    )

    @api.depends("plan_id", "company_id")
    def _compute_seat_product_id(self):
        for wizard in self:
            plan = wizard.plan_id.with_company(wizard.company_id)
            wizard.seat_product_id = plan.seat_product_id
            wizard.needs_price = bool(plan.seat_product_id)

    @api.depends("pbx_id")
    def _compute_currency_id(self):
        """Of the contract that the price will stand on."""
        for wizard in self:
            wizard.currency_id = (
                self.env["nox.pbx.plan"]._seat_currency(wizard.pbx_id)
                if wizard.pbx_id
                else wizard.company_id.currency_id
            )

    @api.depends("pbx_id", "plan_id", "date_start")
    def _compute_price_unit(self):
        for wizard in self:
            last = wizard.date_start and wizard.pbx_id._last_price(wizard.date_start)
            wizard.price_unit = last or wizard._list_price()

    @api.depends("pbx_id", "date_start")
    def _compute_billed_until(self):
        """Where the run has billed these days already, it bills the difference."""
        for wizard in self:
            if not wizard.billed_until and wizard.date_start:
                month = months.first_of_month(wizard.date_start)
                charges = wizard.pbx_id.sudo().period_ids.charge_ids
                if any(c.month >= month and c.state == "invoiced" for c in charges):
                    wizard.billed_until = wizard.date_start

    @api.depends("pbx_id", "date_start")
    def _compute_review_count(self):
        """Tickets with time on or after the date: their verdict may need a review."""
        for wizard in self:
            wizard.review_count = bool(wizard.date_start) and self.env[
                "helpdesk.ticket"
            ].search_count(
                [
                    ("pbx_id", "=", wizard.pbx_id.id),
                    ("requested_on", ">=", wizard.date_start),
                    ("worked_minutes", ">", 0),
                ]
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_change(self):
        self.ensure_one()
        pbx = self.pbx_id
        self._check_changes_something()
        self._apply()
        pbx.message_post(
            body=self.env._(
                "Plan %(plan)s from %(date)s.",
                plan=self.plan_id.name,
                date=format_date(self.env, self.date_start),
            )
        )
        if pbx.review_count:
            return pbx.action_review_coverage()
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _list_price(self):
        """Price of a user without any agreement, in the currency of the contract."""
        product = self.seat_product_id
        if not product or not self.currency_id:
            return product.lst_price
        return product.currency_id._convert(
            product.lst_price,
            self.currency_id,
            self.company_id,
            self.date_start,
            round=False,
        )

    def _check_changes_something(self):
        pbx = self.pbx_id
        if (
            self.needs_price
            and self.currency_id.compare_amounts(self.price_unit, 0) <= 0
        ):
            raise UserError(
                self.env._("Enter the price per user per month that was agreed.")
            )
        if pbx._plan_on(self.date_start) == self.plan_id and not self._is_new_price():
            raise UserError(
                self.env._(
                    "%(pbx)s has plan %(plan)s on that day already.",
                    pbx=pbx.name,
                    plan=self.plan_id.name,
                )
            )

    def _is_new_price(self):
        """A new price of a user is a new period of the same plan."""
        if not self.needs_price:
            return False
        running = self.pbx_id._running_period(self.date_start)
        return (
            not running.contract_line_id
            or self.currency_id.compare_amounts(running.price_unit, self.price_unit)
            != 0
        )

    def _apply(self):
        """Start the plan, with a contract line for the price of a user if the plan
        bills users."""
        period = self.pbx_id._start_plan(
            self.plan_id, self.date_start, self.billed_until or None
        )
        if self.needs_price:
            period.sudo().contract_line_id = period._create_seat_line(
                self.pbx_id,
                self.seat_product_id,
                self.pbx_id._users_on(self.date_start),
                self.price_unit,
                self.date_start,
            )
            period._end_seat_line()
        return period
