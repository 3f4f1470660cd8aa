from odoo import api, fields, models

from ...policy import months


class NoxStandingUse(models.Model):
    """A quote that was approved beforehand: which, for how much, in whose name, and
    that he heard of it."""

    _name = "nox.standing.use"
    _description = "Use of a Standing Approval"
    _order = "used_on desc, id desc"
    _rec_name = "order_id"

    standing_id = fields.Many2one(
        "nox.standing.approval",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    ticket_id = fields.Many2one(
        related="order_id.service_ticket_id", store=True, index=True
    )
    pbx_id = fields.Many2one(related="standing_id.pbx_id", store=True, index=True)
    company_id = fields.Many2one(related="standing_id.company_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="standing_id.commercial_partner_id", store=True
    )
    currency_id = fields.Many2one(related="standing_id.currency_id")
    used_on = fields.Date(required=True, readonly=True)
    month = fields.Date(compute="_compute_month", store=True, index=True)
    blocks = fields.Integer(readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Of the quote, including VAT: the most that it costs."
    )
    approver_id = fields.Many2one(
        "res.partner", string="In the name of", readonly=True, ondelete="restrict"
    )
    told_ids = fields.Many2many("res.partner", string="Mailed to", readonly=True)
    counts = fields.Boolean(
        compute="_compute_counts",
        store=True,
        help="The quote stands; one that was cancelled uses nothing up.",
    )

    _order_unique = models.Constraint(
        "UNIQUE (order_id)", "This quote was approved beforehand already."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("used_on")
    def _compute_month(self):
        for use in self:
            use.month = use.used_on and months.first_of_month(use.used_on)

    @api.depends("order_id.state")
    def _compute_counts(self):
        for use in self:
            use.counts = use.order_id.state != "cancel"
