from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers


class NoxCoverageReview(models.TransientModel):
    """What a corrected plan history would change on tickets with time: proposed here,
    changed only when somebody confirms (docs/ARCHITECTURE.md#plans-do-not-look-back).
    """

    _name = "nox.coverage.review"
    _description = "Review of Coverage Verdicts"

    pbx_id = fields.Many2one("nox.pbx", required=True, readonly=True)
    line_ids = fields.One2many(
        "nox.coverage.review.line",
        "review_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("pbx_id")
    def _compute_line_ids(self):
        for review in self:
            review.line_ids = [Command.clear()] + [
                Command.create(self._prepare_line_vals(ticket))
                for ticket in review.pbx_id._tickets_to_review()
            ]

    @api.model
    def _prepare_line_vals(self, ticket):
        plan, coverage = ticket._reviewed_values()
        return {
            "ticket_id": ticket.id,
            "old_plan_id": ticket.plan_id.id,
            "old_coverage": ticket.coverage,
            "new_plan_id": plan.id,
            "new_coverage": coverage,
            # Invoiced work is corrected by a credit note, not by a new verdict.
            "is_selected": not ticket.invoiced_blocks,
        }

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_apply(self):
        self.ensure_one()
        self.env["helpdesk.ticket"]._check_coordinator()
        tickets = self.line_ids.filtered("is_selected").ticket_id
        if not tickets:
            raise UserError(self.env._("Choose at least one ticket to change."))
        for ticket in tickets:
            before = ticket.coverage
            ticket._refresh_verdict()
            if ticket.invoiced_blocks:
                ticket._check_verdict_kept(before)
            ticket.message_post(
                body=self.env._("Verdict reviewed after a change of plan.")
            )
        return {"type": "ir.actions.act_window_close"}
