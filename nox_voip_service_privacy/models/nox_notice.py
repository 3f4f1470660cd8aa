from odoo import models


class NoxNotice(models.Model):
    """A letter about a change names to whom it was written and who opened it."""

    _name = "nox.notice"
    _inherit = ["nox.notice", "nox.privacy.kept"]

    def _privacy_search(self, person):
        found = self.search(
            person.domain(
                "commercial_partner_id",
                contacts=["recipient_id"],
                names=["opened_by"],
                emails=["email"],
            )
        )
        return found.filtered(
            lambda letter: (
                letter._privacy_is_to(person) or person.is_called(letter.opened_by)
            )
        )

    def _privacy_is_to(self, person):
        return bool(
            person.contact & self.recipient_id or person.has_address(self.email)
        )

    def _privacy_day(self):
        today = self._privacy_company()._service_today()
        return self.day_in_force if self.day_in_force < today else False

    def _privacy_kind(self):
        return self.env._("Letter")

    def _privacy_facts(self, person):
        return self._privacy_labelled(
            "name", "recipient_id", "email", "sent_at", "opened_at", "opened_by"
        )

    def _privacy_forget(self, person):
        former = self.env._("Former contact")
        for letter in self:
            if person.is_called(letter.opened_by):
                letter._privacy_overwrite({"opened_by": former})
            if letter._privacy_is_to(person):
                letter._privacy_overwrite({"email": None, "attachment_id": None})
                letter._privacy_drop_files()
        self._privacy_strike_messages(person)
        return super()._privacy_forget(person)
