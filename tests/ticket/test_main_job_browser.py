from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin
from ..common_chromium import BrowserMixin


@tagged("standard", "post_install", "-at_install")
class TestMainJobBrowser(BrowserMixin, NoxVoipMixin, HttpCase):
    """The main job as the people who do it see it, from request to invoice."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.contract_plan)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")

    def _tour(self, url, name, login):
        self.env.flush_all()
        self.start_tour(url, f"nox_main_job_{name}", login=login, timeout=180)
        self.env.invalidate_all()

    def test_main_job(self):
        self._tour("/odoo/helpdesk-tickets/new", "intake", "nox_technician")
        ticket = self.env["helpdesk.ticket"].search(
            [("name", "=", "A colleague more"), ("pbx_id", "=", self.pbx.id)]
        )
        self.assertState(
            ticket,
            coverage="billable",
            worked_minutes=61,
            released_minutes=60,
            held_minutes=1,
            approval_state="sent",
        )
        self.assertEqual(ticket.timesheet_ids.user_id, self.technician)
        self.assertEqual(
            sorted(round(line.unit_amount * 60) for line in ticket.timesheet_ids),
            [16, 45],
        )

        self._tour(ticket.get_portal_url(), "sign", "nox_portal")
        self.assertState(ticket, approval_state="approved", approved_blocks=2)
        self.assertTrue(ticket.quote_id.signature)

        self._tour(f"/odoo/helpdesk-tickets/{ticket.id}", "work", "nox_technician")
        self.assertState(ticket, outcome="done", worked_minutes=90, held_minutes=0)

        action = "nox_voip_service.helpdesk_ticket_action_to_invoice"
        self._tour(f"/odoo/action-{action}", "invoice", "nox_accountant")
        move = ticket.service_order_ids.invoice_ids
        self.assertEqual(move.state, "posted")
        self.assertEqual(sum(move.invoice_line_ids.mapped("quantity")), 6)
        self.assertAlmostEqual(move.amount_untaxed, 123.00)
        self.assertAlmostEqual(move.amount_tax, 25.83)
        self.assertIn(ticket.coverage_reason, move.invoice_line_ids[0].name)
        self.assertState(ticket, invoice_status="invoiced", to_invoice_blocks=0)
