from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_run_race import RunRaceCase


@tagged("standard", "post_install", "-at_install")
class TestRunPosition(RunRaceCase):
    """Two workers at one run: each customer counts once, whoever looked at him."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            more = env["res.partner"].create(
                [{"name": f"Position {number}"} for number in range(3)]
            )
            self.customer_ids = [self.customer_id, *more.ids]
        self.addCleanup(self._remove_more, more.ids)
        Run = self.registry["nox.billing.run"]
        self.startPatcher(
            patch.object(
                Run,
                "_customers_due",
                lambda run: run.env["res.partner"].browse(self.customer_ids),
            )
        )
        self.startPatcher(
            patch.object(
                Run, "_bill_customers", lambda _run, customers: self._pass_by(customers)
            )
        )
        self.after = 0

    def _remove(self):
        with self._env() as env:
            # What was started stays in the history, but for a test.
            env["nox.billing.run"].browse(self.run_id).write(
                {"state": "draft", "started_at": False}
            )
        super()._remove()

    def _remove_more(self, partner_ids):
        with self._env() as env:
            env["res.partner"].browse(partner_ids).unlink()

    def _pass_by(self, customers):
        """Nothing to bill. At the batch of the test, another worker does all of it."""
        self.after -= 1
        if self.after == 0:
            self._work()
        return customers.browse()

    def _work(self, size=1):
        with self._env() as env:
            env["nox.billing.run"].browse(self.run_id)._process(size)

    def _figures(self):
        with self._env() as env:
            run = env["nox.billing.run"].browse(self.run_id)
            return run.state, run.customers_done, run.customers_due, run.skipped_ids.ids

    def test_second_worker_passes_the_first(self):
        for size in (1, 2, 4):
            for batch in (1, 2, 4):
                with self.subTest(size=size, batch=batch):
                    with self._env() as env:
                        env["nox.billing.run"].browse(self.run_id).write(
                            {"position": 0, "state": "running", "customers_done": 0}
                        )
                    self.after = batch
                    with mute_logger("odoo.sql_db"):
                        self._work(size)
                    self.assertEqual(self._figures(), ("done", 4, 4, []))

    def test_one_worker(self):
        self._work(3)
        self.assertEqual(self._figures(), ("done", 4, 4, []))
