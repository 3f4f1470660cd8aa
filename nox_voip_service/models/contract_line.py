from odoo import fields, models
from odoo.exceptions import UserError


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
    # BUSINESS
    # ------------------------------------------------------------------

    def _can_be_invoiced(self, date_ref):
        return not self.is_seat_line and super()._can_be_invoiced(date_ref)
