from contextlib import suppress
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_month import NoxMonthCommon

RUN = "odoo.addons.nox_voip_service.models.billing"


class Killed(BaseException):
    """The worker is killed: nothing catches it."""


class RunJobCase(NoxMonthCommon):
    """Six customers and the scheduled job that nobody watches. Its commits are
    savepoints here, so that a killed run loses exactly what was not committed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]
        for number in range(6):
            customer = cls._customer(f"Job {number}")
            pbx = cls._pbx(customer=customer, name="PBX", accepted_on=date(2025, 12, 1))
            cls._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
            cls.pbxs |= pbx
        cls.cron = cls.env.ref("nox_voip_service.cron_billing_run")

    def setUp(self):
        super().setUp()
        Run = self.registry["nox.billing.run"]
        due = self.due_of_all = Run._customers_due
        own = self.pbxs.commercial_partner_id.ids
        self.patch(
            Run,
            "_customers_due",
            lambda run, *args: due(run, *args).filtered(lambda each: each.id in own),
        )
        self.patch(
            Run,
            "_companies_to_bill",
            lambda run: run.env["res.company"].browse(self.company.id),
        )
        self.company.service_run_automatic = True

    def _job(self, times=1, day="2026-04-01 00:30", **values):
        """Let the job run as the scheduler does: a transaction of its own."""
        with freeze_time(day), self.enter_registry_test_mode():
            for _ in range(times):
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, api.SUPERUSER_ID, {})
                    env["nox.billing.run"].with_context(**values)._cron_billing_run()
        self.env.invalidate_all()
        return self._own_run()

    def _own_run(self):
        return self.env["nox.billing.run"].search(
            [("company_id", "=", self.company.id), ("month", "=", date(2026, 3, 1))]
        )

    def _batches(self, size):
        """Small batches, so that there are several."""
        Run = self.registry["nox.billing.run"]
        process = Run._process
        self.patch(Run, "_process", lambda run: process(run, batch_size=size))

    def _unlink(self, moves):
        moves.unlink()

    def assertBilledOnce(self):
        moves = self._moves()
        self.assertEqual(
            sorted(moves.mapped("partner_id.name")), [f"Job {n}" for n in range(6)]
        )
        self.assertEqual(set(moves.mapped("amount_untaxed")), {10.0})


@tagged("standard", "post_install", "-at_install")
class TestRunJob(RunJobCase):
    # A customer whom somebody changes is parked when he was met so often.
    tries_before_parked = 3

    def test_job_starts_by_itself_and_bills_everybody_once(self):
        run = self._job()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.customers_done, run.customers_due), (6, 6))
        self.assertEqual(run.progress, 100)
        self.assertBilledOnce()
        self._job(times=2)
        self.assertBilledOnce()

    def test_job_waits_for_the_companys_own_first(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        self._job(day="2026-04-01 00:30")  # UTC: still March over there.
        self.assertFalse(self._own_run())
        self._job(day="2026-04-01 07:30")  # 00:30 there.
        self.assertEqual(self._own_run().state, "done")

    def test_company_without_time_zone_is_told(self):
        self.company.partner_id.tz = False
        self._job()
        self.assertFalse(self._own_run())
        with freeze_time("2026-04-02 12:00"):
            self.assertIn("no time zone", self.company._service_late_text())

    def test_person_starts_where_the_company_wants_it(self):
        self.company.service_run_automatic = False
        run = self._job(times=2)
        self.assertEqual(run.state, "draft")
        self.assertEqual(len(run.activity_ids), 1)
        self.assertFalse(self._moves())
        with freeze_time("2026-04-02 09:00"):
            self.assertEqual(run.lateness, "waiting")
            run.with_user(self.accountant).action_run()
            run.with_user(self.accountant).action_run()
        self._job(day="2026-04-02 09:01")
        self.assertBilledOnce()
        self.assertFalse(run.activity_ids)

    def test_killed_at_any_point_the_next_run_completes(self):
        """After each kill the next start goes on; at the end everybody has exactly
        one invoice."""
        self._batches(2)
        Run = self.registry["nox.billing.run"]
        for method, call in (
            ("_create_run_invoices", 1),
            ("_finish_invoices", 2),
            ("_note_done", 1),
            ("_apply_steps", 2),
            ("_finish", 1),
        ):
            with self.subTest(method=method, call=call):
                calls, original = [], getattr(Run, method)

                def killed(run, *args, calls=calls, original=original, call=call):
                    calls.append(1)
                    if len(calls) == call:
                        raise Killed
                    return original(run, *args)

                # Not `assertRaises`: Odoo's takes back what was committed before.
                with patch.object(Run, method, killed), suppress(Killed):
                    self._job()
                    self.fail("nobody was killed")
                self.env.invalidate_all()
                run = self._own_run()
                self.assertLessEqual(run.customers_done, run.customers_due)
                self.assertEqual(
                    len(self._moves()), run.customers_done, "no half-done batch"
                )
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    def test_job_whose_time_is_over_goes_on_later(self):
        self._batches(2)
        self.env["nox.billing.run"]._remember_database()
        remaining, left = [], [9.0, 9.0, 0.0]

        def progress(cron, processed=0, *, remaining_=None, **values):
            remaining.append((processed, values.get("remaining")))
            cron.env.cr.commit()
            return left.pop(0) if left else 9.0

        with patch.object(self.registry["ir.cron"], "_commit_progress", progress):
            run = self._job()
            self.assertEqual((run.state, run.customers_done), ("running", 2))
            self.assertEqual(len(self._moves()), 2)
            self.assertNotEqual(remaining[-1][1], 0, "Odoo starts the job again")
            run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    def test_customer_whom_somebody_changes_is_tried_again_at_the_end(self):
        """Once: done at the end. Always: parked visibly and tried every hour."""
        busy = self.pbxs[2].commercial_partner_id
        Run = self.registry["nox.billing.run"]
        original, tries = Run._lock_customers, []

        def lock(run, customers):
            if busy in customers:
                tries.append(customers)
                if len(tries) <= limit:
                    return original(run, customers - busy)
            return original(run, customers)

        limit = 1
        self.patch(Run, "_lock_customers", lock)
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertFalse(run.parked_ids)
        self.assertBilledOnce()
        self._unlink(self._moves().filtered(lambda move: move.partner_id == busy))
        tries.clear()
        limit = self.tries_before_parked
        with freeze_time("2026-04-01 08:00"):
            run.with_user(self.accountant).action_run()
        self._job(day="2026-04-01 08:01")
        self.assertEqual(self._own_run().parked_ids.partner_id, busy)
        self.assertEqual(self._own_run().parked_ids.kind, "locked")
        self.assertTrue(self._own_run().parked_ids.activity_ids)
        self._job(day="2026-04-01 09:30")
        self.assertFalse(self._own_run().open_parked_count)
        self.assertBilledOnce()

    def test_who_gets_in_the_way_is_nobodys_fault(self):
        """A user edits, or another worker noted the same first: the customer is billed
        all the same, and not parked."""
        Run = self.registry["nox.billing.run"]
        for name, error in (
            ("_bill_together", SerializationFailure),
            ("_note_done", UniqueViolation),
        ):
            original, failures = getattr(Run, name), []

            def fails(run, *args, original=original, error=error, n=failures, **kw):
                if len(n) < 2:
                    n.append(run)
                    raise error
                return original(run, *args, **kw)

            self.patch(Run, name, fails)
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertFalse(run.parked_ids)
        self.assertBilledOnce()

    def test_a_bill_that_cannot_be_made_twice_is_parked_with_its_sentence(self):
        """A key that is there already is that customer's fault, not a race: he alone
        is parked, at once."""
        Run = self.registry["nox.billing.run"]
        original, poisoned = Run._bill_together, self.pbxs[2].commercial_partner_id

        def fails(run, customers):
            if poisoned in customers:
                raise UniqueViolation("twice the same")
            return original(run, customers)

        self.patch(Run, "_bill_together", fails)
        run = self._job()
        self.assertEqual(run.parked_ids.partner_id, poisoned)
        self.assertIn("twice the same", run.parked_ids.reason)
        self.assertEqual(run.parked_ids.kind, "failed")

    def test_two_first_workers_both_remember_the_database(self):
        Run = self.registry["nox.billing.run"]
        original, failures = Run._remember_database, []

        def fails(run):
            if not failures:
                failures.append(run)
                raise UniqueViolation
            original(run)

        self.patch(Run, "_remember_database", fails)
        self.assertEqual(self._job().state, "done")
        self.assertTrue(failures)
        self.assertBilledOnce()

    def test_one_companys_broken_run_does_not_stop_the_next(self):
        other = self.env["res.company"].create({"name": "Broken"})
        broken = self.env["nox.billing.run"].create(
            {
                "company_id": other.id,
                "month": date(2026, 3, 1),
                "state": "running",
                "started_at": "2026-04-01 00:10:00",
            }
        )
        Run = self.registry["nox.billing.run"]
        original = Run._process

        def process(run):
            if run.company_id == other:
                run.invalidate_recordset()
                run.env.cr.execute('SELECT "broken"')
            return original(run)

        self.patch(Run, "_process", process)
        logger = f"{RUN}.nox_billing_run_job"
        with mute_logger("odoo.sql_db"), self.assertLogs(logger, "ERROR"):
            run = self._job()
        self.assertEqual(run.state, "done")
        self.assertIn("broken", broken.message_ids[0].body)
        with freeze_time("2026-04-02 12:00"):
            self.assertEqual(broken.lateness, "stuck")

    def test_missing_run_makes_billing_late(self):
        with freeze_time("2026-04-01 20:00"):
            self.assertNotIn("2026-03", self.company._service_late_text())
        with freeze_time("2026-04-02 12:00"):
            self.assertIn("2026-03 was not billed", self.company._service_late_text())
            journal = self.env["account.journal"].search(
                [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
            )
            data = journal.with_user(
                self.accountant
            )._get_journal_dashboard_data_batched()
        self.assertIn("2026-03", data[journal.id]["service_late"])
        self._job(day="2026-04-02 12:01")
        with freeze_time("2026-04-02 13:00"):
            self.assertNotIn("2026-03 was not", self.company._service_late_text())

    def test_searching_for_late_runs(self):
        run = self._job()
        late = self.env["nox.billing.run"].search([("lateness", "!=", False)])
        self.assertNotIn(run, late)
        run.write({"state": "running", "progress_at": run.progress_at})
        with freeze_time(run.progress_at + timedelta(days=2)):
            late = self.env["nox.billing.run"].search([("lateness", "!=", False)])
            self.assertIn(run, late)
            stuck = self.env["nox.billing.run"].search([("lateness", "=", "stuck")])
            self.assertIn(run, stuck)

    def test_parked_customer_of_whom_nothing_is_due_any_more_is_cleared(self):
        """The work was waived, the training cancelled: nothing is left to bill."""
        pbx = self._customer_pbx("Nothing")
        run = self._job()
        self.env["nox.billing.parked"]._park(run, pbx.partner_id, "It went wrong.")
        with freeze_time("2026-04-03 09:00"):
            self.assertEqual(run.lateness, "parked")
            self.assertIn(pbx.partner_id, self.due_of_all(run))
            run.position = 0
            run._bill_customers(self.due_of_all(run) & pbx.partner_id)
            self.assertFalse(run.open_parked_count)
            self.assertFalse(run.lateness)
