from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ...policy import suggest
from ..base.guard import for_readers

MAX_TEXT = 5000


class HelpdeskTicket(models.Model):
    """A ticket without a kind of change offers the likely ones: one click, and the
    verdict is there."""

    _inherit = "helpdesk.ticket"

    suggested_category_1_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Likely kind of change",
        compute="_compute_suggested_categories",
    )
    suggested_category_2_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Second likely kind of change",
        compute="_compute_suggested_categories",
    )
    suggested_category_3_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Third likely kind of change",
        compute="_compute_suggested_categories",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("name", "description", "category_id", "about_pbx", "partner_id")
    def _compute_suggested_categories(self):
        for ticket in self:
            found = ticket._suggested_categories()
            ticket.suggested_category_1_id = found[:1]
            ticket.suggested_category_2_id = found[1:2]
            ticket.suggested_category_3_id = found[2:3]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_choose_category(self):
        """Take one of the suggestions: its id comes with the button."""
        self.ensure_one()
        category = (
            self.env["helpdesk.ticket.category"]
            .browse(self.env.context.get("chosen_category_id"))
            .exists()
        )
        if not category:
            raise UserError(self.env._("Choose a kind of change in the list."))
        self.category_id = category
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _suggested_categories(self):
        """The likely kinds of change of an undecided ticket without one."""
        self.ensure_one()
        Category = self.env["helpdesk.ticket.category"]
        if self.category_id or not self.about_pbx or self.closed:
            return Category
        categories = Category.search(
            [
                ("change_scope", "!=", False),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        text = f"{self.name or ''} {html2plaintext(self.description or '')[:MAX_TEXT]}"
        ids = suggest.ranking(
            text, categories._policy_kinds(), self._customer_history(categories)
        )
        return Category.browse(ids)

    def _customer_history(self, categories):
        """``{category id: tickets}`` that this customer had before."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        if not customer:
            return {}
        groups = self.env["helpdesk.ticket"]._read_group(
            [
                ("commercial_partner_id", "=", customer.id),
                ("category_id", "in", categories.ids),
                ("id", "!=", self._origin.id),
            ],
            ["category_id"],
            ["__count"],
        )
        return {category.id: count for category, count in groups}
