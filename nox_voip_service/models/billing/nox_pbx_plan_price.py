from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...policy import months
from ..base.guard import by_code


class NoxPbxPlan(models.Model):
    """The price of a user in a plan period lives on a contract line of its own: a new
    price is a new period with a new line."""

    _inherit = "nox.pbx.plan"

    contract_line_id = fields.Many2one(
        "contract.line",
        string="Contract line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    price_unit = fields.Float(
        string="Price per user per month",
        related="contract_line_id.price_unit",
        help="EUR (or the contract's currency) excl. VAT.",
    )
    currency_id = fields.Many2one(related="contract_line_id.currency_id")
    billed_until = fields.Date(
        help="Months before the month of this day count as billed: the monthly run"
        " starts with that month. Needed when a plan started before the current"
        " month, so that going live does not bill history."
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("contract_line_id", "date_start", "billed_until")
    def _check_billed_until(self):
        for period in self.filtered("contract_line_id"):
            this_month = months.first_of_month(period.company_id._service_today())
            if period.date_start < this_month and not period.billed_until:
                raise ValidationError(
                    self.env._(
                        "%(period)s of %(pbx)s starts before this month. Fill in until"
                        " when its users are billed already, so that the monthly run"
                        " does not bill history.",
                        period=period.display_name,
                        pbx=period.pbx_id.name,
                    )
                )

    @api.constrains("contract_line_id", "date_start", "billed_until")
    def _check_not_billed_by_run(self):
        """Refuse 'billed until' for months that the run itself billed under an earlier
        period: it would credit them, and nobody would bill them."""
        for period in self.filtered(lambda p: p.contract_line_id and p.billed_until):
            first = months.first_of_month(period.date_start)
            charge = (period.sudo().pbx_id.period_ids - period).charge_ids.filtered(
                lambda c, first=first, period=period: (
                    c.state == "invoiced"
                    and c.month >= first
                    and period._counts_as_billed(c.month)
                )
            )[:1]
            if charge:
                raise ValidationError(
                    self.env._(
                        "%(month)s of %(pbx)s was billed by the monthly run, which"
                        " bills or credits the difference itself. Fill in %(date)s as"
                        " the day until which it is billed.",
                        month=charge._month_text(charge.month, self.env.lang),
                        pbx=period.pbx_id.name,
                        date=format_date(self.env, period.date_start),
                    )
                )

    @api.constrains("plan_id", "contract_line_id")
    def _check_plan_bills_users(self):
        """A price under a plan without users would be billed all the same."""
        for period in self.filtered("contract_line_id"):
            if not period.plan_id.with_company(period.company_id).seat_product_id:
                raise ValidationError(
                    self.env._(
                        "%(period)s has a price per user, and %(plan)s bills no users."
                        " Use 'Change plan' to start another plan on a day.",
                        period=period.display_name,
                        plan=period.plan_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        periods = super().create(vals_list)
        periods.pbx_id.period_ids._end_seat_line()
        return periods

    def write(self, vals):
        pbxs = self.pbx_id
        res = super().write(vals)
        if vals.keys() & {"date_start", "pbx_id"}:
            (pbxs | self.pbx_id).period_ids._end_seat_line()
        return res

    def unlink(self):
        pbxs = self.pbx_id
        self._drop_seat_line()
        res = super().unlink()
        pbxs.exists().period_ids._end_seat_line()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_seat_contract_vals(self, pbx, order=None):
        """The contract as the order was sold: whom to bill, in what currency, with
        what term; nothing is typed again."""
        partner = pbx.partner_id
        # The customer reads this name, on the invoice and in the portal.
        own = self.with_context(lang=partner._service_lang())
        values = {
            "name": own.env._("Service contract %(customer)s", customer=partner.name),
            "partner_id": partner.id,
            "company_id": pbx.company_id.id,
            "contract_type": "sale",
            "line_recurrence": True,
        }
        if order:
            values.update(
                invoice_partner_id=order.partner_invoice_id.id,
                manual_currency_id=order.currency_id.id,
                payment_term_id=order.payment_term_id.id,
                fiscal_position_id=order.fiscal_position_id.id,
                user_id=order.user_id.id,
                code=order.client_order_ref,
            )
        return values

    @api.model
    def _prepare_seat_line_vals(self, pbx, product, quantity, price, date_start):
        lang = pbx.partner_id._service_lang()
        return {
            "name": f"{product.with_context(lang=lang).name}\n{pbx.name}",
            "product_id": product.id,
            "quantity": quantity,
            "uom_id": product.uom_id.id,
            "automatic_price": False,
            "specific_price": price,
            "is_seat_line": True,
            # Calendar months after the fact: what the run bills. The base's other
            # recurrences drift (31 January) or lose the last month.
            "recurring_rule_type": "monthlylastday",
            "recurring_invoicing_type": "post-paid",
            "recurring_interval": 1,
            "date_start": date_start,
        }

    @api.model
    def _find_seat_contract(self, pbx, order=None):
        """The customer's service contract; empty when there is none yet. An order
        with another invoice address, currency or term gets a contract of its own; a
        new price stays on the contract of its PBX."""
        contracts = self.env["contract.contract"].search(
            [
                ("partner_id", "=", pbx.partner_id.id),
                ("company_id", "=", pbx.company_id.id),
                ("contract_line_ids.is_seat_line", "=", True),
            ]
        )
        if order:
            contracts = contracts.filtered(
                lambda contract: (
                    contract.invoice_partner_id == order.partner_invoice_id
                    and contract.currency_id == order.currency_id
                    and contract.payment_term_id == order.payment_term_id
                    and contract.fiscal_position_id == order.fiscal_position_id
                )
            )
        own = pbx.period_ids.contract_line_id.contract_id & contracts
        return (own or contracts)[-1:]

    @api.model
    def _seat_currency(self, pbx):
        """In what currency a new price of this PBX will stand."""
        contract = self._find_seat_contract(pbx)
        if not contract:
            contract = contract.new(self._prepare_seat_contract_vals(pbx))
        return contract.currency_id

    @api.model
    def _create_seat_line(self, pbx, product, quantity, price, date_start, order=None):
        """The line that carries a price, on the customer's service contract. One that
        is new is made together with it: the base dates the start of a contract by
        the lines that it has when it is made."""
        line = Command.create(
            self._prepare_seat_line_vals(pbx, product, quantity, price, date_start)
        )
        contract = self._find_seat_contract(pbx, order)
        if contract:
            by_code(contract).write({"contract_line_ids": [line]})
        else:
            made = by_code(contract).create(
                {
                    **self._prepare_seat_contract_vals(pbx, order),
                    "contract_line_ids": [line],
                }
            )
            contract = made.with_env(self.env)
        return contract.contract_line_ids.sorted("id")[-1:]

    def _drop_seat_line(self):
        """Undo a price that nothing was billed at: it starts over, on the same day.

        In sudo: deleting a contract line is for sales managers, and this one was made
        by us for this period alone.
        """
        for period in self.filtered("contract_line_id"):
            if period.sudo().charge_ids:
                raise UserError(
                    self.env._(
                        "%(period)s of %(pbx)s is billed already. Choose a later day;"
                        " credit the invoice if it was wrong from the start.",
                        period=period.display_name,
                        pbx=period.pbx_id.name,
                    )
                )
            line = period.sudo().contract_line_id
            contract = line.contract_id
            period.sudo().contract_line_id = False
            line.unlink()
            if not contract.contract_line_ids:
                contract.unlink()

    def _end_seat_line(self):
        """Let the contract line of a period end with it, for whoever looks at the
        contract; what is billed follows from the period."""
        for period in self.filtered("contract_line_id"):
            line = period.contract_line_id
            date_end = period.date_end and max(period.date_end, line.date_start)
            if line.date_end != date_end:
                line.date_end = date_end
