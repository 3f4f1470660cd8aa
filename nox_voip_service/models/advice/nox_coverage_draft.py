from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..base.facts import FACT_FIELDS
from ..base.guard import for_readers
from ..plan.nox_coverage_row import AUDITED
from .nox_coverage_draft_rule import TEXTS

STATES = [
    ("draft", "Draft"),
    ("scheduled", "Announced"),
    ("published", "In force"),
    ("withdrawn", "Withdrawn"),
]


class NoxCoverageDraft(models.Model):
    """A decision table that is not in force: a copy of a plan's rows, to change, to
    replay against the requests of the last year, and to publish from a day on.

    Requests from before that day keep the table they had.
    """

    _name = "nox.coverage.draft"
    _description = "Draft of a Decision Table"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    plan_id = fields.Many2one(
        "nox.service.plan", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, tracking=True, copy=False
    )
    date_start = fields.Date(
        string="Requests from",
        copy=False,
        tracking=True,
        help="Requests of this day and later are decided by the new table.",
    )
    announcement = fields.Html(
        translate=True,
        help="Why it changes, in your own words. Customers read it in the letter.",
    )
    rule_ids = fields.One2many("nox.coverage.draft.rule", "draft_id", copy=True)
    audit_summary = fields.Html(compute="_compute_audit_summary")
    # === Replay ===
    replayed_at = fields.Datetime(readonly=True, copy=False)
    ticket_count = fields.Integer(string="Requests replayed", readonly=True, copy=False)
    change_ids = fields.One2many("nox.coverage.draft.change", "draft_id", readonly=True)
    customer_ids = fields.One2many(
        "nox.coverage.draft.customer", "draft_id", readonly=True
    )
    change_count = fields.Integer(compute="_compute_totals")
    blocks = fields.Integer(compute="_compute_totals")
    amount = fields.Monetary(
        compute="_compute_totals", help="What all customers would pay more, excl. VAT."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_totals")
    summary = fields.Text(compute="_compute_summary")
    # === Publishing ===
    date_company_id = fields.Many2one(
        "res.company",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The company in whose time zone the day begins.",
    )
    edition_id = fields.Many2one(
        "nox.plan.edition",
        string="Rules before",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The rules that decide requests from before that day.",
    )

    _one_scheduled = models.UniqueIndex(
        "(plan_id) WHERE state = 'scheduled'",
        "Another table of this plan is announced already.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(*AUDITED)
    @api.depends_context("lang")
    def _compute_audit_summary(self):
        for draft in self:
            _gaps, draft.audit_summary = draft.rule_ids._audited()

    @api.depends("change_ids.amount", "change_ids.blocks", "replayed_at")
    def _compute_totals(self):
        """Over the changes that this user may see."""
        found = {
            draft: (count, blocks, amount)
            for draft, count, blocks, amount in self.env[
                "nox.coverage.draft.change"
            ]._read_group(
                [("draft_id", "in", self.ids)],
                ["draft_id"],
                ["__count", "blocks:sum", "amount:sum"],
            )
        }
        for draft in self:
            draft.change_count, draft.blocks, draft.amount = found.get(
                draft, (0, 0, 0.0)
            )
            draft.currency_id = (draft.company_id or self.env.company).currency_id

    @api.depends("change_count", "ticket_count", "blocks", "amount")
    @api.depends_context("lang")
    def _compute_summary(self):
        for draft in self:
            draft.summary = draft.replayed_at and draft._summary_text()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        drafts = super().create(vals_list)
        for draft in drafts.filtered(lambda draft: not draft.rule_ids):
            draft._copy_rows_of_plan()
        return drafts

    def write(self, vals):
        if vals.keys() & {"date_start", "plan_id", "announcement", "rule_ids"}:
            self._check_is_open()
        if "plan_id" in vals and any(
            draft.plan_id.id != vals["plan_id"] for draft in self
        ):
            raise UserError(
                self.env._("A draft stays with its plan. Make a new draft instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_announced(self):
        if any(draft.state in ("scheduled", "published") for draft in self):
            raise UserError(
                self.env._("What was announced stays for the record; withdraw it.")
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_changes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_coverage_draft_change_action"
        )
        return dict(action, domain=[("draft_id", "=", self.id)])

    @for_readers
    def action_view_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_coverage_draft_customer_action"
        )
        return dict(action, domain=[("draft_id", "=", self.id)])

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_is_open(self):
        for draft in self.filtered(lambda draft: draft.state != "draft"):
            raise UserError(
                self.env._(
                    "%(draft)s was announced or withdrawn and does not change any more."
                    " Make a new draft.",
                    draft=draft.name,
                )
            )

    @api.model
    def _check_manager(self):
        """Who edits the plans publishes a table."""
        self.env["nox.service.plan"].check_access("write")

    def _copy_rows_of_plan(self):
        """The rows of the plan as they are, with their texts in every language."""
        self.ensure_one()
        rules = self.plan_id.rule_ids.filtered("active").sorted(
            lambda rule: (rule.sequence, rule.id)
        )
        rows = (
            self.env["nox.coverage.draft.rule"]
            .sudo()
            .create(
                [
                    {
                        **self._row_values(rule),
                        "draft_id": self.id,
                        "rule_id": rule.id,
                        "sequence": number * 10,
                    }
                    for number, rule in enumerate(rules, start=1)
                ]
            )
        )
        self.env["nox.coverage.draft.rule"]._copy_texts(rules, rows)

    @api.model
    def _row_values(self, row):
        """The columns of a row, of a plan or of a draft."""
        return {name: row[name] for name in (*FACT_FIELDS, *TEXTS, "outcome", "active")}

    def _summary_text(self):
        """What the replay found, in a sentence."""
        params = {
            "changes": self.change_count,
            "requests": self.ticket_count,
            "blocks": abs(self.blocks),
            "amount": formatLang(
                self.env, abs(self.amount), currency_obj=self.currency_id
            ),
        }
        if not self.change_count:
            return self.env._(
                "None of %(requests)s requests of the last year would get another"
                " verdict.",
                **params,
            )
        if self.blocks < 0:
            return self.env._(
                "%(changes)s of %(requests)s requests of the last year would get"
                " another verdict: %(blocks)s blocks and %(amount)s less on the bills."
                " No verdict changes by this.",
                **params,
            )
        return self.env._(
            "%(changes)s of %(requests)s requests of the last year would get another"
            " verdict: %(blocks)s blocks and %(amount)s more on the bills. No verdict"
            " changes by this.",
            **params,
        )

    def _day_text(self):
        self.ensure_one()
        return format_date(self.env, self.date_start)
