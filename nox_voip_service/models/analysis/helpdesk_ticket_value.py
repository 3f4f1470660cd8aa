from odoo import api, fields, models

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
        help="By the customer's price list on the day on which the work was finished,"
        " in the company's currency; whatever the verdict.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("is_finished", "plan_id", "pbx_id")
    def _compute_block_price(self):
        """One question to the price list for all tickets of a customer and plan."""
        known = {}
        for ticket in self.sudo():
            if not (ticket.is_finished and ticket.plan_id):
                ticket.block_price = 0.0
                continue
            alike = (ticket.company_id, ticket.plan_id, ticket._service_partner())
            if alike not in known:
                known[alike] = ticket._block_price_in_company_currency()
            ticket.block_price = known[alike]

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _block_price_in_company_currency(self):
        """20.50 for a block, whatever currency the customer's prices are in."""
        self.ensure_one()
        company = self.company_id or self.env.company
        if not self.plan_id.with_company(company).time_product_id:
            return 0.0
        partner = self._service_partner().with_company(company)
        currency = partner.property_product_pricelist.currency_id
        price = self._service_block_price(1)
        if not currency or currency == company.currency_id:
            return price
        return currency._convert(
            price, company.currency_id, company, company._service_today()
        )
