from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...policy import coverage

YES_NO = [("yes", "Yes"), ("no", "No")]
CHANGE_SCOPES = [
    ("adjustment", "Adjustment"),
    ("user_addition", "User"),
    ("number_addition", "New number"),
    ("hardware", "Programming hardware"),
    ("fault", "Fault"),
    ("question", "Question"),
    ("other", "Other"),
]
WORK_LOCATIONS = [("remote", "Remote"), ("on_site", "On site")]
FAULT_DOMAINS = [
    ("own", "Our platform"),
    ("customer", "The customer's network or equipment"),
    ("third_party", "Another supplier"),
]
OUTCOMES = [("covered", "Covered"), ("billable", "Billable")]


def fact(yes_no):
    """``"yes"``/``"no"``/empty of a selection as True/False/None (unknown, any)."""
    return {"yes": True, "no": False}.get(yes_no)


class NoxCoverageRule(models.Model):
    """One row of a plan's decision table: the first row that matches a request decides
    it. An empty condition matches anything."""

    _name = "nox.coverage.rule"
    _description = "Coverage Rule"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "nox.service.plan", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    # === Conditions ===
    change_scope = fields.Selection(CHANGE_SCOPES, string="Kind of work")
    work_location = fields.Selection(WORK_LOCATIONS, string="Where")
    replaces_user = fields.Selection(YES_NO, string="Replaces a user")
    warranty = fields.Selection(YES_NO)
    fault_domain = fields.Selection(
        FAULT_DOMAINS + [("outside", "Anywhere outside our platform")],
        string="Cause",
    )
    # === Answer ===
    outcome = fields.Selection(OUTCOMES, required=True)
    clause = fields.Char(
        required=True,
        translate=True,
        help="The part of the service terms this row comes from.",
    )
    reason = fields.Text(
        required=True,
        translate=True,
        help="The sentence that technician, customer and invoice show.",
    )
    override_count = fields.Integer(compute="_compute_override_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_override_count(self):
        counts = dict(
            self.env["nox.coverage.override"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.override_count = counts.get(rule, 0)

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains(
        "plan_id",
        "sequence",
        "active",
        "change_scope",
        "work_location",
        "replaces_user",
        "warranty",
        "fault_domain",
        "outcome",
    )
    def _check_reachable(self):
        """Refuse a table with a row that can never match: its author believes
        something that the plan does not do."""
        # Loading data creates rows one by one in any order; the table is
        # complete, and checked, with the last of them.
        for plan in self.plan_id:
            rules = plan.rule_ids
            unreachable = coverage.audit(rules._policy_rules()).unreachable
            if unreachable:
                raise ValidationError(
                    self.env._(
                        "Plan %(plan)s: these rows can never match, because rows"
                        " above them take all their requests: %(rows)s. Move them"
                        " up, narrow the rows above, or remove them.",
                        plan=plan.name,
                        rows=", ".join(rules.browse(unreachable).mapped("name")),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _policy_rules(self):
        """The active rows in order, as the policy wants them."""
        return [
            coverage.Rule(
                key=rule.id or rule._origin.id or rule.id.ref,
                outcome=rule.outcome,
                scope=rule.change_scope or None,
                location=rule.work_location or None,
                replaces_user=fact(rule.replaces_user),
                warranty=fact(rule.warranty),
                fault_domain=rule.fault_domain or None,
            )
            for rule in self.filtered("active").sorted(
                lambda rule: (rule.sequence, rule._origin.id)
            )
            if rule.outcome
        ]

    @api.model
    def _describe_request(self, request):
        """A (partial) request in words: "Kind of work: Other, Where: Remote"."""

        def label(name, value):
            if isinstance(value, bool):
                value = "yes" if value else "no"
            field = self._fields[name]
            labels = dict(field._description_selection(self.env))
            return f"{field._description_string(self.env)}: {labels.get(value, value)}"

        parts = [
            label(name, value)
            for name, value in (
                ("change_scope", request.scope),
                ("work_location", request.location),
                ("replaces_user", request.replaces_user),
                ("warranty", request.warranty),
                ("fault_domain", request.fault_domain),
            )
            if value is not None
        ]
        return ", ".join(parts) or self.env._("any request")
