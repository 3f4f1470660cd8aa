from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...policy import coverage
from ..base.facts import FACT_FIELDS, FACTS, policy_value, stored_value

OUTCOMES = [("covered", "Covered"), ("billable", "Billable")]


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
    # A column for each fact: change_scope, work_location and so on.
    vars().update(
        {
            fact.field: fields.Selection(
                [*fact.selection, *fact.wider], string=fact.label
            )
            for fact in FACTS.values()
        }
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

    @api.constrains("plan_id", "sequence", "active", "outcome", *FACT_FIELDS)
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
                **{
                    name: policy_value(rule[fact.field]) for name, fact in FACTS.items()
                },
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
            field = self._fields[name]
            labels = dict(field._description_selection(self.env))
            return f"{field._description_string(self.env)}: {labels.get(value, value)}"

        parts = [
            label(fact.field, stored_value(getattr(request, name)))
            for name, fact in FACTS.items()
            if getattr(request, name) is not None
        ]
        return ", ".join(parts) or self.env._("any request")
