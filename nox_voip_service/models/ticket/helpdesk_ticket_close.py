from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.guard import for_readers
from ..plan.helpdesk_ticket_stage import STAGE_OUTCOMES


class HelpdeskTicket(models.Model):
    """The stages of a ticket: it is finished with a verdict, dropped with a decision
    about its billable time, and worked on while no approval is waited for. Dropping,
    opening again, splitting."""

    _inherit = "helpdesk.ticket"

    # What the stage says, stored: logging time does not read the stage. One compute,
    # for every new ticket goes through it.
    outcome = fields.Selection(STAGE_OUTCOMES, compute="_compute_outcome", store=True)
    closed = fields.Boolean(related=None, compute="_compute_outcome", store=True)
    drop_billing = fields.Selection(
        [("bill", "Bill the work done"), ("waive", "Waive the work done")],
        copy=False,
        readonly=True,
        tracking=True,
        help="What a coordinator decided about billable time when dropping.",
    )
    is_finished = fields.Boolean(
        compute="_compute_outcome",
        store=True,
        index=True,
        help="Done, or dropped with the work to be billed: ready for the invoice.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("stage_id.outcome", "stage_id.closed", "drop_billing")
    def _compute_outcome(self):
        for ticket in self:
            outcome, closed = ticket.stage_id._how_it_ends()
            ticket.outcome = outcome
            ticket.closed = closed
            ticket.is_finished = outcome == "done" or (
                outcome == "dropped" and ticket.drop_billing == "bill"
            )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("stage_id", "coverage", "drop_billing")
    def _check_stage(self):
        """Guard every way into a stage: button, kanban, mail, change of team."""
        for ticket in self:
            ticket._check_closing_stage()
            if ticket.outcome == "done":
                ticket._check_may_finish()
            elif ticket.outcome == "dropped":
                ticket._check_may_drop()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def _stages_before(self, vals):
        """``{ticket: stage}`` where these values may bring another stage: a team brings
        its own stages, and a technician a team, as OCA computes them."""
        if not {"stage_id", "team_id", "user_id"} & vals.keys():
            return {}
        return {ticket: ticket.stage_id for ticket in self}

    def _open_again_with(self, vals):
        """The values, with what opening a closed ticket brings along: the base would
        keep the date of its closing."""
        if (
            not vals.get("stage_id")
            or self.env["helpdesk.ticket.stage"].browse(vals["stage_id"]).closed
        ):
            return vals
        self.sudo().filtered("answered_at")._close_answer()
        return dict(vals, closed_date=False)

    def _after_stage_change(self, vals, before):
        """What follows another stage: see `_stages_before`."""
        moved = self.filtered(
            lambda ticket: ticket.stage_id != before.get(ticket, ticket.stage_id)
        )
        moved.filtered("stage_id.is_work")._check_may_work()
        moved.filtered(
            lambda ticket: ticket.outcome == "dropped"
        )._withdraw_open_quote()
        if not vals.get("stage_id"):
            return
        stage = self.env["helpdesk.ticket.stage"].browse(vals["stage_id"])
        decided = self.sudo().filtered("drop_billing")
        if stage.outcome != "dropped" and decided:
            decided.drop_billing = False
        self.filtered(
            lambda ticket: ticket.is_finished and ticket.to_invoice_blocks
        )._ensure_base_order()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_drop(self):
        """Ask a coordinator what becomes of the billable time, then drop."""
        self.ensure_one()
        self._check_coordinator()
        return self._service_dialog("nox.ticket.drop", self.env._("Drop the request"))

    @for_readers
    def action_split(self):
        self.ensure_one()
        self._check_coordinator()
        return self._service_dialog("nox.ticket.split", self.env._("Split the ticket"))

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_dialog(self, model, title):
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _check_may_finish(self):
        self.ensure_one()
        if self.coverage == "undecided":
            raise ValidationError(
                self.env._(
                    "%(ticket)s has no verdict yet and cannot be done. %(question)s",
                    ticket=self.display_name,
                    question=self.coverage_question or self.coverage_reason or "",
                )
            )
        if self.approval_state in ("needed", "sent"):
            raise ValidationError(
                self.env._(
                    "Quote %(quote)s of %(ticket)s is still open. Wait for the"
                    " customer's answer, or let a coordinator withdraw the quote.",
                    quote=self.sudo().quote_id.name or "",
                    ticket=self.display_name,
                )
            )

    def _check_may_drop(self):
        self.ensure_one()
        if self.coverage == "undecided" and self._has_open_time():
            raise ValidationError(
                self.env._(
                    "%(ticket)s has time and no verdict yet. Fill in what it is about,"
                    " or let a coordinator drop it and waive the time.",
                    ticket=self.display_name,
                )
            )
        goods = self.sudo().has_goods_to_invoice and self.drop_billing != "bill"
        if goods and self.drop_billing:
            raise ValidationError(
                self.env._(
                    "An order of %(ticket)s has something else to invoice. Cancel it,"
                    " or drop the request with its work to be billed.",
                    ticket=self.display_name,
                )
            )
        if goods or (self.to_invoice_blocks and self.drop_billing != "bill"):
            raise ValidationError(
                self.env._(
                    "%(ticket)s has billable time. A coordinator drops it with the"
                    " button 'Drop', and chooses whether the time is billed or waived.",
                    ticket=self.display_name,
                )
            )

    def _withdraw_open_quote(self):
        """Who withdraws a request withdraws its quote: nobody approves work that is
        not wanted any more. In sudo, for a customer may withdraw his own request."""
        for ticket in self.sudo():
            if ticket.quote_state in ("draft", "sent"):
                ticket.quote_id._service_withdraw(
                    self.env._("The request was withdrawn.")
                )

    def _check_may_work(self):
        """Refuse a technician a stage of work while a quote is needed, sent, refused or
        expired: the customer approves first."""
        if self.env.su or self.env.user.has_group("nox_voip_service.group_coordinator"):
            return
        for ticket in self:
            if ticket.is_approval_open:
                raise UserError(
                    ticket._may_log_message(f"quote_{ticket.approval_state}")
                )

    @api.model
    def _stage_with_outcome(self, outcome, team):
        """The first stage of a team that ends a ticket this way."""
        return self.env["helpdesk.ticket.stage"].search(
            [
                ("outcome", "=", outcome),
                "|",
                ("team_ids", "=", False),
                ("team_ids", "in", team.ids),
            ],
            limit=1,
        )
