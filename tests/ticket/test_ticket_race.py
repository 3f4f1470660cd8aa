from contextlib import contextmanager
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import api
from odoo.exceptions import UserError, ValidationError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service import model as service
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..common import NoxVoipMixin


@tagged("standard", "post_install", "-at_install")
class TestRace(NoxVoipMixin, BaseCase):
    """Two people at the same ticket at the same moment, each in a transaction of its
    own: PostgreSQL serialises on the ticket's row, and Odoo repeats the second."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.made = []
        # Odoo's own runner holds the registry's lock while the tests run; the two
        # people here would wait for it in vain.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        self.addCleanup(self._remove)
        # The pause before a second try, 2 seconds otherwise.
        self.startPatcher(patch.object(service.random, "uniform", return_value=0.02))
        with self._env() as env:
            company = self._dutch_company_of(env)
            env = env(context={"allowed_company_ids": company.ids})
            self.project_id = company.service_project_id.id
            project = company.service_project_id
            self._keep(company.with_env(env)._service_project() - project)
            customer = self._keep(env["res.partner"].create({"name": "Race"}))
            pbx = self._keep(
                env["nox.pbx"].create(
                    {
                        "name": "Race",
                        "partner_id": customer.id,
                        "company_id": company.id,
                        "accepted_on": company._service_today(),
                    }
                )
            )
            self.assertEqual(pbx.plan_id.code, "standard")
            ticket = self._keep(
                env["helpdesk.ticket"].create(
                    {
                        "name": "Race",
                        "description": "Race",
                        "partner_id": customer.id,
                        "company_id": company.id,
                        "category_id": env.ref("nox_voip_service.category_menu").id,
                    }
                )
            )
            employee = env["hr.employee"].create(
                {"name": "Race", "company_id": company.id}
            )
            self._keep(employee.work_contact_id)
            self._keep(employee)
            self.company_ids = company.ids
            self.ticket_id, self.employee_id = ticket.id, employee.id
            self._log_minutes(ticket, 50)

    @staticmethod
    def _dutch_company_of(env):
        domain = [("chart_template", "=", "nl")]
        found = env["res.company"].search(domain, order="id", limit=1)
        return found or env.company

    @contextmanager
    def _env(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            if self.made:
                env = env(context={"allowed_company_ids": self.company_ids})
            yield env

    def _keep(self, records):
        """Remember what to remove after the test."""
        self.made += [(records._name, records.ids)]
        return records

    def _remove(self):
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            ticket.service_order_ids.unlink()
            ticket.timesheet_ids.unlink()
            # A company's project is not deleted.
            env["res.company"].browse(
                self.company_ids
            ).service_project_id = self.project_id
            for name, ids in reversed(self.made):
                env[name].browse(ids).unlink()
        self.registry.reset_changes()

    def _log_minutes(self, ticket, minutes):
        ticket.env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "name": "Race",
                "unit_amount": minutes / 60,
                "employee_id": self.employee_id,
            }
        )

    def _at_once(self, action):
        """Let two transactions see the same ticket before either acts on it; the
        refusals."""
        start, refusals = Barrier(2, timeout=20), []

        def act():
            try:
                with self._env() as env:
                    ticket = env["helpdesk.ticket"].browse(self.ticket_id)
                    ticket.fetch(["worked_minutes"])
                    start.wait()
                    service.retrying(lambda: action(ticket), env)
            except UserError as refusal:
                refusals.append(refusal)

        threads = [Thread(target=act) for _ in range(2)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        return refusals

    def test_two_technicians_cross_the_hour(self):
        refusals = self._at_once(lambda ticket: self._log_minutes(ticket, 15))
        self.assertEqual(len(refusals), 1, refusals)
        self.assertIn("needs a quote", str(refusals[0]))
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertEqual(len(ticket.timesheet_ids), 2)
            self.assertState(ticket, worked_minutes=65, held_minutes=5)
            self.assertEqual(len(ticket.service_order_ids), 1)

    def test_two_technicians_below_the_hour(self):
        refusals = self._at_once(lambda ticket: self._log_minutes(ticket, 5))
        self.assertFalse(refusals)
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertState(ticket, worked_minutes=60, approval_state="not_needed")

    def test_two_coordinators_make_a_quote(self):
        refusals = self._at_once(lambda ticket: ticket.action_create_quote())
        self.assertEqual(len(refusals), 1, refusals)
        self.assertIsInstance(refusals[0], (UserError, ValidationError))
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertEqual(len(ticket.service_order_ids), 1)
