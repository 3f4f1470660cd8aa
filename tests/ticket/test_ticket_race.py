from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common_race import NoxRaceCase


@tagged("standard", "post_install", "-at_install")
class TestRace(NoxRaceCase):
    """Two people at the same ticket at the same moment, each in a transaction of its
    own: PostgreSQL serialises on the ticket's row, and Odoo repeats the second."""

    def setUp(self):
        super().setUp()
        self.made = []
        self.addCleanup(self._remove)
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

    def _ticket_of(self, env):
        ticket = env["helpdesk.ticket"].browse(self.ticket_id)
        ticket.fetch(["worked_minutes"])
        return ticket

    def _two(self, action):
        return self._at_once(self._ticket_of, action)

    def test_two_technicians_cross_the_hour(self):
        refusals = self._two(lambda ticket: self._log_minutes(ticket, 15))
        self.assertEqual(len(refusals), 1, refusals)
        self.assertIn("needs a quote", str(refusals[0]))
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertEqual(len(ticket.timesheet_ids), 2)
            self.assertState(ticket, worked_minutes=65, held_minutes=5)
            self.assertEqual(len(ticket.service_order_ids), 1)

    def test_two_technicians_below_the_hour(self):
        refusals = self._two(lambda ticket: self._log_minutes(ticket, 5))
        self.assertFalse(refusals)
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertState(ticket, worked_minutes=60, approval_state="not_needed")

    def test_two_coordinators_make_a_quote(self):
        refusals = self._two(lambda ticket: ticket.action_create_quote())
        self.assertEqual(len(refusals), 1, refusals)
        self.assertIsInstance(refusals[0], (UserError, ValidationError))
        with self._env() as env:
            ticket = env["helpdesk.ticket"].browse(self.ticket_id)
            self.assertEqual(len(ticket.service_order_ids), 1)
