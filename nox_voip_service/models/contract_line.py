from odoo import api, fields, models


class ContractLine(models.Model):
    """The line that carries the price of a user. Its months are billed by the
    monthly run, from the seat ledger; `contract`'s own cron and button leave it
    alone (design 5.4)."""

    _inherit = "contract.line"

    plan_period_ids = fields.One2many("nox.pbx.plan", "contract_line_id")
    is_seat_line = fields.Boolean(
        copy=False,
        readonly=True,
        index=True,
        help="Billed by the monthly run of the VoIP service.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("is_seat_line", "plan_period_ids.charge_ids.state")
    def _compute_recurring_next_date(self):
        """ "Next invoice" of our lines is the day on which the run comes."""
        own = self.filtered("is_seat_line")
        res = super(ContractLine, self - own)._compute_recurring_next_date()
        for line in own:
            billed = line.plan_period_ids.charge_ids.filtered(
                lambda charge: charge.state == "invoiced"
            )
            last = max(billed.mapped("month_end"), default=False)
            first = last and fields.Date.add(last, days=1) or line.date_start
            # The base wants a date as long as it has not invoiced to the end itself.
            next_date = fields.Date.add(fields.Date.start_of(first, "month"), months=1)
            line.recurring_next_date = next_date
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _can_be_invoiced(self, date_ref):
        return not self.is_seat_line and super()._can_be_invoiced(date_ref)
