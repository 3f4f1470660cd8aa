from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.facts import FACT_FIELDS

TEXTS = ("name", "clause", "reason")


class NoxCoverageDraftRule(models.Model):
    """A row of a decision table that is not in force yet; it has every column of a row
    that is."""

    _name = "nox.coverage.draft.rule"
    _inherit = ["nox.coverage.row"]
    _description = "Coverage Rule of a Draft"
    _order = "draft_id, sequence, id"
    _table_field = "draft_id"

    draft_id = fields.Many2one(
        "nox.coverage.draft", required=True, ondelete="cascade", index=True
    )
    rule_id = fields.Many2one(
        "nox.coverage.rule",
        string="Copy of",
        readonly=True,
        ondelete="set null",
        help="The row of the plan that this one was copied from.",
    )
    is_changed = fields.Boolean(
        compute="_compute_is_changed", help="New, or not as the row it was copied from."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_is_changed(self):
        names = (*FACT_FIELDS, *TEXTS, "active", "outcome")
        for row in self:
            original = row.rule_id
            row.is_changed = not original or any(
                row[name] != original[name] for name in names
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.draft_id._check_is_open()
        return rows

    def write(self, vals):
        self.draft_id._check_is_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_announced(self):
        self.draft_id._check_is_open()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _copy_texts(self, sources, targets):
        """Give rows that were made from others their texts in every language. In sudo:
        who could make the rows has them all."""
        for lang, _name in self.env["res.lang"].get_installed():
            for source, target in zip(
                sources.with_context(lang=lang),
                targets.sudo().with_context(lang=lang),
                strict=True,
            ):
                target.write({name: source[name] for name in TEXTS})

    def _check_known(self):
        """Refuse a table without rows: it would leave every request undecided."""
        if not self.filtered("active"):
            raise UserError(self.env._("The draft has no rows."))
