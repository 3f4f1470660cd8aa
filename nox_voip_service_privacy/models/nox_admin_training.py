from odoo import models


class NoxAdminTraining(models.Model):
    """A training and its certificate name a contact, with whom the name goes."""

    _name = "nox.admin.training"
    _inherit = ["nox.admin.training", "nox.privacy.kept"]

    def _privacy_search(self, person):
        if not person.contact:
            return self.browse()
        return self.search(
            person.domain("commercial_partner_id", contacts=["partner_id"])
        )

    def _privacy_day(self):
        today = self._privacy_company()._service_today()
        if self.is_certificate_valid or not self.date or self.date >= today:
            return False
        return max(filter(None, (self.date, self.expires_on, self.left_on)))

    def _privacy_kind(self):
        return self.env._("Training")

    def _privacy_facts(self, person):
        return self._privacy_labelled(
            "partner_id",
            "pbx_id",
            "date",
            "state",
            "certificate_number",
            "expires_on",
        )

    def _privacy_forget(self, person):
        self._privacy_drop_log(["partner_id"])
        self._privacy_drop_files()
        self._privacy_strike_messages(person)
        return super()._privacy_forget(person)
