from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common import NoxVoipCommon

MONDAY = datetime(2026, 3, 2)


@tagged("standard", "post_install", "-at_install")
class TestSla(NoxVoipCommon):
    """Eight working hours to done; the working day is from 8 to 12 and 13 to 17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = MONDAY.date()
        calendar = cls.env["resource.calendar"].create(
            {"name": "Forty hours", "tz": "UTC", "company_id": cls.company.id}
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Service",
                "company_id": cls.company.id,
                "use_sla": True,
                "uses_service_plans": True,
                "resource_calendar_id": calendar.id,
            }
        )
        cls.env["helpdesk.sla"].create(
            {
                "name": "Done within a day",
                "team_ids": [(6, 0, cls.team.ids)],
                "stage_id": cls.stage_done.id,
                "hours": 8,
            }
        )
        cls.pbx = cls._pbx(cls.standard)

    def _at(self, moment):
        self.env.flush_all()
        return freeze_time(moment)

    def _quoted(self):
        """Asked on Monday at eight, quoted at ten: two of eight hours are used."""
        with self._at("2026-03-02 08:00"):
            ticket = self._ticket(self.pbx, team_id=self.team.id, estimated_minutes=90)
            ticket.flush_recordset()
        self.clock = ticket.ticket_sla_ids.sudo()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = '2026-03-02 08:00' WHERE id = %s",
            [ticket.id],
        )
        ticket.invalidate_recordset()
        self.clock.last_state_date = datetime(2026, 3, 2, 8)
        self.assertEqual(self.clock.deadline, datetime(2026, 3, 2, 17))
        with self._at("2026-03-02 10:00"):
            self._send(ticket)
        self.assertEqual(self.clock.state, "on_hold")
        self.assertTrue(self.clock.waits_for_approval)
        self.assertEqual(self.clock.consumed_time, 2)
        return ticket

    def test_the_clock_stands_while_the_customer_thinks(self):
        ticket = self._quoted()
        with self._at("2026-03-04 10:00"):
            self.env.invalidate_all()
            self.assertFalse(ticket.sla_expired)
            self._approve(ticket)
            self.assertEqual(self.clock.state, "in_progress")
            self.assertEqual(self.clock.deadline, datetime(2026, 3, 4, 17))
        with self._at("2026-03-04 16:00"):
            self._log(ticket, 80)
            self._finish(ticket)
        self.assertEqual(self.clock.state, "accomplished")
        self.assertEqual(self.clock.consumed_time, 7)

    def test_what_was_late_before_the_quote_stays_late(self):
        ticket = self._quoted()
        with self._at("2026-03-04 10:00"):
            self._approve(ticket)
        with self._at("2026-03-05 09:00"):
            self.env.invalidate_all()
            self.assertTrue(ticket.sla_expired)
            self._log(ticket, 80)
            self._finish(ticket)
        self.assertEqual(self.clock.state, "expired")

    def test_every_end_of_the_quote_starts_the_clock_again(self):
        ends = {
            "refused": lambda ticket: self._decline(ticket),
            "withdrawn": lambda ticket: ticket.quote_id._service_withdraw("Ours"),
            "changed": lambda ticket: ticket.quote_id.order_line.write(
                {"product_uom_qty": 5}
            ),
            "expired": lambda ticket: ticket.quote_id.write(
                {"validity_date": "2026-03-03"}
            ),
        }
        for name, end in ends.items():
            with self.subTest(end=name):
                ticket = self._quoted()
                with self._at("2026-03-04 10:00"):
                    end(ticket)
                    self.env.flush_all()
                    self.assertNotEqual(ticket.quote_state, "sent")
                    self.assertEqual(self.clock.state, "in_progress")
                    self.assertFalse(self.clock.waits_for_approval)

    def test_a_quote_that_expires_by_the_clock(self):
        ticket = self._quoted()
        with self._at("2026-06-04 10:00"):
            ticket.quote_id._follow_up_service_quote()
            self.assertEqual(ticket.quote_state, "expired")
            self.assertEqual(self.clock.state, "in_progress")

    def test_an_sla_that_comes_meanwhile_waits_too(self):
        ticket = self._quoted()
        self.clock.unlink()
        ticket.refresh_sla()
        self.assertEqual(ticket.ticket_sla_ids.state, "on_hold")

    def test_without_a_quote_the_clock_runs_as_ever(self):
        with self._at("2026-03-02 08:00"):
            ticket = self._ticket(self.pbx, team_id=self.team.id)
        self._log(ticket, 20)
        self.assertEqual(ticket.ticket_sla_ids.state, "in_progress")

    def test_nobody_reads_the_clock_of_another_customer_or_company(self):
        clock = self._quoted().ticket_sla_ids
        own = self._portal_user(self.customer, "nox_own")
        stranger = self._portal_user(self._customer("Other"), "nox_stranger")
        elsewhere = self._user("manager", "nox_elsewhere")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere.write({"company_ids": company.ids, "company_id": company.id})
        self.assertTrue(clock.with_user(own).has_access("read"))
        self.assertTrue(clock.with_user(self.technician).has_access("read"))
        self.assertFalse(clock.with_user(stranger).has_access("read"))
        clocks = clock.with_user(elsewhere)
        clocks = clocks.with_context(allowed_company_ids=company.ids)
        self.assertFalse(clocks.has_access("read"))
