from odoo import fields, models
from odoo.exceptions import UserError

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

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        """How a ticket ended decides what is billed of it."""
        changed = self.filtered(
            lambda stage: (
                "outcome" in vals and (stage.outcome or False) != vals["outcome"]
            )
        )
        owed = (
            self.env["helpdesk.ticket"]
            .sudo()
            .search_count(
                [
                    ("stage_id", "in", changed.ids),
                    ("to_invoice_blocks", ">", 0),
                    ("active", "in", (True, False)),
                ]
            )
            if changed
            else 0
        )
        if owed:
            raise UserError(
                self.env._(
                    "%(count)s requests in this stage have time to invoice, and what"
                    " becomes of it hangs on the outcome. Invoice or waive it first.",
                    count=owed,
                )
            )
        return super().write(vals)
