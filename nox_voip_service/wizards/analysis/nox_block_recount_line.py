from odoo import api, fields, models
from odoo.tools import format_date


class NoxBlockRecountLine(models.TransientModel):
    """A customer's month as it was counted, and as it would be."""

    _name = "nox.block.recount.line"
    _description = "Line of Work under Other Blocks"
    _order = "partner_id, month, id"

    recount_id = fields.Many2one("nox.block.recount", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="recount_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer")
    month = fields.Date(string="First day")
    month_text = fields.Char(string="Month", compute="_compute_month_text")
    minutes = fields.Integer(string="Paid for (minutes)")
    held_minutes = fields.Integer(string="Held (minutes)")
    new_held_minutes = fields.Integer(string="Held then (minutes)")
    blocks = fields.Integer()
    new_blocks = fields.Integer(string="Blocks then")
    rounding_minutes = fields.Integer(string="Added by rounding (minutes)")
    rounding_amount = fields.Monetary(string="Added by rounding")
    amount = fields.Monetary(string="As it is")
    new_amount = fields.Monetary(string="As it would be")
    difference = fields.Monetary()

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_text(self):
        for line in self:
            line.month_text = line.month and format_date(
                self.env, line.month, date_format="MMMM yyyy"
            )
