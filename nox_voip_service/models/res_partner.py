from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        """The gate of a plan follows administrators who leave, or come back; the days
        of a company follow its time zone."""
        moved = bool(vals.keys() & {"active", "parent_id"})
        pbxs = self._administered_pbxs() if moved else None
        res = super().write(vals)
        if moved:
            (pbxs | self._administered_pbxs())._drop_strange_administrators()
        if "tz" in vals and self.env["res.company"].sudo().search_count(
            [("partner_id", "in", self.ids)], limit=1
        ):
            self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _portal_link(self, url):
        """Address of a page of ours that opens in this person's language, also for
        who is not logged in."""
        lang = self.env["res.lang"]._get_data(code=self[:1].lang)
        return self.get_base_url() + (f"/{lang.url_code}" if lang else "") + url

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
