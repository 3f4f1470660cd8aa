import os
import random
import re

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_promise import PromiseCase

OPEN = ("draft", "sent")
MOST = re.compile(r"at most (\d+) × 15 minutes")
NOTED = re.compile(r"count as (\d+) × 15 minutes")
NOTHING = "Nothing is billed without your approval"


@tagged("standard", "post_install", "-at_install")
class TestPromiseLives(PromiseCase):
    """Any life of a request, with quotes at any minute: what is on its posted invoices
    is within what its customer read at each sending, and what was approved."""

    STEPS = (
        ("log", "log", "log", "hold", "quote", "quote", "send", "send", "approve")
        + ("approve", "approve", "refuse", "withdraw", "drop", "expire", "estimate")
        + ("delete", "shorten", "lengthen", "lengthen", "redate", "split", "cover")
        + ("detour", "waive", "invoice", "credit", "reopen", "cancel")
    )

    def setUp(self):
        super().setUp()
        self._without_mails_of_quotes()

    def step_log(self, ticket, number):
        self._log(ticket, number)

    def step_hold(self, ticket, number):
        self._log(ticket, number, user=self.coordinator, held_reason="Was done")

    def step_estimate(self, ticket, number):
        ticket.with_user(self.technician).estimated_minutes = number * 3

    def step_quote(self, ticket, number):
        if ticket.quote_state not in OPEN:
            ticket.estimated_minutes = ticket.worked_minutes + number
        if ticket.quote_state not in OPEN:
            ticket.with_user(self.coordinator).action_create_quote()

    def step_send(self, ticket, number):
        ticket.with_user(self.technician).action_send_quote()

    def step_approve(self, ticket, number):
        if ticket.quote_state == "sent":
            self._approve(ticket)

    def step_refuse(self, ticket, number):
        if ticket.quote_state == "sent":
            self._decline(ticket)

    def step_withdraw(self, ticket, number):
        if ticket.quote_state in OPEN:
            ticket.quote_id.with_user(self.coordinator).action_cancel()

    def step_drop(self, ticket, number):
        """A cancelled or draft quote is made a draft and deleted."""
        quote = ticket.quote_id
        if quote.state == "cancel":
            quote.action_draft()
        if quote.state == "draft":
            quote.unlink()

    def step_expire(self, ticket, number):
        if ticket.quote_state == "sent":
            past = fields.Date.subtract(self.company._service_today(), days=1)
            # Through the ORM it would be a commercial change.
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sale_order SET validity_date = %s WHERE id = %s",
                [past, ticket.quote_id.id],
            )
            self.env.invalidate_all()
            ticket.quote_id._expire_service_quote()

    def step_cancel(self, ticket, number):
        """An approved quote is taken back."""
        if ticket.quote_state == "approved":
            ticket.quote_id.with_user(self.coordinator).action_cancel()

    def _entry(self, ticket, number):
        """One of its entries, as whoever logged it."""
        lines = ticket.timesheet_ids.sorted("id")
        line = lines[number % len(lines)] if lines else lines
        return line.with_user(line.create_uid or self.technician)

    def step_delete(self, ticket, number):
        self._entry(ticket, number).unlink()

    def step_shorten(self, ticket, number):
        self._entry(ticket, number).unit_amount = 1 / 60

    def step_lengthen(self, ticket, number):
        self._entry(ticket, number).unit_amount = number / 60

    def step_redate(self, ticket, number):
        day = fields.Date.subtract(self.day, days=number % 3)
        self._entry(ticket, number).date = day

    def step_detour(self, ticket, number):
        """Time goes to a request of its own, which nobody was told anything about."""
        other = self._ticket(ticket.pbx_id)
        self._entry(ticket, number).ticket_id = other
        return other

    def step_split(self, ticket, number):
        return self._split(ticket, self._entry(ticket, number))

    def step_cover(self, ticket, number):
        """Not ours to bill, and then it is."""
        for coverage in ("covered", "billable"):
            self.env["nox.coverage.override"].with_user(self.coordinator).create(
                {"ticket_id": ticket.id, "coverage": coverage, "reason": "Looked at"}
            )
            if coverage == "covered" and number % 2:
                self._log(ticket, number)

    def step_waive(self, ticket, number):
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "blocks": 1, "reason": "Goodwill"}
        )

    def step_invoice(self, ticket, number):
        if ticket.to_invoice_blocks and ticket.quote_state not in OPEN:
            self._invoice(ticket)

    def step_credit(self, ticket, number):
        bill = ticket.service_order_ids.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and not move.reversal_move_ids
        )[:1]
        if bill:
            self._refund(bill, rebill="yes" if number % 2 else "no").action_post()

    def step_reopen(self, ticket, number):
        if ticket.outcome:
            ticket.stage_id = self.stage_work

    # ------------------------------------------------------------------
    # THE BILL
    # ------------------------------------------------------------------

    def _noted(self, quote):
        """Blocks that a quote says are billed whether or not it is approved."""
        found = NOTED.search(str(quote.note))
        return int(found.group(1)) if found else 0

    def _told(self, ticket):
        """Blocks that the request says are billed without an approval; None when it
        says another thing."""
        text = ticket._portal_limit_text()
        if text.startswith(NOTHING):
            return 0
        found = MOST.search(text)
        return int(found.group(1)) - ticket.approved_blocks if found else None

    def _net(self, tickets):
        """What is on the invoices of these tickets, less what was credited."""
        moves = tickets.service_order_ids.invoice_ids
        return sum(moves.mapped("amount_untaxed_signed"))

    def _approved(self, tickets):
        return sum(
            tickets.service_order_ids.filtered(
                lambda order: order.service_kind == "quote" and order.state == "sale"
            ).mapped("amount_untaxed")
        )

    def _live(self, life):
        """Play one life; the number of quotes that were sent in it."""
        rng = random.Random(f"promise {life}")
        price = self.block_product.lst_price
        plan = self._own_plan(
            self.standard,
            quote_billing=rng.choice(("actual_capped", "fixed")),
            rounding_scope=rng.choice(("ticket", "day", "entry")),
            grace_minutes=rng.choice((0, 5)),
            quote_threshold_minutes=rng.choice((60, 60, 0)),
        )
        ticket = self._ticket(self._pbx(plan, customer=self._customer(f"Life {life}")))
        family, told, sent, steps = ticket, None, 0, []
        plot = ["log"] * rng.randint(0, 2)
        plot += ["quote", rng.choice(("send", "delete", "shorten", "split")), "send"]
        plot += [rng.choice(("approve", "approve", "approve", "refuse", "withdraw"))]
        plot += rng.choices(self.STEPS, k=12)
        for step in plot:
            number = rng.randint(1, 70)
            whose = rng.choice(family) if rng.random() < 0.3 else ticket
            was = whose.quote_state
            try:
                with self.env.cr.savepoint():
                    part = getattr(self, f"step_{step}")(whose, number)
                    self.env.flush_all()
            except UserError as refusal:
                self.env.invalidate_all()
                steps.append((step, str(refusal)[:60] + str(refusal)[-600:]))
                continue
            steps.append((step, number, ticket.quote_state, ticket.billable_blocks))
            if part and told is not None:
                # What was split off before is another request.
                family |= part
            if whose.quote_state == "sent" and was != "sent":
                sent += 1
                said = self._noted(whose.quote_id)
                if not whose.outcome:
                    # Of finished work the request says what it costs instead.
                    self.assertEqual(self._told(whose), said, steps)
                if whose == ticket and told is None:
                    told = said
                elif family == ticket:
                    # Once it is split, its parts hold the rest of what was said.
                    told = min(told, said)
            if told is not None:
                most = told * price + self._approved(family)
                billed = sum(family.mapped("billable_blocks")) * price
                self.assertLessEqual(billed, most, (life, steps))
                self.assertLessEqual(self._net(family), most, (life, steps))
                for each in family.filtered("is_release_promised"):
                    self._check_text(each, steps)
        if told is not None:
            for each in family:
                # Its draft was deleted: what waits is asked again, in vain.
                if each.approval_state == "needed" and each.quote_state not in OPEN:
                    each.with_user(self.coordinator).action_create_quote()
                if each.quote_state in OPEN:
                    each.quote_id._service_withdraw("No answer")
            if any(family.mapped("to_invoice_blocks")):
                self._invoice(family.filtered("to_invoice_blocks"))
            most = told * price + self._approved(family)
            self.assertLessEqual(self._net(family), most, (life, steps))
        return sent

    def _check_text(self, ticket, steps):
        """What the request says now is not less than what it would be billed for."""
        said = self._told(ticket)
        if said is not None:
            billed = ticket.billable_blocks
            self.assertLessEqual(billed, said + ticket.approved_blocks, steps)

    def test_no_life_bills_more_than_its_customer_read(self):
        lives = 200 if os.environ.get("NOX_THOROUGH") else 12
        sent = sum(self._live(life) for life in range(lives))
        self.assertGreater(sent, 6, "lives without a promise prove nothing")
