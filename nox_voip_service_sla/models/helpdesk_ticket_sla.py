from odoo import api, fields, models


class HelpdeskTicketSla(models.Model):
    """The clock of an SLA stands still while a quote waits for the customer, as it
    does in a stage that the SLA ignores."""

    _inherit = "helpdesk.ticket.sla"

    waits_for_approval = fields.Boolean(
        readonly=True,
        help="A quote waits for the customer's approval: the clock stands still.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("sla_id")
    def _compute_sla_data(self):
        res = super()._compute_sla_data()
        for clock in self:
            if clock.state == "in_progress" and clock.waits_for_approval:
                clock.state = "on_hold"
        return res

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """An SLA that comes while a quote is out begins with a clock that stands."""
        tickets = self.env["helpdesk.ticket"]
        for vals in vals_list:
            ticket = tickets.browse(vals.get("ticket_id")).sudo()
            if ticket and ticket._is_waiting_for_approval():
                vals["waits_for_approval"] = True
        return super().create(vals_list)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _stage_recompute(self):
        res = super()._stage_recompute()
        if self.state == "in_progress" and self.waits_for_approval:
            self.state = "on_hold"
        return res
