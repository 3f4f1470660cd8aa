from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..policy import coverage
from .guard import refuse_readonly, refuse_readonly_on_create
from .nox_coverage_rule import FAULT_DOMAINS, WORK_LOCATIONS, YES_NO, fact

COVERAGES = [
    ("undecided", "Undecided"),
    ("covered", "Covered"),
    ("billable", "Billable"),
    ("delivery", "Part of the delivery"),
    ("not_applicable", "Not applicable"),
]
# Facts that the policy names, and the ticket fields that hold them.
FACT_FIELDS = {
    "pbx": "pbx_id",
    "scope": "category_id",
    "location": "work_location",
    "replaces_user": "replaces_user",
    "warranty": "warranty",
    "fault_domain": "fault_domain",
}
VERDICT_FIELDS = {
    "team_id",
    "about_pbx",
    "partner_id",
    "pbx_id",
    "requested_on",
    "plan_id",
    "category_id",
    "work_location",
    "replaces_user",
    "warranty",
    "fault_domain",
}


class HelpdeskTicket(models.Model):
    """A request: its facts, and the verdict that follows from them (design 5.1).

    The verdict is there before the first minute of work, with the reason that the
    customer, the technician and the invoice line all show.
    """

    _inherit = "helpdesk.ticket"

    about_pbx = fields.Boolean(
        string="About a PBX",
        default=True,
        tracking=True,
        help="Off for a question about an invoice, advertising and the like: "
        "no service plan applies.",
    )
    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        compute="_compute_pbx_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    requested_on = fields.Date(
        default=lambda self: self.env.company._service_today(),
        copy=False,
        tracking=True,
        help="The plan of this day decides.",
    )
    plan_id = fields.Many2one(
        "nox.service.plan",
        string="Service plan",
        compute="_compute_plan_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    customer_reference = fields.Char(
        copy=False, tracking=True, help="The customer's own reference or order number."
    )
    # === Facts ===
    work_location = fields.Selection(
        WORK_LOCATIONS,
        string="Where",
        compute="_compute_default_facts",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    replaces_user = fields.Selection(
        YES_NO,
        string="Replaces a user",
        compute="_compute_default_facts",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    warranty = fields.Selection(
        YES_NO,
        string="Under warranty",
        compute="_compute_default_facts",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Replacement under warranty of hardware that was used normally.",
    )
    fault_domain = fields.Selection(FAULT_DOMAINS, string="Cause", tracking=True)
    change_scope = fields.Selection(related="category_id.change_scope")
    # === Verdict ===
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
    coverage_missing = fields.Char(compute="_compute_coverage", store=True)
    coverage_reason_texts = fields.Json(
        compute="_compute_coverage",
        store=True,
        help="The reason in every language, as it was when the verdict fell.",
    )
    coverage_reason = fields.Text(compute="_compute_coverage_reason")
    coverage_question = fields.Char(compute="_compute_coverage_question")
    override_ids = fields.One2many("nox.coverage.override", "ticket_id")
    is_overridden = fields.Boolean(compute="_compute_coverage", store=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("partner_id", "about_pbx", "company_id")
    def _compute_pbx_id(self):
        customers = self.partner_id.commercial_partner_id
        pbxs = self.env["nox.pbx"].sudo()
        if customers:
            pbxs = pbxs.search_fetch(
                [("commercial_partner_id", "in", customers.ids)],
                ["commercial_partner_id", "company_id", "accepted_on", "ended_on"],
            )
        for ticket in self:
            own = pbxs.filtered(
                lambda pbx, ticket=ticket: (
                    pbx.commercial_partner_id == ticket.partner_id.commercial_partner_id
                    and pbx.company_id == (ticket.company_id or self.env.company)
                )
            )
            if not ticket.about_pbx or ticket.pbx_id not in own:
                ticket.pbx_id = own if ticket.about_pbx and len(own) == 1 else False

    @api.depends("pbx_id", "requested_on")
    def _compute_plan_id(self):
        for ticket in self:
            ticket.plan_id = ticket._plan_by_history()

    @api.depends("category_id")
    def _compute_default_facts(self):
        for ticket in self:
            known = ticket.category_id._known_facts()
            ticket.work_location = known["default_work_location"] or (
                ticket.work_location
            )
            ticket.replaces_user = known["default_replaces_user"]
            ticket.warranty = known["default_warranty"]

    @api.depends(
        "team_id",
        "about_pbx",
        "pbx_id",
        "requested_on",
        "plan_id",
        "category_id",
        "work_location",
        "replaces_user",
        "warranty",
        "fault_domain",
        "override_ids.coverage",
    )
    def _compute_coverage(self):
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
            ticket.coverage_missing = (
                ",".join(verdict.missing) if ticket.coverage == "undecided" else False
            )
            ticket.coverage_reason_texts = (
                {"": override.reason}
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
                self._fields[FACT_FIELDS[code]]._description_string(self.env)
                for code in (ticket.coverage_missing or "").split(",")
                if code in FACT_FIELDS
            ]
            ticket.coverage_question = (
                self.env._("Still to be filled in: %(facts)s", facts=", ".join(names))
                if names
                else False
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        refuse_readonly_on_create(self, vals_list)
        self._check_requested_on_allowed(vals_list)
        tickets = super().create(vals_list)
        tickets._assess_new(vals_list)
        tickets._after_service_change()
        return tickets

    def write(self, vals):
        refuse_readonly(self, vals)
        self._check_requested_on_allowed([vals])
        self._check_customer_kept(vals)
        before = {}
        if VERDICT_FIELDS & vals.keys():
            before = {
                ticket: ticket.coverage for ticket in self if ticket.invoiced_blocks
            }
        res = super().write(vals)
        for ticket, old in before.items():
            ticket._check_verdict_kept(old)
        self._after_service_change()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        for ticket in self.sudo():
            if ticket.timesheet_ids or ticket.service_order_ids:
                raise UserError(
                    self.env._(
                        "%(ticket)s has time or quotes and stays for the record. Drop"
                        " it instead of deleting it.",
                        ticket=ticket.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_override_coverage(self):
        """Open the form in which a coordinator gives another verdict."""
        self.ensure_one()
        self._check_coordinator()
        return {
            "name": self.env._("Give another verdict"),
            "type": "ir.actions.act_window",
            "res_model": "nox.coverage.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_coordinator(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_coordinator"
        ):
            raise AccessError(
                self.env._("Only a service coordinator can do this. Please ask one.")
            )

    def _check_requested_on_allowed(self, vals_list):
        """The date of the request chooses the plan: only coordinators move it."""
        if any(
            vals.get("requested_on")
            and fields.Date.to_date(vals["requested_on"])
            != self.env.company._service_today()
            for vals in vals_list
        ):
            self._check_coordinator()

    def _check_customer_kept(self, vals):
        """A quote, or an order that was invoiced, binds the ticket to its customer."""
        if not {"partner_id", "pbx_id", "company_id"} & vals.keys():
            return
        for ticket in self.sudo():
            live = ticket.service_order_ids.filtered(lambda o: o.state != "cancel")
            if not live:
                continue
            unbilled = ticket._unbilled_base_order()
            partner = self.env["res.partner"].browse(
                vals.get("partner_id", ticket.partner_id.id)
            )
            if (
                partner.commercial_partner_id != ticket.commercial_partner_id
                or vals.get("pbx_id", ticket.pbx_id.id) != ticket.pbx_id.id
                or vals.get("company_id", ticket.company_id.id) != ticket.company_id.id
            ):
                if live == unbilled:
                    ticket._drop_base_order()
                    continue
                raise UserError(
                    self.env._(
                        "%(orders)s belongs to %(ticket)s. Withdraw or credit it before"
                        " the ticket moves to another customer or PBX.",
                        orders=", ".join(live.mapped("name")),
                        ticket=ticket.display_name,
                    )
                )

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

    def _plan_by_history(self):
        """The plan that the PBX's history gives for the date of the request."""
        self.ensure_one()
        pbx = self.pbx_id.sudo()
        if not pbx:
            return self.env["nox.service.plan"]
        return pbx._plan_on(self.requested_on or self.env.company._service_today())

    def _policy_request(self):
        """The ticket's facts as the policy wants them; unknown is None."""
        self.ensure_one()
        return coverage.Request(
            scope=self.category_id._known_facts()["change_scope"] or None,
            location=self.work_location or None,
            replaces_user=fact(self.replaces_user),
            warranty=fact(self.warranty),
            fault_domain=self.fault_domain or None,
        )

    def _decide(self, plan):
        """The policy's verdict on this ticket under a plan (design 5.1).

        The portal's preview and the stored verdict both come from here.
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
        return coverage.verdict(situation, plan._coverage_table() if plan else None)

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
