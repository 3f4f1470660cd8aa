from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError


class NoxPbxPlan(models.Model):
    """The price of a user in a plan period lives on a contract line of its own: a
    new price is a new period with a new line (design 4)."""

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
            this_month = fields.Date.start_of(
                period.company_id._service_today(), "month"
            )
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

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_seat_contract_vals(self, pbx):
        partner = pbx.partner_id
        return {
            "name": self.env._("Service contract %(customer)s", customer=partner.name),
            "partner_id": partner.id,
            "company_id": pbx.company_id.id,
            "contract_type": "sale",
            "line_recurrence": True,
        }

    @api.model
    def _prepare_seat_line_vals(self, product, quantity, price, date_start):
        return {
            "name": product.display_name,
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
    def _seat_contract(self, pbx):
        """The customer's service contract; made with the first line."""
        contract = self.env["contract.contract"].search(
            [
                ("partner_id", "=", pbx.partner_id.id),
                ("company_id", "=", pbx.company_id.id),
                ("contract_line_ids.is_seat_line", "=", True),
            ],
            limit=1,
        )
        return contract or self.env["contract.contract"].create(
            self._prepare_seat_contract_vals(pbx)
        )

    @api.model
    def _create_seat_line(self, pbx, product, quantity, price, date_start):
        contract = self._seat_contract(pbx)
        contract.write(
            {
                "contract_line_ids": [
                    Command.create(
                        self._prepare_seat_line_vals(
                            product, quantity, price, date_start
                        )
                    )
                ]
            }
        )
        return contract.contract_line_ids.sorted("id")[-1:]

    def _end_seat_line(self):
        """Let the contract line of a period end with it, for whoever looks at the
        contract; what is billed follows from the period."""
        for period in self.filtered(lambda p: p.contract_line_id and p.date_end):
            period.contract_line_id.date_end = max(
                period.date_end, period.contract_line_id.date_start
            )

    def _check_price_change(self):
        if not self.contract_line_id:
            raise UserError(
                self.env._("This plan period has no price per user to change.")
            )
