from odoo import fields, models

from ..billing.nox_time_book import LINE_FIELDS, STATES, TICKET_FIELDS
from ..plan.helpdesk_ticket_stage import STAGE_OUTCOMES
from ..ticket.helpdesk_ticket_coverage import COVERAGES

# What time costs are our people's wages: not for every colleague's eyes.
COSTS = (
    "nox_voip_service.group_manager,nox_voip_service.group_accountant,base.group_system"
)


class NoxServiceAnalysis(models.Model):
    """What the service brought and cost. A row is a part of a time entry, as in the
    books of the time; or users that were billed; or money of a ticket without time.

    What a ticket has as a whole, its billed amount, its waived and covered blocks, is
    divided over the entries of the same state by their minutes: of 61.50 for 3 blocks
    20 minutes have 35.14 and 1.71 blocks, 15 minutes 26.36 and 1.29. So every sum is
    that of the posted invoices and of the books.
    """

    _name = "nox.service.analysis"
    _description = "Analysis of the Service"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "account.analytic.line": [*LINE_FIELDS, "amount", "unit_amount", "user_id"],
        "account.move.line": [
            "balance",
            "parent_state",
            "quantity",
            "rounding_charge_id",
            "sale_line_ids",
            "seat_charge_id",
        ],
        "helpdesk.ticket": [
            *TICKET_FIELDS,
            "block_price",
            "category_id",
            "coverage_rule_id",
            "requested_on",
        ],
        "nox.pbx": ["commercial_partner_id"],
        "nox.seat.charge": ["commercial_partner_id", "month", "pbx_id", "plan_id"],
        "nox.service.plan": [
            "block_minutes",
            "grace_minutes",
            "rounding_scope",
            "time_product_id",
        ],
        "product.template": ["list_price"],
        "res.company": ["service_project_id"],
        "sale.order": ["service_ticket_id"],
        "sale.order.line": ["is_service_time"],
    }

    # === What it is about ===
    date = fields.Date(readonly=True, help="Of the work; of users: their month.")
    source = fields.Selection(
        [("work", "Work"), ("users", "Users")], string="Part", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    pbx_id = fields.Many2one("nox.pbx", string="PBX", readonly=True)
    plan_id = fields.Many2one("nox.service.plan", string="Service plan", readonly=True)
    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    category_id = fields.Many2one(
        "helpdesk.ticket.category", string="Kind of change", readonly=True
    )
    rule_id = fields.Many2one(
        "nox.coverage.rule", string="Deciding rule", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Technician", readonly=True)
    coverage = fields.Selection(COVERAGES, string="Verdict", readonly=True)
    outcome = fields.Selection(STAGE_OUTCOMES, readonly=True)
    state = fields.Selection(STATES, string="State of the time", readonly=True)
    # === Time ===
    minutes = fields.Integer(readonly=True)
    hours = fields.Float(readonly=True)
    held_minutes = fields.Integer(readonly=True)
    # === Billed: posted invoices, credit notes taken off, in the company's currency ===
    billed_blocks = fields.Float(digits=(16, 2), readonly=True)
    billed_amount = fields.Monetary(
        readonly=True, help="Blocks of work on posted invoices, excl. VAT."
    )
    users_amount = fields.Monetary(
        string="Billed for users",
        readonly=True,
        help="Users on posted invoices, excl. VAT.",
    )
    rounding_minutes = fields.Float(
        string="Added by rounding (minutes)",
        readonly=True,
        help="Billed blocks in minutes, less the minutes that were worked for them. A"
        " ticket with an invoice that is still a draft counts when it is posted.",
    )
    rounding_amount = fields.Monetary(string="Added by rounding", readonly=True)
    # === Not billed ===
    covered_blocks = fields.Float(digits=(16, 2), readonly=True)
    covered_value = fields.Monetary(
        readonly=True, help="What included work would have cost by the price list."
    )
    waived_blocks = fields.Float(digits=(16, 2), readonly=True)
    waived_value = fields.Monetary(readonly=True)
    # === Cost ===
    cost = fields.Monetary(
        string="Cost of time",
        readonly=True,
        groups=COSTS,
        help="Hours at the hourly cost of who worked, as the timesheets have it.",
    )
    margin = fields.Monetary(
        readonly=True, groups=COSTS, help="Billed for work and users, less the cost."
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_ticket(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }
