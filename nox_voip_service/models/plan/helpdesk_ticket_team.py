from odoo import fields, models, tools
from odoo.exceptions import UserError

LOOK_UP = "service_look_up_stages"


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
        res = super().write(vals)
        if vals.keys() & {"active", "company_id"}:
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        # What was a stage of this team alone is one of every team now.
        self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _get_applicable_stages(self):
        """Every new ticket asks, and stages hardly ever change."""
        if self.env.context.get(LOOK_UP):
            return super()._get_applicable_stages()
        return self.env["helpdesk.ticket.stage"].browse(self._applicable_stage_ids())

    @tools.ormcache(
        "self.id",
        "self.env.uid",
        "self.env.su",
        "tuple(self.env.companies.ids)",
        "self.env.context.get('active_test')",
    )
    def _applicable_stage_ids(self):
        """Ids of the stages that this user may give to tickets of this team, in their
        order. Cached in the registry; a change of stages clears it."""
        return tuple(self.with_context(**{LOOK_UP: True})._get_applicable_stages().ids)

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
