from datetime import date

from freezegun import freeze_time

from odoo.addons.nox_voip_service.tests.common_month import NoxMonthCommon

NAME = "Zwijgzaam Jansen"
LATER = "2034-01-01 09:00"


class PersonCommon(NoxMonthCommon):
    """Zwijgzaam Jansen was a user of a PBX until March 2026, and asked for something
    in March; seven years are kept."""

    def setUp(self):
        super().setUp()
        self.company.service_retention_years = 7
        self.pbxs = self._customer_pbx("Bakery")
        self._sell(self.pbxs, 10, 2, date(2026, 3, 1), "2026-03-01")
        self.bakery = self.pbxs.commercial_partner_id
        self.seat, self.stays = self.pbxs.seat_ids.sorted("id")
        self.seat.write({"name": NAME, "date_end": date(2026, 3, 20)})
        self.stays.name = "Blijft"
        self.contact = self._contact(
            self.bakery, NAME, email="zwijgzaam@bakery.example", phone="0612345678"
        )
        with freeze_time("2026-03-05 09:00"):
            self.request = self._ticket(
                self.pbxs,
                name="Another menu",
                partner_id=self.contact.id,
                partner_name=NAME,
                partner_email="zwijgzaam@bakery.example",
                callback_phone="0612345678",
            )
            self._finish(self.request)
            self.env.flush_all()

    def _data(self, user=None, **values):
        """The dialog of this person, searched."""
        Data = self.env["nox.person.data"].with_user(user or self.manager)
        data = Data.create(
            {
                "name": NAME,
                "customer_id": self.bakery.id,
                "contact_id": self.contact.id,
                "email": self.contact.email,
                **values,
            }
        )
        data.action_search()
        return data

    def _line(self, data, record):
        return data.line_ids.filtered(
            lambda line: (line.res_model, line.res_id) == (record._name, record.id)
        )

    def _said(self, *records):
        """All that is in the log of these records."""
        messages = self.env["mail.message"]
        for record in records:
            messages |= record.message_ids
        tracked = messages.sudo().tracking_value_ids
        return " ".join(
            map(
                str,
                [
                    *messages.mapped("body"),
                    *messages.mapped("email_from"),
                    *tracked.mapped("old_value_char"),
                    *tracked.mapped("new_value_char"),
                ],
            )
        )
