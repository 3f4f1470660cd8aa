"""What holds after every step of a story, counted minute by minute."""

from odoo.addons.nox_voip_service.policy import limit

from . import oracle_minutes


class Law:
    """The checks of a :class:`~.story.Story`; nothing here asks the policy but for
    what it found."""

    def free(self):
        """Minutes released to each ticket, one by one in the order of recording."""
        family, floors = self.family(), self.floors()
        caps = {
            key: ticket.cap and ticket.cap.minutes for key, ticket in family.items()
        }
        for key, cap in caps.items():
            if cap is not None:
                floors[key] = min(floors[key], cap)
        free = dict.fromkeys(family, 0)
        hour = self.policy.threshold_minutes
        left = None if hour is None else hour - sum(floors.values())
        for key in (
            key for _number, key, minutes in self.recorded() for _each in range(minutes)
        ):
            capped = caps[key] is not None and free[key] >= caps[key]
            if free[key] < floors[key] or (left is None and not capped):
                free[key] += 1
            elif left is not None and left > 0 and not capped:
                free[key] += 1
                left -= 1
        return free

    def count_blocks(self, entries, minutes):
        """Blocks of the first so many minutes, by the oracle of minutes."""
        policy, first, left = self.policy.blocks, [], minutes
        for entry in entries:
            first.append(entry._replace(minutes=min(entry.minutes, left)))
            left -= first[-1].minutes
        shape = (policy.block_minutes, policy.grace_minutes, policy.scope)
        return oracle_minutes.walk(first, *shape)[0]

    def check(self, key):
        ticket, found, free = self.tickets[key], self.look(key), self.free()
        policy = self.policy.blocks
        shape = (policy.block_minutes, policy.grace_minutes, policy.scope)
        worked = oracle_minutes.walk(ticket.entries, *shape)[0]
        assert found.worked_minutes == sum(e.minutes for e in ticket.entries)
        assert found.released_minutes == free.get(key, 0)
        if key not in free:
            assert (found.billed_blocks, found.held_minutes) == (0, 0)
            return
        approved = sum(
            quote.blocks for quote in ticket.quotes if quote.state == "approved"
        )
        before = [
            entry
            for number, entry in ticket.numbered
            if ticket.last is None or number <= ticket.last
        ]
        released = self.count_blocks(before, free[key])
        for blocks in (ticket.made, ticket.told, self.shared and ticket.cap.blocks):
            if blocks is not None:
                released = min(released, blocks)
        allowed = released + approved
        held = oracle_minutes.walk(ticket.entries, *shape, limit=allowed)[1]
        assert found.limit_blocks == allowed
        assert found.held_minutes == held
        if ticket.coverage != "billable":
            assert found.billed_blocks == 0
        elif self.policy.quote_billing == "fixed":
            assert found.billed_blocks == allowed
        else:
            assert found.billed_blocks == min(worked, allowed)
        # Nothing above the limit is on an invoice, or will be.
        settled = sum(ticket.invoiced)
        assert settled <= allowed
        assert settled + found.to_invoice_blocks <= allowed
        # What the customer was told with a quote, and approved since.
        if ticket.told is not None:
            assert found.billed_blocks <= ticket.told + approved
            assert settled <= ticket.told + approved
        self.check_standing(key, ticket, found, released)
        if self.shared is not None:
            self.check_shared()
        # The hour of the family: only what was invoiced can be more than it.
        if self.policy.threshold_minutes is not None:
            assert sum(free.values()) <= max(
                self.policy.threshold_minutes, sum(self.floors().values())
            )

    def check_standing(self, key, ticket, found, released):
        """Never more than released, approved by the customer, and approved beforehand
        as it is recorded; and that never more than he agreed to."""
        own = [each for each in self.uses if each.key == key]
        by_standing = {each.quote for each in own}
        asked = sum(
            quote.blocks
            for number, quote in enumerate(ticket.quotes)
            if quote.state == "approved" and number not in by_standing
        )
        recorded = sum(each.blocks for each in own)
        assert found.billed_blocks <= released + asked + recorded
        assert recorded <= self.standing.job_blocks
        assert sum(each.amount for each in self.uses) <= self.standing.month_amount
        assert all(ticket.quotes[number].state == "approved" for number in by_standing)

    def check_shared(self):
        """Two parts of what was one when the customer was told bill no block more."""
        approved = sum(
            limit.approved_blocks(each.quotes) for each in self.tickets.values()
        )
        billed = sum(self.look(key).billed_blocks for key in self.tickets)
        assert billed <= self.shared + approved
