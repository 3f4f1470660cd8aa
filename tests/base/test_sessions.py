from odoo import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestSessions(PortalPages):
    """A right that ends is gone from the session that is open, at once."""

    def _asks(self, model, method="search_read", *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": [*args], "kwargs": {}},
        )

    def _reads(self, model):
        self.env.flush_all()
        return self._asks(model, "search_read", [], ["id"])

    def assertSees(self, *models):
        for model in models:
            self.assertTrue(self._reads(model), model)
        self.assertEqual(self._get("/my/telephony/{pbx}").status_code, 200)

    def assertRefused(self, model, method="search_read", *args):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as refusal:
            self._asks(model, method, *args)
        return str(refusal.exception)

    def test_a_customer_who_is_archived_is_out(self):
        self._login("owner")
        self.assertSees("nox.pbx", "helpdesk.ticket", "nox.pbx.seat")
        self.owner.active = False
        self.env.flush_all()
        for model in ("nox.pbx", "helpdesk.ticket", "nox.pbx.seat"):
            self.assertIn("SessionExpired", self.assertRefused(model))
        self.assertEqual(self._get("/my/telephony/{pbx}").status_code, 303)

    def test_a_customer_who_moves_sees_the_new_company_alone(self):
        self._login("owner")
        self.assertSees("nox.pbx", "helpdesk.ticket")
        self.owner.partner_id.parent_id = self.other_customer
        pbxs = [row["id"] for row in self._reads("nox.pbx")]
        self.assertEqual(pbxs, self.other_pbx.ids)
        self.assertFalse(self._reads("helpdesk.ticket"))
        self.assertNotEqual(self._get("/my/telephony/{pbx}").status_code, 200)

    def test_a_password_that_is_changed_ends_the_session(self):
        self._login("owner")
        self.assertSees("nox.pbx")
        self.owner.password = "another-one-1"
        self.env.flush_all()
        self.assertIn("SessionExpired", self.assertRefused("nox.pbx"))

    def test_a_role_that_is_taken_away(self):
        """From the coordinator to nothing, in one session."""
        ticket = self._ticket(self.pbx, "new_number", estimated_minutes=90)
        self.env.flush_all()
        self._login("coordinator")
        self.assertTrue(self._asks("helpdesk.ticket", "action_split", ticket.ids))
        module = f"{self.test_module}.group_"
        self.coordinator.group_ids = [
            Command.set(self.env.ref(f"{module}technician").ids)
        ]
        self.env.flush_all()
        self.assertIn(
            "AccessError",
            self.assertRefused("helpdesk.ticket", "action_split", ticket.ids),
        )
        self.assertTrue(self._reads("nox.pbx"))
        self.coordinator.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.env.flush_all()
        self.assertIn("AccessError", self.assertRefused("nox.pbx"))
        self.coordinator.active = False
        self.env.flush_all()
        self.assertIn("SessionExpired", self.assertRefused("nox.pbx"))

    def test_a_company_that_is_taken_away(self):
        """Who works for another company of ours from now on reads nothing here."""
        self._login("manager")
        self.assertIn(self.pbx.id, [row["id"] for row in self._reads("nox.pbx")])
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self.assertNotIn(self.pbx.id, [row["id"] for row in self._reads("nox.pbx")])
        self.assertIn(
            "AccessError", self.assertRefused("nox.pbx", "read", self.pbx.ids)
        )
