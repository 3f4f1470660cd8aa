from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...models.base.guard import for_readers
from ...policy import figures, timeblocks
from ...policy.errors import InvalidPolicy

CENT = Decimal("0.01")


class NoxBlockRecount(models.TransientModel):
    """What rounding added to the work of a plan over twelve months, and the same work
    under another block, grace or scope, before anybody changes a plan.

    The real entries are counted again by the rules that count them every day, the
    limit with them: what is released, approved and held. Nothing is written.
    """

    _name = "nox.block.recount"
    _description = "Work under Other Blocks"
    _rec_name = "plan_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "nox.service.plan",
        string="Service plan",
        required=True,
        default=lambda self: self._default_plan(),
    )
    date_start = fields.Date(
        required=True, default=lambda self: self._default_days()[0]
    )
    date_end = fields.Date(required=True, default=lambda self: self._default_days()[1])
    block_minutes = fields.Integer(string="Minutes in a block", default=15)
    grace_minutes = fields.Integer(string="Grace (minutes)")
    rounding_scope = fields.Selection(
        [("ticket", "The ticket"), ("day", "Each day"), ("entry", "Each time entry")],
        string="Rounded up",
        default="ticket",
        required=True,
    )
    line_ids = fields.One2many("nox.block.recount.line", "recount_id")
    # === Totals ===
    minutes = fields.Integer(string="Paid for (minutes)", readonly=True)
    held_minutes = fields.Integer(
        string="Held (minutes)",
        readonly=True,
        help="Above the limit: nobody pays them.",
    )
    new_held_minutes = fields.Integer(string="Held then (minutes)", readonly=True)
    rounding_minutes = fields.Integer(
        string="Added by rounding (minutes)", readonly=True
    )
    rounding_amount = fields.Monetary(string="Added by rounding", readonly=True)
    amount = fields.Monetary(string="As it is", readonly=True)
    new_amount = fields.Monetary(string="As it would be", readonly=True)
    difference = fields.Monetary(readonly=True)
    skipped_count = fields.Integer(
        string="Left out",
        readonly=True,
        help="Requests at an agreed price: no block changes what they cost.",
    )

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_days(self):
        return figures.period_days("year", self.env.company._service_today())

    @api.model
    def _default_plan(self):
        return self.env["nox.service.plan"].search([], limit=1)

    @api.onchange("plan_id")
    def _onchange_plan_id(self):
        if self.plan_id:
            self.block_minutes = self.plan_id.block_minutes
            self.grace_minutes = self.plan_id.grace_minutes
            self.rounding_scope = self.plan_id.rounding_scope

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_recount(self):
        """Count the work of these months again and show it, a line for each customer
        and month."""
        self.ensure_one()
        other = self._other_policy()
        tickets = self.env["helpdesk.ticket"].search(self._work_domain())
        agreed = tickets.filtered(
            lambda ticket: (
                ticket.plan_id.quote_billing == "fixed" and ticket.approved_blocks
            )
        )
        rows = self._rows(tickets - agreed, other)
        totals = {
            name: sum(row[name] for row in rows)
            for name in (
                "minutes",
                "held_minutes",
                "new_held_minutes",
                "rounding_minutes",
                "rounding_amount",
                "amount",
                "new_amount",
                "difference",
            )
        }
        self.write(
            {
                "line_ids": [Command.clear(), *(Command.create(row) for row in rows)],
                "skipped_count": len(agreed),
                **totals,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work under other blocks"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _other_policy(self):
        """The blocks that are tried, or a sentence why there are none such."""
        try:
            return timeblocks.BlockPolicy(
                self.block_minutes, self.grace_minutes, self.rounding_scope
            )
        except InvalidPolicy as error:
            raise UserError(
                self.env._(
                    "A block has at least one minute, and the grace is shorter than a"
                    " block."
                )
            ) from error

    def _work_domain(self):
        """Billable work that is finished, requested in these months."""
        return [
            ("company_id", "=", self.company_id.id),
            ("plan_id", "=", self.plan_id.id),
            ("coverage", "=", "billable"),
            ("is_finished", "=", True),
            ("worked_minutes", ">", 0),
            ("requested_on", ">=", self.date_start),
            ("requested_on", "<=", self.date_end),
            ("active", "in", [True, False]),
        ]

    def _rows(self, tickets, other):
        """Values of a line for each customer and month, in order."""
        policy = self.plan_id._block_policy()
        entries = tickets._service_entries()
        found = defaultdict(lambda: defaultdict(Decimal))
        for ticket in tickets:
            counted = figures.recount(_job(ticket, entries), policy, other)
            price = Decimal(float_repr(ticket.block_price, 2))
            sums = found[
                ticket.commercial_partner_id.id, ticket.requested_on.replace(day=1)
            ]
            sums["minutes"] += counted.minutes
            sums["blocks"] += counted.blocks
            sums["new_blocks"] += counted.new_blocks
            sums["rounding_minutes"] += counted.rounding
            sums["held_minutes"] += counted.held
            sums["new_held_minutes"] += counted.new_held
            sums["amount"] += counted.blocks * price
            sums["new_amount"] += counted.new_blocks * figures.block_price(
                price, policy, other
            )
            sums["rounding_amount"] += (
                price * counted.rounding / policy.block_minutes
            ).quantize(CENT, ROUND_HALF_UP)
        rows = [
            {
                "partner_id": partner,
                "month": month,
                **{name: float(value) for name, value in sums.items()},
                "difference": float(sums["new_amount"] - sums["amount"]),
            }
            for (partner, month), sums in found.items()
        ]
        return sorted(rows, key=lambda row: (row["partner_id"], row["month"]))


def _job(ticket, entries):
    """The work of a ticket as the policy wants it.

    :param entries: of `_service_entries`
    """
    return figures.Job(
        entries=[entry for _id, entry in entries[ticket]],
        before=[entry for _id, entry in ticket._recorded_before_quote(entries)],
        released=ticket._released_by_ticket(entries).get(ticket.id, 0),
        released_blocks=ticket.release_cap_blocks if ticket.is_release_capped else None,
        approved_blocks=ticket.approved_blocks,
    )
