from odoo import fields, models

STAFF = "base.group_user"


class HelpdeskTicket(models.Model):
    """What is ours alone: a portal user may read the own tickets over RPC, with all
    their fields. Estimates, held time, waivers and the like are not for customers."""

    _inherit = "helpdesk.ticket"

    override_ids = fields.One2many(groups=STAFF)
    waiver_ids = fields.One2many(groups=STAFF)
    timesheet_ids = fields.One2many(groups=STAFF)
    estimated_minutes = fields.Integer(groups=STAFF)
    estimated_hours = fields.Float(groups=STAFF)
    release_cap = fields.Integer(groups=STAFF)
    is_release_capped = fields.Boolean(groups=STAFF)
    held_minutes = fields.Integer(groups=STAFF)
    worked_minutes = fields.Integer(groups=STAFF)
    released_minutes = fields.Integer(groups=STAFF)
    limit_blocks = fields.Integer(groups=STAFF)
    billable_blocks = fields.Integer(groups=STAFF)
    to_invoice_blocks = fields.Integer(groups=STAFF)
    waived_blocks = fields.Integer(groups=STAFF)
    credited_blocks = fields.Integer(groups=STAFF)
    invoiced_blocks = fields.Integer(groups=STAFF)
    base_invoiced_blocks = fields.Integer(groups=STAFF)
    is_warned = fields.Boolean(groups=STAFF)
    is_quote_due = fields.Boolean(groups=STAFF)
    warned_on = fields.Date(groups=STAFF)
    is_overridden = fields.Boolean(groups=STAFF)
    drop_billing = fields.Selection(groups=STAFF)
    invoice_status = fields.Selection(groups=STAFF)
    decision_needed = fields.Selection(groups=STAFF)
    next_step = fields.Char(groups=STAFF)
    limit_text = fields.Char(groups=STAFF)
    limit_percentage = fields.Float(groups=STAFF)
    quote_age_days = fields.Integer(groups=STAFF)
    can_coordinate = fields.Boolean(groups=STAFF)
    service_project_id = fields.Many2one(groups=STAFF)
    service_order_ids = fields.One2many(groups=STAFF)
    service_line_id = fields.Many2one(groups=STAFF)
    split_from_id = fields.Many2one(groups=STAFF)
    split_root_id = fields.Many2one(groups=STAFF)
    split_member_ids = fields.One2many(groups=STAFF)
    seat_ids = fields.One2many(groups=STAFF)


class NoxPbx(models.Model):
    _inherit = "nox.pbx"

    note = fields.Html(groups=STAFF)
    ticket_count = fields.Integer(groups=STAFF)
    review_count = fields.Integer(groups=STAFF)


class NoxPbxPlan(models.Model):
    _inherit = "nox.pbx.plan"

    contract_line_id = fields.Many2one(groups=STAFF)
    billed_until = fields.Date(groups=STAFF)
    charge_ids = fields.One2many(groups=STAFF)


class NoxSeatCharge(models.Model):
    _inherit = "nox.seat.charge"

    run_id = fields.Many2one(groups=STAFF)


class NoxServicePlan(models.Model):
    _inherit = "nox.service.plan"

    audit_summary = fields.Html(groups=STAFF)
    audit_gap_count = fields.Integer(groups=STAFF)
    warn_minutes = fields.Integer(groups=STAFF)


class NoxCoverageRule(models.Model):
    _inherit = "nox.coverage.rule"

    override_count = fields.Integer(groups=STAFF)
