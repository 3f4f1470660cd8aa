from odoo import fields
from odoo.tests import tagged

from ..common_browser import DESK, PHONE, PortalBrowserCase

SIZES = (PHONE, DESK)
ACCEPT = "[data-bs-target='#modalaccept']"
DECLINE = "[data-bs-target='#modaldecline']"
SUBMIT = "#modalaccept .o_portal_sign_submit"
# The name is drawn a moment after the form shows; unsigned the button does nothing.
SIGNABLE = f"""(() => {{
    const canvas = document.querySelector("#modalaccept.show canvas");
    return !!canvas?.width && !document.querySelector("{SUBMIT}").disabled && canvas
        .getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
        .data.some(Boolean);
}})()"""
FOCUS_IN = "document.querySelector('%s').contains(document.activeElement)"


class PortalMoneyCase(PortalBrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.person = cls._portal_person(cls.customer, "nox_signer")

    def _quote(self):
        """A quote that waits: 90 minutes, EUR 148.83 incl. VAT."""
        return self._send(self._ticket(self.pbx, estimated_minutes=90))

    def _open_quote(self, page, quote):
        page.open(f"/my/orders/{quote}")
        # The form is there once all scripts are: a click before that is lost.
        page.wait(f'document.querySelector("{SUBMIT}")')

    def _open_dialog(self, page, button, dialog):
        """By keys alone: the focus goes along with the dialog."""
        page.tab_to(button, most=100)
        page.press("Enter")
        page.wait(FOCUS_IN % f"{dialog}.show")

    def _told(self, ticket):
        """What the technician finds among the activities."""
        activities = ticket.activity_ids.filtered(
            lambda activity: activity.user_id == self.technician
        )
        return "".join(activities.mapped("note"))


@tagged("standard", "post_install", "-at_install")
class TestPortalQuoteBrowser(PortalMoneyCase):
    """Quotes in a real browser, on a phone and on a desk, by mouse and by keys."""

    def test_declining_tells_the_technician_why(self):
        for size in SIZES:
            ticket = self._quote().service_ticket_id
            quote = ticket.quote_id.id
            with self.subTest(size=size):
                with self._chromium("nox_signer", size) as page:
                    self._open_quote(page, quote)
                    page.click(DECLINE)
                    page.wait("document.querySelector('#modaldecline.show')")
                    page.click("#modaldecline textarea")
                    page.type("We do it another year")
                    self.assertEqual(page.overflow(), [])
                    page.follow(page.click, "#modaldecline [type=submit]")
                    shown = page.text()
                self.assertIn("declined or withdrawn", shown)
                self.assertEqual(ticket.approval_state, "refused")
                self.assertIn("We do it another year", self._told(ticket))

    def test_declining_by_keys_alone(self):
        ticket = self._quote().service_ticket_id
        quote = ticket.quote_id.id
        with self._chromium("nox_signer") as page:
            self._open_quote(page, quote)
            self._open_dialog(page, DECLINE, "#modaldecline")
            page.tab_to("#modaldecline textarea")
            page.type("We do it another year")
            page.tab_to("#modaldecline [type=submit]")
            page.follow(page.press, "Enter")
        self.assertEqual(ticket.approval_state, "refused")
        self.assertIn("We do it another year", self._told(ticket))

    def test_signing_by_keys_alone(self):
        ticket = self._quote().service_ticket_id
        quote = ticket.quote_id.id
        with self._chromium("nox_signer") as page:
            self._open_quote(page, quote)
            self._open_dialog(page, ACCEPT, "#modalaccept")
            page.wait(SIGNABLE)
            page.tab_to(SUBMIT)
            page.follow(page.press, "Enter")
        self.assertEqual(ticket.approval_state, "approved")
        self.assertEqual(ticket.quote_id.signed_by, "nox_signer")

    def test_back_after_signing_tells_what_is_true_now(self):
        """The browser may show the page from before; signing on it again does
        nothing, and says so."""
        ticket = self._quote().service_ticket_id
        quote = ticket.quote_id.id
        with self._chromium("nox_signer") as page:
            self._open_quote(page, quote)
            self._open_dialog(page, ACCEPT, "#modalaccept")
            page.wait(SIGNABLE)
            page.tab_to(SUBMIT)
            page.follow(page.press, "Enter")
            page.follow(page.run, "history.back()")
            if page.run(f'!!document.querySelector("{ACCEPT}")'):
                page.click(ACCEPT)
                page.wait(SIGNABLE)
                page.click(SUBMIT)
                page.wait("document.querySelector('#modalaccept .alert-danger')")
                shown = page.text("#modalaccept")
            else:
                shown = page.text()
        self.assertIn("pproved", shown)
        self.assertEqual(ticket.approval_state, "approved")
        told = ticket.activity_ids.filtered(
            lambda each: "is approved" in (each.note or "")
        )
        self.assertEqual(len(told), 1)

    def test_expired_quote_says_so_and_has_no_button(self):
        quote = self._quote()
        yesterday = fields.Date.subtract(self.company._service_today(), days=1)
        self.cr.execute(
            "UPDATE sale_order SET validity_date = %s WHERE id = %s",
            [yesterday, quote.id],
        )
        quote.invalidate_recordset()
        number = quote.id
        with self._chromium("nox_signer") as page:
            for size in SIZES:
                page.resize(*size)
                page.open(f"/my/orders/{number}")
                shown = page.text()
                buttons = page.run(
                    f'document.querySelectorAll("{ACCEPT}, {DECLINE}").length'
                )
                with self.subTest(size=size):
                    self.assertIn("This quote was valid until", shown)
                    self.assertIn("answering your request", shown)
                    self.assertEqual((buttons, page.overflow()), (0, []))

    def test_page_from_before_a_change_refuses_and_shows_the_new_amount(self):
        for size in SIZES:
            ticket = self._quote().service_ticket_id
            quote, line = ticket.quote_id.id, ticket.quote_id.order_line.id
            number = ticket.id
            with self.subTest(size=size):
                with self._chromium("nox_signer", size) as page:
                    self._open_quote(page, quote)
                    before = page.text()
                    price = {"order_line": [(1, line, {"price_unit": 205})]}
                    page.rpc("nox_coordinator", "sale.order", "write", [quote], price)
                    send = ("helpdesk.ticket", "action_send_quote", [number])
                    page.rpc("nox_coordinator", *send)
                    page.click(ACCEPT)
                    page.wait(SIGNABLE)
                    page.click(SUBMIT)
                    page.wait("document.querySelector('.o_portal_sign_error_msg')")
                    refusal = page.text(".o_portal_sign_error_msg")
                    overflow = page.overflow()
                    self._open_quote(page, quote)
                    after = page.text()
                self.assertIn("148.83", before)
                self.assertIn("was changed after you opened it", refusal)
                self.assertIn("1,488.30", refusal)
                self.assertIn("1,488.30", after)
                self.assertEqual(overflow, [])
                self.assertEqual(ticket.approval_state, "sent")
                self.assertFalse(ticket.quote_id.signature)


@tagged("standard", "post_install", "-at_install")
class TestPortalQuestionBrowser(PortalMoneyCase):
    """A line of the bill is questioned, and its answer read; a fact is answered."""

    def _bill(self):
        ticket = self._ticket(self.pbx, name="Menu")
        self._log(ticket, 38)
        return self._invoice(ticket)

    def _question(self, page, invoice, by_keys):
        page.open(f"/my/invoices/{invoice}")
        page.wait("document.querySelector('#lines details')")
        if by_keys:
            page.tab_to("#lines summary", most=100)
            page.press("Enter")
            page.tab_to("#lines textarea")
            page.type("We did this ourselves.")
            page.tab_to("#lines [type=submit]")
            page.follow(page.press, "Enter")
        else:
            page.click("#lines summary")
            page.click("#lines textarea")
            page.type("We did this ourselves.")
            page.follow(page.click, "#lines [type=submit]")
        self.assertEqual(page.overflow(), [])
        return page.text("#lines")

    def test_a_line_is_questioned_and_its_answer_read(self):
        self.company.service_dispute_user_id = self.accountant
        answers = []
        for size, by_keys in ((PHONE, False), (DESK, False), (DESK, True)):
            invoice = self._bill()
            with self.subTest(size=size, by_keys=by_keys):
                with self._chromium("nox_signer", size) as page:
                    asked = self._question(page, invoice.id, by_keys)
                dispute = invoice.invoice_line_ids.dispute_ids
                self.assertEqual(dispute.remark, "We did this ourselves.")
                self.assertEqual(dispute.activity_ids.user_id, self.accountant)
                self.assertIn("We look at this line and answer you", asked)
                self.assertIn("You get an answer by", asked)
                dispute.with_user(self.accountant).answer = "Our log says 38 minutes."
                dispute.with_user(self.accountant).action_uphold()
            answers.append((size, invoice.id))
        with self._chromium("nox_signer") as page:
            for size, number in answers:
                page.resize(*size)
                page.open(f"/my/invoices/{number}")
                answered = page.text("#lines")
                with self.subTest(size=size, invoice=number):
                    self.assertIn("We: Our log says 38 minutes.", answered)
                    self.assertEqual(page.overflow(), [])

    def test_missing_facts_are_answered_by_keys_alone(self):
        pbx = self._pbx(self.contract_plan, name="Head office")
        ticket = self._ticket(pbx, "add_user", name="A user for Kim")
        self.assertEqual(ticket.coverage, "undecided")
        number = ticket.id
        with self._chromium("nox_signer") as page:
            page.open(f"/my/ticket/{number}")
            page.tab_to("[name=replaces_user]", most=100)
            page.press("Space")
            chosen = page.run(
                "document.querySelector('[name=replaces_user]:checked').value"
            )
            page.tab_to("form[action$='/answer'] [type=submit]")
            page.follow(page.press, "Enter")
            shown = page.text()
        self.assertEqual(ticket.replaces_user, chosen)
        self.assertEqual(ticket.coverage, {"yes": "covered", "no": "billable"}[chosen])
        self.assertIn("Thank you for your answer", shown)
        self.assertIn(ticket.coverage_reason, shown)

    def test_closing_a_request_takes_two_steps_on_a_phone(self):
        self.stage_dropped.close_from_portal = True
        ticket = self._ticket(self.pbx, "call_group")
        number, stage = ticket.id, self.stage_dropped.id
        with self._chromium("nox_signer", PHONE) as page:
            page.open(f"/my/ticket/{number}")
            details = f"details:has([name=stage_id][value='{stage}'])"
            page.click(f"{details} summary")
            page.follow(page.click, f"{details} button")
            shown = page.text()
        self.assertEqual(ticket.stage_id, self.stage_dropped)
        self.assertIn("This request was withdrawn", shown)
