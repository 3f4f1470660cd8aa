from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common_promise import PromiseCase


@tagged("standard", "post_install", "-at_install")
class TestPromiseKept(PromiseCase):
    """Ways around a promise, each of which billed more than a customer was told, and
    what the customer is told."""

    def test_what_a_sent_quote_says_is_the_most(self):
        """Time deleted while the quote was a draft is not in what it says; making
        another entry longer after the approval brings it back nowhere."""
        ticket = self._ticket(self.pbx)
        early = self._log(ticket, 20, 20)
        quote = self._volunteer(ticket, 60)
        early[1].with_user(self.technician).unlink()
        self._send(ticket)
        self.assertIn("20 minutes were worked before", str(quote.note))
        self._approve(ticket)
        told = 2 + ticket.approved_blocks
        early[0].with_user(self.technician).unit_amount = 40 / 60
        self._log(ticket, 60)
        self.assertState(ticket, released_minutes=20, billable_blocks=told)

    def test_time_of_a_promise_leaves_by_no_detour(self):
        """Not over a ticket-less entry, and not while the work counts as covered."""
        ticket = self._ticket(self.pbx)
        self._volunteer(ticket, 30)
        self._approve(ticket)
        late = self._log(ticket, 120).with_user(self.technician)
        with self.assertRaisesRegex(UserError, "stays with it"):
            late.ticket_id = False
        self.env["nox.coverage.override"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "coverage": "covered", "reason": "For now"}
        )
        with self.assertRaisesRegex(UserError, "stays with it"):
            late.ticket_id = self._ticket(self.pbx)
        self.assertEqual(late.ticket_id, ticket)

    def test_a_ticket_with_a_quote_moves_to_no_other_customer(self):
        """Nobody else's ticket takes along what a customer was offered, or approved."""
        other = self._pbx(self.standard, self._customer("Other"), name="Elsewhere")
        offers = {
            "draft": lambda ticket: ticket.quote_id,
            "sent": self._send,
            "approved": self._approve,
        }
        for state, offer in offers.items():
            ticket = self._ticket(self.pbx, estimated_minutes=90)
            offer(ticket)
            for user in (self.technician, self.coordinator):
                with (
                    self.subTest(state=state, user=user.login),
                    self.assertRaisesRegex(UserError, "before the ticket moves"),
                ):
                    ticket.with_user(user).pbx_id = other
            self.assertEqual(ticket.pbx_id, self.pbx)
            self.assertEqual(ticket.quote_id.partner_id, self.pbx.partner_id)

    def test_a_quote_changed_after_sending_is_withdrawn_when_the_work_shrinks(self):
        """It was sent once: it belongs to the history, and nobody is stopped by it."""
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        quote = self._send(ticket)
        quote.order_line.product_uom_qty += 1
        self.assertEqual(quote.state, "draft")
        ticket.with_user(self.technician).estimated_minutes = 30
        self.assertEqual(quote.state, "cancel")
        self.assertState(ticket, is_release_capped=True, released_minutes=0)

    def test_a_draft_that_nobody_saw_goes_when_the_work_is_covered(self):
        """The customer never declined it, and the hour is as it was."""
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        self.assertEqual(ticket.quote_state, "draft")
        self.env["nox.coverage.override"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "coverage": "covered", "reason": "Our mistake"}
        )
        self.assertState(ticket, coverage="covered", is_release_capped=False)
        self.assertFalse(ticket.quote_id)

    def test_more_goods_than_approved_are_not_billed(self):
        phone = self.env["product.product"].create(
            {
                "name": "Desk phone",
                "type": "service",
                "service_type": "manual",
                "invoice_policy": "delivery",
                "list_price": 100.0,
            }
        )
        ticket = self._ticket(self.pbx)
        quote = self._volunteer(ticket, 30)
        quote.order_line = [Command.create({"product_id": phone.id})]
        self._approve(ticket)
        line = quote.order_line.filtered(lambda line: line.product_id == phone)
        line.qty_delivered = 3
        self.assertEqual(line.qty_to_invoice, 1)
        self._log(ticket, 30)
        bill = self._invoice(ticket)
        self.assertEqual(bill.amount_untaxed, quote.amount_untaxed)

    # ------------------------------------------------------------------
    # WHAT THE CUSTOMER IS TOLD
    # ------------------------------------------------------------------

    def test_the_quote_says_what_is_billed_without_it(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 16)
        note = str(self._volunteer(ticket, 60).note)
        self.assertIn(
            "16 minutes were worked before this quote, which count as 2 × 15", note
        )
        self.assertIn("On top of that you pay for the time worked", note)
        unworked = self._ticket(self.pbx)
        note = str(self._volunteer(unworked, 60).note)
        self.assertIn("Without your approval nothing is billed", note)
        self.assertNotIn("were worked before", note)

    def test_the_request_says_the_most_at_each_moment(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 16)
        self.assertIn("at most 60 minutes", ticket._portal_limit_text())
        quote = self._volunteer(ticket, 45)
        # Nobody read the draft: it may go again, and with it what it keeps.
        self.assertIn("at most 60 minutes", ticket._portal_limit_text())
        self._send(ticket)
        self.assertIn("at most 2 × 15 minutes without", ticket._portal_limit_text())
        quote.with_user(self.coordinator).action_cancel()
        self.assertIn("at most 2 × 15 minutes without", ticket._portal_limit_text())
        self._volunteer(ticket, 45)
        self._approve(ticket)
        self.assertIn(
            "at most 3 × 15 minutes without asking", ticket._portal_limit_text()
        )

    def test_a_request_with_nothing_released_says_so(self):
        ticket = self._ticket(self.pbx)
        self._volunteer(ticket, 30)
        self._send(ticket)
        self.assertIn("Nothing is billed without", ticket._portal_limit_text())

    def test_a_plan_that_rounds_by_entry_says_what_its_hour_is(self):
        """Twelve entries of five minutes are an hour of work, and twelve blocks."""
        plan = self._own_plan(self.standard, rounding_scope="entry")
        ticket = self._ticket(self._pbx(plan, customer=self._customer("By entry")))
        self._log(ticket, 5, 5, 5)
        text = ticket._portal_limit_text()
        self.assertIn("At most 60 minutes of work", text)
        self.assertIn("started 15 minutes", text)
        self._volunteer(ticket, 45)
        self._send(ticket)
        self.assertIn("at most 3 × 15 minutes without", ticket._portal_limit_text())
