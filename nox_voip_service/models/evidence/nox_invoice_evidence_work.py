from odoo import models


class NoxInvoiceEvidence(models.Model):
    """What a request says on the paper of the evidence: asked, decided, worked,
    approved, billed."""

    _inherit = "nox.invoice.evidence"

    def _tell_ticket(self, ticket, parts, shown):
        verdict = ticket["verdict"]
        shown["pairs"] += [
            (
                self.env._("Request"),
                self.env._(
                    "%(number)s %(subject)s, of %(day)s, for %(pbx)s",
                    number=ticket["number"],
                    subject=ticket["subject"],
                    day=self._day(ticket["requested_on"]),
                    pbx=ticket["pbx"],
                ),
            ),
            (self.env._("Known of it"), self._facts_text(ticket["facts"])),
            (self.env._("Verdict"), self._verdict_text(ticket, parts)),
        ]
        shown["pairs"] += [
            (
                self.env._("Other verdict"),
                self.env._(
                    "%(verdict)s, by %(name)s on %(moment)s: %(reason)s",
                    verdict=self._outcome_text(each["new"]),
                    name=each["by"],
                    moment=self._moment(each["at"]),
                    reason=each["reason"],
                ),
            )
            for each in ticket["overrides"]
        ]
        if verdict["reason"]:
            shown["pairs"].append((self.env._("Reason"), verdict["reason"]))
        shown["pairs"].append((self.env._("Blocks"), self._blocks_text(ticket, parts)))
        for number in ticket["quotes"]:
            self._tell_order(parts[number]["content"], shown)
        shown["pairs"] += [
            (
                self.env._("Not billed"),
                self.env._(
                    "%(blocks)s blocks, by %(name)s on %(moment)s: %(reason)s",
                    blocks=each["blocks"],
                    name=each["by"],
                    moment=self._moment(each["at"]),
                    reason=each["reason"],
                ),
            )
            for each in ticket["waivers"]
        ]
        if ticket["family"]:
            others = [parts[each]["content"]["number"] for each in ticket["family"]]
            shown["pairs"].append(
                (self.env._("Split, one limit with"), ", ".join(others))
            )
        shown["tables"] += [self._entry_table(ticket), *self._billed_tables(ticket)]

    def _entry_table(self, ticket):
        return {
            "head": [
                self.env._("Day of the work"),
                self.env._("Recorded"),
                self.env._("By"),
                self.env._("Minutes"),
            ],
            "rows": [
                [
                    self._day(each["day"]),
                    self._moment(each["recorded_at"]),
                    each["by"],
                    each["minutes"],
                ]
                for each in ticket["entries"]
            ]
            + [[self.env._("Together"), "", "", ticket["worked_minutes"]]],
        }

    def _billed_tables(self, ticket):
        """Where else blocks of the request were billed or credited."""
        others = [each for each in ticket["billed"] if not each["line"]]
        if not others:
            return []
        return [
            {
                "head": [
                    self.env._("Also on"),
                    self.env._("Date"),
                    "",
                    self.env._("Blocks"),
                ],
                "rows": [
                    [
                        each["document"] or self.env._("a draft"),
                        self._day(each["date"]),
                        self.env._("credit note")
                        if each["type"] == "credit_note"
                        else "",
                        each["blocks"],
                    ]
                    for each in others
                ],
            }
        ]

    def _blocks_text(self, ticket, parts):
        plan = ticket["plan"] and parts[ticket["plan"]]["content"]
        text = self.env._(
            "%(worked)s minutes worked; released without a quote: %(released)s"
            " minutes; approved: %(approved)s blocks; above that, on no invoice:"
            " %(held)s minutes",
            worked=ticket["worked_minutes"],
            released=ticket["released"]["minutes"],
            approved=ticket["approved_blocks"],
            held=ticket["held_minutes"],
        )
        if not plan:
            return text
        return self.env._(
            "%(text)s; so %(blocks)s blocks of %(minutes)s minutes",
            text=text,
            blocks=ticket["billable_blocks"],
            minutes=plan["block_minutes"],
        )

    def _verdict_text(self, ticket, parts):
        """Verdict, row of the plan and day: "Billable, by row 4, 20 August"."""
        verdict = ticket["verdict"]
        outcome = self._outcome_text(verdict["table_outcome"])
        if not ticket["plan"] or not verdict["rule"]:
            return outcome
        plan = parts[ticket["plan"]]["content"]
        rows = parts[plan["table"]]["content"]["rows"]
        row = next(each for each in rows if each["key"] == verdict["rule"])
        return self.env._(
            "%(outcome)s, by row %(position)s of plan %(plan)s: %(row)s (%(clause)s);"
            " given %(moment)s",
            outcome=outcome,
            position=row["position"],
            plan=plan["name"],
            row=row["name"],
            clause=row["clause"],
            moment=self._moment(verdict["given_at"]),
        )

    def _tell_order(self, order, shown):
        if order["kind"] == "base":
            label, text = (
                self.env._("Without a quote"),
                self.env._(
                    "%(number)s: %(blocks)s blocks",
                    number=order["number"],
                    blocks=order["blocks"],
                ),
            )
        elif order["kind"] == "order":
            label, text = self.env._("Ordered"), order["number"]
        else:
            label, text = self.env._("Quote"), self._quote_text(order)
        shown["pairs"].append((label, text))

    def _quote_text(self, quote):
        parts = [
            self.env._(
                "%(number)s: %(blocks)s blocks, %(total)s incl. VAT",
                number=quote["number"],
                blocks=quote["blocks"],
                total=self._figure(quote["total"]),
            )
        ]
        if quote["sent_at"]:
            parts.append(
                self.env._("sent %(moment)s", moment=self._moment(quote["sent_at"]))
            )
        if quote["state"] == "approved":
            parts.append(
                self.env._(
                    "approved by %(name)s on %(moment)s",
                    name=quote["approved_by"] or "?",
                    moment=self._moment(quote["approved_at"]),
                )
            )
            parts.append(self._grade_text(quote["grade"]))
            if quote["grade"] == "signed":
                parts += [
                    self.env._("SHA-256 of the sealed copy: %(hash)s", hash=proof)
                    for proof in quote["proof_sha256"]
                ]
        elif quote["state"] == "refused":
            parts.append(self.env._("declined or withdrawn"))
            parts.append(quote["decline_reason"])
        elif quote["state"] == "expired":
            parts.append(self.env._("expired"))
        if quote["content_hash"]:
            parts.append(
                self.env._("content %(hash)s…", hash=quote["content_hash"][:16])
            )
        return ", ".join(filter(None, parts))
