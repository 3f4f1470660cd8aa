from contextlib import suppress
from unittest.mock import patch

from freezegun import freeze_time

from odoo import api

from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner.runner import Database

from ..models.queue_job import ENDED


class NoxQueueMixin:
    """Plays the job runner: each job in a transaction of its own, by the controller
    that the runner asks; then the scheduled job, where a job woke it. Commits are
    savepoints, so that what was killed loses exactly what was not committed."""

    def setUp(self):
        super().setUp()
        self.has_runner = True
        self.patch(
            self.registry["nox.billing.run"],
            "_has_job_runner",
            lambda run: self.has_runner,
        )

    def _job(self, times=1, day="2026-04-01 00:30", rounds=8, **values):
        """The scheduled job, and what comes of it.

        :param rounds: of the jobs, each open one once, its time come or not
        """
        with freeze_time(day), self.enter_registry_test_mode():
            for _ in range(times):
                self._wake(values)
                for _ in range(rounds):
                    triggers = self._triggers()
                    jobs = self._open_jobs()
                    for job in jobs:
                        self._play(job.uuid)
                    if self._triggers() > triggers:
                        self._wake(values)
                    if not jobs:
                        break
        self.env.invalidate_all()
        return self._own_run()

    def _play_jobs(self, jobs):
        with freeze_time("2026-04-01 00:40"), self.enter_registry_test_mode():
            for job in jobs:
                self._play(job.uuid)
        self.env.invalidate_all()
        return self._own_run()

    def _wake(self, values=None):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["nox.billing.run"].with_context(**(values or {}))._cron_billing_run()

    def _triggers(self):
        self.env.invalidate_all()
        return self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )

    def _jobs(self, *domain):
        self.env.invalidate_all()
        return self.env["queue.job"].search(
            [("billing_run_id", "=", self._own_run().id), *domain], order="id"
        )

    def _open_jobs(self):
        return self._jobs(("state", "not in", ENDED)).sorted(
            lambda job: (job.priority, job.id)
        )

    def _play(self, job_uuid):
        with self.registry.cursor() as cr:
            # As the runner: those of a killed worker come back, and one is asked for.
            cr.execute(
                "UPDATE queue_job SET date_enqueued = now() AT TIME ZONE 'utc'"
                " - INTERVAL '1 minute' WHERE uuid = %s AND state = 'started'",
                [job_uuid],
            )
            cr.execute(Database._query_requeue_dead_jobs(None))
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            job = Job.load(env, job_uuid)
            job.set_enqueued()
            job.store()
            env["ir.cron"]._commit_progress()
            job = RunJobController._acquire_job(env, job_uuid)
            # What a failed job leaves is written beside it, and here on one connection.
            # The server only logs its error.
            with patch.object(cr, "rollback"), suppress(Exception):
                RunJobController._runjob(env, job)
            env.flush_all()
            cr.postcommit.run()
            env["ir.cron"]._commit_progress()
