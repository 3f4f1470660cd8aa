from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_promise import PromiseCase


@tagged("standard", "post_install", "-at_install")
class TestPromise(PromiseCase):
    """An approved amount is a promise: what was worked before a quote, and what was
    approved, is all that a ticket bills."""

    def _held(self, ticket, *minutes):
        """A coordinator records what was worked all the same."""
        return self._log(ticket, *minutes, user=self.coordinator, held_reason="Done")

    def _billed(self, ticket):
        """What the posted invoice of the ticket comes to, EUR excl. VAT."""
        return self._invoice(ticket).amount_untaxed

    def test_a_quote_before_the_first_minute_is_the_whole_bill(self):
        ticket = self._ticket(self.pbx)
        quote = self._volunteer(ticket, 30)
        self.assertEqual(quote.amount_untaxed, 41.0)
        self._approve(ticket)
        self._log(ticket, 120)
        self.assertState(
            ticket,
            released_minutes=0,
            held_minutes=90,
            billable_blocks=2,
            approval_state="needed",
        )
        ticket.quote_id.with_user(self.coordinator).action_cancel()
        self.assertEqual(self._billed(ticket), 41.0)

    def test_released_is_what_was_recorded_before_the_quote(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 16)
        self._volunteer(ticket, 45)
        self._approve(ticket)
        self._log(ticket, 5)
        self.assertState(ticket, released_minutes=16, limit_blocks=3)
        self._log(ticket, 60)
        self.assertState(ticket, released_minutes=16, billable_blocks=3)

    def test_nobody_logs_under_an_open_quote(self):
        ticket = self._ticket(self.pbx)
        self._volunteer(ticket, 30)
        for state in ("draft", "sent"):
            with self.subTest(state=state):
                self.assertEqual(ticket.quote_state, state)
                with self.assertRaises(UserError):
                    self._log(ticket, 5)
                self._held(ticket, 5)
                self.assertState(ticket, released_minutes=0, billable_blocks=0)
            if state == "draft":
                self._send(ticket)

    def test_a_draft_that_nobody_saw_leaves_the_hour_as_it_was(self):
        ticket = self._ticket(self.pbx)
        quote = self._volunteer(ticket, 30)
        quote.unlink()
        self.assertState(ticket, is_release_capped=False, approval_state="not_needed")
        self._log(ticket, 50)
        self.assertState(ticket, released_minutes=50)

    def test_a_due_quote_that_is_deleted_is_made_again(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 61)
        ticket.quote_id.unlink()
        self.assertState(ticket, quote_state="draft", released_minutes=60)
        with self.assertRaisesRegex(UserError, ticket.quote_id.name):
            self._finish(ticket)

    def test_a_quote_that_was_sent_is_remembered_without_it(self):
        """Cancelled, made a draft again and deleted: the customer read it all the
        same."""
        ticket = self._ticket(self.pbx)
        self._log(ticket, 16)
        self._volunteer(ticket, 45)
        quote = self._send(ticket)
        quote.with_user(self.coordinator).action_cancel()
        quote.action_draft()
        quote.unlink()
        self.assertFalse(ticket.quote_id)
        self._log(ticket, 30)
        self.assertState(ticket, released_minutes=16, held_minutes=16)

    def test_later_time_does_not_take_the_place_of_earlier_time(self):
        """Time from before the quote that is deleted makes no room for time after."""
        ticket = self._ticket(self.pbx)
        early = self._log(ticket, 20, 10)
        self._volunteer(ticket, 60)
        self._approve(ticket)
        early[1].with_user(self.technician).unlink()
        self._log(ticket, 60)
        self.assertState(ticket, released_minutes=20, limit_blocks=4)

    def test_a_plan_without_a_limit_keeps_the_promise(self):
        for billing, minutes, blocks in (("actual_capped", 10, 1), ("fixed", 10, 2)):
            with self.subTest(billing=billing):
                plan = self._own_plan(
                    self.standard, quote_threshold_minutes=0, quote_billing=billing
                )
                pbx = self._pbx(plan, customer=self._customer(billing))
                ticket = self._ticket(pbx)
                self._volunteer(ticket, 30)
                self._approve(ticket)
                self._log(ticket, minutes)
                self.assertState(ticket, billable_blocks=blocks)
                self._log(ticket, 120)
                self.assertState(ticket, billable_blocks=2)

    def test_moving_entries_to_other_days_starts_no_block_more(self):
        plan = self._own_plan(self.standard, rounding_scope="day")
        ticket = self._ticket(self._pbx(plan, customer=self._customer("By day")))
        early = self._log(ticket, 5, 5)
        self._volunteer(ticket, 30)
        self._approve(ticket)
        early[0].date = self.day.replace(day=1)
        self.assertLessEqual(
            ticket._released_blocks(), ticket.release_cap_blocks, "one block was told"
        )
        self.assertEqual(ticket._released_blocks(), 1)

    def test_a_split_shares_the_promise(self):
        ticket = self._ticket(self.pbx)
        early = self._log(ticket, 5, 5)
        self._volunteer(ticket, 40)
        self._approve(ticket)
        late = self._log(ticket, 120)
        told = 1 + ticket.approved_blocks
        part = self._split(ticket, early[1] | late)
        self.assertEqual(part.coverage, "billable")
        self.assertLessEqual(ticket.billable_blocks + part.billable_blocks, told)
        self.assertState(part, billable_blocks=0)

    def test_held_time_does_not_leave_for_another_ticket(self):
        ticket = self._ticket(self.pbx)
        self._volunteer(ticket, 30)
        self._approve(ticket)
        late = self._log(ticket, 120)
        other = self._ticket(self.pbx)
        with self.assertRaisesRegex(UserError, "stays with it"):
            late.with_user(self.coordinator).ticket_id = other
