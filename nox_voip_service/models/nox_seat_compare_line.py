from odoo import fields, models


class NoxSeatCompareLine(models.TransientModel):
    _name = "nox.seat.compare.line"
    _description = "Row of a Comparison of Users"
    _order = "kind, extension"

    compare_id = fields.Many2one("nox.seat.compare", required=True, ondelete="cascade")
    is_selected = fields.Boolean(string="Apply")
    extension = fields.Char(readonly=True)
    name = fields.Char(string="In the list", readonly=True)
    seat_id = fields.Many2one("nox.pbx.seat", string="Known as", readonly=True)
    kind = fields.Selection(
        [
            ("add", "To be added"),
            ("doubtful", "Doubtful: another name"),
            ("end", "To be ended"),
            ("same", "Unchanged"),
        ],
        readonly=True,
    )
