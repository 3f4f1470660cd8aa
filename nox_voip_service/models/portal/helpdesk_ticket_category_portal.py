from odoo import fields, models

from ...policy import estimate

# The newest jobs say what such work takes now; older ones were another telephone.
JOBS_LOOKED_AT = 100


class HelpdeskTicketCategory(models.Model):
    """What the customer is told of a kind of change before asking for it."""

    _inherit = "helpdesk.ticket.category"

    outside_plan = fields.Boolean(
        string="Not about a PBX",
        help="A training, a question about an invoice: no service plan applies.",
    )
    price_product_id = fields.Many2one(
        "product.product",
        string="Sold as",
        help="For a kind with a price of its own, such as a training: the customer"
        " sees the price of this product.",
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _request_domain(self, company):
        """The kinds that a customer of this company can choose."""
        return [
            ("show_in_portal", "=", True),
            ("company_id", "in", (False, company.id)),
            "|",
            ("change_scope", "!=", False),
            ("outside_plan", "=", True),
        ]

    def _usual_minutes(self, company):
        """Minutes that a job of this kind usually takes in a company: the
        catalogue's figure, or the median of finished jobs once there are five."""
        self.ensure_one()
        finished = self.env["helpdesk.ticket"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("category_id", "=", self.id),
                ("outcome", "=", "done"),
                ("worked_minutes", ">", 0),
            ],
            ["worked_minutes"],
            order="id desc",
            limit=JOBS_LOOKED_AT,
        )
        return estimate.usual_minutes(
            self.usual_minutes, finished.mapped("worked_minutes")
        )
