from odoo import fields, models


class NoxSeatCompareColumn(models.TransientModel):
    _name = "nox.seat.compare.column"
    _description = "Column of a List of Users"
    _order = "number"

    compare_id = fields.Many2one("nox.seat.compare", required=True, ondelete="cascade")
    number = fields.Integer(readonly=True)
    heading = fields.Char(readonly=True)
    sample = fields.Char(string="First rows", readonly=True)
    meaning = fields.Selection(
        [
            ("extension", "Extension"),
            ("name", "Whole name"),
            ("first_name", "First name"),
            ("infix", "Part between first and last name"),
            ("last_name", "Last name"),
            ("kind", "User, device, queue..."),
            ("status", "Active or not"),
            ("blocked", "Blocked or not"),
        ],
        string="Means",
        help="Leave it empty for a column that says nothing about users.",
    )
