from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...policy import coverage, limit, timeblocks
from .nox_coverage_row import AUDITED

# What blocks and limits of every ticket are counted with.
COUNTING_FIELDS = (
    "block_minutes",
    "grace_minutes",
    "rounding_scope",
    "quote_threshold_minutes",
    "quote_billing",
)


class NoxServicePlan(models.Model):
    """What a customer agreed to after delivery: what is covered, how minutes become
    blocks, above how many minutes a quote comes first, how users are billed."""

    _name = "nox.service.plan"
    _description = "Service Plan"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Technical name, for imports and reports. It never changes.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the plan between companies."
    )
    description = fields.Text(
        translate=True,
        help="The plan in plain words, for colleagues. Customers read its rules, "
        "limits and prices, never a second text that can disagree.",
    )
    # === Time ===
    block_minutes = fields.Integer(
        default=15, required=True, tracking=True, help="Minutes in one billed block."
    )
    grace_minutes = fields.Integer(
        default=0,
        required=True,
        tracking=True,
        help="Minutes of a next block that are not billed yet.",
    )
    rounding_scope = fields.Selection(
        [
            ("ticket", "The ticket: add up, then round up once"),
            ("day", "Each day of the ticket"),
            ("entry", "Each time entry"),
        ],
        default="ticket",
        required=True,
        tracking=True,
    )
    # === The hour ===
    quote_threshold_minutes = fields.Integer(
        string="Quote above (minutes)",
        default=60,
        tracking=True,
        help="More billable minutes than this need an approved quote first. "
        "0 means: no limit.",
    )
    warn_minutes = fields.Integer(
        string="Warn at (minutes)",
        default=45,
        tracking=True,
        help="The technician is warned at this many minutes. 0 means: no warning.",
    )
    quote_billing = fields.Selection(
        [
            ("actual_capped", "Time worked, up to what was approved"),
            ("fixed", "The quoted blocks, whatever was worked"),
        ],
        default="actual_capped",
        required=True,
        tracking=True,
    )
    # === Users of a PBX, training ===
    seat_policy = fields.Selection(
        [
            ("prorated", "By the day"),
            ("first_day", "Users on the first day of the month"),
        ],
        default="prorated",
        required=True,
        tracking=True,
    )
    requires_certified_admin = fields.Boolean(
        tracking=True,
        help="The plan can only run while the customer has an administrator "
        "who passed the training.",
    )
    # === Products: a price is the product's and the customer's pricelist ===
    time_product_id = fields.Many2one(
        "product.product",
        company_dependent=True,
        copy=True,
        domain="[('type', '=', 'service')]",
        help="Service sold per block of work.",
    )
    seat_product_id = fields.Many2one(
        "product.product",
        company_dependent=True,
        copy=True,
        domain="[('type', '=', 'service')]",
        help="Service sold per user per month. Empty: users are not billed.",
    )
    shared_time_product_id = fields.Many2one(
        "product.product",
        string="Service per block of a company that chose none",
        domain="[('type', '=', 'service'), ('company_id', '=', False)]",
        help="What a plan that companies share sells, until a company chooses.",
    )
    shared_seat_product_id = fields.Many2one(
        "product.product",
        string="Service per user of a company that chose none",
        domain="[('type', '=', 'service'), ('company_id', '=', False)]",
        help="What a plan that companies share sells, until a company chooses.",
    )
    # === The decision table ===
    rule_ids = fields.One2many("nox.coverage.rule", "plan_id", copy=True)
    audit_summary = fields.Html(compute="_compute_audit_summary")
    audit_gap_count = fields.Integer(compute="_compute_audit_summary")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "Another service plan has this code already."
    )
    _block_minutes_positive = models.Constraint(
        "CHECK (block_minutes > 0 AND block_minutes <= 1440)",
        "A block has at least one minute and at most a day.",
    )
    _grace_minutes_within_block = models.Constraint(
        "CHECK (grace_minutes >= 0 AND grace_minutes < block_minutes)",
        "The grace is shorter than a block.",
    )
    _limits_not_negative = models.Constraint(
        "CHECK (quote_threshold_minutes >= 0 AND warn_minutes >= 0)",
        "The limits of a plan cannot be negative.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(*AUDITED)
    @api.depends_context("lang")
    def _compute_audit_summary(self):
        for plan in self:
            plan.audit_gap_count, plan.audit_summary = plan.rule_ids._audited()

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("rule_ids")
    def _check_rules_reachable(self):
        self.rule_ids._check_reachable()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        self.env.registry.clear_cache()
        return plans

    def copy_data(self, default=None):
        return [
            dict(vals, code=self.env._("%(code)s (copy)", code=plan.code))
            if "code" not in (default or {})
            else vals
            for plan, vals in zip(self, super().copy_data(default=default), strict=True)
        ]

    def write(self, vals):
        # Who may not write hears that, and not what tickets there are.
        self.check_access("write")
        self._changed_by(vals, *COUNTING_FIELDS)._check_nothing_counted()
        warned = self._changed_by(vals, "warn_minutes")
        self._changed_by(vals, "seat_policy")._check_policy_not_billed()
        if self._changed_by(vals, "code"):
            raise ValidationError(
                self.env._("The code of a service plan does not change.")
            )
        res = super().write(vals)
        self.env.registry.clear_cache()
        warned._refresh_warnings()
        return res

    def _changed_by(self, vals, *names):
        """The plans of which these values would change one of these fields."""
        return self.filtered(
            lambda plan: any(
                name in vals and plan[name] != vals[name] for name in names
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _share_products(self, companies=None):
        """Give companies the products of the plans that they share, where they have
        chosen no others, so that a new company can work at once."""
        companies = companies or self.env["res.company"].search([("active", "=", True)])
        for plan in self.search([("company_id", "=", False)]):
            for company in companies:
                own = plan.with_company(company)
                for name in ("time_product_id", "seat_product_id"):
                    shared = plan[f"shared_{name}"]
                    if shared and not shared.company_id and not own[name]:
                        own[name] = shared

    @tools.ormcache("self.id")
    def _block_policy(self):
        """How minutes become blocks under this plan, as the policy wants it. Cached in
        the registry, for every ticket asks; a write on a plan clears it."""
        return timeblocks.BlockPolicy(
            block_minutes=self.block_minutes,
            grace_minutes=self.grace_minutes,
            scope=self.rounding_scope,
        )

    @tools.ormcache("self.id")
    def _limit_policy(self):
        """The limit and the warning of this plan in minutes, as the policy wants them:
        0 on the plan is no limit. Cached as the blocks are."""
        self.ensure_one()
        return limit.LimitPolicy(
            blocks=self._block_policy(),
            threshold_minutes=self.quote_threshold_minutes or None,
            warn_minutes=self.warn_minutes or None,
            quote_billing=self.quote_billing,
        )

    def _coverage_table(self, day=None, pbx=None):
        """The compiled decision table that decides requests of a day, about a PBX; by
        default of those from today on, of a customer who knows of it."""
        self.ensure_one()
        superseded = day and self._superseded_edition_id(day, pbx)
        if superseded:
            return self.env["nox.plan.edition"].browse(superseded)._coverage_table()
        return self._newest_coverage_table()

    def _superseded_edition_id(self, day, pbx=None):
        """Id of the edition that decides requests of a day on which the rows of today
        were not in force yet, for the customer of a PBX; None where no other ones
        were."""
        return None

    @tools.ormcache("self.id")
    def _newest_coverage_table(self):
        """The plan's rows as they are now, compiled.

        Cached in the registry because every ticket asks for it; any write on a
        plan or rule clears it.
        """
        return coverage.Table(self.sudo().rule_ids._policy_rules())

    @tools.ormcache("self.id")
    def _coverage_texts(self):
        """``{rule_id: {lang: reason}}`` in every installed language.

        Cached with the table: the reason is stored with each verdict in all
        languages, so that technician and customer read the same sentence.
        """
        self.ensure_one()
        # Rows that were replaced still decide the requests of their days.
        rules = self.sudo().with_context(active_test=False).rule_ids
        texts = {rule.id: {} for rule in rules}
        for lang, _name in self.env["res.lang"].get_installed():
            for rule in rules.with_context(lang=lang):
                texts[rule.id][lang] = rule.reason
        return texts
