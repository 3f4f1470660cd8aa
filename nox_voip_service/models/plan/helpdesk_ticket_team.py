from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    uses_service_plans = fields.Boolean(
        default=True,
        help="Tickets of this team get a coverage verdict and are billed by the "
        "customer's service plan.",
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if "uses_service_plans" in vals and not vals["uses_service_plans"]:
            self.check_access("write")
            self.filtered("uses_service_plans")._check_no_open_time()
        return super().write(vals)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_no_open_time(self):
        """Without service plans nobody would bill what the team has worked; in sudo,
        to see the tickets of everybody."""
        Ticket = self.env["helpdesk.ticket"].sudo()
        count = self and Ticket.search_count(
            [("team_id", "in", self.ids), *Ticket._get_open_time_domain()]
        )
        if count:
            raise UserError(
                self.env._(
                    "%(count)s tickets of %(teams)s have time that may have to be"
                    " billed. Finish and invoice them, or move them to another team"
                    " first.",
                    count=count,
                    teams=", ".join(self.mapped("display_name")),
                )
            )
