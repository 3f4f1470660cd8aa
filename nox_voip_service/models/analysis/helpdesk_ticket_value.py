from odoo import api, fields, models

from ...policy import timeblocks
from ..plan.prices import Prices

MONEY = (
    "nox_voip_service.group_coordinator,nox_voip_service.group_accountant,"
    "base.group_system"
)


class HelpdeskTicket(models.Model):
    """What a block of this ticket's work costs its customer: the measure of what is
    included in a contract or given away."""

    _inherit = "helpdesk.ticket"

    # No Monetary, which asks for the currency with every new ticket.
    block_price = fields.Float(
        string="Price of a block",
        digits="Product Price",
        compute="_compute_block_price",
        store=True,
        groups=MONEY,
        help="Excl. VAT, by the customer's price list on the day on which the work was"
        " finished, for so many blocks, in the company's currency; whatever the"
        " verdict.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("is_finished", "closed_date", "plan_id", "pbx_id", "worked_minutes")
    def _compute_block_price(self):
        """The price of so many blocks, asked once for all tickets that are alike."""
        priced = self.sudo().filtered(
            lambda ticket: ticket.is_finished and ticket.plan_id and ticket.company_id
        )
        (self - priced).block_price = 0.0
        for company, tickets in priced.grouped("company_id").items():
            tickets = tickets.with_company(company)
            entries = tickets._service_entries()
            prices = Prices(company)
            for ticket in tickets:
                ticket.block_price = ticket._price_of_its_blocks(
                    prices, [entry for _id, entry in entries[ticket]]
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _price_of_its_blocks(self, prices, entries):
        """20.50 for a block, whatever currency the customer's prices are in."""
        self.ensure_one()
        product = self.plan_id.time_product_id
        if not product:
            return 0.0
        day = prices.today
        if self.closed_date:
            day = prices.company._service_day(self.closed_date)
        blocks = timeblocks.blocks(entries, self.plan_id._block_policy())
        price = prices.of(self._service_partner(), product, day, blocks, rate_day=day)
        return float(price)
