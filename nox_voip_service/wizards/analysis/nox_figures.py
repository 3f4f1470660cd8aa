from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...models.base.guard import for_readers
from ...policy import figures

PERIODS = [
    ("month", "Last month"),
    ("quarter", "Last quarter"),
    ("year", "Last year"),
]
# Trainings and certificates that end within so many days are shown.
ENDING_DAYS = 90


class NoxFigures(models.TransientModel):
    """The manager's page: the figures that matter, each a way into its list. All are
    computed when the page is opened; accountants see those about money.

    What stands here comes with the rights of who looks, so each list behind a figure
    has the records that were counted.
    """

    _name = "nox.figures"
    _description = "Figures"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(PERIODS, default="month", required=True)
    date_start = fields.Date(readonly=True)
    date_end = fields.Date(readonly=True)
    period_text = fields.Char(compute="_compute_period_text")
    is_manager = fields.Boolean(readonly=True)
    # === Money ===
    revenue = fields.Monetary(readonly=True, help="Work and users, excl. VAT.")
    margin = fields.Monetary(readonly=True, help="Revenue less the cost of time.")
    given_away = fields.Monetary(readonly=True)
    included_value = fields.Monetary(string="Included work", readonly=True)
    rounding_amount = fields.Monetary(string="Added by rounding", readonly=True)
    rounding_text = fields.Char(readonly=True)
    losing_count = fields.Integer(string="Contracts that lose money", readonly=True)
    contract_ids = fields.One2many(
        "nox.figures.line", "figures_id", domain=[("kind", "=", "contract")]
    )
    book_ids = fields.One2many(
        "nox.figures.line", "figures_id", domain=[("kind", "=", "book")]
    )
    proven_text = fields.Char(string="Bills as shown before", readonly=True)
    unexplained_count = fields.Integer(readonly=True)
    # === Quotes ===
    quotes_sent = fields.Integer(string="Quotes sent", readonly=True)
    quotes_approved = fields.Integer(string="Approved", readonly=True)
    quotes_declined = fields.Integer(string="Declined", readonly=True)
    quotes_expired = fields.Integer(string="Expired", readonly=True)
    quotes_open = fields.Integer(string="Waiting", readonly=True)
    answer_days_text = fields.Char(string="Days to answer", readonly=True)
    in_time_text = fields.Char(
        string="Approved in time",
        readonly=True,
        help="Of the work above the limit: how much was approved before it was done.",
    )
    # === Service ===
    scope_ids = fields.One2many(
        "nox.figures.line", "figures_id", domain=[("kind", "=", "scope")]
    )
    rule_ids = fields.One2many(
        "nox.figures.line", "figures_id", domain=[("kind", "=", "rule")]
    )
    answer_ids = fields.One2many(
        "nox.figures.line", "figures_id", domain=[("kind", "=", "answer")]
    )
    trainings_count = fields.Integer(string="Trainings to come", readonly=True)
    certificates_count = fields.Integer(string="Certificates that end", readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("date_start", "date_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        for page in self:
            page.period_text = " – ".join(
                format_date(self.env, day)
                for day in (page.date_start, page.date_end)
                if day
            )

    @api.depends_context("lang")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Figures")

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def action_open(self, period="month"):
        """Compute the page for a period and show it."""
        if not (self._is_manager() or self._is_accountant()):
            raise AccessError(
                self.env._("The figures are for service managers and accountants.")
            )
        if period not in dict(PERIODS):
            period = "month"
        start, end = figures.period_days(period, self.env.company._service_today())
        page = self.create(
            {
                "period": period,
                "date_start": start,
                "date_end": end,
                "is_manager": self._is_manager(),
            }
        )
        page._fill_money()
        page._fill_quotes()
        if page.is_manager:
            page._fill_service()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Figures"),
            "res_model": self._name,
            "res_id": page.id,
            "view_mode": "form",
            "target": "main",
        }

    @for_readers
    def action_month(self):
        return self.action_open("month")

    @for_readers
    def action_quarter(self):
        return self.action_open("quarter")

    @for_readers
    def action_year(self):
        return self.action_open("year")

    @for_readers
    def action_view_analysis(self):
        """The rows of the period, as the analysis has them."""
        return self._list("nox_service_analysis_action", self._dates())

    @for_readers
    def action_view_given_away(self):
        domain = [*self._dates(), ("waived_blocks", ">", 0)]
        return self._list("nox_service_analysis_action", domain)

    @for_readers
    def action_view_included(self):
        domain = [*self._dates(), ("coverage", "=", "covered")]
        return self._list("nox_service_analysis_action", domain)

    @for_readers
    def action_view_rounding(self):
        domain = [*self._dates(), ("state", "=", "invoiced")]
        return self._list("nox_service_analysis_action", domain)

    @for_readers
    def action_view_previews(self):
        return self._list("nox_invoice_preview_action", [])

    @for_readers
    def action_recount(self):
        """The same work under other blocks, before anybody changes a plan."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_block_recount_action"
        )

    @for_readers
    def action_view_quotes(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotes sent"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": self._quote_domain(),
            "context": {"create": False},
        }

    @for_readers
    def action_view_above_limit(self):
        return self._list("helpdesk_ticket_action_service", self._above_domain())

    @for_readers
    def action_view_trainings(self):
        return self._list("nox_admin_training_action", self._training_domain())

    @for_readers
    def action_view_certificates(self):
        return self._list("nox_admin_training_action", self._certificate_domain())

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("nox_voip_service.group_manager")

    @api.model
    def _is_accountant(self):
        return self.env.user.has_group("nox_voip_service.group_accountant")

    def _list(self, action, domain):
        self.ensure_one()
        found = self.env["ir.actions.act_window"]._for_xml_id(
            f"nox_voip_service.{action}"
        )
        return dict(found, domain=[*self._own(), *domain], context={"create": False})

    def _own(self):
        return [("company_id", "=", self.company_id.id)]

    def _dates(self, name="date"):
        return [(name, ">=", self.date_start), (name, "<=", self.date_end)]
