import base64
import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.policy import going_live

from ..common_month import NoxMonthCommon

TODAY = "2026-09-20"


@tagged("standard", "post_install", "-at_install")
class TestGoingLive(NoxMonthCommon):
    """A workbook of the system before: checked as a whole, accepted whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]

    def _dialog(self, user=None, **values):
        dialog = self.env["nox.going.live"].with_user(user or self.manager)
        return dialog.with_company(self.company).create(
            {"first_month": date(2026, 9, 1), "company_id": self.company.id, **values}
        )

    def _with(self, dialog, rows):
        """Give the dialog a workbook with these rows below its own headings."""
        dialog.file = base64.b64encode(dialog._template(rows))

    def _rows(self, **changed):
        rows = {
            "customers": [{"customer": "Live Bakery", "registry": "11223344"}],
            "pbxs": [
                {
                    "customer": "Live Bakery",
                    "pbx": "Shop",
                    "accepted_on": date(2025, 3, 1),
                    "plan": "contract",
                    "price": 10.5,
                    "billed_until": date(2026, 9, 1),
                    "old_amount": 16.49,
                }
            ],
            "users": [
                {
                    "customer": "Live Bakery",
                    "pbx": "Shop",
                    "extension": extension,
                    "user": name,
                    "first_day": day,
                    "counts": counts,
                }
                for extension, name, day, counts in (
                    ("0201", "Ria", date(2025, 3, 1), ""),
                    ("0202", "Koen", date(2026, 9, 14), "yes"),
                    ("0210", "Door", date(2025, 3, 1), "no"),
                )
            ],
        }
        return {**rows, **changed}

    @freeze_time(f"{TODAY} 10:00")
    def test_first_invoice_is_the_one_that_was_rehearsed(self):
        dialog = self._dialog()
        self._with(dialog, self._rows())
        dialog.action_check()
        self.assertFalse(dialog.fault_ids)
        self.assertEqual(dialog.state, "checked")
        self.assertEqual((dialog.pbx_count, dialog.user_count), (1, 3))
        self.assertEqual(dialog.line_ids.users, 1.57)
        self.assertEqual(dialog.amount, 16.49)
        self.assertEqual(dialog.difference, 0)
        action = dialog.action_accept()
        self.pbxs = self.env["nox.pbx"].search(action["domain"])
        self.assertEqual(self.pbxs.partner_id.name, "Live Bakery")
        self.assertEqual(
            self.pbxs.seat_ids.sorted("extension").mapped("extension"),
            ["0201", "0202", "0210"],
        )
        self.assertEqual(self.pbxs.period_ids.price_unit, 10.5)
        run = self._run("2026-10-01")
        self.assertFalse(self._parked(run))
        self.assertEqual(self._moves(run).amount_untaxed, 16.49)
        self.assertEqual(len(self.pbxs.period_ids.charge_ids), 1, "no history")

    @freeze_time(f"{TODAY} 10:00")
    def test_each_fault_has_its_sheet_and_row_and_nothing_is_made(self):
        rows = self._rows()
        rows["pbxs"][0].update(plan="gold", accepted_on=None)
        rows["users"][1]["extension"] = "0201"
        dialog = self._dialog()
        self._with(dialog, rows)
        dialog.action_check()
        self.assertEqual(dialog.state, "choose")
        self.assertEqual(
            dialog.fault_ids.mapped(lambda f: (f.sheet, f.row, f.sentence)),
            [
                ("PBXs", 2, "Accepted on is empty."),
                ("PBXs", 2, "There is no service plan gold."),
                ("Users", 3, "Extension 0201 is that of row 2 on the same days."),
            ],
        )
        with self.assertRaises(UserError):
            dialog.action_accept()
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Live Bakery")]))

    @freeze_time(f"{TODAY} 10:00")
    def test_every_plan_of_the_example_goes_live(self):
        dialog = self._dialog()
        dialog.action_example()
        dialog.file = dialog.book
        dialog.action_check()
        self.assertFalse(dialog.fault_ids.mapped("sentence"))
        action = dialog.action_accept()
        pbxs = self.env["nox.pbx"].search(action["domain"], order="id")
        self.assertEqual(
            pbxs.mapped("plan_id.code"), ["contract", "standard", "self_managed"]
        )
        self.assertEqual(pbxs[2].administrator_ids.name, "Eva Kramer")
        self.assertFalse(
            self.env["mail.mail"].search(
                [("recipient_ids", "in", pbxs[2].administrator_ids.ids)]
            ),
            "nobody gets a mail about what was long ago",
        )

    @freeze_time(f"{TODAY} 10:00")
    def test_a_workbook_is_accepted_once(self):
        first, second = self._dialog(), self._dialog()
        for dialog in (first, second):
            self._with(dialog, self._rows())
            dialog.action_check()
        first.action_accept()
        with self.assertRaisesRegex(UserError, "accepted already"):
            first.action_accept()
        with self.assertRaisesRegex(UserError, "Shop of this customer is here already"):
            second.action_accept()
        second.action_check()
        self.assertEqual(second.fault_ids.mapped("row"), [2])

    @freeze_time(f"{TODAY} 10:00")
    def test_a_customer_who_is_here_gets_the_pbx(self):
        customer = self._customer("Live Bakery B.V.", company_registry="11223344")
        dialog = self._dialog()
        self._with(dialog, self._rows())
        dialog.action_check()
        self.assertEqual(dialog.known_count, 1)
        action = dialog.action_accept()
        self.assertEqual(
            self.env["nox.pbx"].search(action["domain"]).partner_id, customer
        )

    @freeze_time(f"{TODAY} 10:00")
    def test_a_later_plan_has_standard_before_it(self):
        rows = self._rows()
        rows["pbxs"][0].update(plan_since=date(2026, 9, 16), billed_until=None)
        dialog = self._dialog()
        self._with(dialog, rows)
        dialog.action_check()
        self.assertEqual(dialog.amount, 10.5)
        pbx = self.env["nox.pbx"].search(dialog.action_accept()["domain"])
        self.assertEqual(
            pbx.period_ids.sorted("date_start").mapped("plan_id.code"),
            ["standard", "contract"],
        )

    def test_headings_are_known_in_every_language(self):
        dialog = self._dialog().with_context(lang="nl_NL")
        self._with(dialog, self._rows())
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(dialog.file)))
        self.assertIn("Gebruikers", book.sheetnames)
        records, faults = dialog.with_context(lang="en_US")._read_book()
        self.assertFalse(faults)
        self.assertEqual(len(records["users"]), 3)

    def test_every_column_has_a_heading_and_every_fault_a_sentence(self):
        dialog = self._dialog()
        columns = dialog._columns()
        for sheet in going_live.SHEETS.values():
            self.assertFalse(sheet.keys() - columns.keys())
        headings = [heading.casefold() for heading, _help in columns.values()]
        self.assertEqual(len(headings), len(set(headings)))

    def test_what_is_no_workbook(self):
        dialog = self._dialog()
        with self.assertRaisesRegex(UserError, "Choose the workbook"):
            dialog.action_check()
        dialog.file = base64.b64encode(b"PK\x03\x04 broken")
        with self.assertRaisesRegex(UserError, "cannot be read as XLSX"):
            dialog.action_check()
        self._with(dialog, {})
        with self.assertRaisesRegex(UserError, "There is no PBX"):
            dialog.action_check()

    def test_it_is_for_managers(self):
        for user in (self.technician, self.coordinator, self.accountant):
            with self.assertRaises(AccessError):
                self._dialog(user)
