from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr, format_date, formatLang

from ...policy import months, reconcile


class NoxSeatCharge(models.Model):
    """One month of one plan period: how many users, at what price, and why.

    A month of a plan period is charged once, by the database
    (docs/ARCHITECTURE.md#billed-once): March is revision 0. History that was corrected
    afterwards becomes revision 1, with the difference.
    """

    _name = "nox.seat.charge"
    _description = "Monthly Charge for Users"
    _check_company_auto = True
    _order = "month desc, period_id, revision"

    period_id = fields.Many2one(
        "nox.pbx.plan", required=True, readonly=True, ondelete="restrict", index=True
    )
    pbx_id = fields.Many2one(related="period_id.pbx_id", store=True, index=True)
    plan_id = fields.Many2one(related="period_id.plan_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="period_id.pbx_id.commercial_partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    run_id = fields.Many2one(
        "nox.billing.run", string="Monthly run", index="btree_not_null", readonly=True
    )
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    month_end = fields.Date(compute="_compute_month_end", store=True)
    revision = fields.Integer(default=0, readonly=True)
    quantity = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="Users, by the seat policy of the plan; two decimals.",
    )
    price_unit = fields.Float(digits="Product Price", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    rounding = fields.Monetary(
        readonly=True,
        help="The cent that makes all lines of the month at this price come to what"
        " one line would; mostly nothing.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        help="Excl. VAT, in the contract's currency; with the rounding.",
    )
    explanation_texts = fields.Json(
        readonly=True,
        help="How the quantity came about, in every language, as it was charged.",
    )
    explanation = fields.Text(compute="_compute_explanation")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice line",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    move_state = fields.Selection(
        related="move_line_id.parent_state", string="State of the invoice"
    )
    credit_line_ids = fields.One2many(
        "account.move.line", "seat_charge_id", readonly=True
    )
    rounding_line_ids = fields.One2many(
        "account.move.line", "rounding_charge_id", readonly=True
    )
    state = fields.Selection(
        [("due", "Due"), ("invoiced", "Invoiced")],
        compute="_compute_state",
        store=True,
        index=True,
    )

    rebilled_quantity = fields.Float(
        digits=(16, 2),
        compute="_compute_rebilled",
        store=True,
        help="Users on credit notes that said: charge again.",
    )
    rebilled_amount = fields.Monetary(
        compute="_compute_rebilled",
        store=True,
        help="What these users were credited, excl. VAT, with the rounding.",
    )

    _once = models.UniqueIndex(
        "(period_id, month, revision)",
        "This month of the plan period is charged already.",
    )
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A charge is for a whole calendar month."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("month")
    def _compute_month_end(self):
        for charge in self:
            charge.month_end = charge.month and months.last_of_month(charge.month)

    @api.depends("quantity", "price_unit", "currency_id", "rounding")
    def _compute_amount(self):
        for charge in self:
            charge.amount = charge._amount_of(charge.quantity) + charge.rounding

    @api.depends("explanation_texts")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for charge in self:
            charge.explanation = charge._explanation_in(self.env.lang)

    @api.depends("move_line_id", "move_line_id.move_id.state")
    def _compute_state(self):
        """A deleted or cancelled draft makes its charges due again."""
        for charge in self:
            line = charge.move_line_id
            charge.state = (
                "invoiced" if line and line.move_id.state != "cancel" else "due"
            )

    @api.depends(
        "credit_line_ids.quantity",
        "credit_line_ids.move_id.state",
        "credit_line_ids.move_id.move_type",
        "credit_line_ids.move_id.service_rebill",
        "credit_line_ids.move_id.reversed_entry_id",
        "rounding_line_ids.quantity",
        "move_line_id",
        "quantity",
        "amount",
    )
    def _compute_rebilled(self):
        for charge in self:
            credited = charge.credit_line_ids.filtered("move_id.reversed_entry_id")
            # "Correct the invoice" bills the charge again at once, on a copy.
            copies = (charge.credit_line_ids - credited).filtered(
                lambda line, own=charge.move_line_id: (
                    line != own and line.move_id.state != "cancel"
                )
            )
            credited = credited._credits_to_charge_again()
            quantity = sum(line._credited_quantity() for line in credited)
            quantity -= charge.quantity * len(copies)
            amount = sum(
                charge._amount_of(line._credited_quantity()) for line in credited
            )
            cents = charge.rounding_line_ids._credits_to_charge_again()
            amount += charge.rounding * sum(abs(line.quantity) for line in cents)
            amount -= charge.amount * len(copies)
            is_part = quantity * charge.quantity > 0
            charge.rebilled_quantity = quantity if is_part else 0.0
            charge.rebilled_amount = amount if is_part else 0.0

    @api.depends("pbx_id", "month", "revision")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = f"{charge.pbx_id.name} {charge.month:%Y-%m}"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _explanation_in(self, lang):
        self.ensure_one()
        texts = self.explanation_texts or {}
        return texts.get(lang) or texts.get("en_US") or ""

    def _amount_of(self, quantity):
        """So many users at the price of this charge, as an invoice line rounds it."""
        users = Decimal(float_repr(quantity, 2))
        currency = self.currency_id._policy_currency()
        return float(currency.round(users * self._policy_price(self.price_unit)))

    def _prepare_invoice_lines_vals(self, lang):
        """Values of the invoice lines of one charge, in the customer's language."""
        lines = [self._prepare_invoice_line_vals(lang)]
        if self.rounding:
            lines.append(self._prepare_rounding_line_vals(lang))
        return lines

    def _prepare_rounding_line_vals(self, lang):
        """Values of the line *Rounding*, a cent as a rule: of the same product as the
        users, so with their taxes and account."""
        line = self.period_id.contract_line_id
        return {
            "display_type": "product",
            "product_id": line.product_id.id,
            "product_uom_id": line.uom_id.id,
            "quantity": 1,
            "price_unit": self.rounding,
            "name": self._rounding_text(self.pbx_id, self.month, lang),
            "rounding_charge_id": self.id,
            "analytic_distribution": line.analytic_distribution,
        }

    @api.model
    def _rounding_text(self, pbx, month, lang):
        return self.with_context(lang=lang).env._(
            "Rounding: %(pbx)s, %(month)s",
            pbx=pbx.name,
            month=self._month_text(month, lang),
        )

    def _prepare_invoice_line_vals(self, lang):
        """Values of the line with the users."""
        self.ensure_one()
        line = self.period_id.contract_line_id
        return {
            "display_type": "product",
            "product_id": line.product_id.id,
            "product_uom_id": line.uom_id.id,
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "name": "\n".join(
                filter(
                    None,
                    [
                        line.product_id.with_context(lang=lang).name,
                        f"{self.pbx_id.name}, {self._month_text(self.month, lang)}",
                        self._explanation_in(lang),
                    ],
                )
            ),
            "contract_line_id": line.id,
            "seat_charge_id": self.id,
            "analytic_distribution": line.analytic_distribution,
        }

    @api.model
    def _month_text(self, month, lang):
        return format_date(self.env, month, lang_code=lang, date_format="MMMM yyyy")

    def _policy_users(self):
        """The users of this charge, in hundredths."""
        self.ensure_one()
        return Decimal(float_repr(self.quantity, 2))

    def _policy_existing(self):
        """This charge as the policy's reconciliation wants it: what was credited to
        be charged again is not billed any more."""
        self.ensure_one()
        return reconcile.Existing(
            period=self.period_id.id,
            month=self.month,
            revision=self.revision,
            quantity=self._policy_users(),
            again=Decimal(float_repr(self.rebilled_quantity, 2)),
            price=self._policy_price(self.price_unit),
            amount=Decimal(
                float_repr(
                    self.amount - self.rebilled_amount,
                    self.currency_id.decimal_places,
                )
            ),
            invoiced=self.state == "invoiced",
        )

    @api.model
    def _policy_price(self, price):
        """A price of a user as exactly as it can be entered."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return Decimal(float_repr(price, digits))

    @api.model
    def _explain(self, step, lines, lang):
        """The quantity of a step in words: "24 users; 2 from 12 March (20/31)".

        A correction names the users before and after.
        """
        self_lang = self.with_context(lang=lang)
        parts = [self_lang._explain_line(line) for line in lines]
        text = "; ".join(parts) or self_lang.env._("no users")
        if step.quantity == step.now and not step.was:
            return text
        if step.was == step.now:
            return self_lang.env._(
                "Correction: these users were billed at another price: %(text)s",
                text=text,
            )
        return self_lang.env._(
            "Correction: %(was)s users were billed, it had to be %(now)s: %(text)s",
            was=self_lang._format_users(step.was),
            now=self_lang._format_users(step.now),
            text=text,
        )

    def _format_users(self, quantity):
        """A quantity of users as the language writes it, without zeros at its end:
        "24", "8,65"."""
        text = f"{quantity.normalize():f}"
        return text.replace(
            ".",
            self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point,
        )

    def _explain_line(self, line):
        """One group of users with the same days."""
        day = "d MMMM"
        share = f"({line.days}/{line.month_days})"
        params = {
            "users": line.users,
            "first": line.first and format_date(self.env, line.first, date_format=day),
            "last": line.last and format_date(self.env, line.last, date_format=day),
            "share": share,
        }
        if line.first and line.last:
            return self.env._(
                "%(users)s from %(first)s to %(last)s %(share)s", **params
            )
        if line.first:
            return self.env._("%(users)s from %(first)s %(share)s", **params)
        if line.last:
            return self.env._("%(users)s until %(last)s %(share)s", **params)
        if line.users == 1:
            return self.env._("1 user")
        return self.env._("%(users)s users", **params)

    def _check_invoiceable(self):
        """Refuse an invoice that nobody wants to receive."""
        self.ensure_one()
        self.company_id._check_quantities()
        if self.price_unit <= 0:
            raise UserError(
                self.env._(
                    "The price per user of %(pbx)s is %(price)s. Enter the agreed price"
                    " as a new plan period.",
                    pbx=self.pbx_id.name,
                    price=formatLang(
                        self.env, self.price_unit, currency_obj=self.currency_id
                    ),
                )
            )
