from odoo import fields, models

STAGE_OUTCOMES = [("done", "Done"), ("dropped", "Dropped")]


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    outcome = fields.Selection(
        STAGE_OUTCOMES,
        help="How a ticket ends in this stage. Done work is invoiced when it is "
        "billable; a dropped ticket is not, unless a coordinator decides so.",
    )
    is_work = fields.Boolean(
        string="Work happens here",
        help="A ticket that waits for an approved quote cannot enter this stage.",
    )
