from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestRetention(NoxMonthCommon):
    """Names of users who left go after the years of the books; no amount changes."""

    def setUp(self):
        super().setUp()
        self.pbxs = self._customer_pbx("Bakery")
        self._sell(self.pbxs, 10, 2, date(2026, 3, 1), "2026-03-01")
        self.left, self.stays = self.pbxs.seat_ids.sorted("id")
        self.left.name = "Zwijgzaam"
        self.env.flush_all()
        self.left.name = "Zwijgzaam Jansen"
        self.left.date_end = date(2026, 3, 20)
        self.stays.name = "Blijft"
        self.env.flush_all()

    def _job(self, day, seconds=9.0):
        """
        :param seconds: that the job has left, however much it did
        """
        cron = self.registry["ir.cron"]
        progress = patch.object(cron, "_commit_progress", lambda *a, **k: seconds)
        with freeze_time(f"{day} 04:15"), progress:
            self.env["nox.pbx.seat"]._cron_erase_names()
            self.env.flush_all()

    def _said(self):
        """All that is kept of the user beside the fields, and of the PBX."""
        messages = self.left.message_ids | self.pbxs.message_ids
        tracked = messages.sudo().tracking_value_ids
        return [
            *messages.mapped("body"),
            *filter(None, tracked.mapped("old_value_char")),
            *filter(None, tracked.mapped("new_value_char")),
        ]

    def test_a_name_goes_after_seven_years_and_the_bill_stays(self):
        run = self._run("2026-04-01")
        move = self._moves(run)
        move.action_post()
        billed = move.invoice_line_ids.mapped(lambda x: (x.name, x.price_subtotal))
        charges, head = self._charges(self.pbxs), move.evidence_head
        self._job("2033-12-31")
        self.assertEqual(self.left.name, "Zwijgzaam Jansen")
        self._job("2034-01-01")
        self.assertEqual(self.left.name, "Former user")
        self.assertEqual(self.stays.name, "Blijft")
        self.assertNotIn("Zwijgzaam", " ".join(map(str, self._said())))
        self.assertEqual(
            move.invoice_line_ids.mapped(lambda x: (x.name, x.price_subtotal)), billed
        )
        self.assertEqual(self._moves(self._run("2026-04-02")), move)
        self.assertEqual(
            (self._charges(self.pbxs), move.evidence_head), (charges, head)
        )

    def test_the_log_says_what_went_and_not_what_it_was(self):
        self._job("2034-01-01")
        message = self.pbxs.message_ids[:1]
        self.assertIn("1 users who left before 2027-01-01", message.body)
        self.assertIn(self.left.extension, message.body)
        self.assertEqual(message.author_id, self.env.user.partner_id)
        count = len(self.pbxs.message_ids)
        self._job("2034-02-01")
        self.assertEqual(len(self.pbxs.message_ids), count)

    def test_a_company_sets_the_years(self):
        self.company.service_retention_years = 0
        self._job("2050-01-01")
        self.assertEqual(self.left.name, "Zwijgzaam Jansen")
        self.company.service_retention_years = 2
        self._job("2028-12-31")
        self.assertEqual(self.left.name, "Zwijgzaam Jansen")
        self._job("2029-01-01")
        self.assertEqual(self.left.name, "Former user")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.service_retention_years = -1
            self.env.flush_all()

    def test_what_is_left_when_the_time_is_over_goes_the_next_time(self):
        other = self._customer_pbx("Butcher")
        gone = self._seats(other, 1, date(2026, 3, 1))
        gone.write({"name": "Ook Zwijgzaam", "date_end": date(2026, 3, 20)})
        left = self.left | gone
        self._job("2034-01-01", seconds=0)
        self.assertEqual(len(left.filtered("is_erased")), 1)
        self._job("2034-01-02", seconds=0)
        self.assertEqual(left.mapped("name"), ["Former user", "Former user"])

    def test_names_are_kept_for_more_years_than_there_were(self):
        self.company.service_retention_years = 5000
        self._job("2034-01-01")
        self.assertEqual(self.left.name, "Zwijgzaam Jansen")
