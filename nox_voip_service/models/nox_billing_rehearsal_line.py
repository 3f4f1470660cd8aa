from odoo import api, fields, models


class NoxBillingRehearsalLine(models.TransientModel):
    _name = "nox.billing.rehearsal.line"
    _description = "Next Invoice of a Customer"
    _order = "has_warning desc, partner_id"
    _rec_name = "partner_id"

    rehearsal_id = fields.Many2one(
        "nox.billing.rehearsal", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    currency_id = fields.Many2one(related="rehearsal_id.company_id.currency_id")
    users = fields.Float(digits=(16, 2), readonly=True)
    users_before = fields.Float(
        string="Users last month", digits=(16, 2), readonly=True
    )
    users_amount = fields.Monetary(string="Users (amount)", readonly=True)
    amount_before = fields.Monetary(string="Users last month (amount)", readonly=True)
    work_amount = fields.Monetary(string="Work", readonly=True)
    amount_total = fields.Monetary(
        string="Next invoice, excl. VAT", compute="_compute_amounts", store=True
    )
    difference = fields.Monetary(
        string="Difference in users",
        compute="_compute_amounts",
        store=True,
        help="Of the users' part, with the month before.",
    )
    explanation = fields.Text(readonly=True)
    warnings = fields.Text(readonly=True)
    has_warning = fields.Boolean(readonly=True)

    @api.depends("users_amount", "work_amount", "amount_before")
    def _compute_amounts(self):
        for line in self:
            line.amount_total = line.users_amount + line.work_amount
            line.difference = line.users_amount - line.amount_before
