from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.service import model as service
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_race import NoxRaceCase


class RunRaceCase(NoxRaceCase):
    """A customer with a user to bill, in a database that keeps what is committed."""

    def setUp(self):
        super().setUp()
        self.pbx_ids = []
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
            pbx = self._new_pbx(env, company, "Run race")
            self.pbx_id, self.customer_id = pbx.id, pbx.partner_id.id
            self.run_id = (
                env["nox.billing.run"]
                .create({"month": date(1999, 1, 1), "company_id": company.id})
                .id
            )
        self.addCleanup(self._remove)

    def _new_pbx(self, env, company, name):
        """The PBX of a new customer, with a user and a month to bill."""
        start = company._service_today().replace(day=1) - relativedelta(months=1)
        customer = env["res.partner"].create({"name": name, "is_company": True})
        plan = env.ref("nox_voip_service.service_plan_contract")
        product = env.ref("nox_voip_service.product_seat")
        pbx = env["nox.pbx"].create(
            {
                "name": name,
                "partner_id": customer.id,
                "company_id": company.id,
                "accepted_on": start,
            }
        )
        self.pbx_ids.append(pbx.id)
        period = pbx._start_plan(plan, start, billed_until=start)
        period.contract_line_id = period._create_seat_line(pbx, product, 1, 10, start)
        env["nox.pbx.seat"].create(
            {
                "name": "Race",
                "extension": "1",
                "pbx_id": pbx.id,
                "date_start": start,
            }
        )
        return pbx

    def _remove(self):
        with self._env() as env:
            env["res.company"].browse(self.company_ids).partner_id.tz = self.had_zone
            run = env["nox.billing.run"].browse(self.run_id)
            charges = env["nox.seat.charge"].search([("pbx_id", "in", self.pbx_ids)])
            charges.move_line_id.move_id.unlink()
            charges.unlink()
            pbxs = env["nox.pbx"].browse(self.pbx_ids)
            contracts = pbxs.period_ids.contract_line_id.contract_id
            customers = pbxs.partner_id
            pbxs.unlink()
            contracts.unlink()
            run.state = "draft"  # a run that was started stays
            run.unlink()
            customers.unlink()
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

    def _see(self, env):
        """Take the snapshot of a transaction."""
        env["nox.pbx"].browse(self.pbx_id).fetch(["name"])
        return env

    def _two(self, action):
        return self._at_once(self._see, action)

    def _late_worker(self):
        """The first commits between the snapshot of the second and its work."""
        with self._env() as late:
            self._see(late)
            with self._env() as first:
                self._bill(first)
            with mute_logger("odoo.sql_db"):
                service.retrying(lambda: self._bill(late), late)


@tagged("standard", "post_install", "-at_install")
class TestRunRace(RunRaceCase):
    """Two workers, or two clicks, at the same customer at the same moment, each in a
    transaction of its own."""

    def test_two_workers_bill_once(self):
        self._two(self._bill)
        with self._env() as env:
            self.assertEqual(self._moves(env).amount_untaxed, 10)

    def test_second_worker_with_an_old_snapshot_bills_nothing(self):
        self._late_worker()
        with self._env() as env:
            self.assertEqual(len(self._moves(env)), 1)

    def test_customer_who_is_held_fast_stops_no_run_and_is_not_forgotten(self):
        """Not even the note that he was skipped can be written: it refers to him."""
        module = "odoo.addons.nox_voip_service.models.billing.nox_billing_run_customer"
        own = patch.object(
            self.registry["nox.billing.run"],
            "_customers_due",
            lambda run: run.env["res.partner"].browse(self.customer_id),
        )
        with own, patch(f"{module}.LOCK_TIMEOUT", "100ms"), mute_logger("odoo.sql_db"):
            with self._env() as env:
                env["nox.billing.run"].browse(self.run_id).state = "running"
            with self._env() as holder:
                holder.cr.execute(
                    "SELECT id FROM res_partner WHERE id = %s FOR UPDATE",
                    [self.customer_id],
                )
                with self._env() as env:
                    run = env["nox.billing.run"].browse(self.run_id)
                    self.assertTrue(run._process())
                    self.assertEqual((run.state, run.customers_done), ("running", 0))
            with self._env() as env:
                run = env["nox.billing.run"].browse(self.run_id)
                run._process()
                self.assertEqual((run.state, run.customers_done), ("done", 1))
                self.assertEqual(len(self._moves(env)), 1)

    def test_two_workers_at_one_run_both_come_to_its_end(self):
        """Both write the row of the run: who is refused tries again."""
        Run, broken = self.registry["nox.billing.run"], []
        own = patch.object(
            Run,
            "_customers_due",
            lambda run: run.env["res.partner"].browse(self.customer_id),
        )
        with self._env() as env:
            env["nox.billing.run"].browse(self.run_id).state = "running"

        def work(env):
            run = env["nox.billing.run"].browse(self.run_id)
            try:
                run._process()
            except Exception as error:
                broken.append(error)
                raise

        with own:
            self._at_once(
                lambda env: env["nox.billing.run"].browse(self.run_id).state and env,
                work,
            )
        self.assertFalse(broken)
        with self._env() as env:
            self.assertEqual(len(self._moves(env)), 1)
            run = env["nox.billing.run"].browse(self.run_id)
            self.assertEqual((run.state, run.customers_done), ("done", 1))
            # Whom the other worker held to the end is looked at once more.
            run._retry_locked()
            self.assertFalse(run.open_parked_count)

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


