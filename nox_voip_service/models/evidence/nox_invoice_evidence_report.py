from odoo import models


class NoxInvoiceEvidence(models.Model):
    """The evidence on paper: the same data as the file, line by line, in the language
    of the customer."""

    _inherit = "nox.invoice.evidence"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _report_values(self):
        """What the page shows, in the language of the environment. Every line has its
        ground as pairs of a label and a text, and tables of a head and rows."""
        pack = self._pack()
        parts = {part["id"]: part for part in pack["parts"]}
        invoice = pack["parts"][0]["content"]
        told = {}
        return {
            "invoice": invoice,
            "head": pack["head"],
            "date": self._day(invoice["date"]),
            "reversed": self._reversed_text(invoice),
            "lines": [
                self._line_values(line, parts, told) for line in invoice["lines"]
            ],
            "totals": self._total_rows(invoice),
            "plans": [
                self._plan_values(part["content"], parts)
                for part in pack["parts"]
                if part["kind"] == "plan"
            ],
            "notes": [
                part["content"]["text"]
                for part in pack["parts"]
                if part["kind"] == "note"
            ],
            "chain": [
                (self._kind_text(part["kind"]), part["id"].partition(":")[2], part)
                for part in pack["parts"]
            ],
        }

    def _reversed_text(self, invoice):
        back = invoice["reverses"]
        if not back:
            return ""
        values = {"number": back["number"]}
        if back["rebill"]:
            return self.env._(
                "Credits %(number)s; what is credited is billed again.", **values
            )
        return self.env._(
            "Credits %(number)s; what is credited is not billed again.", **values
        )

    def _line_values(self, line, parts, told):
        """One line of the invoice, with what led to it.

        :param told: ``{part id: position}`` of what stands at an earlier line
        """
        title, *texts = (line["text"] or "").split("\n")
        shown = {
            "position": line["position"],
            "title": title,
            "texts": texts,
            "sum": self._sum_text(line),
            "amount": self._figure(line["amount"]),
            "pairs": [],
            "tables": [],
        }
        if line["charge"]:
            self._tell(line, "charge", parts, told, shown, self._tell_charge)
        if line["ticket"]:
            self._tell(line, "ticket", parts, told, shown, self._tell_ticket)
        elif line["quote"]:
            self._tell_order(parts[line["quote"]]["content"], shown)
        for place in line["training"]:
            self._tell_training(parts[place]["content"], shown)
        if line["price"]:
            self._tell_price(parts[line["price"]]["content"], shown)
        return shown

    def _tell(self, line, name, parts, told, shown, tell):
        """Tell of a part, or at which line it was told."""
        number = line[name]
        if number in told:
            shown["pairs"].append(
                (
                    self._kind_text(name),
                    self.env._("see line %(line)s", line=told[number]),
                )
            )
            return
        told[number] = line["position"]
        tell(parts[number]["content"], parts, shown)

    def _sum_text(self, line):
        values = {
            "quantity": self._figure(line["quantity"]),
            "price": self._figure(line["price_unit"]),
            "discount": self._figure(line["discount"]),
            "amount": self._figure(line["amount"]),
        }
        if float(line["discount"]):
            return self.env._(
                "%(quantity)s × %(price)s, less %(discount)s%% = %(amount)s", **values
            )
        return self.env._("%(quantity)s × %(price)s = %(amount)s", **values)

    # ------------------------------------------------------------------
    # THE PARTS
    # ------------------------------------------------------------------

    def _tell_price(self, price, shown):
        text = self.env._(
            "%(price)s %(currency)s per %(unit)s",
            price=self._figure(price["price"]),
            currency=price["currency"],
            unit=price["unit"],
        )
        since = price["since"] and self._day(price["since"])
        ground = {
            "period": self.env._("agreed from %(day)s", day=since),
            "quote": self.env._("as on the quote"),
            "order": self.env._(
                "as on the day of the order, %(day)s", day=self._day(price["set_on"])
            ),
        }[price["source"]]
        rule = filter(None, (price["pricelist"], price["rule"]))
        shown["pairs"].append((self.env._("Price"), ", ".join([text, ground, *rule])))

    def _tell_charge(self, charge, parts, shown):
        plan = parts[charge["plan"]]["content"]
        shown["pairs"] += [
            (
                self.env._("Users of"),
                f"{charge['pbx']}, {self._month(charge['month'])}",
            ),
            (
                self.env._("Counted"),
                {
                    "prorated": self.env._(
                        "days of use, of the %(days)s days of the month",
                        days=charge["month_days"],
                    ),
                    "first_day": self.env._("who was there on the first of the month"),
                }[plan["seat_policy"]],
            ),
            (self.env._("So"), charge["explanation"]),
        ]
        if charge["was"] != "0.00":
            shown["pairs"].append(
                (
                    self.env._("Before"),
                    self.env._(
                        "%(was)s users were billed, %(now)s it comes to",
                        was=self._figure(charge["was"]),
                        now=self._figure(charge["now"]),
                    ),
                )
            )
        if float(charge["rounding"]):
            shown["pairs"].append(
                (self.env._("Rounding"), self._figure(charge["rounding"]))
            )
        labels = {seat["seat"]: seat["label"] for seat in charge["seats"]}
        shown["tables"].append(
            {
                "head": [
                    self.env._("Extension"),
                    self.env._("First day"),
                    self.env._("Last day"),
                    self.env._("Remark"),
                ],
                "rows": [
                    [
                        seat["label"],
                        self._day(seat["first"]),
                        self._day(seat["last"]),
                        self._seat_remark(seat, labels),
                    ]
                    for seat in charge["seats"]
                ],
            }
        )

    def _seat_remark(self, seat, labels):
        if not seat["charged"]:
            return self.env._("no user, not counted")
        if seat["replaces"] in labels:
            return self.env._(
                "takes the place of %(extension)s",
                extension=labels[seat["replaces"]],
            )
        return ""

    def _tell_training(self, place, shown):
        shown["pairs"].append(
            (
                self.env._("Trained"),
                self.env._(
                    "%(person)s, %(day)s, %(hours)s hours",
                    person=place["person"],
                    day=self._day(place["day"]),
                    hours=self._figure(place["hours"]),
                ),
            )
        )

    def _total_rows(self, invoice):
        names = {tax["id"]: tax["name"] for tax in invoice["taxes"]}
        rows = [(self.env._("Excl. VAT"), "", invoice["totals"]["untaxed"])]
        rows += [
            (
                ", ".join(names[each] for each in row["taxes"])
                or self.env._("Without VAT"),
                self.env._("over %(base)s", base=self._figure(row["base"])),
                row["tax"],
            )
            for row in invoice["totals"]["by_rate"]
        ]
        rows.append((self.env._("Incl. VAT"), "", invoice["totals"]["total"]))
        return [(label, text, self._figure(amount)) for label, text, amount in rows]

    def _plan_values(self, plan, parts):
        rows = parts[plan["table"]]["content"]["rows"]
        return {
            "name": plan["name"],
            "edition": plan["edition"],
            "text": self._plan_text(plan),
            "rows": [
                (
                    row["position"],
                    row["name"],
                    self._outcome_text(row["outcome"]),
                    row["clause"],
                )
                for row in rows
            ],
        }

    def _plan_text(self, plan):
        scopes = {
            "ticket": self.env._("over the whole request"),
            "day": self.env._("over each day"),
            "entry": self.env._("over each entry of time"),
        }
        texts = [
            self.env._(
                "Blocks of %(minutes)s minutes, rounded up once %(scope)s.",
                minutes=plan["block_minutes"],
                scope=scopes[plan["rounding_scope"]],
            )
        ]
        if plan["grace_minutes"]:
            texts.append(
                self.env._(
                    "The first %(minutes)s minutes of a next block are not billed.",
                    minutes=plan["grace_minutes"],
                )
            )
        if plan["quote_threshold_minutes"]:
            texts.append(
                self.env._(
                    "Above %(minutes)s minutes a quote comes first.",
                    minutes=plan["quote_threshold_minutes"],
                )
            )
        if plan["quote_billing"] == "fixed":
            texts.append(self.env._("A quote is a fixed price."))
        return " ".join(texts)
