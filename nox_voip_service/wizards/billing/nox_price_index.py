from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers
from ...policy import months


class NoxPriceIndex(models.TransientModel):
    """Raise (or lower) the price of a user for many contracts by a percentage, from
    a day on. Each becomes a new plan period; history stays as it was."""

    _name = "nox.price.index"
    _description = "Index Prices per User"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_start = fields.Date(
        string="New price from",
        required=True,
        default=lambda self: self._default_date_start(),
    )
    percentage = fields.Float(required=True, help="3.5 raises a price by 3.5%.")
    line_ids = fields.One2many(
        "nox.price.index.line",
        "index_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def _default_date_start(self):
        today = self.env.company._service_today()
        return months.next_month(today)

    @api.depends("date_start", "percentage", "company_id")
    def _compute_line_ids(self):
        """The contracts that run on the day, with their old and new price."""
        for index in self:
            periods = self.env["nox.pbx.plan"].search(
                [
                    ("company_id", "=", index.company_id.id),
                    ("contract_line_id", "!=", False),
                    ("date_start", "<", index.date_start),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", index.date_start),
                ]
            )
            index.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "period_id": period.id,
                        "new_price": period.currency_id.round(
                            period.price_unit * (1 + index.percentage / 100)
                        ),
                    }
                )
                for period in periods
            ]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_apply(self):
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.old_price != line.new_price)
        if not lines:
            raise UserError(
                self.env._("There is no contract whose price changes on that day.")
            )
        if any(line.new_price <= 0 for line in lines):
            raise UserError(self.env._("A price per user is more than zero."))
        for line in lines:
            self.env["nox.pbx.change.plan"].create(
                {
                    "pbx_id": line.period_id.pbx_id.id,
                    "plan_id": line.period_id.plan_id.id,
                    "date_start": self.date_start,
                    "price_unit": line.new_price,
                    "billed_until": self.date_start,
                }
            ).action_change()
        return {"type": "ir.actions.act_window_close"}
