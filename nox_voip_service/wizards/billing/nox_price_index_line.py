from odoo import fields, models


class NoxPriceIndexLine(models.TransientModel):
    _name = "nox.price.index.line"
    _description = "Contract in an Indexation"

    index_id = fields.Many2one("nox.price.index", required=True, ondelete="cascade")
    period_id = fields.Many2one("nox.pbx.plan", string="Plan period", required=True)
    pbx_id = fields.Many2one(related="period_id.pbx_id")
    partner_id = fields.Many2one(related="period_id.partner_id")
    # Of the period, not a value of its own: the web client does not send what stands
    # readonly in a row.
    old_price = fields.Float(
        string="Old Price",
        related="period_id.price_unit",
        digits="Product Price",
        # A related field's own help is what gets translated.
        help="EUR (or the contract's currency) excl. VAT.",
    )
    currency_id = fields.Many2one(related="period_id.currency_id")
    new_price = fields.Float(digits="Product Price")
