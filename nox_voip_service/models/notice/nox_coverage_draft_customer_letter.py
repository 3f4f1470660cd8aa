from odoo import fields, models

from .nox_notice import LACKS, STATES


class NoxCoverageDraftCustomer(models.Model):
    """The letter to a customer whom a draft touches, before it is written and after."""

    _inherit = "nox.coverage.draft.customer"

    notice_id = fields.Many2one(
        "nox.notice", string="Letter", compute="_compute_notice"
    )
    notice_state = fields.Selection(
        STATES, string="Letter is", compute="_compute_notice"
    )
    lack = fields.Selection(LACKS, string="Letter lacks", compute="_compute_notice")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_notice(self):
        by_customer = {
            (letter.draft_id, letter.company_id, letter.commercial_partner_id): letter
            for letter in self.env["nox.notice"].search(
                [("draft_id", "in", self.draft_id.ids)], order="id desc"
            )
        }
        none = self.env["nox.notice"]
        for row in self:
            letter = by_customer.get(
                (row.draft_id, row.company_id, row.partner_id), none
            )
            row.notice_id = letter
            row.notice_state = letter.state
            row.lack = letter.lack

    def _compute_preview(self):
        """The letter as this customer gets it, in his language; empty for one who has
        the plan no more."""
        Notice = self.env["nox.notice"]
        for draft, rows in self.grouped("draft_id").items():
            by_customer = draft._pbxs_to_tell().grouped(
                lambda pbx: (pbx.company_id, pbx.commercial_partner_id)
            )
            for row in rows:
                pbxs = by_customer.get((row.company_id, row.partner_id))
                values = pbxs and draft._letters_values(pbxs)
                row.preview = values and Notice._preview(values[0])
