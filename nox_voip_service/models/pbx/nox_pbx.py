from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ...policy import plans
from ..base.guard import for_readers
from ..base.in_force import in_force_domain


class NoxPbx(models.Model):
    """A hosted telephone system at a customer: where the service starts, which
    plan it runs on and who may ask, manage and approve."""

    _name = "nox.pbx"
    _description = "Hosted PBX"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
        domain="[('is_company', '=', True)]",
    )
    accepted_on = fields.Date(
        tracking=True,
        help="The day the customer accepted the delivery. Requests from before "
        "it belong to the delivery and are not billed as service.",
    )
    ended_on = fields.Date(tracking=True, help="Last day of the service.")
    administrator_ids = fields.Many2many(
        "res.partner",
        "nox_pbx_administrator_rel",
        string="Administrators",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    approver_ids = fields.Many2many(
        "res.partner",
        "nox_pbx_approver_rel",
        string="Approvers",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Only these contacts can approve quotes, after logging in. "
        "Empty: anyone who has the quote's link.",
    )
    reference_required = fields.Boolean(
        help="Every quote and order carries the customer's reference."
    )
    note = fields.Html()
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    period_ids = fields.One2many("nox.pbx.plan", "pbx_id", string="Plan history")
    plan_id = fields.Many2one(
        "nox.service.plan",
        string="Plan today",
        compute="_compute_plan_id",
        search="_search_plan_id",
    )
    ticket_ids = fields.One2many("helpdesk.ticket", "pbx_id", readonly=True)
    ticket_count = fields.Integer(compute="_compute_ticket_count")
    review_count = fields.Integer(compute="_compute_review_count")

    _name_unique = models.Constraint(
        "UNIQUE (partner_id, name, company_id)",
        "This customer has a PBX with this name already.",
    )
    _ends_after_acceptance = models.Constraint(
        "CHECK (ended_on IS NULL OR accepted_on IS NULL OR ended_on >= accepted_on)",
        "The service cannot end before the delivery was accepted.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("period_ids.date_start", "period_ids.plan_id", "ended_on")
    def _compute_plan_id(self):
        for pbx in self:
            pbx.plan_id = pbx._running_plan()

    def _search_plan_id(self, operator, value):
        if operator not in ("in", "not in", "any", "not any", "ilike", "not ilike"):
            return NotImplemented
        today = self.env.company._service_today()
        return [
            (
                "period_ids",
                "any",
                [("plan_id", operator, value), *in_force_domain(today)],
            )
        ]

    def _compute_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("pbx_id", "in", self.ids)], ["pbx_id"], ["__count"]
            )
        )
        for pbx in self:
            pbx.ticket_count = counts.get(pbx, 0)

    def _compute_review_count(self):
        for pbx in self:
            pbx.review_count = len(pbx._tickets_to_review())

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("accepted_on", "period_ids")
    def _check_plan_since_acceptance(self):
        for pbx in self.filtered("accepted_on"):
            first = pbx.period_ids.sorted("date_start")[:1]
            if not first or first.date_start > pbx.accepted_on:
                raise ValidationError(
                    self.env._(
                        "%(pbx)s has no service plan on %(date)s, the day its"
                        " delivery was accepted. Let the first plan start on or"
                        " before that day.",
                        pbx=pbx.name,
                        date=pbx.accepted_on,
                    )
                )

    @api.constrains("administrator_ids", "approver_ids", "partner_id")
    def _check_contacts_of_customer(self):
        for pbx in self:
            strangers = (pbx.administrator_ids | pbx.approver_ids).filtered(
                lambda contact, pbx=pbx: (
                    contact.commercial_partner_id != pbx.commercial_partner_id
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(names)s do not belong to %(customer)s, the customer of"
                        " this PBX.",
                        names=", ".join(strangers.mapped("display_name")),
                        customer=pbx.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        default_plan = self.env.ref(
            "nox_voip_service.service_plan_standard", raise_if_not_found=False
        )
        for vals in vals_list:
            if not vals.get("period_ids") and default_plan:
                start = vals.get("accepted_on") or fields.Date.context_today(self)
                vals["period_ids"] = [
                    fields.Command.create(
                        {"plan_id": default_plan.id, "date_start": start}
                    )
                ]
        return super().create(vals_list)

    def write(self, vals):
        self._check_customer_unchanged(vals)
        res = super().write(vals)
        if vals.keys() & {"accepted_on", "ended_on"}:
            self.env.registry.clear_cache()
        if vals.get("accepted_on"):
            # The default plan was dated on a guess; the acceptance is the fact.
            for pbx in self:
                first = pbx.period_ids.sorted("date_start")[:1]
                first.date_start = min(first.date_start, pbx.accepted_on)
        if vals.keys() & {"accepted_on", "ended_on"}:
            self._refresh_open_tickets()
        if "ended_on" in vals:
            self.period_ids._end_seat_line()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_tickets(self):
        for pbx in self.sudo().with_context(active_test=False):
            if pbx.ticket_ids:
                raise UserError(
                    self.env._(
                        "%(pbx)s has tickets and stays for the record. Fill in the last"
                        " day of its service instead.",
                        pbx=pbx.name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.helpdesk_ticket_action_service"
        )
        return dict(
            action,
            domain=[("pbx_id", "=", self.id)],
            context={
                "default_pbx_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        )

    @for_readers
    def action_change_plan(self):
        self.ensure_one()
        self.env["helpdesk.ticket"]._check_coordinator()
        return {
            "name": self.env._("Change plan"),
            "type": "ir.actions.act_window",
            "res_model": "nox.pbx.change.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_pbx_id": self.id},
        }

    @for_readers
    def action_review_coverage(self):
        """Open the proposal of what the corrected history would change."""
        self.ensure_one()
        self.env["helpdesk.ticket"]._check_coordinator()
        if not self.review_count:
            raise UserError(
                self.env._("No open ticket of %(pbx)s would change.", pbx=self.name)
            )
        return {
            "name": self.env._("Review verdicts"),
            "type": "ir.actions.act_window",
            "res_model": "nox.coverage.review",
            "view_mode": "form",
            "target": "new",
            "context": {"default_pbx_id": self.id},
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _has_history_of_customer(self):
        """Whether anything that is this customer's own hangs on the PBX: requests, or
        users and prices, which are on his contract and invoices."""
        self.ensure_one()
        return bool(
            self.ticket_ids
            or self.seat_ids
            or self.period_ids.contract_line_id
            or self.period_ids.charge_ids
        )

    def _check_customer_unchanged(self, vals):
        if "partner_id" not in vals and "company_id" not in vals:
            return
        for pbx in self.sudo().with_context(active_test=False):
            if pbx._has_history_of_customer() and (
                vals.get("partner_id", pbx.partner_id.id) != pbx.partner_id.id
                or vals.get("company_id", pbx.company_id.id) != pbx.company_id.id
            ):
                raise UserError(
                    self.env._(
                        "%(pbx)s has tickets, users, prices or trainings of"
                        " %(customer)s. End this PBX and make a new one for the other"
                        " customer.",
                        pbx=pbx.name,
                        customer=pbx.partner_id.display_name,
                    )
                )

    @tools.ormcache("self.id")
    def _plan_history(self):
        """``((first day, plan id), ...)`` in order of time.

        Cached in the registry because every ticket asks for it and it changes a few
        times in a PBX's life; a write on a plan period clears it.
        """
        periods = self.sudo().period_ids.sorted("date_start")
        return tuple((period.date_start, period.plan_id.id) for period in periods)

    @tools.ormcache("self.id")
    def _service_span(self):
        """``(accepted_on, ended_on)``, None if unknown. Cached as the plans are."""
        pbx = self.sudo()
        return pbx.accepted_on or None, pbx.ended_on or None

    def _plan_on(self, day):
        """The plan by which a request of that day counts; empty before the first."""
        return self.env["nox.service.plan"].browse(
            plans.plan_on(self._plan_history(), day)
        )

    def _running_plan(self):
        """The plan under which the PBX runs today; empty when its service ended."""
        _accepted_on, ended_on = self._service_span()
        return self.env["nox.service.plan"].browse(
            plans.running_plan(
                self._plan_history(), self.company_id._service_today(), ended_on
            )
        )

    def _later_plan_start(self, day, plan):
        """First day after `day` on which another plan starts, or None. The reason of a
        verdict names it: "Your new plan starts on 1 March; this request is from before
        that day." """
        return plans.later_start(self._plan_history(), day, plan.id)

    def _tickets_to_review(self):
        """Tickets with time on them whose stored plan or verdict is not what the
        history says now. They change only when somebody confirms
        (docs/ARCHITECTURE.md#plans-do-not-look-back)."""
        tickets = self.env["helpdesk.ticket"].search(
            [
                ("pbx_id", "in", self.ids),
                "|",
                ("worked_minutes", ">", 0),
                ("quote_id", "!=", False),
            ]
        )
        return tickets.filtered(lambda ticket: ticket._reviewed_values())

    def _refresh_open_tickets(self):
        """Decide again, under the corrected history, what nobody worked on yet."""
        self.env["helpdesk.ticket"].search(
            [
                ("pbx_id", "in", self.ids),
                ("worked_minutes", "=", 0),
                ("quote_id", "=", False),
                ("closed", "=", False),
            ]
        )._refresh_verdict()
