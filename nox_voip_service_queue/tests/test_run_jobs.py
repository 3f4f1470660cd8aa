from unittest.mock import patch

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api
from odoo.exceptions import AccessError
from odoo.orm.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.nox_voip_service.tests.billing.test_run_job import RunJobCase

from ..models import nox_billing_run
from .common import NoxQueueMixin

LOCK = 4711 << 32 | 815


@tagged("standard", "post_install", "-at_install")
class TestRunJobs(NoxQueueMixin, RunJobCase):
    """Batches of two customers, a job each."""

    def setUp(self):
        super().setUp()
        self._batches(2)

    def test_a_job_for_each_batch_in_its_channel(self):
        self._job(rounds=0)
        jobs = self._jobs()
        self.assertEqual(jobs.mapped("billing_customers"), [2, 2, 2])
        self.assertEqual(set(jobs.mapped("channel")), {"root.nox_voip_service"})
        self.assertEqual(len(set(jobs.mapped("identity_key"))), 3)
        run = self._own_run()
        self.assertEqual(
            (run.state, run.customers_done, run.customers_due), ("running", 0, 6)
        )
        self.assertFalse(self._moves())
        self._job(rounds=0)
        self.assertEqual(self._jobs(), jobs, "the scheduled job waits for them")

    def test_position_waits_for_the_slowest_job(self):
        """Jobs end in any order; who goes on from the position forgets nobody."""
        self._job(rounds=0)
        first, second, third = self._jobs()
        run = self._play_jobs(third)
        self.assertEqual((run.position, run.customers_done), (0, 2))
        run = self._play_jobs(first)
        self.assertEqual(
            (run.position, run.customers_done), (first.billing_position, 4)
        )
        with self.subTest("the job runner goes away"):
            self.has_runner = False
            run = self._job()
            self.assertEqual((run.state, run.customers_done), ("done", 6))
            self.assertBilledOnce()
        with self.subTest("and comes back"):
            self._play_jobs(second)
            self.assertEqual(second.state, "done")
            self.assertIn("nothing was done", second.result)
            self.assertBilledOnce()

    def test_cancelled_and_failed_jobs_are_planned_again_within_the_hour(self):
        self._job(rounds=0)
        first, second, third = self._jobs()
        first.button_cancelled()
        Run = self.registry["nox.billing.run"]
        logger = "odoo.addons.queue_job.controllers.main"
        broken = patch.object(Run, "_bill_customers", side_effect=ValueError("Broken"))
        with broken, self.assertLogs(logger, "ERROR"):
            self._play_jobs(second)
        run = self._play_jobs(third)
        self.assertEqual(second.state, "failed")
        self.assertIn("Broken", run.message_ids[0].body)
        self.assertEqual(
            (run.state, run.position, run.customers_done), ("running", 0, 2)
        )
        run = self._job(day="2026-04-01 01:30")
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    def test_batch_that_lost_a_race_is_tried_once_more_as_a_whole(self):
        Run, lost = self.registry["nox.billing.run"], []
        original = Run._bill_together

        def fails(run, customers):
            if not lost:
                lost.append(customers)
                raise SerializationFailure
            return original(run, customers)

        self.patch(Run, "_bill_together", fails)
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertEqual(self._jobs().mapped("billing_customers"), [2, 2, 2, 2])
        self.assertBilledOnce()

    def test_who_gets_in_the_way_of_a_batch_twice_stops_nobody_else(self):
        """Another transaction commits first: then each customer alone."""
        Run = self.registry["nox.billing.run"]
        original = Run._bill_together

        def fails(run, customers):
            if len(customers) > 1:
                raise SerializationFailure
            return original(run, customers)

        self.patch(Run, "_bill_together", fails)
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertEqual(len(self._jobs()), 12)
        self.assertFalse(run.parked_ids)
        self.assertBilledOnce()

    def test_customer_who_is_held_fast_keeps_the_run_open(self):
        busy, held = self.pbxs[2].commercial_partner_id, True
        Run = self.registry["nox.billing.run"]
        Parked = self.registry["nox.billing.parked"]
        lock, park = Run._lock_customers, Parked._park

        def locks(run, customers):
            return lock(run, customers - busy if held else customers)

        def parks(parked, run, partner, *args, **values):
            if held and partner == busy:
                raise LockNotAvailable
            return park(parked, run, partner, *args, **values)

        self.patch(Run, "_lock_customers", locks)
        self.patch(Parked, "_park", parks)
        run = self._job()
        self.assertEqual((run.state, run.customers_done), ("running", 5))
        self.assertLess(run.position, busy.id)
        held = False
        run = self._job(day="2026-04-01 01:30")
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    def test_batch_that_took_its_worker_down_is_tried_one_by_one(self):
        self._job(rounds=0)
        job = self._jobs()[0]
        job.retry = 1
        self._play_jobs(job)
        self.assertEqual(job.state, "done")
        self.assertEqual(len(self._jobs()), 5)
        self.assertFalse(self._moves())
        run = self._job(day="2026-04-01 01:30")
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    def test_jobs_of_a_database_that_was_put_back_wait_for_a_person(self):
        self._job(rounds=0)
        Run = self.registry["nox.billing.run"]
        with patch.object(Run, "_database_mark", lambda run: "copy"):
            self._play_jobs(self._jobs())
            self.assertEqual(set(self._jobs().mapped("state")), {"pending"})
            self.assertFalse(self._moves())
            self.assertEqual(self._job(rounds=0).state, "draft")
            run = self._own_run()
            run.with_user(self.accountant).action_confirm_database()
            run.with_user(self.accountant).action_run()
            run = self._job(day="2026-04-01 01:30")
        self.assertEqual((run.state, run.customers_done), ("done", 6))
        self.assertBilledOnce()

    def test_run_that_was_started_again_ignores_the_jobs_before(self):
        self._job(rounds=0)
        run = self._own_run()
        run.state = "draft"
        run.with_user(self.accountant).action_run()
        self.assertFalse(run.job_plan)
        self._play_jobs(self._jobs())
        self.assertFalse(self._moves())
        self.assertEqual(self._job().state, "done")
        self.assertBilledOnce()

    def test_job_of_a_payer_with_hundreds_of_branches(self):
        """They stay together, and the database takes no key of any length."""
        branches = self.env["res.partner"].create(
            [{"name": f"Branch {number}"} for number in range(600)]
        )
        run = self._job()
        for _ in range(2):
            run._delay_bill(branches, 0, branches[0].id)
        job = self._open_jobs()
        self.assertEqual(job.billing_customers, 600)

    def test_rules_are_kept_before_the_first_jobs_post(self):
        """Or both would keep them, and one would bill its batch in vain."""
        plan = self.pbxs.period_ids.plan_id
        editions = self.env["nox.plan.edition"].search([("plan_id", "in", plan.ids)])
        editions.unlink()
        self.company.service_invoice_mode = "post"
        self._job(rounds=0)
        self.assertTrue(editions.search([("plan_id", "in", plan.ids)]))

    def test_jobs_of_a_run_are_for_who_may_see_jobs(self):
        run = self._job()
        with self.assertRaises(AccessError):
            run.with_user(self.accountant).action_view_jobs()
        self.accountant.group_ids += self.env.ref("queue_job.group_queue_job_manager")
        action = run.with_user(self.accountant).action_view_jobs()
        jobs = self.env["queue.job"].with_user(self.accountant).search(action["domain"])
        self.assertEqual(len(jobs), 3)


@tagged("standard", "post_install", "-at_install")
class TestJobRunner(BaseCase):
    def test_job_runner_is_known_by_its_lock(self):
        """By another number: the server of the tests may have a job runner."""
        self.startPatcher(patch.object(nox_billing_run, "PG_ADVISORY_LOCK_ID", LOCK))
        registry = Registry(get_db_name())
        with registry.cursor() as cr, registry.cursor() as runner:
            run = api.Environment(cr, api.SUPERUSER_ID, {})["nox.billing.run"]
            self.assertFalse(run._has_job_runner())
            runner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            self.assertTrue(run._has_job_runner())
            runner.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
