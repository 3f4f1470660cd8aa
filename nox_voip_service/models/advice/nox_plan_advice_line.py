from odoo import fields, models

PRICE_SOURCES = [
    ("own", "The customer's own contract"),
    ("list", "The price list"),
    ("usual", "What others pay, in the middle"),
]


class NoxPlanAdviceLine(models.Model):
    """One plan in an advice: what the last year would have cost under it, and where it
    breaks even with the plan of today."""

    _name = "nox.plan.advice.line"
    _description = "Plan in an Advice"
    _order = "advice_id, sequence, id"
    _rec_name = "plan_id"

    advice_id = fields.Many2one(
        "nox.plan.advice", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="advice_id.company_id", store=True)
    pbx_id = fields.Many2one(related="advice_id.pbx_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="advice_id.commercial_partner_id", string="Customer", store=True
    )
    currency_id = fields.Many2one(related="advice_id.currency_id")
    sequence = fields.Integer(readonly=True)
    plan_id = fields.Many2one(
        "nox.service.plan", required=True, readonly=True, ondelete="cascade"
    )
    is_current = fields.Boolean(string="Plan of today", readonly=True)
    is_better = fields.Boolean(readonly=True)
    is_priced = fields.Boolean(
        readonly=True, help="Off where the price or the number of users is not known."
    )
    bills_users = fields.Boolean(readonly=True)
    price_source = fields.Selection(PRICE_SOURCES, readonly=True)
    user_price = fields.Monetary(
        string="Price per user",
        readonly=True,
        help="Per month, excl. VAT, on the last day.",
    )
    users_amount = fields.Monetary(
        string="Users", readonly=True, help="Users of the months, excl. VAT."
    )
    blocks = fields.Integer(readonly=True, help="Billed blocks, at most.")
    work_low = fields.Monetary(string="Work, at least", readonly=True)
    work_high = fields.Monetary(string="Work, at most", readonly=True)
    once = fields.Monetary(readonly=True, help="A training for one administrator.")
    total_low = fields.Monetary(string="Total, at least", readonly=True)
    total_high = fields.Monetary(string="Total, at most", readonly=True)
    difference_low = fields.Monetary(
        string="Dearer by, at least",
        readonly=True,
        help="Than the plan of today; negative where it is cheaper.",
    )
    difference_high = fields.Monetary(string="Dearer by, at most", readonly=True)
    # === Where it breaks even with the plan of today ===
    has_user_point = fields.Boolean(readonly=True)
    user_point = fields.Integer(
        string="Break-even in users",
        readonly=True,
        help="Up to so many users the plan that bills users is not the dearer one,"
        " with the work as it was. -1: dearer with any number.",
    )
    user_point_high = fields.Integer(readonly=True)
    block_point = fields.Integer(
        string="Break-even in blocks",
        readonly=True,
        help="From so many blocks a year that this plan does not bill and the plan of"
        " today does, this plan pays. 0: there is no such point.",
    )
    minute_point = fields.Integer(
        string="Break-even in minutes", readonly=True, help="These blocks in minutes."
    )
    sentence = fields.Text(compute="_compute_sentence")

    def _compute_sentence(self):
        for line in self:
            line.sentence = line.advice_id._line_sentence(line)
