from contextlib import contextmanager
from itertools import count
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.billing import test_run_job

from .common import NoxQueueMixin


class Killed(BaseException):
    """The worker is killed: nothing catches it."""


@tagged("standard", "post_install", "-at_install")
class TestRunLaw(NoxQueueMixin, test_run_job.TestRunJob):
    """What holds of a run holds of a run in jobs: every test of the scheduled job, and
    where batches are its own the same of the jobs."""

    # The time of the scheduled job is no matter where it bills nobody.
    test_job_whose_time_is_over_goes_on_later = None

    def test_killed_at_any_point_the_next_run_completes(self):
        self._batches(2)
        for method, call in (
            ("_plan_jobs", 1),
            ("_create_run_invoices", 1),
            ("_finish_invoices", 2),
            ("_note_jobs", 3),
            ("_apply_steps", 1),
            ("_finish", 1),
        ):
            with self.subTest(method=method, call=call):
                with self._killed(method, call), self.assertRaises(Killed):
                    self._job()
                self.env.invalidate_all()
                self.assertFalse(len(self._moves()) % 2, "no half-done batch")
                run = self._own_run()
                self.assertLessEqual(run.customers_done, run.customers_due)
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    @contextmanager
    def _killed(self, method, call):
        """The worker is killed when it comes to this method for the n-th time."""
        Run = self.registry["nox.billing.run"]
        original, calls = getattr(Run, method), count(1)

        def killed(run, *args):
            if next(calls) == call:
                raise Killed
            return original(run, *args)

        with patch.object(Run, method, killed):
            yield

    def test_customer_whom_somebody_changes_is_tried_again_at_the_end(self):
        """Once: billed alone. Always: parked visibly and tried every hour."""
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
        self._moves().filtered(lambda move: move.partner_id == busy).unlink()
        tries.clear()
        limit = 5
        run.with_user(self.accountant).action_run()
        run = self._job(day="2026-04-01 08:01")
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertEqual(run.parked_ids.partner_id, busy)
        self.assertEqual(run.parked_ids.kind, "locked")
        self.assertTrue(run.parked_ids.activity_ids)
        limit = 0
        self._job(day="2026-04-01 09:30")
        self.assertFalse(run.open_parked_count)
        self.assertBilledOnce()
