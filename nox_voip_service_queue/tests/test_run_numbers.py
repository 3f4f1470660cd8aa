import time
from threading import Thread
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.nox_voip_service.models.billing import nox_billing_run_customer
from odoo.addons.nox_voip_service.tests.billing.test_run_race import RunRaceCase

PLAN = "race"


@tagged("standard", "post_install", "-at_install")
class TestRunNumbers(RunRaceCase):
    """Two jobs that post, each in a transaction that is committed."""

    def setUp(self):
        super().setUp()
        # Jobs that nobody planned say nothing to the run.
        Run = self.registry["nox.billing.run"]
        self.startPatcher(patch.object(Run, "_note_later", lambda run: None))
        with self._env() as env:
            company = env["res.company"].browse(self.company_ids)
            self.mode = company.service_invoice_mode
            company.service_invoice_mode = "post"
            for number in range(1, 4):
                self._new_pbx(env, company, f"Run race {number}")
            run = env["nox.billing.run"].browse(self.run_id)
            run.write({"state": "running", "job_plan": PLAN})
            # As before the first job.
            env["nox.pbx"].browse(self.pbx_ids).period_ids.plan_id._edition()

    def _remove(self):
        with self._env() as env:
            company = env["res.company"].browse(self.company_ids)
            company.service_invoice_mode = self.mode
            self._jobs(env).unlink()
            moves = self._moves(env)
            moves.button_draft()
            moves.evidence_ids.unlink()
            # Back to where the numbers were.
            moves.with_context(force_delete=True).unlink()
        return super()._remove()

    def _moves(self, env):
        run = env["nox.billing.run"].browse(self.run_id)
        return run.move_ids.sorted("sequence_number")

    def _jobs(self, env):
        return env["queue.job"].search([("billing_run_id", "=", self.run_id)])

    def _job(self, env, numbers):
        pbxs = env["nox.pbx"].browse([self.pbx_ids[number] for number in numbers])
        run = env["nox.billing.run"].browse(self.run_id)
        run._bill_job(pbxs.partner_id, PLAN, 0, 1)

    def test_second_waits_for_its_numbers_as_long_as_the_first_needs(self):
        """It bills its batch once, without a gap, and none is taken for one."""

        def work():
            with mute_logger("odoo.sql_db"), self._env() as second:
                self._job(second, (2, 3))

        thread = Thread(target=work)
        with patch.object(nox_billing_run_customer, "LOCK_TIMEOUT", "50ms"):
            with self._env() as first:
                self._job(first, (0, 1))
                thread.start()
                self._until_it_waits(thread)
                time.sleep(0.2)
            thread.join(60)
        with self._env() as env:
            self.assertFalse(self._jobs(env), "no batch was taken apart")
            moves = self._moves(env)
            first = moves[0].sequence_number
            self.assertEqual(
                moves.mapped("sequence_number"), [first + n for n in range(4)]
            )
            self.assertFalse(any(moves[1:].mapped("made_sequence_gap")))
            self.assertTrue(all(moves.mapped("evidence_head")))

    def _until_it_waits(self, thread):
        """Until a transaction here waits for a lock, or the thread has given up."""
        is_waiting = False
        while thread.is_alive() and not is_waiting:
            with self._env() as env:
                env.cr.execute(
                    "SELECT 1 FROM pg_stat_activity"
                    " WHERE datname = CURRENT_DATABASE() AND wait_event_type = 'Lock'"
                )
                is_waiting = bool(env.cr.rowcount)
