from odoo import api, models


class HelpdeskTicketMerge(models.TransientModel):
    """Merge tickets with their work."""

    _inherit = "helpdesk.ticket.merge"

    @api.model
    def default_get(self, fields):
        """The ticket that binds us stays, where there is one."""
        values = super().default_get(fields)
        tickets = self.env["helpdesk.ticket"].browse(self.env.context.get("active_ids"))
        tickets.check_access("read")
        promised = tickets.filtered("is_release_promised")
        if len(promised) == 1:
            values["dst_ticket_id"] = promised.id
        return values

    def merge_tickets(self):
        self.ensure_one()
        tickets = self.ticket_ids | self.dst_ticket_id
        tickets.check_access("write")
        if self.create_new_ticket:
            self.env["helpdesk.ticket"].check_access("create")
            tickets._check_no_quote_is_left()
        # In sudo: the base moves the messages, which nobody else may write.
        return super(HelpdeskTicketMerge, self.sudo()).merge_tickets()

    def _merge_followers(self, merged_tickets):
        """The ticket that stays is there, and the others are not archived yet."""
        res = super()._merge_followers(merged_tickets)
        merged_tickets._merge_work_into(self.dst_ticket_id)
        return res
