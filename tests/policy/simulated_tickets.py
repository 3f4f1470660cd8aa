"""The life of two tickets that share one hour, in any order of events.

A story does what the models do: it keeps what is recorded (time, estimates,
quotes, invoices) and asks the policy. Beside it runs a ledger that goes through the
time minute by minute and knows only the law: a minute is free if it was recorded
before the first quote was made and within the hour; a block is billed if a free minute
started it or the customer approved it. And it keeps what the customer was told with
each quote that was sent: the blocks worked before it. No step bills more than the least
of those and what was approved since, not even over two tickets that were one then.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo.addons.nox_voip_service.policy import assessment, limit
from odoo.addons.nox_voip_service.policy.standing import (
    Standing,
    StandingUse,
    standing_covers,
)
from odoo.addons.nox_voip_service.policy.timeblocks import (
    Entry,
    frozen_entries,
    minutes_paid_for,
)

from .limit_laws import Law

MONDAY = date(2026, 3, 2)


PRICE = Decimal("20.50")


class Use(NamedTuple):
    """A quote that was approved beforehand."""

    key: str
    quote: int
    blocks: int
    amount: Decimal


class Ticket:
    def __init__(self):
        # (number in the order of recording, entry), in (date, number) order.
        self.numbered = []
        self.coverage = "billable"
        self.estimate = 0
        # What was released when the first quote was made, and the last entry then.
        self.cap = None
        self.last = None
        # Its blocks by the calculator: when the first quote was made, and the least
        # that the customer was told with one that was sent.
        self.made = None
        self.told = None
        self.quotes = []
        # Invoiced blocks of the base order and of each approved quote.
        self.invoiced = [0]
        self.waived = 0

    @property
    def entries(self):
        return [entry for _number, entry in self.numbered]

    def before(self):
        return limit.recorded_before(self.numbered, self.last)


class Story(Law):
    """Events are pairs: the name of a method and a number that it may use."""

    EVENTS = (
        "log",
        "log",
        "log",
        "bypass",
        "estimate",
        "estimate",
        "edit",
        "erase",
        "send",
        "volunteer",
        "volunteer",
        "draft",
        "post",
        "withdraw",
        "split",
        "offer",
        "agree",
        "agree",
        "stand",
        "stand",
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
        self.count = 0
        # What the customer was told before a split, for both parts together.
        self.shared = None
        # What he approved beforehand, and each use: ticket, blocks, amount.
        self.standing = Standing(Decimal(150), 5)
        self.uses = []

    def play(self, events):
        for key, event, number in events:
            before = self.look(key)
            getattr(self, event)(key, self.tickets[key], before, number)
            for each in self.tickets:
                self.check(each)

    # --- what the models do -------------------------------------------------

    def family(self):
        return {
            key: ticket
            for key, ticket in self.tickets.items()
            if ticket.coverage in assessment.COUNTED
        }

    def recorded(self):
        """(number, ticket, minutes) of what an hour may be used for, as recorded."""
        return sorted(
            (number, key, entry.minutes)
            for key, ticket in self.family().items()
            for number, entry in ticket.before()
        )

    def released(self):
        return limit.release(
            [(key, minutes) for _number, key, minutes in self.recorded()],
            self.policy.threshold_minutes,
            caps={
                key: ticket.cap and ticket.cap.minutes
                for key, ticket in self.family().items()
            },
            floors=self.floors(),
        )

    def released_blocks(self, key, minutes):
        ticket = self.tickets[key]
        return limit.released_blocks(
            [entry for _number, entry in ticket.before()],
            minutes,
            self.policy.blocks,
            ticket.cap and ticket.cap.blocks,
        )

    def floors(self):
        return {
            key: minutes_paid_for(
                [entry for _number, entry in ticket.before()],
                ticket.invoiced[0],
                self.policy.blocks,
            )
            for key, ticket in self.family().items()
        }

    def look(self, key):
        ticket, released = self.tickets[key], self.released()
        return assessment.assess(
            ticket.entries,
            self.policy,
            ticket.coverage,
            released_minutes=released.get(key, 0),
            released_blocks=self.released_blocks(key, released.get(key, 0)),
            others_released=sum(released.values()) - released.get(key, 0),
            estimated_minutes=ticket.estimate,
            approved_blocks=limit.approved_blocks(ticket.quotes),
            quote_state=limit.newest_state(ticket.quotes),
            invoiced_blocks=sum(ticket.invoiced),
            waived_blocks=ticket.waived,
        )

    def quote(self, key, blocks):
        """Make a quote and send it."""
        self.make(key, blocks)
        self.post(key, self.tickets[key], None, 0)

    def make(self, key, blocks):
        """Make a draft: from the first quote on, released stays what it is."""
        ticket, found = self.tickets[key], self.look(key)
        if ticket.cap is None:
            minutes = found.released_minutes
            ticket.cap = limit.ReleaseCap(minutes, self.released_blocks(key, minutes))
            ticket.last = self.count
            ticket.made = self.count_blocks(ticket.entries, minutes)
        ticket.quotes.append(limit.Quote(len(ticket.quotes), "draft", blocks))

    # --- events -------------------------------------------------------------

    def log(self, key, ticket, before, number):
        """A technician: is stopped, or has no held time and may cross once."""
        state, held = before.approval_state, before.held_minutes
        if assessment.may_log(state, ticket.coverage, held).allowed:
            assert ticket.coverage != "billable" or not before.held_minutes
            self.record(key, ticket, number)

    def bypass(self, key, ticket, before, number):
        self.record(key, ticket, number)

    def record(self, key, ticket, number):
        # Always the same or a later day: entries stay in (date, id) order.
        day = ticket.entries[-1].day if ticket.entries else MONDAY
        self.count += 1
        entry = Entry(day + timedelta(number % 2), number)
        ticket.numbered.append((self.count, entry))

    def touch(self, ticket, number):
        """Place of an entry that no invoice froze; None where there is none."""
        settled = sum(ticket.invoiced) + ticket.waived
        frozen = frozen_entries(ticket.entries, settled, self.policy.blocks)
        loose = len(ticket.numbered) - frozen
        return frozen + number % loose if loose else None

    def edit(self, key, ticket, before, number):
        """Another length: a longer one asks what new time asks."""
        place = self.touch(ticket, number)
        if place is not None:
            own, entry = ticket.numbered[place]
            state, held = before.approval_state, before.held_minutes
            if (
                number <= entry.minutes
                or assessment.may_log(state, ticket.coverage, held).allowed
            ):
                ticket.numbered[place] = (own, entry._replace(minutes=number))

    def erase(self, key, ticket, before, number):
        place = self.touch(ticket, number)
        if place is not None:
            del ticket.numbered[place]

    def estimate(self, key, ticket, before, number):
        ticket.estimate = number * 3 if number % 5 else 0

    def send(self, key, ticket, before, number):
        if before.quote_due and not self.open_quote(ticket):
            self.quote(key, self.asked(key, ticket, before))

    def asked(self, key, ticket, before):
        """Blocks that the quote has to offer."""
        return limit.quote_blocks(
            ticket.estimate,
            ticket.entries,
            self.released_blocks(key, before.released_minutes),
            limit.approved_blocks(ticket.quotes),
            self.policy.blocks,
        )

    def volunteer(self, key, ticket, before, number):
        """Staff quote some blocks, at whatever minute and without a reason."""
        if ticket.coverage == "billable" and not self.open_quote(ticket):
            self.quote(key, number % 5)

    def offer(self, key, ticket, before, number):
        """The way it should go: an estimate above what was worked, then its quote."""
        ticket.estimate = before.worked_minutes + number * 2
        self.send(key, ticket, self.look(key), number)

    def agree(self, key, ticket, before, number):
        self.offer(key, ticket, before, number)
        self.approve(key, ticket, before, number)

    def stand(self, key, ticket, before, number):
        """Inside what was approved beforehand the quote is approved at once; else it is
        sent as any other."""
        self.offer(key, ticket, before, number)
        if limit.newest_state(ticket.quotes) != "sent":
            return
        blocks = ticket.quotes[-1].blocks
        amount = blocks * PRICE
        used = StandingUse(
            sum((each.amount for each in self.uses), Decimal(0)),
            sum(each.blocks for each in self.uses if each.key == key),
        )
        if standing_covers(self.standing, used, blocks=blocks, amount=amount):
            self.uses.append(Use(key, len(ticket.quotes) - 1, blocks, amount))
            self.approve(key, ticket, before, number)

    def draft(self, key, ticket, before, number):
        """Staff make a quote, and send it later or never."""
        if ticket.coverage == "billable" and not self.open_quote(ticket):
            self.make(key, number % 5)

    def post(self, key, ticket, before, number):
        """Send the draft: it says what was worked before it, as things are now."""
        if limit.newest_state(ticket.quotes) != "draft":
            return
        ticket.quotes[-1] = ticket.quotes[-1]._replace(state="sent")
        minutes = self.look(key).released_minutes
        ticket.cap = limit.told_cap(
            ticket.cap, minutes, self.released_blocks(key, minutes)
        )
        told = self.count_blocks(
            [entry for _number, entry in ticket.before()], self.free()[key]
        )
        ticket.told = min(
            each for each in (told, ticket.made, ticket.told) if each is not None
        )

    def withdraw(self, key, ticket, before, number):
        """A draft that nobody was sent goes, and with the only one its cap."""
        if limit.newest_state(ticket.quotes) == "draft":
            ticket.quotes.pop()
            if not ticket.quotes and ticket.told is None:
                ticket.cap = ticket.last = ticket.made = None
        else:
            self.answer(ticket, "refused")

    def split(self, key, ticket, before, number):
        """Take an entry to the other ticket, while that is new."""
        part = self.tickets["A" if key == "B" else "B"]
        place = self.touch(ticket, number)
        if part.numbered or part.quotes or part.cap or place is None:
            return
        own = ticket.numbered[place]
        if ticket.told is not None:
            ticket.cap, part.cap = limit.share_cap(
                ticket.cap,
                [entry for number, entry in ticket.before() if number != own[0]],
                self.policy.blocks,
            )
            part.last, part.told, self.shared = ticket.last, ticket.told, ticket.told
        ticket.numbered.remove(own)
        part.numbered.append(own)

    def open_quote(self, ticket):
        return limit.newest_state(ticket.quotes) in ("draft", "sent")

    def answer(self, ticket, state):
        if limit.newest_state(ticket.quotes) == "sent":
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
        base = self.released_blocks(key, before.released_minutes)
        quoted = [quote.blocks for quote in ticket.quotes if quote.state == "approved"]
        shares = assessment.share(
            before.billed_blocks,
            ticket.waived,
            [
                assessment.OrderLine(*each)
                for each in zip([base, *quoted], ticket.invoiced, strict=True)
            ],
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
            if ticket.coverage != "billable":
                self.withdraw(key, ticket, before, number)
