from odoo import fields, models


class NoxBillingRehearsalDetail(models.TransientModel):
    """One line of an invoice that the run would make, beside last month's."""

    _name = "nox.billing.rehearsal.detail"
    _description = "Line of a Next Invoice"
    _order = "line_id, sequence, id"

    line_id = fields.Many2one(
        "nox.billing.rehearsal.line", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="line_id.currency_id")
    sequence = fields.Integer()
    section = fields.Selection(
        [
            ("users", "Subscription"),
            ("work", "Service work"),
            ("training", "Trainings"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="What", readonly=True)
    text = fields.Text(string="Explanation", readonly=True)
    quantity = fields.Float(digits=(16, 2), readonly=True)
    price_unit = fields.Float(string="Price", digits="Product Price", readonly=True)
    amount = fields.Monetary(string="Amount, excl. VAT", readonly=True)
    amount_before = fields.Monetary(string="Last month", readonly=True)
    difference = fields.Monetary(readonly=True)
    reason = fields.Char(string="Why different", readonly=True)
