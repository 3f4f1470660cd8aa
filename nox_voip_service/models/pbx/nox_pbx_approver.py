from odoo import fields, models

from ...policy import approvers


class NoxPbx(models.Model):
    """Who approves the quotes of a PBX on a day, and up to which amount."""

    _inherit = "nox.pbx"

    approver_row_ids = fields.One2many(
        "nox.approver", "pbx_id", string="Limits and deputies"
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _policy_approvers(self):
        """The named approvers in their order: those in the list of limits first."""
        self.ensure_one()
        named = self.approver_ids
        rows = self.approver_row_ids.filtered(lambda row: row.partner_id in named)
        return [
            *(row._policy_approver() for row in rows),
            *(approvers.Approver(each.id) for each in named - rows.partner_id),
        ]

    def _acting_approvers(self):
        """``{person id: limit or None}`` of who may approve today."""
        self.ensure_one()
        return approvers.acting(
            self._policy_approvers(), self.company_id._service_today()
        )
