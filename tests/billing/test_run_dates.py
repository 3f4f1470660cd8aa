from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_month import NoxMonthCommon

# From the last zone in which a day begins to the first.
ZONES = ("Pacific/Pago_Pago", "America/St_Johns", "Europe/Amsterdam", "Pacific/Apia")
ZONES += ("Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")
MONTHS = ["2026-03-01", "2026-04-01", "2026-05-01"]
# A leap day, the nights of summer and winter time, and the end of a year.
FIRSTS = ("2028-03-01", "2026-04-01", "2026-11-01", "2027-01-01")


@tagged("standard", "post_install", "-at_install")
class TestRunDates(NoxMonthCommon):
    """The job comes every hour, or has not come for months."""

    def _hourly(self, moment):
        """The month whose run is made at this moment (UTC), or none."""
        Run = self.env["nox.billing.run"].with_company(self.company)
        before = Run.search([("company_id", "=", self.company.id)])
        with freeze_time(moment):
            Run._start_due_run()
        made = Run.search([("company_id", "=", self.company.id)]) - before
        return made.month

    def test_the_job_starts_on_the_first_in_every_zone(self):
        """Not a minute before midnight there, and at midnight."""
        for zone in ZONES:
            self.company.partner_id.tz = zone
            for first in FIRSTS:
                with self.subTest(zone=zone, first=first):
                    day = date.fromisoformat(first)
                    local = datetime(
                        day.year, day.month, day.day, tzinfo=ZoneInfo(zone)
                    )
                    midnight = local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
                    before = self._hourly(midnight - timedelta(minutes=1))
                    month = (day - timedelta(days=1)).replace(day=1)
                    self.assertNotEqual(before, month)
                    self.assertEqual(self._hourly(midnight), month)
                    runs = self.env["nox.billing.run"].search(
                        [("company_id", "=", self.company.id)]
                    )
                    runs.unlink()

    def test_a_job_that_slept_five_months_waits_for_somebody(self):
        """One run for all of them: who has five months due is looked at first, who has
        three is billed, each with its own month."""
        self.company.service_run_automatic = True
        self.pbxs = self._customer_pbx_of(self._customer("Five months"))
        self._sell(self.pbxs, 10, 1, date(2026, 1, 1), "2026-01-01")
        young = self._customer_pbx_of(self._customer("Three months"))
        self._sell(young, 10, 1, date(2026, 3, 1), "2026-03-01")
        self.pbxs |= young
        Run, own = self.registry["nox.billing.run"], self.pbxs.commercial_partner_id
        due = Run._customers_due
        progress = patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 9.0
        )
        self.patch(Run, "_customers_due", lambda run, *args: due(run, *args) & own)
        self.patch(Run, "_companies_to_bill", lambda run: self.company)
        with progress, freeze_time("2026-06-01 00:30"):
            self.env["nox.billing.run"]._cron_billing_run()
        self.assertEqual(self._moves().partner_id.name, "Three months")
        self.assertEqual([row[0] for row in self._charges(young)], MONTHS)
        parked = self.env["nox.billing.parked"].search(
            [("partner_id", "in", own.ids), ("is_open", "=", True)]
        )
        self.assertEqual(parked.partner_id.name, "Five months")
        self.assertIn("5 months", parked.reason)
        with progress, freeze_time("2026-06-01 09:00"):
            parked.with_user(self.accountant).action_confirm_months()
        self.assertEqual(len(self._charges(self.pbxs - young)), 5)
