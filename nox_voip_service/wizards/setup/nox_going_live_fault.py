from odoo import fields, models


class NoxGoingLiveFault(models.TransientModel):
    """One thing that is wrong in the workbook, and where."""

    _name = "nox.going.live.fault"
    _description = "Fault in the Workbook of Going Live"
    _order = "id"

    going_live_id = fields.Many2one(
        "nox.going.live", required=True, ondelete="cascade", index=True
    )
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True)
    sentence = fields.Char(string="What is wrong", readonly=True)
