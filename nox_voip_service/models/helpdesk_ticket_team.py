from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    uses_service_plans = fields.Boolean(
        default=True,
        help="Tickets of this team get a coverage verdict and are billed by the "
        "customer's service plan.",
    )
