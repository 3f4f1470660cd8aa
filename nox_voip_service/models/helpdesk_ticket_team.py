from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    uses_service_plans = fields.Boolean(
        default=True,
        help="Tickets of this team get a coverage verdict and are billed by the "
        "customer's service plan.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("uses_service_plans")
    def _check_no_time_is_owed(self):
        """A team that leaves the service plans leaves no billable time behind."""
        for team in self.filtered(lambda team: not team.uses_service_plans):
            owed = (
                self.env["helpdesk.ticket"]
                .sudo()
                .search_count(
                    [
                        ("team_id", "=", team.id),
                        ("active", "in", (True, False)),
                        "|",
                        ("to_invoice_blocks", ">", 0),
                        "&",
                        ("coverage", "=", "undecided"),
                        ("worked_minutes", ">", 0),
                    ]
                )
            )
            if owed:
                raise ValidationError(
                    self.env._(
                        "%(count)s requests of %(team)s have time that is not invoiced"
                        " yet. Invoice it, waive it or give the verdict first.",
                        count=owed,
                        team=team.name,
                    )
                )
