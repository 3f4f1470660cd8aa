from threading import Barrier, Thread

from odoo.service import model as service
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..billing.test_run_race import RunRaceCase

LIMIT = 3


@tagged("standard", "post_install", "-at_install")
class TestRequestRace(RunRaceCase):
    """One person sends many requests at the same moment, each in a transaction of its
    own that began before any of the others was stored."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            company = env["res.company"].browse(self.company_ids)
            self.had_limit = company.service_request_limit
            company.service_request_limit = LIMIT
            user = new_test_user(
                env,
                login="nox_request_race",
                groups="base.group_portal",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
                context={"no_reset_password": True},
            )
            user.partner_id.parent_id = self.customer_id
            self.user_id = user.id

    def _remove(self):
        with self._env() as env:
            user = env["res.users"].browse(self.user_id)
            env["res.company"].browse(
                self.company_ids
            ).service_request_limit = self.had_limit
            self._asked(env).unlink()
            person = user.partner_id
            user.unlink()
            person.unlink()
        super()._remove()

    def _asked(self, env):
        return env["helpdesk.ticket"].search([("create_uid", "=", self.user_id)])

    def _ask(self, env):
        Ticket = env["helpdesk.ticket"].with_user(self.user_id)
        if Ticket._portal_requests_exceeded():
            return
        Ticket._create_portal_request(
            Ticket.env.user.partner_id,
            env["nox.pbx"].browse(self.pbx_id),
            env.ref("nox_voip_service.category_menu"),
            {},
            name="Race",
            description="Race",
        )

    def test_limit_holds_for_requests_at_once(self):
        start = Barrier(LIMIT * 3, timeout=120)

        def act():
            with self._env() as env:
                env["nox.pbx"].browse(self.pbx_id).fetch(["name"])
                start.wait()
                service.retrying(lambda: self._ask(env), env)

        threads = [Thread(target=act) for _ in range(LIMIT * 3)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        with self._env() as env:
            self.assertEqual(len(self._asked(env)), LIMIT)
