from lxml import html

from odoo.tests import tagged

from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestPortalWaiting(PortalPages):
    """What waits for a customer is on his start page and in his lists."""

    def _count(self, role):
        self.env.flush_all()
        self._login(role)
        return self.make_jsonrpc_request(
            "/my/counters", {"counters": ["waiting_count"]}
        )["waiting_count"]

    def _waiting(self, role):
        """``{request: what is asked}`` above the list, and the rows with a mark."""
        self.env.flush_all()
        self._login(role)
        page = html.fromstring(self._get("/my/tickets").text)
        items = page.xpath("//section[@aria-labelledby='nox_waiting']//li")
        asked = dict(
            " ".join(item.text_content().split()).split(": ", 1) for item in items
        )
        marks = page.xpath("//td/span[text()='Waiting for you']/../..//a/span/text()")
        self.assertEqual(sorted(marks), sorted(asked))
        return asked

    def test_questions_and_quotes_wait(self):
        # The request of the class lacks a fact.
        question = self.ticket.name
        self.assertEqual(self._waiting("owner"), {question: "Answer our question"})
        quoted = self._ticket(
            self.pbx, "new_number", name="Number", estimated_minutes=90
        )
        self.assertEqual(self._count("owner"), 1)
        self._send(quoted)
        self.assertEqual(self._count("owner"), 2)
        self.assertEqual(
            self._waiting("mate"),
            {
                question: "Answer our question",
                "Number": "Approve or decline the quote of 148.83 € including VAT",
            },
        )
        self.ticket._portal_answer(answers={"replaces_user": True})
        self._approve(quoted)
        self.assertEqual((self._count("owner"), self._waiting("owner")), (0, {}))

    def test_a_quote_waits_for_its_approvers_alone(self):
        self.ticket._portal_answer(answers={"replaces_user": True})
        self._send(
            self._ticket(self.pbx, "new_number", name="Number", estimated_minutes=90)
        )
        self.pbx.approver_ids = self._by_login("nox_mate").partner_id
        self.assertEqual((self._count("mate"), self._count("owner")), (1, 0))

    def test_what_is_over_or_anothers_waits_for_nobody(self):
        self.assertEqual(self._count("stranger"), 0)
        self.assertEqual(self._count("technician"), 0)
        self.ticket.stage_id = self.stage_dropped
        self.assertEqual(self._count("owner"), 0)

    def test_what_a_technician_has_to_find_out_waits_for_nobody(self):
        self.ticket.stage_id = self.stage_dropped
        fault = self._ticket(self.pbx, "fault", work_location="remote")
        self.assertEqual(fault.coverage_missing, "fault_domain")
        self.assertEqual(self._count("owner"), 0)
