from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.sql import column_exists, create_column

from ...policy import coverage, masking
from ..base.facts import TICKET_FACTS, TICKET_FIELDS, policy_value
from ..base.guard import for_readers

COVERAGES = [
    ("undecided", "Undecided"),
    ("covered", "Covered"),
    ("billable", "Billable"),
    ("delivery", "Part of the delivery"),
    ("not_applicable", "Not applicable"),
]
# What a verdict can miss, by the policy's names, and the ticket fields that hold it.
MISSING_FIELDS = {
    "pbx": "pbx_id",
    "scope": "category_id",
    **{name: fact.field for name, fact in TICKET_FACTS.items()},
}


class HelpdeskTicket(models.Model):
    """The verdict on a request: covered or billable, and why. It is there before the
    first minute of work; customer, technician and invoice line show the same reason."""

    _inherit = "helpdesk.ticket"

    coverage = fields.Selection(
        COVERAGES,
        compute="_compute_coverage",
        store=True,
        index=True,
        tracking=True,
    )
    coverage_rule_id = fields.Many2one(
        "nox.coverage.rule",
        string="Deciding rule",
        compute="_compute_coverage",
        store=True,
        ondelete="set null",
        index="btree_not_null",
    )
    coverage_edition_id = fields.Many2one(
        "nox.plan.edition",
        string="Rules of the verdict",
        compute="_compute_coverage",
        store=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The plan as it was when the verdict was given.",
    )
    coverage_given_at = fields.Datetime(
        string="Verdict given at", compute="_compute_coverage", store=True
    )
    coverage_missing = fields.Char(compute="_compute_coverage", store=True)
    coverage_reason_texts = fields.Json(
        compute="_compute_coverage",
        store=True,
        help="The reason in every language, as it was when the verdict fell.",
    )
    coverage_reason = fields.Text(compute="_compute_coverage_reason")
    coverage_question = fields.Char(compute="_compute_coverage_question")
    override_ids = fields.One2many("nox.coverage.override", "ticket_id", readonly=True)
    is_overridden = fields.Boolean(compute="_compute_coverage", store=True)

    # ------------------------------------------------------------------
    # SETUP
    # ------------------------------------------------------------------

    def _auto_init(self):
        """Make the columns before Odoo does, in an update: it would give every verdict
        again, by the rules of today."""
        for name, kind in (
            ("coverage_edition_id", "int4"),
            ("coverage_given_at", "timestamp"),
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "team_id",
        "about_pbx",
        "pbx_id",
        "requested_on",
        "plan_id",
        "category_id",
        *TICKET_FIELDS,
        "override_ids.coverage",
    )
    def _compute_coverage(self):
        editions = self._editions_of_verdicts()
        for ticket in self:
            verdict = ticket._decide(ticket.plan_id)
            # Without a plan nothing has a price: no verdict stands without one.
            overrides = (
                ticket.override_ids if ticket.plan_id else ticket.override_ids[:0]
            )
            override = overrides.sorted("id")[-1:]
            ticket.is_overridden = bool(override.coverage)
            ticket.coverage = override.coverage or verdict.coverage
            ticket.coverage_rule_id = verdict.rule_key
            ticket.coverage_edition_id = editions.get(ticket)
            ticket.coverage_given_at = fields.Datetime.now()
            ticket.coverage_missing = (
                ",".join(verdict.missing) if ticket.coverage == "undecided" else False
            )
            ticket.coverage_reason_texts = (
                {"": masking.masked(override.reason)}
                if override.coverage
                else ticket._verdict_texts(verdict)
            )

    @api.depends("coverage_reason_texts")
    @api.depends_context("lang")
    def _compute_coverage_reason(self):
        for ticket in self:
            ticket.coverage_reason = ticket._coverage_reason_in(self.env.lang)

    @api.depends("coverage_missing")
    @api.depends_context("lang")
    def _compute_coverage_question(self):
        for ticket in self:
            names = [
                self._fields[MISSING_FIELDS[code]]._description_string(self.env)
                for code in (ticket.coverage_missing or "").split(",")
                if code in MISSING_FIELDS
            ]
            ticket.coverage_question = (
                self.env._("Still to be filled in: %(facts)s", facts=", ".join(names))
                if names
                else False
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_override_coverage(self):
        """Open the form in which a coordinator gives another verdict."""
        self.ensure_one()
        self._check_coordinator()
        return self._service_dialog(
            "nox.coverage.override", self.env._("Give another verdict")
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_verdict_kept(self, old):
        """After a block is invoiced, a credit note comes before another verdict."""
        self.ensure_one()
        if self.coverage != old:
            raise UserError(
                self.env._(
                    "%(ticket)s has invoiced blocks, so its verdict cannot change."
                    " Credit the invoice first.",
                    ticket=self.display_name,
                )
            )

    def _policy_request(self):
        """The ticket's facts as the policy wants them; unknown is None."""
        self.ensure_one()
        return coverage.Request(
            scope=self.category_id._known_facts()["change_scope"] or None,
            **{
                name: policy_value(self[fact.field])
                for name, fact in TICKET_FACTS.items()
            },
        )

    def _editions_of_verdicts(self):
        """``{ticket: edition of its plan that decides it}``, looked up once for each
        plan; a form that is not saved yet keeps none."""
        known, found = {}, {}
        for ticket in self.filtered("id"):
            plan, day = ticket.plan_id, ticket.requested_on
            superseded = (
                plan and day and plan._superseded_edition_id(day, ticket.pbx_id)
            )
            key = plan, superseded
            if key not in known:
                known[key] = plan._edition(day, ticket.pbx_id)
            found[ticket] = known[key]
        return found

    def _decide(self, plan, table=None):
        """The policy's verdict on this ticket under a plan.

        The portal's preview and the stored verdict both come from here.

        :param table: the decision table; by default the plan's of the request's day
        """
        self.ensure_one()
        pbx = self.pbx_id.sudo()
        requested_on = self.requested_on or self.env.company._service_today()
        accepted_on, ended_on = pbx._service_span() if pbx else (None, None)
        situation = coverage.Situation(
            uses_service_plans=not self.team_id
            or self.sudo().team_id.uses_service_plans,
            about_pbx=self.about_pbx,
            has_pbx=bool(pbx),
            accepted_on=accepted_on,
            ended_on=ended_on,
            requested_on=requested_on,
            request=self._policy_request(),
            later_plan_start=pbx._later_plan_start(requested_on, plan) if pbx else None,
        )
        if plan and table is None:
            table = plan._coverage_table(requested_on, pbx)
        return coverage.verdict(situation, table if plan else None)

    def _refresh_verdict(self):
        """Decide again under the PBX's history as it is now, and bring the figures
        and the quotes that follow from the verdict up to date."""
        # Plan and verdict depend on the date of the request, all else on them.
        self.modified(["requested_on"])
        self._after_service_change()

    def _reviewed_values(self):
        """``(plan, coverage)`` that the history gives now, when it differs from
        what is stored; None when nothing would change. An override stands."""
        self.ensure_one()
        plan = self._plan_by_history()
        verdict = self._decide(plan)
        new_coverage = self.coverage if self.is_overridden else verdict.coverage
        if (plan, new_coverage) == (self.plan_id, self.coverage):
            return None
        return plan, new_coverage

    def _coverage_reason_in(self, lang):
        """The stored reason in a language, English when it has none there."""
        self.ensure_one()
        texts = self.coverage_reason_texts or {}
        return texts.get(lang) or texts.get("") or texts.get("en_US") or False

    def _verdict_texts(self, verdict):
        """``{lang: sentence}`` of a verdict in every installed language.

        Stored with the ticket, so that a later edit of a rule does not rewrite
        what the customer was told.
        """
        self.ensure_one()
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        return {
            lang: self.with_context(lang=lang)._verdict_sentence(verdict, lang)
            for lang in langs
        }

    def _verdict_sentence(self, verdict, lang):
        if verdict.code == "rule":
            texts = self.plan_id._coverage_texts() if self.plan_id else {}
            sentence = texts.get(verdict.rule_key, {}).get(lang) or ""
        else:
            sentence = self._verdict_message(verdict)
        later = verdict.params.get("later_plan_start")
        if later:
            sentence += " " + self.env._(
                "Your new plan starts on %(date)s; this request is from before that"
                " day.",
                date=format_date(self.env, later),
            )
        return sentence

    def _verdict_message(self, verdict):
        """The sentence of a verdict that no row of a plan gave."""
        params = verdict.params
        if verdict.code == "team_without_plans":
            return self.env._("This team's tickets are not part of a service plan.")
        if verdict.code == "not_about_pbx":
            return self.env._("This is not about a PBX; no service plan applies.")
        if verdict.code == "no_pbx":
            return self.env._("We first need to know which PBX this is about.")
        if verdict.code == "delivery":
            accepted_on = params.get("accepted_on")
            if not accepted_on:
                return self.env._(
                    "The delivery of this PBX is not accepted yet; this request is"
                    " part of the delivery."
                )
            return self.env._(
                "The delivery of this PBX was accepted on %(date)s; this request is"
                " from before that day and is part of the delivery.",
                date=format_date(self.env, accepted_on),
            )
        if verdict.code == "pbx_ended":
            return self.env._(
                "The service on this PBX ended on %(date)s.",
                date=format_date(self.env, params["ended_on"]),
            )
        if verdict.code == "no_plan":
            return self.env._("This PBX has no service plan on the day of the request.")
        if verdict.code == "missing_facts":
            return self.env._("We decide as soon as the missing facts are known.")
        return self.env._(
            "The service plan does not mention this kind of work; we decide and tell"
            " you before we start."
        )
