from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NoxVoipCommon
from ..common_portal import PortalPages


class MovesMixin:
    """Anna of the bakery asks, and then works for the garage."""

    @classmethod
    def _two_companies(cls):
        cls.garage = cls._customer("Garage")
        cls.pbx = cls._pbx(cls.contract_plan, name="Bakery")
        cls.garage_pbx = cls._pbx(cls.standard, customer=cls.garage, name="Garage")

    def assertReads(self, user, *records):
        """The user finds these records, and no others of their kinds."""
        for each in records:
            found = each.with_user(user).search([("id", "in", each.ids)])
            self.assertEqual(found, each, user.login)

    def assertBlind(self, user, *records):
        for each in records:
            found = each.with_user(user).search([("id", "in", each.ids)])
            self.assertFalse(found, user.login)
            with self.assertRaises(AccessError):
                each.with_user(user).check_access("read")


@tagged("standard", "post_install", "-at_install")
class TestContactMoves(MovesMixin, NoxVoipCommon):
    """Whoever changes employer takes nothing along, and leaves nothing open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._two_companies()
        users = {"company_ids": [Command.set(cls.company.ids)]}
        users["company_id"] = cls.company.id
        cls.anna = cls._portal_user(
            cls.customer, "nox_anna", email="anna@customer.example"
        )
        cls.mate = cls._portal_user(cls.customer, "nox_mate")
        cls.mechanic = cls._portal_user(cls.garage, "nox_mechanic")
        (cls.anna | cls.mate | cls.mechanic).write(users)
        asks = {"partner_id": cls.anna.partner_id.id}
        cls.ticket = cls._ticket(cls.pbx, "add_user", **asks)
        cls.closed = cls._finish(cls._ticket(cls.pbx, "question", **asks))
        cls.invoice_question = cls._ticket(
            cls.pbx, about_pbx=False, pbx_id=False, **asks
        )
        cls.tickets = cls.ticket | cls.closed | cls.invoice_question
        cls.seats = cls._seats(cls.pbx, 2, cls.day)

    def _move(self, customer=None):
        self.anna.partner_id.parent_id = customer or self.garage

    def test_requests_stay_with_the_company(self):
        self._move()
        self.assertEqual(self.tickets.commercial_partner_id, self.customer)
        self.assertEqual(self.ticket.pbx_id, self.pbx)
        self.assertReads(self.mate, self.tickets)
        self.assertBlind(self.mechanic, self.tickets)

    def test_rules_that_were_asked_before_are_asked_anew(self):
        """Odoo keeps the domain of a user's rules for all of his requests."""
        before = (self.tickets, self.pbx, self.pbx.period_ids, self.seats)
        self.assertReads(self.anna, *before)
        self.assertBlind(self.anna, self.garage_pbx)
        self._move()
        self.assertBlind(self.anna, *before)
        self.assertReads(self.anna, self.garage_pbx)

    def test_contact_without_company_reads_nothing_more(self):
        self.assertReads(self.anna, self.tickets, self.pbx)
        self.anna.partner_id.parent_id = False
        self.assertBlind(self.anna, self.tickets, self.pbx)
        self.assertReads(self.mate, self.tickets)

    def test_contact_who_becomes_a_company_moves_as_well(self):
        self.anna.partner_id.is_company = True
        self.assertBlind(self.anna, self.tickets, self.pbx)
        self.assertReads(self.mate, self.tickets)

    def test_contact_of_a_department_moves_with_it(self):
        department = self._contact(self.customer, "Shop floor")
        self.anna.partner_id.parent_id = department
        self.assertReads(self.anna, self.tickets)
        department.parent_id = self.garage
        self.assertBlind(self.anna, self.tickets, self.pbx)
        self.assertReads(self.mate, self.tickets)

    def test_new_job_brings_no_request_along_and_later_ones_are_there(self):
        self._move()
        own = self._ticket(self.garage_pbx, partner_id=self.anna.partner_id.id)
        self.assertEqual(own.commercial_partner_id, self.garage)
        self.assertReads(self.anna, own)
        self.assertReads(self.mechanic, own)
        self._move(self.customer)
        self.assertEqual(own.commercial_partner_id, self.garage)
        self.assertReads(self.anna, self.tickets)
        self.assertBlind(self.anna, own)

    def test_old_links_and_followers_lead_nowhere(self):
        self.tickets.message_subscribe(self.anna.partner_id.ids)
        self.pbx.message_subscribe(self.anna.partner_id.ids)
        tokens = [ticket._portal_ensure_token() for ticket in self.tickets]
        self._move()
        people = self.tickets.message_partner_ids | self.pbx.message_partner_ids
        self.assertNotIn(self.anna.partner_id, people)
        self.assertFalse(set(tokens) & set(self.tickets.mapped("access_token")))

    def test_link_of_an_open_quote_dies(self):
        asks = {"partner_id": self.anna.partner_id.id}
        quote = self._send(
            self._ticket(self.pbx, "new_number", estimated_minutes=90, **asks)
        )
        token = quote._portal_ensure_token()
        self._move()
        self.assertNotEqual(quote.access_token, token)

    def test_company_hears_what_its_contact_would_have_heard(self):
        self._move()
        self.assertEqual(self.tickets.partner_id, self.customer)
        self.assertEqual(self.ticket.partner_email, self.customer.email)
        self.assertIn(
            f"{self.anna.name} asked this", str(self.ticket.message_ids[0].body)
        )

    def test_last_approver_who_leaves_opens_the_approval_to_nobody(self):
        self.pbx.approver_ids = self.anna.partner_id
        self._move()
        self.assertEqual(self.pbx.approver_ids, self.customer)
        self.assertTrue(self.pbx.activity_ids)

    def test_approver_who_leaves_others_behind(self):
        self.pbx.approver_ids = self.anna.partner_id | self.mate.partner_id
        self._move()
        self.assertEqual(self.pbx.approver_ids, self.mate.partner_id)

    def test_person_without_company_takes_his_question_into_his_first(self):
        """A mail made the contact, and somebody files him under his company."""
        person = self.env["res.partner"].create({"name": "New", "email": "n@x.example"})
        ticket = self._ticket(
            self.pbx, partner_id=person.id, pbx_id=False, about_pbx=False
        )
        person.parent_id = self.customer
        self.assertEqual(ticket.partner_id, person)
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_request_belongs_to_the_customer_of_the_pbx_whoever_asked(self):
        asked = self._ticket(self.pbx, partner_id=self.mechanic.partner_id.id)
        self.assertEqual(asked.commercial_partner_id, self.customer)
        self.assertReads(self.mate, asked)
        self.assertBlind(self.mechanic, asked)

    def test_request_that_goes_to_another_pbx_leaves_its_readers(self):
        ticket = self._ticket(self.pbx, partner_id=self.customer.id)
        ticket.message_subscribe(self.mate.partner_id.ids)
        token = ticket._portal_ensure_token()
        ticket.pbx_id = self.garage_pbx
        self.assertEqual(ticket.commercial_partner_id, self.garage)
        self.assertNotIn(self.mate.partner_id, ticket.message_partner_ids)
        self.assertNotEqual(ticket.access_token, token)


@tagged("standard", "post_install", "-at_install")
class TestContactMovesPages(PortalPages):
    """The same with a browser's session that was open before."""

    def test_open_session_sees_the_new_company_at_once(self):
        pages = (
            "/my/telephony/{pbx}",
            "/my/telephony/{pbx}/users",
            "/my/trainings/{training}",
        )
        self._login("owner")
        for page in pages:
            self.assertEqual(self._get(page).status_code, 200, page)
        self.assertEqual(self._get("/my/ticket/{ticket}").status_code, 200)
        self.owner.partner_id.parent_id = self.other_customer
        self.env.flush_all()
        for _session in range(2):
            for page in pages:
                self.assertEqual(self._get(page).status_code, 404, page)
            self.assertEqual(self._get("/my/ticket/{ticket}").status_code, 303)
            self.assertNotIn("Head office", self._get("/my/telephony").text)
            own = self._get(f"/my/telephony/{self.other_pbx.id}")
            self.assertEqual(own.status_code, 200)
            self._login("owner")
