from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_paper import FRIDAY, MONDAY, Papers

REPORT = "report_work"


@tagged("standard", "post_install", "-at_install")
class TestWorkReport(Papers, TransactionCase):
    """The paper of a request: what was asked and done, and nothing that is ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.company.write({"street": "Kade 1", "zip": "3511 AA", "city": "Utrecht"})
        cls.pbx = cls._pbx(cls.contract_plan, name="Head office", accepted_on=FRIDAY)
        cls.anna = cls._contact(cls.customer, "Anna de Vries")

    def _done(self, *minutes, **values):
        """Work of the technician on Friday, of a colleague on Monday."""
        with freeze_time(f"{MONDAY} 14:00"):
            ticket = self._ticket(
                self.pbx,
                **{"requested_on": FRIDAY, "partner_id": self.anna.id, **values},
            )
            self._log(ticket, *minutes, day=FRIDAY, name="Customer was rude")
            self._log(ticket, 15, day=MONDAY, user=self.colleague, name="Secret")
            self._finish(ticket)
        return ticket

    def test_billable_work_by_day_and_technician(self):
        ticket = self._done(
            20,
            10,
            category="new_number",
            name="A number for sales",
            description="<p>Number 030-1234567, password: Zx9!kk</p>",
            customer_reference="PO-77",
        )
        text = self._paper(REPORT, ticket, self.technician)
        self.assertSaid(
            text,
            self.company.name,
            "Kade 1",
            "3511 AA Utrecht",
            "Bakkerij De Vries",
            "Anna de Vries",
            "Telephone system: Head office",
            "Plan: Contract",
            "Your reference: PO-77",
            f"Work report {ticket.number}",
            "A number for sales",
            "Number 030-1234567, password: ***",
            "Asked on 03/06/2026 by Anna de Vries",
            "Finished on 03/09/2026",
            "Billed by the time worked",
            ticket.coverage_reason,
            "03/06/2026 Technician 30",
            "03/09/2026 Colleague 15",
            "45 minutes worked, counts as 3 × 15 minutes 45",
            "Signed off by the customer Name Date Signature",
        )
        for ours in ("rude", "Secret", "Zx9", "20.50", "61.50", "€", "61"):
            self.assertNotIn(ours, text)

    def test_covered_work_is_included(self):
        ticket = self._done(30)
        text = self._paper(REPORT, ticket)
        self.assertSaid(text, "Included", ticket.coverage_reason, "45 minutes worked")
        self.assertNotIn("counts as", text)

    def test_held_time_is_not_on_it(self):
        """50 + 10 minutes are released; the 25 of a coordinator are held."""
        with freeze_time(f"{MONDAY} 14:00"):
            ticket = self._ticket(self.pbx, "new_number", requested_on=FRIDAY)
            self._log(ticket, 50, day=FRIDAY)
            self._log(ticket, 35, day=MONDAY, user=self.coordinator)
        self.assertState(ticket, worked_minutes=85, held_minutes=25)
        text = self._paper(REPORT, ticket)
        self.assertSaid(
            text,
            "03/06/2026 Technician 50",
            "03/09/2026 Coordinator 10",
            "60 minutes worked, counts as 4 × 15 minutes 60",
        )
        self.assertNotRegex(text, r"\b(25|35|85)\b|(?i:held)")

    def test_approved_quote_with_who_signed(self):
        with freeze_time(f"{MONDAY} 14:00"):
            ticket = self._ticket(self.pbx, "new_number", requested_on=FRIDAY)
            ticket.estimated_minutes = 90
            quote = self._approve(ticket)
            self._log(ticket, 80, day=MONDAY)
        text = self._paper(REPORT, ticket, self.technician)
        self.assertSaid(
            text,
            f"{quote.name}: 6 × 15 minutes of work",
            "Approved by Anna de Vries on 03/09/2026",
        )

    def test_quote_in_the_making_is_not_on_it(self):
        with freeze_time(f"{MONDAY} 14:00"):
            ticket = self._ticket(self.pbx, "new_number", requested_on=FRIDAY)
            ticket.estimated_minutes = 90
        self.assertNotIn(ticket.quote_id.name, self._paper(REPORT, ticket))

    def test_dutch_for_who_reads_dutch(self):
        self._dutch(self.customer, self.anna)
        ticket = self._done(30, category="new_number")
        text = self._paper(REPORT, ticket, self.technician)
        self.assertSaid(
            text,
            f"Werkbon {ticket.number}",
            "06-03-2026 Technician 30",
            "45 minuten gewerkt, telt als 3 × 15 minuten",
            "Afgetekend door de klant",
        )
        for english in ("minutes", "Your request", "Signed off"):
            self.assertNotIn(english, text)

    def test_real_pdf(self):
        ticket = self._done(30)
        text = self._printed(REPORT, ticket)
        self.assertSaid(text, self.company.name, "Kade 1", "Work report", "Colleague")

    def test_several_on_one_print_each_in_its_language(self):
        other = self._customer("Tandarts", lang="en_US")
        self._dutch(self.customer, self.anna)
        dutch = self._done(30)
        english = self._ticket(self._pbx(customer=other))
        text = self._paper(REPORT, dutch | english)
        self.assertIn(f"Werkbon {dutch.number}", text)
        self.assertIn(f"Work report {english.number}", text)

    def test_nobody_prints_what_he_may_not_read(self):
        ticket = self._done(30)
        stranger = self._portal_user(self._customer("Other"), "nox_stranger")
        with self.assertRaises(AccessError):
            self._paper(REPORT, ticket, stranger)
        with self.assertRaises(AccessError):
            ticket.with_user(stranger).action_send_work_report()

    def test_customer_prints_no_time_before_it_is_shown(self):
        """By its address too: the setting counts as on the page."""
        owner = self._portal_user(self.customer, "nox_owner")
        ticket = self._done(30, category="new_number")
        self.assertIn("45 minutes", self._paper(REPORT, ticket, owner))
        self.company.service_portal_time = "invoiced"
        with self.assertRaises(AccessError):
            self._paper(REPORT, ticket, owner)

    def test_queries_do_not_grow_with_the_entries(self):
        few, many = self._done(5), self._done(*[1] * 40)
        counts = []
        for ticket in (few, few, many):
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.cr.sql_log_count
            self._paper(REPORT, ticket)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2], counts)

    def test_mail_in_the_language_of_who_asked(self):
        """As Odoo's composer sends it: preview, report attached, one mail."""
        self._dutch(self.customer, self.anna)
        ticket = self._done(30)
        action = ticket.with_user(self.technician).action_send_work_report()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.technician)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("vindt u de werkbon", composer.body.replace("\n", " "))
        [attachment] = composer.attachment_ids
        self.assertIn("Werkbon", attachment.name)
        composer._action_send_mail()
        message = ticket.message_ids[:1]
        self.assertEqual(message.notified_partner_ids, self.anna)
        self.assertIn("Werkbon", message.subject)
