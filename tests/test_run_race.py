from contextlib import contextmanager
from datetime import date
from threading import Barrier, Thread
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service import model as service
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import NoxVoipMixin


@tagged("standard", "post_install", "-at_install")
class TestRunRace(NoxVoipMixin, BaseCase):
    """Two workers, or two clicks, at the same customer at the same moment, each in a
    transaction of its own."""

    company_ids = None

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Odoo's own runner holds the registry's lock while the tests run.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        self.startPatcher(patch.object(service.random, "uniform", return_value=0.02))
        with self._env() as env:
            company = (
                env["account.journal"]
                .search([("type", "=", "sale")], order="id", limit=1)
                .company_id
            )
            self.company_ids = company.ids
            env = env(context={"allowed_company_ids": company.ids})
            company = company.with_env(env)
            self.had_zone = company.partner_id.tz
            company.partner_id.tz = self.had_zone or "Europe/Amsterdam"
            start = company._service_today().replace(day=1) - relativedelta(months=1)
            customer = env["res.partner"].create(
                {"name": "Run race", "is_company": True}
            )
            self.customer_id = customer.id
            plan = env.ref("nox_voip_service.service_plan_contract")
            product = env.ref("nox_voip_service.product_seat")
            pbx = env["nox.pbx"].create(
                {
                    "name": "Run race",
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "accepted_on": start,
                }
            )
            self.pbx_id = pbx.id
            period = pbx._start_plan(plan, start, billed_until=start)
            period.contract_line_id = period._create_seat_line(
                pbx, product, 1, 10, start
            )
            env["nox.pbx.seat"].create(
                {
                    "name": "Race",
                    "extension": "1",
                    "pbx_id": pbx.id,
                    "date_start": start,
                }
            )
            self.run_id = (
                env["nox.billing.run"]
                .create({"month": date(1999, 1, 1), "company_id": company.id})
                .id
            )
        self.addCleanup(self._remove)

    @contextmanager
    def _env(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            if self.company_ids:
                env = env(context={"allowed_company_ids": self.company_ids})
            yield env

    def _remove(self):
        with self._env() as env:
            env["res.company"].browse(self.company_ids).partner_id.tz = self.had_zone
            run = env["nox.billing.run"].browse(self.run_id)
            charges = env["nox.seat.charge"].search([("pbx_id", "=", self.pbx_id)])
            charges.move_line_id.move_id.unlink()
            charges.unlink()
            pbx = env["nox.pbx"].browse(self.pbx_id)
            contracts = pbx.period_ids.contract_line_id.contract_id
            pbx.unlink()
            contracts.unlink()
            run.unlink()
            env["res.partner"].browse(self.customer_id).unlink()
        self.registry.reset_changes()

    def _bill(self, env):
        run = env["nox.billing.run"].browse(self.run_id)
        return run._bill_customers(env["res.partner"].browse(self.customer_id))

    def _moves(self, env):
        charges = env["nox.seat.charge"].search([("pbx_id", "=", self.pbx_id)])
        self.assertEqual(len(charges), 1)
        return (
            env["account.move.line"]
            .search([("seat_charge_id", "in", charges.ids)])
            .move_id
        )

    def _two(self, action):
        """Both have their snapshot before either acts."""
        start, problems = Barrier(2, timeout=20), []

        def act():
            try:
                with self._env() as env:
                    env["nox.pbx"].browse(self.pbx_id).fetch(["name"])
                    start.wait()
                    service.retrying(lambda: action(env), env)
            except UserError as problem:
                problems.append(problem)

        threads = [Thread(target=act) for _ in range(2)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return problems

    def test_two_workers_bill_once(self):
        self._two(self._bill)
        with self._env() as env:
            self.assertEqual(self._moves(env).amount_untaxed, 10)

    def test_second_worker_with_an_old_snapshot_bills_nothing(self):
        """The first commits between the snapshot and the lock of the second."""
        with self._env() as late:
            late["nox.pbx"].browse(self.pbx_id).fetch(["name"])
            with self._env() as first:
                self._bill(first)
            with mute_logger("odoo.sql_db"):
                service.retrying(lambda: self._bill(late), late)
        with self._env() as env:
            self.assertEqual(len(self._moves(env)), 1)

    def test_two_clicks_on_confirm_bill_once(self):
        with self._env() as env:
            run = env["nox.billing.run"].browse(self.run_id)
            customer = env["res.partner"].browse(self.customer_id)
            parked = env["nox.billing.parked"]._park(
                run, customer, "Race", months_due=4, kind="late"
            )
            parked_id = parked.id
        with patch.object(service.random, "uniform", return_value=0.05):
            self._two(
                lambda env: (
                    env["nox.billing.parked"].browse(parked_id).action_confirm_months()
                )
            )
        with self._env() as env:
            self.assertEqual(len(self._moves(env)), 1)
            self.assertFalse(env["nox.billing.parked"].browse(parked_id).is_open)

    def test_customer_whom_somebody_changes_is_skipped_without_waiting(self):
        with self._env() as editor:
            editor["nox.pbx"].browse(self.pbx_id).note = "Change"
            editor.flush_all()
            with self._env() as env:
                skipped = self._bill(env)
                self.assertEqual(skipped.ids, [self.customer_id])
        with self._env() as env:
            self._bill(env)
            self.assertEqual(len(self._moves(env)), 1)