@tagged("standard", "post_install", "-at_install")
class TestRunRaceOrders(RunRaceCase):
    """The same of what is billed from orders: service work, and trainings."""

    def setUp(self):
        super().setUp()
        self.order_ids, self.ticket_ids = [], []

    def _remove(self):
        with self._env() as env:
            tickets = env["helpdesk.ticket"].browse(self.ticket_ids)
            orders = env["sale.order"].browse(self.order_ids)
            orders |= tickets.service_order_ids
            moves = orders.invoice_ids
            charges = env["nox.seat.charge"].search([("pbx_id", "=", self.pbx_id)])
            (moves | charges.move_line_id.move_id).unlink()
            employees = tickets.timesheet_ids.employee_id
            tickets.timesheet_ids.unlink()
            places = orders.order_line.training_ids
            people = places.partner_id
            orders._action_cancel()
            # An order of a ticket and a result stay in the history, but for a test.
            env.flush_all()
            env.cr.execute(
                "UPDATE sale_order SET service_ticket_id = NULL WHERE id = ANY(%s);"
                "UPDATE nox_admin_training SET result = NULL WHERE id = ANY(%s)",
                [orders.ids, places.ids],
            )
            env.invalidate_all()
            places.unlink()
            orders.unlink()
            tickets.unlink()
            contacts = employees.work_contact_id
            employees.unlink()
            (contacts | people).unlink()
        super()._remove()

    def _work(self):
        """Finished billable work of 20 minutes: 2 blocks."""
        with self._env() as env:
            pbx = env["nox.pbx"].browse(self.pbx_id)
            ticket = env["helpdesk.ticket"].create(
                {
                    "name": "Race",
                    "description": "Race",
                    "partner_id": self.customer_id,
                    "pbx_id": pbx.id,
                    "company_id": pbx.company_id.id,
                    "category_id": env.ref("nox_voip_service.category_new_number").id,
                }
            )
            self.ticket_ids = ticket.ids
            pbx.company_id._service_project()
            employee = env["hr.employee"].create(
                {"name": "Race", "company_id": pbx.company_id.id}
            )
            env["account.analytic.line"].create(
                {
                    "ticket_id": ticket.id,
                    "name": "Race",
                    "unit_amount": 20 / 60,
                    "employee_id": employee.id,
                }
            )
            ticket.stage_id = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
            self.assertEqual(ticket.to_invoice_blocks, 2)

    def _training(self):
        """A training that one person attended."""
        with self._env() as env:
            pbx = env["nox.pbx"].browse(self.pbx_id)
            product = env.ref("nox_voip_service.product_training")
            order = env["sale.order"].create(
                {
                    "partner_id": self.customer_id,
                    "company_id": pbx.company_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1,
                                "service_pbx_id": pbx.id,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            self.order_ids = order.ids
            order.order_line.training_ids.write(
                {
                    "partner_id": env["res.partner"]
                    .create({"name": "Race", "parent_id": self.customer_id})
                    .id,
                    "start_at": fields.Datetime.subtract(fields.Datetime.now(), days=2),
                    "result": "failed",
                }
            )
            self.assertEqual(order.invoice_status, "to invoice")

    def assertBilledOnce(self, amount):
        """One invoice, with the user of the month as well."""
        with self._env() as env:
            move = env["account.move"].search(
                [("partner_id", "=", self.customer_id), ("state", "!=", "cancel")]
            )
            self.assertEqual(move.mapped("amount_untaxed"), [10 + amount])
            parked = env["nox.billing.parked"].search(
                [("partner_id", "=", self.customer_id)]
            )
            self.assertFalse(parked.mapped("reason"))

    def test_two_workers_bill_work_once(self):
        self._work()
        self._two(self._bill)
        self.assertBilledOnce(41)

    def test_two_workers_bill_a_training_once(self):
        self._training()
        self._two(self._bill)
        self.assertBilledOnce(350)

    def test_second_worker_with_an_old_snapshot_bills_no_work(self):
        self._work()
        self._late_worker()
        self.assertBilledOnce(41)

    def test_training_of_a_customer_without_pbx_is_billed_once(self):
        self._training()
        with self._without_pbx():
            self._two(self._bill)
        self.assertBilledOnce(340)

    def test_late_worker_bills_no_training_of_a_customer_without_pbx(self):
        self._training()
        with self._without_pbx():
            self._late_worker()
        self.assertBilledOnce(340)

    @contextmanager
    def _without_pbx(self):
        """No PBX to lock: the order line that both write keeps them apart."""
        Run = self.registry["nox.billing.run"]
        free = patch.object(Run, "_lock_customers", lambda run, customers: customers)
        users = patch.object(Run, "_due_by_customer", lambda *args: {})
        with free, users:
            yield
