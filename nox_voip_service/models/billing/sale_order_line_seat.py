from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_is_zero, float_round, format_date


class SaleOrderLine(models.Model):
    """Selling the service contract per user: confirming the order starts the plan on
    the chosen PBX at the quoted price."""

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
    plan_period_id = fields.Many2one(
        "nox.pbx.plan",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    seat_contract_line_id = fields.Many2one(
        "contract.line",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The contract line that carries the price which was sold here.",
    )

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
        self.filtered(lambda line: line._is_seat_line()).qty_to_invoice = 0
        return res

    @api.depends("plan_period_id")
    def _compute_invoice_status(self):
        res = super()._compute_invoice_status()
        self.filtered(lambda line: line._is_seat_line()).invoice_status = "no"
        return res

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("service_pbx_id", "order_id")
    def _check_pbx_of_customer(self):
        for line in self.filtered("service_pbx_id"):
            customer = line.order_id.partner_id.commercial_partner_id
            if line.service_pbx_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(pbx)s is not a PBX of %(customer)s.",
                        pbx=line.service_pbx_id.name,
                        customer=customer.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Users added to a confirmed order start like those of a new one."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._start_sold_plans()
        return lines

    def write(self, vals):
        if vals.keys() & {"price_unit", "discount", "service_pbx_id", "product_id"}:
            self._check_running_terms(vals)
        return super().write(vals)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _needs_pbx(self):
        """Is this line sold for one PBX?"""
        return bool(self._seat_plan())

    def _is_seat_line(self):
        """Is this line billed by the monthly run, from the users of a PBX?"""
        self.ensure_one()
        return bool(self.plan_period_id or self._seat_plan())

    def _seat_plan(self):
        """The plan that this line's product is the users' price of."""
        Plan = self.env["nox.service.plan"]
        if not self.product_id:
            return Plan
        company = self.company_id or self.env.company
        plan = Plan._plan_by_seat_product(company.id).get(self.product_id.id)
        return Plan.browse(plan)

    def _check_running_terms(self, vals):
        """What was sold runs; a new price or another PBX is a change of plan."""
        for line in self.filtered("seat_contract_line_id"):
            if line.order_id.state == "sale" and any(
                line._fields[name].convert_to_cache(value, line)
                != line._fields[name].convert_to_cache(line[name], line)
                for name, value in vals.items()
                if name in ("price_unit", "discount", "service_pbx_id", "product_id")
            ):
                raise UserError(
                    self.env._(
                        "The contract of %(pbx)s runs at this price. Use 'Change plan'"
                        " on the PBX: a new price starts on a day.",
                        pbx=line.service_pbx_id.name,
                    )
                )

    def _seat_line_problem(self):
        """Why this line cannot start its plan: a sentence, or None."""
        self.ensure_one()
        params = {"product": self.product_id.display_name}
        if not self.service_pbx_id:
            return self.env._(
                "Choose the PBX that '%(product)s' is for, on the order line.",
                **params,
            )
        if self._seat_price() <= 0:
            return self.env._(
                "'%(product)s' needs its price per user per month.", **params
            )
        same = self.order_id.order_line.filtered(
            lambda line: (
                line != self
                and line.service_pbx_id == self.service_pbx_id
                and line._is_sold_plan()
            )
        )
        if same:
            return self.env._(
                "%(pbx)s has one price per user: put its users on one order line.",
                pbx=self.service_pbx_id.sudo().name,
            )
        return None

    def _seat_price(self):
        """Price of a user for a month, excl. VAT, after discount."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_round(
            self.price_unit * (1 - self.discount / 100), precision_digits=digits
        )

    def _is_sold_plan(self):
        """Whether this line starts a plan when its order is confirmed: it sells users
        of a plan, and more than none; an optional line has none until somebody chooses
        it."""
        self.ensure_one()
        return bool(
            not self.display_type
            and self._seat_plan()
            and not float_is_zero(self.product_uom_qty, precision_digits=2)
        )

    def _start_sold_plans(self):
        for line in self.filtered(lambda line: line._is_sold_plan()):
            if not line.plan_period_id:
                line._start_service_plan()

    def _start_service_plan(self):
        """Start the plan that this confirmed line sold; nothing is typed again.

        In sudo: the order that was confirmed is what allows it, and a seller (or the
        customer who signs) has no rights on plans and contracts. That the PBX is the
        customer's own is a constraint.
        """
        self.ensure_one()
        line = self.sudo()
        problem = line._seat_line_problem()
        if problem:
            raise UserError(problem)
        pbx = line.service_pbx_id
        start = line.service_start_on or pbx.company_id._service_today()
        # Sold now, so nothing of it is billed yet, not even when it began earlier.
        period = pbx._start_plan(line._seat_plan(), start, billed_until=start)
        contract_line = period._create_seat_line(
            pbx,
            line.product_id,
            line.product_uom_qty,
            line._seat_price(),
            start,
            order=line.order_id,
        )
        period.contract_line_id = contract_line
        line.write(
            {"plan_period_id": period.id, "seat_contract_line_id": contract_line.id}
        )
        period._end_seat_line()
        pbx.message_post(
            body=self.env._(
                "%(order)s: plan %(plan)s from %(date)s, %(users)s users sold.",
                order=line.order_id.name,
                plan=period.plan_id.name,
                date=format_date(self.env, start),
                users=round(line.product_uom_qty),
            )
        )
        line._remind_of_users(start)

    def _remind_of_users(self, start):
        """The bill counts the users of the PBX: somebody has to enter those sold."""
        pbx, sold = self.service_pbx_id, round(self.product_uom_qty)
        known = pbx._users_on(start)
        if known == sold:
            return
        user = self.order_id.user_id or self.env.user
        user_env = self.with_context(lang=user.partner_id._service_lang()).env
        pbx.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            date_deadline=start,
            summary=user_env._("Enter the users of %(pbx)s", pbx=pbx.name),
            note=user_env._(
                "%(order)s sold %(sold)s users, and the PBX has %(known)s on %(date)s."
                " The monthly run bills the users that are entered.",
                order=self.order_id.name,
                sold=sold,
                known=known,
                date=format_date(user_env, start),
            ),
        )
