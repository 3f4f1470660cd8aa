"""Work by chance: verdicts, entries, quotes, and what of them is billed."""

import itertools
from datetime import date, timedelta

from .builder import (
    MONTH,
    TERMS_ROWS,
    blocks_of,
    decimal,
    facts,
    first,
    held_of,
    moment,
    order,
    order_line,
    plan,
    signed_quote,
    table,
)

VALUES = {
    "change_scope": ["adjustment", "user_addition", "number_addition", "hardware",
                     "fault", "question", "other"],
    "work_location": ["remote", "on_site"],
    "replaces_user": [True, False],
    "warranty": [True, False],
    "fault_domain": ["own", "customer", "third_party"],
}  # fmt: skip


def outcomes(rows, known):
    """(outcomes, keys of the rows) over every way of filling in what is not known."""
    found, keys = set(), set()
    ways = [VALUES[name] if known[name] is None else [known[name]] for name in VALUES]
    for way in itertools.product(*ways):
        request = dict(zip(VALUES, way))
        for key, outcome, conditions in rows:
            if all(
                request[name] != "own" if wanted == "outside" else
                request[name] == wanted
                for name, wanted in conditions.items()
            ):  # fmt: skip
                found.add(outcome)
                keys.add(key)
                break
        else:
            found.add("undecided")
    return found, keys


