from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        """The gate of a plan follows administrators who leave, or come back."""
        if not vals.keys() & {"active", "parent_id"}:
            return super().write(vals)
        pbxs = self._administered_pbxs()
        res = super().write(vals)
        (pbxs | self._administered_pbxs())._drop_strange_administrators()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _administered_pbxs(self):
        """PBXs that these people administer, archived people included.

        In sudo: who edits a contact need not have rights on PBXs.
        """
        if not self.ids:
            return self.env["nox.pbx"].sudo()
        return (
            self.env["nox.pbx"]
            .sudo()
            .with_context(active_test=False)
            .search([("administrator_ids", "in", self.ids)])
            .with_context(active_test=True)
        )
