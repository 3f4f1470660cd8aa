"""The life of two tickets that share one hour, in any order of events.

A story does what the models do: it keeps what is recorded (time, estimates,
quotes, invoices) and asks the policy. Beside it runs a ledger that goes through the
time minute by minute and knows only the law: a minute is free if it was recorded
before the quote fell due and within the hour; a block is billed if a free minute
started it or the customer approved it.
"""

from datetime import date, timedelta

from odoo.addons.nox_voip_service.policy import approval
from odoo.addons.nox_voip_service.policy.timeblocks import (
    Entry,
    blocks_of_first,
    settled_minutes,
)

from . import calculator

MONDAY = date(2026, 3, 2)


class Ticket:
    def __init__(self):
        self.entries = []
        self.coverage = "billable"
        self.estimate = 0
        self.cap = None
        self.quotes = []
        # Invoiced blocks of the base order and of each approved quote.
        self.invoiced = [0]
        self.waived = 0


class Story:
    """Events are pairs: the name of a method and a number that it may use."""

    EVENTS = (
        "log",
        "log",
        "log",
        "bypass",
        "estimate",
        "estimate",
        "send",
        "offer",
        "agree",
        "agree",
        "approve",
        "refuse",
        "expire",
        "invoice",
        "waive",
        "decide",
    )

    def __init__(self, policy):
        self.policy = policy
        self.tickets = {"A": Ticket(), "B": Ticket()}
        self.recorded = []

    def play(self, events):
        for key, event, number in events:
            before = self.look(key)
            getattr(self, event)(key, self.tickets[key], before, number)
            for each in self.tickets:
                self.keep_cap(each)
                self.check(each)

    # --- what the models do -------------------------------------------------

    def family(self):
        return {
            key: ticket
            for key, ticket in self.tickets.items()
            if ticket.coverage in approval.COUNTED
        }

    def released(self):
        family = self.family()
        return approval.release(
            [pair for pair in self.recorded if pair[0] in family],
            self.policy.threshold_minutes,
            caps={key: ticket.cap for key, ticket in family.items()},
            floors=self.floors(),
        )

    def floors(self):
        return {
            key: settled_minutes(ticket.entries, ticket.invoiced[0], self.policy.blocks)
            for key, ticket in self.family().items()
        }

    def look(self, key):
        ticket, released = self.tickets[key], self.released()
        return approval.assess(
            ticket.entries,
            self.policy,
            ticket.coverage,
            released_minutes=released.get(key, 0),
            others_released=sum(released.values()) - released.get(key, 0),
            estimated_minutes=ticket.estimate,
            approved_blocks=approval.approved_blocks(ticket.quotes),
            quote_state=approval.newest_state(ticket.quotes),
            invoiced_blocks=sum(ticket.invoiced),
            waived_blocks=ticket.waived,
        )

    def keep_cap(self, key):
        """Remember what was released when the estimate made a quote due."""
        ticket, found = self.tickets[key], self.look(key)
        if found.quote_due and ticket.estimate > found.worked_minutes:
            if ticket.cap is None:
                ticket.cap = found.released_minutes
        elif ticket.cap is not None and not ticket.quotes and not found.quote_due:
            ticket.cap = None

    # --- events -------------------------------------------------------------

    def log(self, key, ticket, before, number):
        """A technician: is stopped, or has no held time and may cross once."""
        state, held = before.approval_state, before.held_minutes
        if approval.may_log(state, ticket.coverage, held).allowed:
            assert ticket.coverage != "billable" or not before.held_minutes
            self.record(key, ticket, number)

    def bypass(self, key, ticket, before, number):
        self.record(key, ticket, number)

    def record(self, key, ticket, number):
        # Always the same or a later day: entries stay in (date, id) order.
        day = ticket.entries[-1].day if ticket.entries else MONDAY
        ticket.entries.append(Entry(day + timedelta(number % 2), number))
        self.recorded.append((key, number))

    def estimate(self, key, ticket, before, number):
        ticket.estimate = number * 3 if number % 5 else 0

    def send(self, key, ticket, before, number):
        if before.quote_due and not self.open_quote(ticket):
            ticket.quotes.append(approval.Quote(number, "sent", before.quote_blocks))

    def offer(self, key, ticket, before, number):
        """The way it should go: an estimate above what was worked, then its quote."""
        ticket.estimate = before.worked_minutes + number * 2
        self.keep_cap(key)
        self.send(key, ticket, self.look(key), number)

    def agree(self, key, ticket, before, number):
        self.offer(key, ticket, before, number)
        self.approve(key, ticket, before, number)

    def open_quote(self, ticket):
        return approval.newest_state(ticket.quotes) == "sent"

    def answer(self, ticket, state):
        if self.open_quote(ticket):
            ticket.quotes[-1] = ticket.quotes[-1]._replace(state=state)
            return True
        return False

    def approve(self, key, ticket, before, number):
        if self.answer(ticket, "approved"):
            ticket.invoiced.append(0)

    def refuse(self, key, ticket, before, number):
        self.answer(ticket, "refused")

    def expire(self, key, ticket, before, number):
        self.answer(ticket, "expired")

    def invoice(self, key, ticket, before, number):
        """Invoice what is due, order by order; no order ever goes back."""
        base = blocks_of_first(
            ticket.entries, before.released_minutes, self.policy.blocks
        )
        quoted = [quote.blocks for quote in ticket.quotes if quote.state == "approved"]
        shares = approval.allocate(
            before.billed_blocks - ticket.waived, [base, *quoted], ticket.invoiced
        )
        assert sum(shares) - sum(ticket.invoiced) == before.to_invoice_blocks
        assert all(n >= o for n, o in zip(shares, ticket.invoiced, strict=True))
        assert all(n <= room for n, room in zip(shares, [base, *quoted], strict=True))
        ticket.invoiced = list(shares)

    def waive(self, key, ticket, before, number):
        if before.to_invoice_blocks:
            ticket.waived += 1

    def decide(self, key, ticket, before, number):
        """The verdict stays once a block is invoiced."""
        if not sum(ticket.invoiced) and not ticket.waived:
            ticket.coverage = ("undecided", "covered", "billable")[number % 3]

    # --- the law ------------------------------------------------------------

    def free(self):
        """Minutes released to each ticket, one by one in the order of recording."""
        family, floors = self.family(), self.floors()
        caps = {key: self.tickets[key].cap for key in family}
        for key, cap in caps.items():
            if cap is not None:
                floors[key] = min(floors[key], cap)
        free = dict.fromkeys(family, 0)
        hour = self.policy.threshold_minutes
        left = None if hour is None else hour - sum(floors.values())
        for key in (key for key, minutes in self.recorded for _each in range(minutes)):
            if key not in family:
                continue
            if left is None or free[key] < floors[key]:
                free[key] += 1
            elif left > 0 and (caps[key] is None or free[key] < caps[key]):
                free[key] += 1
                left -= 1
        return free

    def check(self, key):
        ticket, found, free = self.tickets[key], self.look(key), self.free()
        policy = self.policy.blocks
        shape = (policy.block_minutes, policy.grace_minutes, policy.scope)
        worked = calculator.walk(ticket.entries, *shape)[0]
        assert found.worked_minutes == sum(e.minutes for e in ticket.entries)
        assert found.released_minutes == free.get(key, 0)
        if key not in free:
            assert (found.billed_blocks, found.held_minutes) == (0, 0)
            return
        first, left = [], free[key]
        for entry in ticket.entries:
            first.append(entry._replace(minutes=min(entry.minutes, left)))
            left -= first[-1].minutes
        allowed = calculator.walk(first, *shape)[0] + sum(
            quote.blocks for quote in ticket.quotes if quote.state == "approved"
        )
        held = calculator.walk(ticket.entries, *shape, limit=allowed)[1]
        assert found.limit_blocks == allowed
        assert found.held_minutes == held
        if ticket.coverage != "billable":
            assert found.billed_blocks == 0
        elif (
            self.policy.quote_billing == "fixed"
            and self.policy.threshold_minutes is not None
        ):
            assert found.billed_blocks == allowed
        else:
            assert found.billed_blocks == min(worked, allowed)
        # Law 2, and law 3: nothing above it is on an invoice, or will be.
        settled = sum(ticket.invoiced)
        assert settled <= allowed
        assert settled + found.to_invoice_blocks <= allowed
        # The hour of the family: only what was invoiced can be more than it.
        if self.policy.threshold_minutes is not None:
            assert sum(free.values()) <= max(
                self.policy.threshold_minutes, sum(self.floors().values())
            )