class Work:
    """What of a story is requests and their work."""

    def entries(self, count):
        """In order of recording; days may lie before."""
        found = []
        for _each in range(count):
            number = next(self.numbers)
            recorded = MONTH + timedelta(days=number // 4)
            found.append(
                {
                    "id": number,
                    "day": str(recorded - timedelta(days=self.rnd.randint(0, 2))),
                    "recorded_at": moment(recorded, 8 + number % 4),
                    "by": "Anita",
                    "minutes": self.rnd.randint(1, 50),
                    "reason": None,
                }
            )
        return found

    def rules(self):
        """A plan of the terms, or one of the provider's own."""
        rnd = self.rnd
        code = rnd.choice(["standard", "contract"])
        changes = {}
        if rnd.random() < 0.5:
            changes = {
                "code": f"own_{next(self.numbers)}",
                "block_minutes": rnd.choice([10, 15, 30]),
                "grace_minutes": rnd.choice([0, 0, 5]),
                "rounding_scope": rnd.choice(["ticket", "day", "entry"]),
                "quote_threshold_minutes": rnd.choice([None, 45, 60, 90]),
                "quote_billing": rnd.choice(["actual_capped", "fixed"]),
            }
        rows = TERMS_ROWS[code]
        content = plan(code, **changes)
        self.part("table", content["table"], table(rows))
        return self.part("plan", f"plan:{content['code']}", content), content, rows

    def verdict(self, rows):
        """Facts, verdict and overrides of work that is billed."""
        rnd = self.rnd
        known = facts(
            **{n: rnd.choice([*values, None]) for n, values in VALUES.items()}
        )
        found, keys = outcomes(rows, known)
        outcome = found.pop() if len(found) == 1 else "undecided"
        key = min(keys) if outcome in ("covered", "billable") else None
        overrides = []
        if outcome != "billable":
            overrides = [
                {
                    "old": outcome,
                    "new": "billable",
                    "reason": "Agreed by phone.",
                    "by": "Carla",
                    "at": moment(MONTH, 10),
                }
            ]
        given = {
            "outcome": "billable",
            "table_outcome": outcome,
            "rule": key,
            "reason": overrides[0]["reason"] if overrides else f"Because of {key}.",
            "given_at": moment(MONTH),
        }
        return known, given, overrides

    def released(self, own, others, threshold):
        """(ours, theirs): minute by minute in order of recording, at most the threshold
        over all."""
        left = threshold if threshold is not None else 10**9
        ours = theirs = 0
        for entry in sorted(own + others, key=lambda each: each["id"]):
            for _minute in range(min(left, entry["minutes"])):
                left -= 1
                ours += entry in own
                theirs += entry in others
        return ours, theirs

    def ticket(self):
        """Work that is billed; now and then split, quoted, waived, billed in parts."""
        rnd = self.rnd
        plan_id, rules, rows = self.rules()
        verdict = self.verdict(rows)
        own, others = [], []
        for _step in range(rnd.randint(1, 6)):
            (others if rnd.random() < 0.15 else own).extend(self.entries(1))
        own += self.entries(not own)
        quoted = rnd.randint(0, len(own)) if rnd.random() < 0.5 else None
        threshold = rules["quote_threshold_minutes"]
        before, cap = own, None
        if quoted is not None:
            before = own[:quoted]
            last = before[-1]["id"] if before else own[0]["id"] - 1
            cap = {"last_entry": last}
        ours, theirs = self.released(before, others, threshold)
        number = f"HT{next(self.numbers):05d}"
        family = []
        if others:
            split = f"HT{next(self.numbers):05d}"
            family = [f"ticket:{number}", f"ticket:{split}"]
            self.work(split, plan_id, rules, verdict, others, theirs, None, family)
        if cap:
            cap["minutes"] = ours
        self.work(
            number, plan_id, rules, verdict, own, ours, cap, family, quoted is not None
        )

    def work(self, number, plan_id, rules, verdict, own, minutes, cap, family,
             is_quoted=False):  # fmt: skip
        """The part of one ticket, its orders and its lines."""
        rnd, id_ = self.rnd, f"ticket:{number}"
        known, given, overrides = verdict
        own = sorted(own, key=lambda each: (each["day"], each["id"]))
        before = [e for e in own if not cap or e["id"] <= cap["last_entry"]]
        released = blocks_of(
            first([(each["day"], each["minutes"]) for each in before], minutes), rules
        )
        if cap:
            cap["blocks"] = released
        price = self.money(10, 30)
        line = order_line(decimal(released), self.decimal(price))
        capacity = []
        if released:
            base = order(f"B{number}", id_, [line])
            capacity = [(self.part("quote", f"quote:B{number}", base), released)]
        approved = []
        if is_quoted:
            made = max(
                (each["recorded_at"][:10] for each in before), default=str(MONTH)
            )
            approved = self.quotes(number, id_, price, date.fromisoformat(made))
        capacity += approved
        limit = sum(blocks for _order, blocks in capacity)
        pairs = [(each["day"], each["minutes"]) for each in own]
        billable = min(blocks_of(pairs, rules), limit)
        if rules["quote_billing"] == "fixed" and approved:
            billable = limit
        waived = rnd.randint(0, billable) if rnd.random() < 0.2 else 0
        content = {
            "number": number,
            "subject": "A change",
            "requested_on": str(MONTH),
            "pbx": "Head office",
            "plan": plan_id,
            "plan_period": {"start": "2025-01-01", "end": None},
            "situation": {
                "uses_service_plans": True,
                "about_pbx": True,
                "accepted_on": "2025-01-01",
                "ended_on": None,
            },
            "facts": known,
            "verdict": given,
            "overrides": overrides,
            "estimated_minutes": 0,
            "family": family,
            "entries": own,
            "released": {
                "minutes": minutes,
                "blocks": released,
                "cap": cap,
                "base_invoiced_blocks": 0,
            },
            "quotes": [each for each, _blocks in capacity],
            "worked_minutes": sum(count for _day, count in pairs),
            "limit_blocks": limit,
            "billable_blocks": billable,
            "held_minutes": held_of(pairs, limit, rules),
            "approved_blocks": sum(blocks for _order, blocks in approved),
            "waivers": [
                {
                    "blocks": waived,
                    "reason": "Goodwill.",
                    "by": "Carla",
                    "at": moment(MONTH),
                }
            ][: waived > 0],
            "credited_blocks": 0,
            "billed": [],
        }
        left = billable - waived
        for n, (each, most) in enumerate(capacity):
            share = min(most, left)
            left -= share
            self.share(each, share, content, rules, price)
            if not n and each.startswith("quote:B"):
                content["released"]["base_invoiced_blocks"] = share
        self.part("ticket", id_, content)

    def quotes(self, number, ticket, price, made):
        """[(quote, blocks)] in order of approval."""
        found = []
        for n in range(1, self.rnd.randint(1, 3)):
            blocks = self.rnd.randint(1, 6)
            lines = [order_line(decimal(blocks), self.decimal(price))]
            quote = signed_quote(
                f"Q{number}{n}", ticket, lines, made + timedelta(days=n),
                approval_order=n, currency=self.currency,
            )  # fmt: skip
            found.append((self.part("quote", f"quote:{number}{n}", quote), blocks))
        return found

    def share(self, order, share, ticket, rules, price):
        """What of an order is on this invoice, and what was on an earlier one."""
        earlier = self.rnd.randint(0, share) if self.rnd.random() < 0.3 else 0
        now = share - earlier
        number, block = ticket["number"], rules["block_minutes"]
        document = {
            "document": "INV/2026/00001",
            "type": "invoice",
            "state": "posted",
            "date": str(MONTH),
            "order": order,
            "blocks": earlier,
            "rebill": None,
            "reverses": None,
            "line": None,
        }
        if earlier:
            ticket["billed"].append(dict(document))
        if not now:
            return
        text = (
            f"{number} A change\nWorked: {ticket['worked_minutes']} minutes. Billed"
            f" here: {now} × {block} minutes."
        )
        if earlier:
            text += f"\nBilled before: {earlier} × {block} minutes."
        line = self.line(
            "work", now, price, f"{text}\n{ticket['verdict']['reason']}",
            ticket=f"ticket:{number}", price=self.price("order", price), quote=order,
        )  # fmt: skip
        document.update(document="INV/2026/00012", blocks=now, line=line)
        ticket["billed"].append(document)
