from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_person import LATER, NAME, PersonCommon


@tagged("standard", "post_install", "-at_install")
class TestPrivacyLookup(PersonCommon):
    """Odoo's look-up finds the names of the service, and deletes no part of a bill."""

    def _lookup(self):
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": NAME, "email": "zwijgzaam@bakery.example"}
        )
        wizard.action_lookup()
        return wizard

    def _lines(self, wizard, record):
        return wizard.line_ids.filtered(
            lambda line: (line.res_model, line.res_id) == (record._name, record.id)
        )

    def test_users_and_requests_are_found_once(self):
        wizard = self._lookup()
        for record in (self.seat, self.request, self.contact):
            self.assertEqual(len(self._lines(wizard, record)), 1, record)
        self.assertFalse(self._lines(wizard, self.stays))

    def test_delete_takes_the_person_off_and_leaves_the_record(self):
        with freeze_time("2027-01-01 09:00"):
            wizard = self._lookup()
            with self.assertRaisesRegex(UserError, "12/31/2033"):
                self._lines(wizard, self.seat).action_unlink()
        with freeze_time(LATER):
            wizard = self._lookup()
            for record in (self.seat, self.request):
                line = self._lines(wizard, record)
                line.action_unlink()
                self.assertTrue(line.is_unlinked)
                self.env.flush_all()
                self.assertIn(f"#{record.id}", wizard.log_id.execution_details)
        self.assertEqual(self.seat.name, "Former user")
        self.assertEqual(self.request.partner_name, "Former contact")
