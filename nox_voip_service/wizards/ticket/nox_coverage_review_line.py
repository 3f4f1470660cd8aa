from odoo import fields, models

from ...models.ticket.helpdesk_ticket_coverage import COVERAGES


class NoxCoverageReviewLine(models.TransientModel):
    _name = "nox.coverage.review.line"
    _description = "Ticket in a Review of Verdicts"

    review_id = fields.Many2one(
        "nox.coverage.review", required=True, ondelete="cascade"
    )
    is_selected = fields.Boolean(string="Change")
    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    worked_minutes = fields.Integer(related="ticket_id.worked_minutes")
    invoiced_blocks = fields.Integer(related="ticket_id.invoiced_blocks")
    old_plan_id = fields.Many2one("nox.service.plan", readonly=True)
    old_coverage = fields.Selection(COVERAGES, readonly=True)
    new_plan_id = fields.Many2one("nox.service.plan", readonly=True)
    new_coverage = fields.Selection(COVERAGES, readonly=True)
