from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import formatLang

from ..common_dispute import DisputeMixin


@tagged("standard", "post_install", "-at_install")
class TestPortalInvoice(DisputeMixin, HttpCase):
    """The customer understands the bill, and questions a line of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.setUpDispute()

    def _page(self, url):
        self.env.flush_all()
        return self.url_open(url)

    def _question(self, move=None, **form):
        from odoo.http import Request

        self.env.flush_all()
        page = self.url_open(
            f"/my/invoices/{(move or self.move).id}/question",
            data={
                "line_id": self.line.id,
                "remark": "We did this ourselves.",
                "csrf_token": Request.csrf_token(self),
                **form,
            },
        )
        self.env.invalidate_all()
        return page

    def test_lines_link_to_their_tickets(self):
        self.authenticate("nox_portal", "nox_portal")
        page = self._page(f"/my/invoices/{self.move.id}")
        for ticket in self.tickets:
            self.assertIn(f'href="{ticket.access_url}"', page.text)
        self.assertIn("Question this line", page.text)

    def test_visitor_with_the_link_sees_lines_but_no_tickets(self):
        self.authenticate(None, None)
        page = self._page(self.move.get_portal_url())
        self.assertIn(self.tickets[0].display_name, page.text)
        self.assertNotIn(f'href="{self.tickets[0].access_url}', page.text)
        page = self._question(access_token=self.move.access_token)
        self.assertEqual(self.move.dispute_ids.partner_id, self.move.partner_id)

    def test_question_and_answer_are_on_the_page(self):
        self.authenticate("nox_portal", "nox_portal")
        page = self._question()
        self.assertIn("We look at this line", page.text)
        dispute = self.move.dispute_ids
        self.assertEqual(dispute.partner_id, self.portal.partner_id)
        self.assertEqual(dispute.user_id, self.accountant)
        dispute.answer = "It was on the third of March."
        self.assertNotIn(
            "third of March", self._page(f"/my/invoices/{self.move.id}").text
        )
        dispute.with_user(self.accountant).action_uphold()
        page = self._page(f"/my/invoices/{self.move.id}")
        self.assertIn("It was on the third of March.", page.text)
        self.assertIn("Checked: the line is correct", page.text)

    def test_mistake_in_the_form_loses_nothing(self):
        self.authenticate("nox_portal", "nox_portal")
        page = self._question(remark="y" * 2500)
        self.assertEqual(page.status_code, 200)
        self.assertIn("at most 2000", page.text)
        self.assertIn("y" * 2000, page.text)
        self.assertFalse(self.move.dispute_ids)

    def test_hostile_input_writes_nothing(self):
        self.authenticate("nox_portal", "nox_portal")
        other = self._ticket(self.pbx)
        self._log(other, 10)
        foreign = self._invoice(other).invoice_line_ids
        for form in (
            {"line_id": "abc"},
            {"line_id": "-1"},
            {"line_id": "9" * 30},
            {"line_id": "٣"},
            {"line_id": ""},
            {"line_id": foreign.id},
            {"remark": ""},
            {"remark": "x" * 3_000_000},
            {"remark": "<script>alert(1)</script>" * 200},
        ):
            with self.subTest(form={k: str(v)[:20] for k, v in form.items()}):
                page = self._question(**form)
                self.assertLess(page.status_code, 500)
                self.assertNotIn("<script>alert(1)", page.text)
        self.assertFalse(self.move.dispute_ids)
        for csrf in ("", "x"):
            self.assertEqual(self._question(csrf_token=csrf).status_code, 400)
        self._question(remark="<b>bold</b>")
        self.assertIn(
            "&lt;b&gt;bold&lt;/b&gt;", self._page(f"/my/invoices/{self.move.id}").text
        )

    def test_other_company_gets_nothing(self):
        self.authenticate("nox_stranger", "nox_stranger")
        page = self._page(f"/my/invoices/{self.move.id}")
        self.assertNotIn(self.tickets[0].display_name, page.text)
        for token in ("", "wrong", "é", "0" * 4000):
            page = self._question(access_token=token)
            self.assertLess(page.status_code, 500)
        self._page(f"/my/invoices/{self.move.id}?access_token=%C3%A9")
        self.assertFalse(self.move.dispute_ids)

    def test_addresses_that_nobody_meant(self):
        self.authenticate("nox_portal", "nox_portal")
        for url in (
            f"/my/invoices/{self.move.id}?amount=abc",
            f"/my/invoices/{self.move.id}?amount=nan",
            "/my/invoices?sortby=nonsense",
            "/my/invoices?filterby=nonsense",
            "/my/invoices?date_begin=x&date_end=y",
            "/my/invoices/99999999999999999999",
            "/my/invoices/0",
            "/my/charges/0",
            "/my/charges/99999999999999999999",
            "/my/charges/abc",
            "/my/charges/-1",
        ):
            with self.subTest(url=url):
                self.assertLess(self._page(url).status_code, 500)

    def test_invoice_of_trainings_alone_is_explained_too(self):
        product = self.env.ref("nox_voip_service.product_training")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    fields.Command.create(
                        {"product_id": product.id, "service_pbx_id": self.pbx.id}
                    )
                ],
            }
        )
        order.action_confirm()
        person = self._contact(self.customer, "Anna de Vries")
        order.training_ids.write(
            {
                "partner_id": person.id,
                "start_at": f"{self.day} 08:00:00",
                "trainer_id": self.technician.id,
                "result": "failed",
            }
        )
        order.training_ids.is_attended = True
        move = order._create_invoices()
        move.action_post()
        self.authenticate("nox_portal", "nox_portal")
        self.env.flush_all()
        page = self._page(f"/my/invoices/{move.id}")
        self.assertIn("What you pay for", page.text)
        self.assertIn("Question this line", page.text)
        dispute = move._dispute_line(
            move.invoice_line_ids[:1].id, "Too many people.", self.portal.partner_id
        )
        self.assertEqual(dispute.line_kind, "other")

    def test_charge_page_shows_the_days_of_each_user(self):
        charge = self._charge()
        self.authenticate("nox_portal", "nox_portal")
        page = self._page(f"/my/invoices/{charge.move_id.id}")
        self.assertIn(f"/my/charges/{charge.id}", page.text)
        page = self._page(f"/my/charges/{charge.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("User B", page.text)
        text = page.text.replace("\n", " ")
        self.assertRegex(text, r"51\s+user-days in a month of\s+31\s+days")
        self.assertIn("51 / 31 = 1.65", text)
        self.assertNotIn("replacement", text)
        self.authenticate("nox_stranger", "nox_stranger")
        page = self._page(f"/my/charges/{charge.id}")
        self.assertNotIn("User B", page.text)
        self.authenticate(None, None)
        self.assertNotIn("User B", self._page(f"/my/charges/{charge.id}").text)

    def test_charge_page_explains_the_day_of_a_replacement(self):
        charge = self._charge()
        leaver = charge.pbx_id.seat_ids.filtered(lambda seat: seat.extension == "B")
        leaver.date_end = date(2026, 3, 20)
        leaver.copy(
            {
                "name": "User C",
                "extension": "0",
                "date_start": date(2026, 3, 20),
                "date_end": False,
                "replaces_id": leaver.id,
            }
        )
        values = charge._portal_charge_values()
        # By extension, as the list of users is.
        self.assertEqual(
            [(user["name"], user["days"]) for user in values["users"]],
            [("0 User C", 11), ("A User A", 31), ("B User B", 9)],
        )
        self.assertEqual(values["share"], "51 / 31 = 1.65")
        self.authenticate("nox_portal", "nox_portal")
        page = self._page(f"/my/charges/{charge.id}")
        self.assertIn("On the day of a replacement one of the two counts", page.text)
        leaver.charged = False
        self.assertFalse(charge._portal_charge_values()["share"])

    def test_explained_line_shows_what_makes_its_amount(self):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.company.currency_id)

        self.assertEqual(
            self.line._portal_quantity(), f"3 × 15 minutes × {money(20.5)}"
        )
        charge = self._charge()
        self.assertEqual(
            charge.move_line_id._portal_quantity(), f"1.65 users × {money(7.5)}"
        )

    def test_posted_invoice_is_no_pro_forma(self):
        """Also before it is sent, which is when the base makes its PDF."""
        self.assertFalse(self.move.invoice_pdf_report_id)
        self.authenticate("nox_portal", "nox_portal")
        credit = self._refund(self.move)
        credit.action_post()
        for move, title in ((self.move, "Invoice"), (credit, "Credit Note")):
            for query in ("html", "pdf&download=true"):
                with self.subTest(title=title, query=query):
                    page = self._page(f"/my/invoices/{move.id}?report_type={query}")
                    self.assertEqual(page.status_code, 200)
                    # Odoo's tests make no PDF: what it would be made of.
                    self.assertIn(title, page.text)
                    self.assertNotIn("Proforma", page.text)
            [document] = move._get_invoice_legal_documents_all(allow_fallback=True)
            self.assertNotIn("proforma", document["filename"])

    def test_reference_is_the_customers_own(self):
        """Our number of an order is the origin of the invoice, not its reference."""
        self.assertFalse(self.move.ref)
        self.assertIn(self.tickets[0].service_order_ids.name, self.move.invoice_origin)
        referred = self._ticket(self.pbx, customer_reference="PO, 7")
        self._log(referred, 10)
        plain = self._ticket(self.pbx)
        self._log(plain, 10)
        self.assertEqual(self._invoice(referred | plain).ref, "PO, 7")

    def _charge(self):
        """March of a contract: one user all month, one from the 12th."""
        pbx = self._pbx(name="School", accepted_on=date(2025, 12, 1))
        self._sell(pbx, 7.5, 0, date(2026, 3, 1))
        self.env["nox.pbx.seat"].create(
            [
                {
                    "name": f"User {name}",
                    "extension": name,
                    "pbx_id": pbx.id,
                    "date_start": start,
                }
                for name, start in (("A", date(2026, 3, 1)), ("B", date(2026, 3, 12)))
            ]
        )
        with freeze_time("2026-04-01 00:30"):
            Run = self.env["nox.billing.run"]
            run = Run.search(
                [
                    ("company_id", "=", self.company.id),
                    ("month", "=", Run._default_month()),
                ]
            ) or Run.create({"company_id": self.company.id})
            run._bill_customers(pbx.commercial_partner_id)
            charge = pbx.period_ids.charge_ids
            charge.move_id.action_post()
            self.env.flush_all()
        return charge
