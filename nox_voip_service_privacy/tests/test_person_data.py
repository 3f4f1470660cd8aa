from datetime import date

from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.models.base.guard import by_code
from odoo.addons.nox_voip_service.tests.common_notice import letter_of_terms

from .common_person import LATER, NAME, PersonCommon


@tagged("standard", "post_install", "-at_install")
class TestPersonData(PersonCommon):
    """All that is kept about a person is found; what may go goes; bills stay."""

    def _printed(self, data):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.manager)
            ._render_qweb_html("nox_voip_service_privacy.report_person_data", data.ids)
        )
        return html.decode()

    def test_all_of_a_person_is_found_and_nobody_else(self):
        training = self._certified(self.pbxs, self.contact)
        other = self._customer_pbx("Butcher")
        self._seats(other, 1, self.seat.date_start).name = NAME
        data = self._data()
        self.assertEqual(
            {(line.res_model, line.res_id) for line in data.line_ids},
            {
                (record._name, record.id)
                for record in (self.seat, self.request, training, self.contact)
            },
        )

    def test_a_mail_without_request_goes_whole_and_at_once(self):
        mine, same, other = self.env["nox.stray.mail"].create(
            [
                {"name": "Away", "email_from": sender, "partner_id": contact}
                for sender, contact in (
                    (f"{NAME} <Zwijgzaam@bakery.example>", self.contact.id),
                    ("zwijgzaam@bakery.example", False),
                    ("anzwijgzaam@bakery.example", False),
                )
            ]
        )
        mine.message_post(body="I am away.", message_type="email")
        said = mine.message_ids
        mine.active = False
        data = self._data()
        self.assertTrue(self._line(data, mine).is_free and self._line(data, same))
        self.assertFalse(self._line(data, other))
        data.action_erase()
        self.assertFalse((mine | same).exists() or said.exists())
        self.assertTrue(other.exists())

    def test_a_name_is_found_whatever_its_case_and_spaces(self):
        data = self._data(name="  zwijgzaam   JANSEN ", contact_id=False, email=False)
        self.assertTrue(self._line(data, self.seat))
        for other in ("Zwijgzaam_Jansen", "Zwijgzaam van Jansen", f"{NAME} sr."):
            self.seat.name = other
            self.assertFalse(self._line(self._data(contact_id=False), self.seat))

    def test_one_readable_file_says_what_and_how_long(self):
        with freeze_time("2027-05-01 09:00"):
            html = self._printed(self._data())
        for text in (NAME, "Another menu", "0612345678", "12/31/2033"):
            self.assertIn(text, html)
        self.assertNotIn("Blijft", html)
        data = self._data(name="Nobody", contact_id=False, email=False)
        self.assertIn("We keep nothing", self._printed(data))

    def test_what_stands_on_a_bill_stays_for_its_years(self):
        with freeze_time("2033-12-31 09:00"):
            data = self._data()
            self.assertFalse(any(data.line_ids.mapped("is_free")))
            self.assertIn("12/31/2033", self._line(data, self.seat).stays)
            # Whatever a browser makes of the rows.
            data.line_ids.write({"is_free": True, "is_chosen": True, "stays": False})
            with self.assertRaisesRegex(UserError, "may be erased now"):
                data.action_erase()
        self.assertEqual(self.seat.name, NAME)

    def _billed(self):
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        return move

    def test_after_the_years_the_person_goes_and_the_bill_stays(self):
        move = self._billed()
        billed = move.invoice_line_ids.mapped(lambda x: (x.name, x.price_subtotal))
        head = move.evidence_head
        said = f"<p>{NAME.upper()} &lt;zwijgzaam@bakery.example&gt; called</p>"
        self.request.description = said
        self.request.message_post(body=Markup(said), author_id=self.contact.id)
        with freeze_time(LATER):
            self._data().action_erase()
            self.env.flush_all()
            left = self._data(contact_id=False).line_ids
        self.assertFalse(left)
        self.assertEqual(self.seat.name, "Former user")
        self.assertEqual(self.request.partner_name, "Former contact")
        self.assertFalse(self.request.partner_email or self.request.callback_phone)
        self.assertEqual(self.contact.name, "Former contact")
        self.assertFalse(
            self.contact.active or self.contact.email or self.contact.phone
        )
        self.assertNotIn(
            "wijgzaam", self._said(self.seat, self.request, self.contact).lower()
        )
        self.assertEqual(
            self.request.description,
            "<p>Former contact &lt;Former contact&gt; called</p>",
        )
        self.assertEqual(self.stays.name, "Blijft")
        self.assertEqual(
            move.invoice_line_ids.mapped(lambda x: (x.name, x.price_subtotal)), billed
        )
        self.assertEqual(move.evidence_head, head)

    def test_a_request_stays_until_its_bill_may_go(self):
        ticket = self._ticket(
            self._pbx(self.standard, self.bakery), partner_id=self.contact.id
        )
        with freeze_time("2026-12-30 09:00"):
            self._log(ticket, 20, day=date(2026, 12, 30))
            self._finish(ticket)
            self.env.flush_all()
        with freeze_time("2050-01-01 09:00"):
            self.assertEqual(self._line(self._data(), ticket).stays, "Still in use.")
        with freeze_time("2027-01-01 09:00"):
            self._invoice(ticket)
        with freeze_time(LATER):
            self.assertIn("12/31/2034", self._line(self._data(), ticket).stays)

    def test_what_is_not_chosen_stays(self):
        with freeze_time(LATER):
            data = self._data()
            self._line(data, self.seat).is_chosen = False
            data.action_erase()
        self.assertEqual(self.seat.name, NAME)
        self.assertEqual(self.request.partner_name, "Former contact")

    def test_who_is_on_no_bill_goes_when_he_left(self):
        self.seat.charged = False
        with freeze_time("2026-03-10 09:00"):
            self.assertEqual(self._line(self._data(), self.seat).stays, "Still in use.")
        with freeze_time("2026-04-10 09:00"):
            self._data().action_erase()
        self.assertEqual(self.seat.name, "Former user")

    def test_a_contact_stays_while_he_is_needed(self):
        self.assertIn("has to stay", self._stays("2027-01-01 09:00"))
        self.pbxs.approver_ids = self.contact
        self.assertIn("approver", self._stays(LATER))
        self.pbxs.approver_ids = False
        user = self._portal_user(self.bakery, "nox_zwijgzaam")
        user.partner_id = self.contact
        self.assertIn("log-in", self._stays(LATER))
        user.active = False
        self.assertFalse(self._stays(LATER))
        with freeze_time(LATER):
            self._data().action_erase()
        self.assertNotIn("zwijgzaam", user.login)

    def _stays(self, moment):
        with freeze_time(moment):
            return self._line(self._data(), self.contact).stays

    def test_what_an_earlier_employer_has_to_keep_counts(self):
        training = self._certified(self.pbxs, self.contact, on="2026-03-02")
        self.contact.parent_id = self._customer("Next employer")
        values = {"customer_id": self.contact.parent_id.id}
        with freeze_time("2033-12-31 09:00"):
            data = self._data(**values)
            self.assertTrue(self._line(data, training))
            self.assertIn("has to stay", self._line(data, self.contact).stays)

    def test_kept_for_ever_where_the_company_says_so(self):
        self.company.service_retention_years = 0
        with freeze_time("2050-01-01 09:00"):
            line = self._line(self._data(), self.seat)
        self.assertIn("no number of years", line.stays)

    def test_an_approval_stays_with_its_reason(self):
        quoted = self._over_the_hour(self._pbx(self.standard, self.bakery))
        order = self._approve(quoted)
        order.sudo().signed_by = NAME
        with freeze_time("2050-01-01 09:00"):
            line = self._line(self._data(), order)
        self.assertIn("evidence of an invoice", line.stays)

    def test_a_certificate_stays_while_it_counts(self):
        training = self._certified(self.pbxs, self.contact, on="2026-03-02")
        paper = self.env["ir.attachment"].create(
            {
                "name": f"{NAME}.pdf",
                "res_model": training._name,
                "res_id": training.id,
            }
        )
        with freeze_time(LATER):
            self.assertEqual(self._line(self._data(), training).stays, "Still in use.")
        training.expires_on = "2030-03-02"
        with freeze_time("2037-12-31 09:00"):
            self.assertIn("12/31/2037", self._line(self._data(), training).stays)
        with freeze_time("2038-01-01 09:00"):
            data = self._data()
            self.assertTrue(self._line(data, training).is_free)
            data.action_erase()
        self.assertFalse(paper.exists())

    def test_a_letter_forgets_to_whom_it_was_written(self):
        with freeze_time("2026-03-05 09:00"):
            letter = letter_of_terms(self.pbxs)
            by_code(letter).write(
                {"email": "zwijgzaam@bakery.example", "opened_by": NAME}
            )
            self.assertFalse(self._line(self._data(), letter).is_free)
        paper = letter.attachment_id
        with freeze_time(LATER):
            self._data().action_erase()
        self.assertEqual(letter.opened_by, "Former contact")
        self.assertFalse(letter.email or paper.exists())
        self.assertEqual(letter.partner_id, self.bakery)

    def test_the_log_says_who_and_when_and_no_name(self):
        with freeze_time(LATER):
            self._data().action_erase()
        log = self.env["privacy.log"].search([], order="id desc", limit=1)
        self.assertEqual(
            (log.user_id, str(log.date)), (self.manager, "2034-01-01 09:00:00")
        )
        self.assertIn(f"#{self.seat.id}", log.records_description)
        said = " ".join(str(value) for value in log.read()[0].values())
        self.assertNotIn("Jansen", said)
        self.assertNotIn("bakery.example", said)
        self.assertEqual(log.with_user(self.manager).user_id, self.manager)
        log.service_company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertNotIn(log, log.with_user(self.manager).search([]))

    def test_managers_only(self):
        data = self._data()
        for user in (self.technician, self.coordinator, self.accountant):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._data(user)
                for action in ("action_search", "action_print", "action_erase"):
                    with self.assertRaises(AccessError):
                        self._rpc(user, "nox.person.data", action, data.ids)
                for record in (self.seat, self.contact):
                    with self.assertRaises(AccessError):
                        record.with_user(user).action_service_person_data()
                with self.assertRaises(AccessError):
                    self.env["privacy.log"].with_user(user).search([])
        portal = self._portal_user(self.bakery, "nox_reader")
        with self.assertRaises(AccessError):
            self._rpc(portal, "nox.person.data", "action_search", data.ids)

    def test_a_manager_opens_it_from_a_user_and_from_a_contact(self):
        for record in (self.seat, self.contact):
            action = record.with_user(self.manager).action_service_person_data()
            data = self.env["nox.person.data"].browse(action["res_id"])
            self.assertTrue(self._line(data, self.seat))

    def test_refused_with_a_sentence(self):
        with self.assertRaisesRegex(UserError, "name of the person"):
            self._data(name="  ")
        # Nothing is erased in silence.
        with self.assertRaisesRegex(UserError, "may be erased now"):
            self._data(name="Nobody", contact_id=False, email=False).action_erase()
        stranger = self._contact(self._customer("Other"), "Somebody")
        with self.assertRaisesRegex(UserError, "not one of the customer"):
            self._data(contact_id=stranger.id)
