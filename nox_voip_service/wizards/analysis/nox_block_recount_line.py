from odoo import fields, models


class NoxBlockRecountLine(models.TransientModel):
    """A customer's month as it was counted, and as it would be."""

    _name = "nox.block.recount.line"
    _description = "Line of Work under Other Blocks"
    _order = "partner_id, month, id"

    recount_id = fields.Many2one("nox.block.recount", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="recount_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer")
    month = fields.Date()
    minutes = fields.Integer(string="Worked (minutes)")
    blocks = fields.Integer()
    new_blocks = fields.Integer(string="Blocks then")
    rounding_minutes = fields.Integer(string="Added by rounding (minutes)")
    rounding_amount = fields.Monetary(string="Added by rounding")
    amount = fields.Monetary(string="As it is")
    new_amount = fields.Monetary(string="As it would be")
    difference = fields.Monetary()
