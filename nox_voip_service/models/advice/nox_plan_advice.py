from odoo import api, fields, models

from ..base.guard import for_readers

STATES = [
    ("pays_too_much", "Another plan is cheaper"),
    ("unsure", "Hangs on unknown facts"),
    ("fits", "The plan fits"),
    ("not_priced", "Cannot be compared"),
]


class NoxPlanAdvice(models.Model):
    """The last twelve months of a PBX priced under each plan: whether its customer pays
    too much, and whether he costs us money. Made anew each night; nobody writes it.

    A PBX of 9 users at 6.50 with 40 minutes of work paid 702.00, and would have paid
    61.50 under Standaard.
    """

    _name = "nox.plan.advice"
    _description = "Plan Advice"
    _order = "saving desc, id"
    _rec_name = "pbx_id"

    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(
        related="pbx_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "nox.service.plan",
        string="Plan of today",
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    refreshed_at = fields.Datetime(readonly=True)
    problem = fields.Text(
        readonly=True, help="Why this PBX could not be priced the last time."
    )
    # === What happened ===
    user_count = fields.Integer(
        string="Users", readonly=True, help="On the last day of these months."
    )
    request_count = fields.Integer(string="Requests", readonly=True)
    worked_minutes = fields.Integer(readonly=True)
    site_count = fields.Integer(readonly=True, help="Requests worked on site.")
    unknown_count = fields.Integer(
        string="Undecided requests",
        readonly=True,
        help="Requests whose verdict hangs on a fact that nobody knows.",
    )
    override_count = fields.Integer(
        readonly=True, help="Requests with a verdict that was given by hand."
    )
    is_certified = fields.Boolean(
        readonly=True, help="There is an administrator with a valid certificate."
    )
    # === What it came to ===
    cost = fields.Monetary(
        string="Cost under this plan",
        readonly=True,
        help="These months under the plan of today, excl. VAT, at least.",
    )
    cost_high = fields.Monetary(string="At most", readonly=True)
    actual_cost = fields.Monetary(
        string="Cost as it was",
        readonly=True,
        help="Under the plans that the PBX really had, each on its days, at least.",
    )
    better_plan_id = fields.Many2one(
        "nox.service.plan", readonly=True, ondelete="set null", index=True
    )
    saving = fields.Monetary(
        readonly=True,
        help="What the cheapest other plan would surely have saved, excl. VAT.",
    )
    users_amount = fields.Monetary(
        string="Revenue of users",
        readonly=True,
        help="Users of these months as they were, excl. VAT.",
    )
    included_minutes = fields.Integer(
        readonly=True, help="Minutes of work that was surely covered."
    )
    included_value = fields.Monetary(
        string="Value of covered work",
        readonly=True,
        help="What the work that was surely covered would have cost by the block.",
    )
    margin = fields.Monetary(
        readonly=True, help="Revenue of users less the value of covered work."
    )
    costs_us = fields.Boolean(
        string="Costs us money",
        readonly=True,
        help="The covered work is worth more than the users brought in.",
    )
    state = fields.Selection(STATES, string="Outcome", readonly=True, index=True)
    line_ids = fields.One2many("nox.plan.advice.line", "advice_id", readonly=True)
    summary = fields.Text(compute="_compute_summary")
    assumptions = fields.Html(compute="_compute_summary")

    _pbx_unique = models.Constraint(
        "UNIQUE (pbx_id)", "This PBX has an advice already."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("refreshed_at")
    @api.depends_context("lang")
    def _compute_summary(self):
        for advice in self:
            advice.summary = advice._summary_text()
            advice.assumptions = self.env["ir.qweb"]._render(
                "nox_voip_service.plan_advice_assumptions",
                {"sentences": advice._assumption_sentences()},
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_refresh(self):
        """Price these PBXs again, as things are now."""
        self.env["nox.pbx"]._check_advice_manager()
        self.pbx_id._refresh_advice()
        return True

    @for_readers
    def action_open_pbx(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "nox.pbx",
            "res_id": self.pbx_id.id,
            "view_mode": "form",
        }

    @for_readers
    def action_view_requests(self):
        """The requests that were priced."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.helpdesk_ticket_action_service"
        )
        return dict(
            action,
            domain=self.pbx_id._advice_ticket_domain(self.date_from, self.date_to),
            context={"active_test": False, "create": False},
        )
