from odoo import fields, models


class NoxGoingLiveLine(models.TransientModel):
    """The first month of one PBX, beside the invoice of the system before."""

    _name = "nox.going.live.line"
    _description = "First Month of Going Live"
    _order = "id"

    going_live_id = fields.Many2one(
        "nox.going.live", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="going_live_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer = fields.Char(readonly=True)
    pbx = fields.Char(string="PBX", readonly=True)
    plan_id = fields.Many2one("nox.service.plan", readonly=True)
    users = fields.Float(digits=(16, 2), readonly=True)
    price_unit = fields.Float(
        string="Price per user per month", digits="Product Price", readonly=True
    )
    amount = fields.Monetary(string="First month here", readonly=True)
    has_old_amount = fields.Boolean(readonly=True)
    old_amount = fields.Monetary(string="Invoice of the old system", readonly=True)
    difference = fields.Monetary(readonly=True)
    is_different = fields.Boolean(readonly=True)
