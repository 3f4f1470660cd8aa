from odoo import fields, models

from ..ticket.helpdesk_ticket_coverage import COVERAGES


class NoxCoverageDraftChange(models.Model):
    """A request of the last year whose verdict would be another one under a draft."""

    _name = "nox.coverage.draft.change"
    _description = "Verdict that a Draft Changes"
    _order = "draft_id, requested_on desc, id desc"
    _rec_name = "ticket_id"

    draft_id = fields.Many2one(
        "nox.coverage.draft",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    customer_id = fields.Many2one(
        "nox.coverage.draft.customer",
        string="Customer touched",
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="cascade"
    )
    pbx_id = fields.Many2one("nox.pbx", string="PBX", readonly=True, ondelete="cascade")
    requested_on = fields.Date(readonly=True)
    old_coverage = fields.Selection(COVERAGES, string="Verdict", readonly=True)
    new_coverage = fields.Selection(COVERAGES, string="Would be", readonly=True)
    old_rule_id = fields.Many2one(
        "nox.coverage.rule", string="By row", readonly=True, ondelete="set null"
    )
    new_rule_id = fields.Many2one(
        "nox.coverage.draft.rule",
        string="By row of the draft",
        readonly=True,
        ondelete="set null",
    )
    blocks = fields.Integer(
        readonly=True, help="Blocks that would be billed more; negative: fewer."
    )
    amount = fields.Monetary(
        readonly=True, help="Of these blocks, excl. VAT, every quote being approved."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _sentence(self):
        """ "HT00012 Change: included until now, billed by the time worked from then
        on." In the language of the environment."""
        self.ensure_one()
        params = {"ticket": self.ticket_id.sudo().display_name}
        if self.new_coverage == "covered":
            return self.env._("%(ticket)s: would be included.", **params)
        if self.new_coverage == "billable":
            return self.env._(
                "%(ticket)s: would be billed by the time worked.", **params
            )
        return self.env._("%(ticket)s: we would look at it first.", **params)
