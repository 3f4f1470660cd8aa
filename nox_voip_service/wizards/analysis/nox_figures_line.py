from odoo import fields, models

from ...models.base.guard import for_readers
from ...models.billing.nox_time_book import STATES

TRENDS = [
    ("up", "More"),
    ("same", "The same"),
    ("down", "Less"),
    ("unknown", "Too few requests"),
]


class NoxFiguresLine(models.TransientModel):
    """A row of one of the small lists of the manager's page, and the way into its
    records."""

    _name = "nox.figures.line"
    _description = "Line of the Figures"
    _order = "sequence, id"

    figures_id = fields.Many2one("nox.figures", required=True, ondelete="cascade")
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("contract", "Contract"),
            ("book", "Books of the time"),
            ("scope", "Out of scope"),
            ("rule", "Overridden rule"),
            ("answer", "Answering time"),
        ],
        required=True,
    )
    currency_id = fields.Many2one(related="figures_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer")
    plan_id = fields.Many2one("nox.service.plan", string="Service plan")
    rule_id = fields.Many2one("nox.coverage.rule", string="Deciding rule")
    state = fields.Selection(STATES)
    count = fields.Integer(string="Requests")
    minutes = fields.Integer()
    hours = fields.Float()
    revenue = fields.Monetary(string="Users")
    cost = fields.Monetary(string="Cost of included time")
    result = fields.Monetary()
    rate = fields.Monetary(string="Per hour")
    loses_money = fields.Boolean()
    out_count = fields.Integer(string="Billed separately")
    share = fields.Integer(string="Share (%)")
    share_before = fields.Integer(string="Half a year before (%)")
    trend = fields.Selection(TRENDS)
    open_median = fields.Float(string="Taken up: half within")
    open_most = fields.Float(string="Taken up: 90% within")
    answer_median = fields.Float(string="First answer: half within")
    answer_most = fields.Float(string="First answer: 90% within")
    done_median = fields.Float(string="Done: half within")
    done_most = fields.Float(string="Done: 90% within")

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_open(self):
        """The records behind a row."""
        self.ensure_one()
        page = self.figures_id
        page.check_access("read")
        if self.kind == "book":
            domain = [*page._dates(), ("state", "=", self.state)]
            return page._list("nox_time_book_action", domain)
        if self.kind == "contract":
            domain = [
                *page._dates(),
                *page._contract_domain(),
                ("commercial_partner_id", "=", self.partner_id.id),
            ]
            return page._list("nox_service_analysis_action", domain)
        if self.kind == "rule":
            domain = [*page._override_domain(), ("rule_id", "=", self.rule_id.id)]
            return page._list("nox_coverage_override_action", domain)
        domain = (
            [*page._request_domain(), ("plan_id", "=", self.plan_id.id)]
            if self.kind == "answer"
            else [
                *page._scope_domain(),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("coverage", "=", "billable"),
            ]
        )
        return page._list("helpdesk_ticket_action_service", domain)
