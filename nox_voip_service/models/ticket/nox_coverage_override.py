from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..plan.nox_coverage_row import OUTCOMES
from .helpdesk_ticket_coverage import COVERAGES


class NoxCoverageOverride(models.Model):
    """A coordinator's verdict in place of the table's: who, why, and what it was.

    Never edited or deleted: taking an override back is a next one without verdict.
    """

    _name = "nox.coverage.override"
    _description = "Override of a Coverage Verdict"
    _order = "id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    plan_id = fields.Many2one("nox.service.plan", readonly=True, index="btree_not_null")
    rule_id = fields.Many2one(
        "nox.coverage.rule",
        string="Overridden rule",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    old_coverage = fields.Selection(COVERAGES, readonly=True)
    coverage = fields.Selection(
        OUTCOMES,
        string="New verdict",
        help="Empty: take earlier overrides back; the rules of the plan decide.",
    )
    reason = fields.Text(
        required=True, help="The customer reads this sentence, also on the invoice."
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("reason")
    def _check_reason(self):
        for override in self:
            if len((override.reason or "").strip()) < 3:
                raise ValidationError(
                    self.env._("Please give a reason that the customer can read.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        Ticket = self.env["helpdesk.ticket"]
        before = {}
        for vals in vals_list:
            ticket = Ticket.browse(vals.get("ticket_id"))
            ticket._check_coordinator()
            if ticket.coverage in ("delivery", "not_applicable"):
                raise UserError(
                    self.env._(
                        "No service plan applies to %(ticket)s, so there is no"
                        " verdict to override.",
                        ticket=ticket.display_name,
                    )
                )
            if vals.get("coverage") and not ticket.plan_id:
                raise UserError(
                    self.env._(
                        "No service plan runs for %(ticket)s, so nothing says what the"
                        " work costs. Choose the PBX first, and check the date of the"
                        " request.",
                        ticket=ticket.display_name,
                    )
                )
            before[ticket] = ticket.coverage
            vals.update(
                plan_id=ticket.plan_id.id,
                rule_id=ticket.coverage_rule_id.id,
                old_coverage=ticket.coverage,
                user_id=self.env.uid,
            )
        overrides = super().create(vals_list)
        for override in overrides:
            ticket = override.ticket_id
            if ticket.invoiced_blocks:
                ticket._check_verdict_kept(before[ticket])
            ticket.message_post(
                body=self.env._(
                    "Verdict overridden: %(reason)s", reason=override.reason
                )
            )
            ticket._check_end_of_closed()
            ticket._after_service_change()
        return overrides
