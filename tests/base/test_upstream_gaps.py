from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin


@tagged("standard", "post_install", "-at_install")
class TestHolesOfTheBase(NoxVoipMixin, HttpCase):
    """What helpdesk_mgmt, contract and sale leave open; each fails without us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.stranger = cls._portal_user(cls._customer("Other"), "nox_stranger")
        cls.contract = cls.env["contract.contract"].create(
            {
                "name": "Secret prices",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "contract_type": "sale",
                "contract_line_ids": [
                    Command.create(
                        {
                            "name": "Secret price",
                            "product_id": cls.block_product.id,
                            "quantity": 1,
                            "specific_price": 4.75,
                            "date_start": cls.day,
                            "recurring_next_date": cls.day,
                        }
                    )
                ],
                "modification_ids": [
                    Command.create({"description": "Secret", "date": cls.day})
                ],
            }
        )
        cls.contract.message_subscribe(cls.portal.partner_id.ids)

    def assertOfCustomer(self, record):
        """Its customer reads it; a stranger neither finds it nor reads it."""
        self.assertTrue(record.with_user(self.portal).has_access("read"))
        self.assertFalse(record.with_user(self.stranger).search([]) & record)
        with self.assertRaises(AccessError):
            self._rpc(self.stranger, record._name, "read", record.ids, ["display_name"])

    def test_lines_and_changes_of_a_contract_are_its_customers(self):
        for record in (self.contract.contract_line_ids, self.contract.modification_ids):
            with self.subTest(model=record._name):
                self.assertTrue(record)
                self.assertOfCustomer(record)

    def test_a_follower_of_another_company_reads_no_contract(self):
        """Following is not belonging: prices are the customer's own."""
        self.contract.message_subscribe(self.stranger.partner_id.ids)
        for record in (
            self.contract,
            self.contract.contract_line_ids,
            self.contract.modification_ids,
        ):
            with self.subTest(model=record._name):
                self.assertOfCustomer(record)
        self.authenticate("nox_stranger", "nox_stranger")
        self.env.flush_all()
        self.assertNotIn("Secret prices", self.url_open("/my/contracts").text)

    def test_time_entries_are_not_the_customers(self):
        """Odoo lists the time of a project with its descriptions to its followers,
        and its buttons lead there from the bill."""
        ticket = self._ticket(self.pbx)
        line = self._log(ticket, 38, name="Sloppy customer")
        invoice = self._invoice(ticket)
        project = line.project_id
        self.assertEqual(project.privacy_visibility, "employees")
        # As in a company that chose its own project.
        project.privacy_visibility = "portal"
        project.message_subscribe(self.portal.partner_id.ids)
        line.partner_id = self.customer
        Line = self.env["account.analytic.line"]
        domain = Line.with_user(self.portal)._timesheet_get_portal_domain()
        self.assertFalse(Line.search(domain) & line)
        self.env.ref("hr_timesheet.access_account_analytic_line_portal_user").write(
            {"active": True, "perm_read": True}
        )
        self.assertFalse(Line.with_user(self.portal).search([]) & line)
        domain = Line.with_user(self.technician)._timesheet_get_portal_domain()
        self.assertTrue(Line.search(domain) & line)
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        order = ticket.service_order_ids
        for url in (
            "/my/timesheets",
            f"/my/timesheets?search_in=invoice&search={invoice.name}",
            f"/my/invoices/{invoice.id}",
            f"/my/orders/{order.id}",
        ):
            with self.subTest(url=url):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 200)
                self.assertNotIn("Sloppy customer", page.text)
                self.assertNotIn("View Timesheet", page.text)

    def test_stages_are_not_written_by_visitors(self):
        with self.assertRaises(AccessError):
            self._rpc(
                self.env.ref("base.public_user"),
                "helpdesk.ticket.stage",
                "write",
                self.stage_done.ids,
                {"name": "Hacked"},
            )

    def test_a_link_closes_nobodys_ticket(self):
        ticket = self._ticket(self.pbx)
        self.stage_done.close_from_portal = True
        url = f"/ticket/close?ticket_id={ticket.id}&stage_id={self.stage_done.id}"
        for login in ("nox_stranger", "nox_portal"):
            with self.subTest(login=login):
                self.authenticate(login, login)
                self.assertLess(self.url_open(url).status_code, 500)
                self.env.invalidate_all()
                self.assertFalse(ticket.closed)

    def test_the_name_of_a_signer_is_a_name(self):
        quote = self._send(self._ticket(self.pbx, estimated_minutes=90))
        self.env.flush_all()
        url = quote.get_portal_url(
            suffix="/accept", query_string=f"&content={quote.service_content_hash}"
        )
        result = self.make_jsonrpc_request(
            url,
            {
                "name": "x" * 100_000,
                "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=",
            },
        )
        self.assertIn("name", result["error"])
        self.env.invalidate_all()
        self.assertFalse(quote.signed_by)
        self.assertEqual(quote.state, "sent")
