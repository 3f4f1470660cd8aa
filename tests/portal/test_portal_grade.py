import hashlib
import re

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_grade import GradeCase
from .test_portal_quote import SIGNATURE


@tagged("standard", "post_install", "-at_install")
class TestPortalGrade(GradeCase):
    """From which amount an approval has to be how strong, and that no way is weaker."""

    # ------------------------------------------------------------------
    # WHAT IS ASKED FOR
    # ------------------------------------------------------------------

    def test_the_amount_decides(self):
        for amount, grade in ((99, "code"), (148.83, "code"), (148.84, "link")):
            self._rows((amount, "code"))
            quote = self._send(self._ticket(self.pbx, estimated_minutes=90))
            self.assertEqual(quote.service_grade_needed, grade, amount)
        self._rows()
        self.assertEqual(quote._needed_grade(), "link")

    def test_rows_that_do_not_rise_are_refused(self):
        self._rows((100, "login"), (500, "code"))
        with self.assertRaisesRegex(ValidationError, "stronger"), self.cr.savepoint():
            self._rows((100, "code"), (500, "login"))

    def test_a_changed_plan_asks_no_more_of_what_was_sent(self):
        quote = self._quote("link")
        self._rows((1, "code"))
        self.authenticate(None, None)
        self.assertTrue(self._accept(quote).get("force_refresh"))
        self.assertEqual(quote.service_approval_grade, "link")

    # ------------------------------------------------------------------
    # LOGGED IN
    # ------------------------------------------------------------------

    def test_a_link_is_not_a_log_in(self):
        quote = self._quote("login")
        for login in (None, "nox_stranger", "nox_coordinator"):
            self.authenticate(login, login)
            error = self._accept(quote)["error"]
            self.assertIn("after logging in", error, login)
        self.assertEqual(quote.state, "sent")
        self.authenticate("nox_portal", "nox_portal")
        self.assertTrue(self._accept(quote).get("force_refresh"))
        self.assertEqual(quote.service_approval_grade, "login")
        self.assertEqual(quote.service_approver_id, self.portal.partner_id)

    def test_the_page_says_how(self):
        quote = self._quote("login")
        self.authenticate(None, None)
        page = self.url_open(quote.get_portal_url()).text
        self.assertIn("approved after logging in", page)
        self.assertIn("/web/login?redirect=", page)

    def test_declining_asks_for_nothing(self):
        quote = self._quote("code")
        self.authenticate(None, None)
        page = self.url_open(quote.get_portal_url())
        csrf = re.search(r'csrf_token: "([^"]+)"', page.text).group(1)
        self.url_open(
            f"/my/orders/{quote.id}/decline?access_token={quote.access_token}",
            data={"decline_message": "No", "csrf_token": csrf},
        )
        self.env.invalidate_all()
        self.assertEqual(quote.state, "cancel")

    # ------------------------------------------------------------------
    # WITH A CODE
    # ------------------------------------------------------------------

    def test_the_code_approves_once(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        self.assertIn("code that we mail", self._accept(quote)["error"])
        sent = self._ask(quote)
        self.assertEqual(
            [to for to, _body in sent], ['"nox_portal" <anna@customer.example>']
        )
        answer = self._post(quote, "/check", code=self._code(sent))
        self.assertIn("sign=1", answer.url)
        self.assertIn("The code is right", answer.text)
        self.assertTrue(self._accept(quote).get("force_refresh"))
        self.assertEqual(quote.service_approval_grade, "code")
        self.assertEqual(quote.service_approver_id, self.portal.partner_id)
        record = self.env["nox.approval.code"].search([("order_id", "=", quote.id)])
        self.assertTrue(record.used_at)
        self.assertNotIn(self._code(sent), record.sudo().code_hash)

    def test_the_code_is_kept_nowhere(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        code = self._code(self._ask(quote))
        for model in ("mail.mail", "mail.message"):
            bodies = self.env[model].sudo().search([("body", "like", code)])
            self.assertFalse(
                bodies.filtered(lambda each: "approve quote" in (each.body or ""))
            )

    def test_a_code_of_another_quote_or_person_is_none(self):
        first, second = self._quote("code"), self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        code = self._code(self._ask(first))
        self.assertIn("not the code", self._post(second, "/check", code=code).text)
        self.authenticate("nox_mate", "nox_mate")
        self.assertIn("not the code", self._post(first, "/check", code=code).text)
        self.assertIn("code that we mail", self._accept(first)["error"])
        self.authenticate("nox_portal", "nox_portal")
        self._post(first, "/check", code=code)
        self.assertIn("code that we mail", self._accept(second)["error"])

    def test_a_code_counts_for_what_was_read(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        code = self._code(self._ask(quote))
        self._post(quote, "/check", code=code)
        quote.order_line.price_unit = 30
        self._send(quote.service_ticket_id)
        self.assertIn("code that we mail", self._accept(quote)["error"])
        self.assertIn("not the code", self._post(quote, "/check", code=code).text)

    def test_five_wrong_tries_and_the_right_one_is_wrong_too(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        code = self._code(self._ask(quote))
        for typed in ("", "x", "١٢٣٤٥٦", "1" * 5000, self._wrong(code)):
            self.assertIn("not the code", self._post(quote, "/check", code=typed).text)
        record = self.env["nox.approval.code"].search([("order_id", "=", quote.id)])
        # What cannot be a code is none of the tries but the one that is compared.
        while record.tries < 5:
            self._post(quote, "/check", code=self._wrong(code))
        self.assertIn("wrong too often", self._post(quote, "/check", code=code).text)
        self.assertIn("code that we mail", self._accept(quote)["error"])

    def test_an_old_code_is_none(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        code = self._code(self._ask(quote))
        record = self.env["nox.approval.code"].search([("order_id", "=", quote.id)])
        record.sudo().sent_at = fields.Datetime.subtract(record.sent_at, minutes=10)
        self.assertIn("not the code", self._post(quote, "/check", code=code).text)

    def test_a_newer_code_takes_the_place_of_the_older(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        old, new = self._code(self._ask(quote)), self._code(self._ask(quote))
        if old != new:
            self.assertIn("not the code", self._post(quote, "/check", code=old).text)
        self.assertIn("The code is right", self._post(quote, "/check", code=new).text)

    def test_codes_are_few_in_an_hour(self):
        quote = self._quote("code")
        self.authenticate("nox_portal", "nox_portal")
        for _each in range(5):
            self.assertEqual(len(self._ask(quote)), 1)
        with self._mails() as sent:
            page = self._post(quote).text
        self.assertFalse(sent)
        self.assertIn("5 codes within an hour", page)
        # Of another quote too: it is the person who is counted.
        other = self._quote("code")
        with self._mails() as sent:
            self._post(other)
        self.assertFalse(sent)

    def test_nobody_else_gets_a_code(self):
        quote = self._quote("code")
        for login in ("nox_stranger", "nox_coordinator"):
            self.authenticate(login, login)
            with self._mails() as sent:
                self.assertEqual(self._post(quote).status_code, 404, login)
                self.assertEqual(self._post(quote, "/check", code="1").status_code, 404)
            self.assertFalse(sent)
        self.pbx.approver_ids = self.mate.partner_id
        self.authenticate("nox_portal", "nox_portal")
        self.assertEqual(self._post(quote).status_code, 404)
        self.pbx.approver_ids = False
        # None is asked for, or none any more.
        self.assertEqual(self._post(self._quote("login")).status_code, 404)

    # ------------------------------------------------------------------
    # EVERY OTHER WAY
    # ------------------------------------------------------------------

    def test_no_way_around_the_grade(self):
        """Whatever writes a signature, or says in a context how strong it is."""
        quote = self._quote("code")
        quote.sudo().write(
            {
                "signed_by": "Anna",
                "signed_on": fields.Datetime.now(),
                "signature": SIGNATURE,
            }
        )
        for value in (None, "code", ["code", 1], {"grade": "code"}):
            with self.assertRaisesRegex(UserError, "with a code by mail"):
                quote.with_context(nox_approval=value).action_confirm()
        self.assertEqual(quote.state, "sent")

    def test_staff_records_an_approval_with_its_proof(self):
        quote = self._quote("code")
        proof = (
            self.env["nox.quote.proof"]
            .with_user(self.coordinator)
            .with_context(default_order_id=quote.id)
            .create({"signed_by": "Anna", "proof": "UHJvb2Y="})
        )
        proof.action_approve()
        self.assertEqual(quote.service_approval_grade, "staff")
        self.assertFalse(quote.service_approver_id)
        self.assertTrue(quote.service_signed_copy_id)

    # ------------------------------------------------------------------
    # THE COPY
    # ------------------------------------------------------------------

    def test_the_signed_copy_stays_as_it_was(self):
        quote = self._quote("login")
        self.authenticate("nox_portal", "nox_portal")
        self._accept(quote)
        copy = quote.service_signed_copy_id
        self.assertEqual(quote.service_copy_hash, hashlib.sha256(copy.raw).hexdigest())
        self.assertEqual((copy.res_model, copy.res_id), ("sale.order", quote.id))
        copy.write({"raw": b"%PDF-1.4 as approved", "mimetype": "application/pdf"})
        self.customer.name = "Another name"
        self.company.street = "Another street"
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        other = self._quote("login")
        content = report._render_qweb_pdf("sale.action_report_saleorder", quote.ids)[0]
        self.assertEqual(content, b"%PDF-1.4 as approved")
        streams = report._render_qweb_pdf_prepare_streams(
            "sale.action_report_saleorder", {}, [other.id, quote.id]
        )
        self.assertEqual(list(streams), [other.id, quote.id])
        printed = streams[other.id]["stream"].getvalue()
        self.assertTrue(printed.startswith(b"%PDF"))
        self.assertNotIn(b"as approved", printed)
        refused = self.assertRaises(IntegrityError)
        with mute_logger("odoo.sql_db"), refused, self.cr.savepoint():
            copy.unlink()
