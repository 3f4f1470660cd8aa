from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """Selling the service contract per user: confirming the order starts the plan
    on the chosen PBX at the quoted price (issue: from quote to subscription)."""

    _inherit = "sale.order.line"

    is_seat_product = fields.Boolean(compute="_compute_is_seat_product")
    service_pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        compute="_compute_service_pbx_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="The PBX that the contract is for.",
    )
    service_start_on = fields.Date(
        string="Contract from",
        help="First day of the contract. Empty: the day of the confirmation.",
    )
    plan_period_id = fields.Many2one("nox.pbx.plan", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("product_id", "company_id")
    def _compute_is_seat_product(self):
        for line in self:
            line.is_seat_product = bool(line._seat_plan())

    @api.depends("product_id", "order_id.partner_id")
    def _compute_service_pbx_id(self):
        customers = self.order_id.partner_id.commercial_partner_id
        by_customer = (
            self.env["nox.pbx"]
            .search([("commercial_partner_id", "in", customers.ids)])
            .grouped("commercial_partner_id")
        )
        for line in self:
            own = by_customer.get(line.order_id.partner_id.commercial_partner_id)
            if line._needs_pbx() and own and line.service_pbx_id not in own:
                line.service_pbx_id = own if len(own) == 1 else False
            elif not line._needs_pbx():
                line.service_pbx_id = False

    @api.depends("plan_period_id")
    def _compute_qty_to_invoice(self):
        """Users are billed by the monthly run, never by the order that sold them."""
        res = super()._compute_qty_to_invoice()
        self.filtered("plan_period_id").qty_to_invoice = 0
        return res

    @api.depends("plan_period_id")
    def _compute_invoice_status(self):
        res = super()._compute_invoice_status()
        self.filtered("plan_period_id").invoice_status = "no"
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _needs_pbx(self):
        """Is this line sold for one PBX?"""
        return bool(self._seat_plan())

    def _seat_plan(self):
        """The plan that this line's product is the users' price of."""
        if not self.product_id:
            return self.env["nox.service.plan"]
        company = self.company_id or self.env.company
        return (
            self.env["nox.service.plan"]
            .with_company(company)
            .search([("seat_product_id", "=", self.product_id.id)], limit=1)
        )

    def _start_service_plan(self):
        """Start the plan that this confirmed line sold; nothing is typed again."""
        self.ensure_one()
        pbx, plan = self.service_pbx_id, self._seat_plan()
        if not pbx:
            raise UserError(
                self.env._(
                    "Choose the PBX that '%(product)s' is for, on the order line.",
                    product=self.product_id.display_name,
                )
            )
        start = self.service_start_on or pbx.company_id._service_today()
        # Sold now, so nothing of it is billed yet, not even when it began earlier.
        period = pbx._start_plan(plan, start, billed_until=start)
        Period = self.env["nox.pbx.plan"]
        period.contract_line_id = Period._create_seat_line(
            pbx,
            self.product_id,
            self.product_uom_qty,
            self.price_unit * (1 - self.discount / 100),
            start,
        )
        self.plan_period_id = period
