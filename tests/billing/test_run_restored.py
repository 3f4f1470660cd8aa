from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestRunRestored(NoxMonthCommon):
    """A backup of last month was put back: what was billed since is not in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls._pbx(
            customer=cls._customer("Restored"), accepted_on=date(2025, 12, 1)
        )
        cls._sell(cls.pbxs, 10, 1, date(2026, 3, 1), "2026-03-01")
        cls.company.service_run_automatic = True
        cls.Run = cls.env["nox.billing.run"].with_company(cls.company)

    def setUp(self):
        super().setUp()
        Run, own = self.registry["nox.billing.run"], self.pbxs.commercial_partner_id
        due = Run._customers_due
        self.patch(Run, "_customers_due", lambda run, *args: due(run, *args) & own)
        self.patch(Run, "_companies_to_bill", lambda run: self.company)
        progress = patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 9.0
        )
        self.startPatcher(progress)

    def _job(self, day):
        with freeze_time(f"{day} 00:30"):
            self.Run._cron_billing_run()
        return self.Run.search([("company_id", "=", self.company.id)], limit=1)

    def _put_back(self):
        """The server tells another database than the last run was in."""
        self.startPatcher(
            patch.object(
                self.registry["nox.billing.run"],
                "_database_mark",
                lambda run: "1/1/another",
            )
        )

    def test_a_month_is_billed_in_the_same_database(self):
        self.assertEqual(self._job("2026-04-01").state, "done")
        self.assertEqual(self._job("2026-05-01").state, "done")
        self.assertEqual(len(self._moves()), 2)

    def test_in_one_that_was_put_back_the_run_waits_for_a_person(self):
        self._job("2026-04-01")
        self._moves().action_post()
        number = self._moves().name
        self._put_back()
        run = self._job("2026-05-01")
        self.assertEqual((run.state, run.is_put_back), ("draft", True))
        self.assertEqual(len(self._moves()), 1)
        self.assertIn("put back from a copy", run.activity_ids.note)
        self.assertIn(number, run.activity_ids.note)
        with freeze_time("2026-05-01 09:00"):
            with self.assertRaisesRegex(UserError, "put back") as refusal:
                run.with_user(self.accountant).action_run()
            self.assertSentence(refusal)
            with self.assertRaises(AccessError):
                run.with_user(self.coordinator).action_confirm_database()
            run.with_user(self.accountant).action_confirm_database()
            self.assertIn(self.accountant.name, run.message_ids[0].body)
            run.with_user(self.accountant).action_run()
        self.assertEqual(self._job("2026-05-01").state, "done")
        self.assertEqual(len(self._moves()), 2)

    def test_a_run_that_was_going_on_in_the_copy_stops(self):
        run = self._job("2026-04-01")
        self._moves().unlink()
        run.state = "running"
        self._put_back()
        self._job("2026-04-01")
        self.assertEqual(run.state, "draft")
        self.assertTrue(run.activity_ids.note)
        self.assertFalse(self._moves())
        self._job("2026-04-01")
        self.assertEqual(len(run.activity_ids), 1)

    def test_a_parked_customer_waits_too(self):
        run = self._job("2026-04-01")
        parked = self.env["nox.billing.parked"]._park(
            run, self.pbxs.partner_id, "Locked", kind="locked"
        )
        self._put_back()
        with self.assertRaisesRegex(UserError, "put back"):
            parked.with_user(self.accountant).action_try_again()
        self._job("2026-04-01")
        self.assertTrue(parked.is_open)
        self.assertTrue(run.is_put_back, "said on a run that is done, too")
        run.with_user(self.accountant).action_confirm_database()
        run.invalidate_recordset()
        self.assertFalse(run.is_put_back)
        with freeze_time("2026-04-01 09:00"):
            parked.with_user(self.accountant).action_try_again()
        self.assertFalse(parked.is_open)

    def test_the_clock_set_back_starts_no_month_before_the_last(self):
        self._job("2026-04-01")
        run = self._job("2025-12-01")
        early = self.Run.search([("month", "=", date(2025, 11, 1))])
        self.assertEqual((early.state, run.state), ("draft", "done"))
        self.assertIn("clock was set back", early.activity_ids.note)
        self.assertEqual(len(self._moves()), 1)
        self.assertEqual(self._job("2026-05-01").state, "done")
        self.assertEqual(len(self._moves()), 2)

    def test_every_copy_of_a_database_has_a_mark_of_its_own(self):
        server, timeline, number = self.Run._database_mark().split("/")
        self.env.cr.execute(
            "SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE()"
        )
        self.assertEqual(int(number), self.env.cr.fetchone()[0])
        self.assertTrue(int(server) and int(timeline))
