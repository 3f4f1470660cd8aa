from odoo import api, fields, models


class HrTimesheetSwitch(models.TransientModel):
    """The dialog of the timer, for work on a ticket: from the ticket, or again from an
    entry of one."""

    _inherit = "hr.timesheet.switch"

    timer_ticket_id = fields.Many2one("helpdesk.ticket", string="Ticket")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        ticket = self.env["helpdesk.ticket"].browse(values.get("timer_ticket_id"))
        if ticket:
            ticket.check_access("read")
            values["project_id"] = ticket.company_id._service_project().id
            values["company_id"] = ticket.company_id.id
            values.setdefault("name", ticket._masked_name())
        return values

    @api.model
    def _prepare_default_values(self, account_analytic_line):
        values = super()._prepare_default_values(account_analytic_line)
        line = account_analytic_line
        ticket = line.ticket_id or line.timer_ticket_id
        return dict(values, timer_ticket_id=ticket.id) if ticket else values

    def _prepare_copy_values(self, record):
        """A timer of a ticket has neither its time nor its reasons yet."""
        values = super()._prepare_copy_values(record)
        ticket = record.timer_ticket_id
        if ticket:
            # The base copies in sudo.
            ticket.check_access("read")
            values.update(timer_ticket_id=ticket.id, ticket_id=False, held_reason=False)
            values.pop("date_time_end")
        return values

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_switch(self):
        timer = self.running_timer_id.filtered("timer_ticket_id")
        if timer:
            # Stopped here: with the timer this dialog would go, which the base reads.
            self.running_timer_id = False
            timer.with_context(stop_dt=self.date_time).button_end_work()
        return super().action_switch()
