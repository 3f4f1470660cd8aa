from contextlib import contextmanager, suppress
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
    # Once in a batch, then in a job of his own.
    tries_before_parked = 5

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
                # Not `assertRaises`: Odoo's takes back what was committed before.
                with self._killed(method, call), suppress(Killed):
                    self._job()
                    self.fail("nobody was killed")
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


@tagged("standard", "post_install", "-at_install")
class TestRunLawPosted(TestRunLaw):
    """The same where the run posts: and all are numbered, without a gap."""

    def setUp(self):
        super().setUp()
        self.company.service_invoice_mode = "post"

    def assertBilledOnce(self):
        moves = self._moves()
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        numbers = sorted(moves.mapped("sequence_number"))
        first = numbers[0]
        self.assertEqual(numbers, [*range(first, first + len(numbers))])
        self.assertTrue(all(moves.mapped("evidence_head")))
        return super().assertBilledOnce()

    def _unlink(self, moves):
        moves.button_draft()
        moves.evidence_ids.unlink()
        moves.with_context(force_delete=True).unlink()
