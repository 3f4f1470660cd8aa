from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...policy import coverage
from ..base.facts import FACT_FIELDS, FACTS, policy_value, stored_value

OUTCOMES = [("covered", "Covered"), ("billable", "Billable")]
# What the proof of a table hangs on, for who has its rows as `rule_ids`.
AUDITED = tuple(
    f"rule_ids.{name}"
    for name in ("sequence", "active", "outcome", "name", *FACT_FIELDS)
)


class NoxCoverageRow(models.AbstractModel):
    """What every row of a decision table has, of one in force and of a draft: the first
    row that matches a request decides it. An empty condition matches anything."""

    _name = "nox.coverage.row"
    _description = "Row of a Decision Table"
    # Whose rows they are: the field to a record with `rule_ids`.
    _table_field = None

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

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("sequence", "active", "outcome", *FACT_FIELDS)
    def _check_reachable(self):
        """Refuse a table with a row that can never match: its author believes
        something that the plan does not do."""
        # Loading data creates rows one by one in any order; the table is
        # complete, and checked, with the last of them.
        for owner in self[self._table_field]:
            rules = owner.rule_ids
            unreachable = coverage.audit(rules._policy_rules()).unreachable
            if unreachable:
                raise ValidationError(
                    self.env._(
                        "Plan %(plan)s: these rows can never match, because rows"
                        " above them take all their requests: %(rows)s. Move them"
                        " up, narrow the rows above, or remove them.",
                        plan=owner.name,
                        rows=", ".join(rules.browse(unreachable).mapped("name")),
                    )
                )

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

    def _audited(self):
        """``(gaps, page)``: the proof of the table that these rows are, in words."""
        found = coverage.audit(self._policy_rules())
        page = self.env["ir.qweb"]._render(
            "nox_voip_service.coverage_audit",
            {
                "gaps": [self._describe_request(gap) for gap in found.gaps],
                "contradictions": [
                    tuple(self.browse(pair).mapped("display_name"))
                    for pair in found.contradictions
                ],
            },
        )
        return len(found.gaps), page

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
