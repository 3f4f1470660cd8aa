from odoo import models

from odoo.addons.nox_voip_service.models.base.guard import for_readers


class NoxPbxSeat(models.Model):
    """A user of a PBX by name. Who was on a bill is named as long as the books are
    kept; who never was, until he leaves."""

    _name = "nox.pbx.seat"
    _inherit = ["nox.pbx.seat", "nox.privacy.kept"]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_service_person_data(self):
        """What we keep about this user of a PBX."""
        self.ensure_one()
        return self.env["nox.person.data"]._open_for(
            self.name, self.commercial_partner_id
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _privacy_search(self, person):
        found = self.search(person.domain("commercial_partner_id", names=["name"]))
        return found.filtered(
            lambda seat: not seat.is_erased and person.is_called(seat.name)
        )

    def _privacy_day(self):
        today = self._privacy_company()._service_today()
        return self.date_end if self.date_end and self.date_end < today else False

    def _privacy_stays(self, person):
        if not self.charged and self._privacy_day():
            return ""
        return super()._privacy_stays(person)

    def _privacy_kind(self):
        return self.env._("User of a PBX")

    def _privacy_facts(self, person):
        return self._privacy_labelled(
            "name", "pbx_id", "extension", "date_start", "date_end"
        )

    def _privacy_forget(self, person):
        self._erase_names()
        self._privacy_strike_messages(person)
        for pbx, seats in self.grouped("pbx_id").items():
            pbx.message_post(
                body=self.env._(
                    "The names of %(count)s users who left were erased, as a person"
                    " asked (extensions %(extensions)s).",
                    count=len(seats),
                    extensions=", ".join(sorted(seats.mapped("extension"))),
                )
            )
        return super()._privacy_forget(person)
