from lxml import html

from odoo.tests import HttpCase, tagged

from ..common_paper import Papers
from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestSignOff(Papers, PortalPages, HttpCase):
    """The customer reads the work report in the portal and signs the work off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket(cls.pbx, name="Another menu")
        cls._log(cls.ticket, 20)
        cls._finish(cls.ticket)

    def _sign(self, **form):
        return self._post("/my/ticket/{ticket}/sign-off", form)

    def _page(self, url="/my/ticket/{ticket}"):
        return html.fromstring(self._get(url).text).get_element_by_id("wrap")

    def test_who_gets_the_report(self):
        link = self.ticket.get_portal_url()
        for role, status in (
            ("owner", 200),
            ("mate", 200),
            ("stranger", 404),
            ("technician", 200),
            ("employee", 404),
        ):
            with self.subTest(role=role):
                self._login(role)
                answer = self._get("/my/ticket/{ticket}/report")
                self.assertEqual(answer.status_code, status)
                if status == 200:
                    self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self._login("nobody")
        self.assertEqual(self._get("/my/ticket/{ticket}/report").status_code, 303)
        self.assertNotIn("/report", self._get(link).text.split("footer")[0])

    def test_no_report_before_time_is_shown(self):
        self.company.service_portal_time = "invoiced"
        self._login("owner")
        self.assertEqual(self._get("/my/ticket/{ticket}/report").status_code, 404)
        self.assertNotIn("Work report", self._page().text_content())

    def test_signed_off_once_with_a_remark(self):
        self._login("owner")
        self.assertIn("Sign the work off", self._page().text_content())
        self._sign(name="Anna <b>de Vries</b>", remark="Works\nwell")
        self.assertState(
            self.ticket,
            signed_off_by="Anna <b>de Vries</b>",
            signed_off_partner_id=self.owner.partner_id,
            signed_off_remark="Works\nwell",
            signed_off_minutes=20,
        )
        text = self._page().text_content()
        self.assertNotIn("Sign the work off", text)
        self.assertIn("Anna <b>de Vries</b>", text)
        self._sign(name="Somebody else")
        self.assertEqual(self.ticket.signed_off_by, "Anna <b>de Vries</b>")
        report = self._paper("report_work", self.ticket)
        self.assertSaid(
            report, "Signed off by Anna <b>de Vries</b> on", "in the portal.", "Works"
        )
        self.assertNotIn("Signature", report)
        # The remark is heard, though the request is closed.
        self.assertTrue(self.ticket.answered_at)

    def test_without_a_remark_nobody_is_woken(self):
        self._login("owner")
        self._sign(name="Anna")
        self.assertTrue(self.ticket.signed_off_at)
        self.assertFalse(self.ticket.answered_at)

    def test_work_that_is_added_later_asks_again(self):
        self._login("owner")
        self._sign(name="Anna")
        self.ticket.stage_id = self.stage_work
        self.assertNotIn("Sign the work off", self._page().text_content())
        self._log(self.ticket, 10)
        self._finish(self.ticket)
        self.assertIn("Sign the work off", self._page().text_content())
        self.assertIn("Signature", self._paper("report_work", self.ticket))

    def test_who_may_not_sign(self):
        for role in ("stranger", "technician", "employee"):
            with self.subTest(role=role):
                self._login(role)
                self.assertEqual(self._sign(name="Me").status_code, 404)
        self._login("nobody")
        self._sign(name="Me")
        self.assertFalse(self.ticket.signed_off_at)

    def test_whatever_is_sent_is_answered(self):
        self._login("owner")
        for value in ("", "x" * 5000, "\x00"):
            self.assertAnswers(self._sign, name=value, remark="y")
            self.assertAnswers(self._sign, name="Anna", remark="y" * 5000)
        self.assertFalse(self.ticket.signed_off_at)
        self.assertIn(
            "Nothing was signed off",
            self._page("/my/ticket/{ticket}?signed=0").text_content(),
        )
