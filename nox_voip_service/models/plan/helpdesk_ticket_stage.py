from odoo import api, fields, models, tools
from odoo.exceptions import UserError

STAGE_OUTCOMES = [("done", "Done"), ("dropped", "Dropped")]
# Kept in the registry's cache: how a stage ends, and which ones a team has.
ENDS = {"outcome", "closed"}
APPLIES = {"active", "sequence", "company_id", "team_ids"}


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

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        if vals.keys() & ENDS:
            self.check_access("write")
            self.filtered(
                lambda stage: any(
                    name in vals and stage[name] != vals[name] for name in ENDS
                )
            )._check_no_open_time()
            # Before, for what the base computes on the way, and after.
            self.env.registry.clear_cache()
        res = super().write(vals)
        if vals.keys() & (ENDS | APPLIES):
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @tools.ormcache("self.id")
    def _how_it_ends(self):
        """``(outcome, closed)`` of tickets in this stage. Cached in the registry, for
        every new ticket asks and it hardly ever changes."""
        stage = self.sudo()
        return stage.outcome or False, stage.closed

    def _check_no_open_time(self):
        """Another outcome would finish or drop the tickets that stand here, without
        anybody who decides about their time; in sudo, to see those of everybody."""
        Ticket = self.env["helpdesk.ticket"].sudo()
        count = self and Ticket.search_count(
            [("stage_id", "in", self.ids), *Ticket._get_open_time_domain()]
        )
        if count:
            raise UserError(
                self.env._(
                    "%(count)s tickets in %(stages)s have time that may have to be"
                    " billed, and would end another way. Move them to another stage"
                    " first.",
                    count=count,
                    stages=", ".join(self.mapped("display_name")),
                )
            )
