from decimal import Decimal

from odoo import Command, models
from odoo.tools import float_repr, formatLang

from ...models.base.in_force import in_force_domain
from ...policy import difference, months


class NoxBillingRehearsal(models.TransientModel):
    """The difference to last month, line by line, and what an accountant should look
    at before the real run."""

    _inherit = "nox.billing.rehearsal"

    # ------------------------------------------------------------------
    # BUSINESS: lines
    # ------------------------------------------------------------------

    def _prepare_lines(self, customer, preview, before, facts):
        """Values of the rehearsal's lines of one customer."""
        invoices, parked = preview["invoices"], preview["parked"]
        keys = [*invoices, *(key for key in before if key not in invoices)]
        oddities = facts["oddities"].get(customer, [])
        if not keys and (parked or oddities):
            keys = [None]
        found, users_before = [], facts["users_before"].get(customer, 0.0)
        for number, key in enumerate(keys):
            currency = self.env["res.currency"].browse(
                key[2] if key else self.company_id.currency_id.id
            )
            details = self._compare(
                invoices.get(key, []), before.get(key, []), currency
            )
            values = self._prepare_line_vals(customer, key, details, parked)
            warnings = self._warnings(customer, key, values, details, parked)
            if not number:
                warnings += oddities
            found.append(
                dict(
                    values,
                    currency_id=currency.id,
                    warnings="\n".join(warnings),
                    has_warning=bool(warnings),
                    users_before=0.0 if number else users_before,
                )
            )
        if difference.has_grown(sum(v["users"] for v in found), users_before):
            self._add_warning(
                found[0],
                self.env._(
                    "More than %(percent)s%% more users than in the month before.",
                    percent=difference.GROWTH_PERCENT,
                ),
            )
        return found

    def _add_warning(self, values, text):
        values["warnings"] = "\n".join(filter(None, [values["warnings"], text]))
        values["has_warning"] = True

    def _prepare_line_vals(self, customer, key, details, parked):
        def total(*sections):
            return sum(
                each["amount"] for each in details if each["section"] in sections
            )

        newest = max(
            (each["month"] for each in details if each.get("month")), default=None
        )
        users = sum(
            each["quantity"]
            for each in details
            if newest and each.get("month") == newest
        )
        return {
            "rehearsal_id": self.id,
            "partner_id": customer.id,
            "invoice_partner_id": key[1] if key else False,
            "is_parked": bool(parked),
            "users": users,
            "users_amount": total("users"),
            "work_amount": total("work"),
            "training_amount": total("training"),
            "amount_before": sum(each["amount_before"] for each in details),
            "detail_ids": [
                Command.create(
                    {
                        name: value
                        for name, value in each.items()
                        if name not in ("pbx", "month")
                    }
                    | {"sequence": sequence}
                )
                for sequence, each in enumerate(details)
            ],
        }

    # ------------------------------------------------------------------
    # BUSINESS: difference
    # ------------------------------------------------------------------

    def _compare(self, now, before, currency):
        """The details of an invoice beside those of last month's, each difference
        with its reason."""
        details = [
            dict(each, amount_before=0.0, difference=each["amount"], reason="")
            for each in now
        ]
        self._compare_users(details, before, currency)
        for section in ("work", "training"):
            self._compare_others(details, before, section)
        for detail in details:
            if not detail["reason"]:
                detail["reason"] = self._reason_of(detail)
        order = ("users", "work", "training")
        return sorted(details, key=lambda each: order.index(each["section"]))

    def _compare_users(self, details, before, currency):
        """Each PBX beside the same PBX last month; what was only then has a detail
        of its own."""
        newest = max((d["month"] for d in details if d.get("month")), default=None)
        groups = {}
        for detail in details:
            if detail["section"] == "users" and detail["month"] == newest:
                groups.setdefault(detail["pbx"], ([], []))[0].append(detail)
        for section, line in before:
            if section != "users":
                continue
            charge = line.seat_charge_id or line.rounding_charge_id
            regular = charge.month == charge.run_id.month and not charge.revision
            group = groups.setdefault(charge.pbx_id if regular else False, ([], []))
            group[1].append(line)
        for pbx, (own, lines) in groups.items():
            if not lines and own and not before:
                continue
            self._compare_pbx(details, pbx, own, lines, currency)

    def _compare_pbx(self, details, pbx, own, lines, currency):
        amount_before = sum(self._signed(line) for line in lines)
        users_before = sum(line.seat_charge_id.quantity for line in lines)
        if not own:
            own = [
                {
                    "section": "users",
                    "name": pbx.name if pbx else self.env._("Corrections last month"),
                    "text": "",
                    "quantity": 0.0,
                    "price_unit": 0.0,
                    "amount": 0.0,
                    "amount_before": 0.0,
                    "difference": 0.0,
                    "reason": "",
                }
            ]
            details += own
        first = own[0]
        first["amount_before"] = amount_before
        first["difference"] = first["amount"] - amount_before
        if not pbx:
            first["reason"] = self.env._("Not repeated.")
            return
        parts = difference.explain(
            difference.Billed(self._exact(users_before), self._exact(amount_before)),
            difference.Billed(
                self._exact(sum(each["quantity"] for each in own)),
                self._exact(sum(each["amount"] for each in own)),
            ),
        )
        first["reason"] = self._parts_text(parts, currency)
        for other in own[1:]:
            other["reason"] = self.env._("See above.")

    def _compare_others(self, details, before, section):
        """Work and trainings of last month are other work: one detail for them."""
        lines = [line for own, line in before if own == section]
        if not lines:
            return
        amount = sum(self._signed(line) for line in lines)
        details.append(
            {
                "section": section,
                "name": self.env._("Last month: %(count)s lines", count=len(lines)),
                "text": "",
                "quantity": 0.0,
                "price_unit": 0.0,
                "amount": 0.0,
                "amount_before": amount,
                "difference": -amount,
                "reason": self.env._("Billed last month."),
            }
        )

    def _reason_of(self, detail):
        if detail["section"] != "users":
            return self.env._("New.")
        if detail["amount"] == detail["amount_before"]:
            return self.env._("As last month.")
        return self.env._("Missed month, correction or new.")

    def _parts_text(self, parts, currency):
        """The parts of a difference in words."""
        texts = []
        for part in parts:
            params = {
                "users": formatLang(self.env, abs(float(part.change))),
                "amount": formatLang(
                    self.env, float(part.amount), currency_obj=currency
                ),
            }
            texts.append(
                {
                    "new": self.env._("New: %(amount)s", **params),
                    "gone": self.env._("No longer billed: %(amount)s", **params),
                    "price": self.env._("Price: %(amount)s", **params),
                    "users": self.env._("%(users)s users more: %(amount)s", **params)
                    if part.change > 0
                    else self.env._("%(users)s users fewer: %(amount)s", **params),
                }[part.kind]
            )
        return "; ".join(texts) or self.env._("As last month.")

    def _signed(self, line):
        """Amount excl. VAT, negative on a credit note."""
        sign = -1 if line.move_id.move_type == "out_refund" else 1
        return sign * line.price_subtotal

    def _exact(self, value):
        return Decimal(float_repr(value, 2))

    # ------------------------------------------------------------------
    # BUSINESS: warnings
    # ------------------------------------------------------------------

    def _facts(self, run, customers):
        """What the warnings need, for all customers at once."""
        facts = {
            "users_before": self._users_before(run, customers),
            "oddities": {},
        }

        def add(customer, text):
            facts["oddities"].setdefault(customer, []).append(text)

        for customer, tickets in self._open_work(customers).items():
            add(
                customer,
                self.env._(
                    "Work without verdict or approval: %(tickets)s",
                    tickets=", ".join(tickets.mapped("number")),
                ),
            )
        for customer, tickets in self._late_user_changes(run, customers).items():
            add(
                customer,
                self.env._(
                    "Work is done, and the users are not brought up to date yet:"
                    " %(tickets)s",
                    tickets=", ".join(tickets.mapped("number")),
                ),
            )
        for customer, disputes in self._open_disputes(customers).items():
            add(
                customer,
                self.env._(
                    "Open question about an invoice: %(disputes)s",
                    disputes=", ".join(disputes.mapped("display_name")),
                ),
            )
        for pbx in self._pbxs_without_users(run, customers):
            add(
                pbx.commercial_partner_id,
                self.env._(
                    "%(pbx)s has a contract per user and no users.", pbx=pbx.name
                ),
            )
        return facts

    def _warnings(self, customer, key, values, details, parked):
        """What an accountant should look at before the real run."""
        warnings = []
        if parked:
            warnings.append(self.env._("Will be parked: %(reason)s", reason=parked))
        if not customer.active:
            warnings.append(self.env._("The customer is archived."))
        partner = self.env["res.partner"].browse(key[1] if key else customer.id)
        if not partner.email and not partner.commercial_partner_id.email:
            warnings.append(self.env._("There is no e-mail address for the invoice."))
        amounts = [each["amount"] for each in details if each["quantity"]]
        if amounts and not parked:
            total = partner.env["res.currency"].browse(key[2]).round(sum(amounts))
            if total < 0:
                warnings.append(self.env._("This becomes a credit note."))
            elif not total:
                warnings.append(self.env._("The invoice amounts to nothing."))
        return warnings

    def _users_before(self, run, customers):
        """``{customer: users}`` billed for the month before the one that is due."""
        groups = self.env["nox.seat.charge"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", customers.ids),
                ("month", "=", months.previous_month(run.month)),
            ],
            ["commercial_partner_id"],
            ["quantity:sum"],
        )
        return dict(groups)

    def _open_work(self, customers):
        """``{customer: tickets}`` whose time waits for a verdict or an approval."""
        return (
            self.env["helpdesk.ticket"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("pbx_id.commercial_partner_id", "in", customers.ids),
                    ("worked_minutes", ">", 0),
                    "|",
                    ("coverage", "=", "undecided"),
                    ("held_minutes", ">", 0),
                ]
            )
            .grouped(lambda ticket: ticket.pbx_id.commercial_partner_id)
        )

    def _late_user_changes(self, run, customers):
        """``{customer: finished tickets}`` whose change of users is not applied, and
        would change what is billed now: of PBXs that are billed per user."""
        month_end = months.last_of_month(run.month)
        return (
            self.env["helpdesk.ticket"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("is_seat_change_due", "=", True),
                    ("pbx_id.commercial_partner_id", "in", customers.ids),
                    ("pbx_id.period_ids.contract_line_id", "!=", False),
                ]
            )
            .filtered(lambda ticket: ticket._seat_change_day() <= month_end)
            .grouped(lambda ticket: ticket.pbx_id.commercial_partner_id)
        )

    def _open_disputes(self, customers):
        """``{customer: questions about invoices}`` that nobody has answered yet."""
        Dispute = self.env.get("nox.invoice.dispute")
        if Dispute is None:
            return {}
        return Dispute.search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", customers.ids),
                ("is_open", "=", True),
            ]
        ).grouped("commercial_partner_id")

    def _pbxs_without_users(self, run, customers):
        """PBXs that are billed per user in the month that is due, with nobody."""
        in_month = in_force_domain(run.month, months.last_of_month(run.month))
        pbxs = self.env["nox.pbx"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", customers.ids),
                (
                    "period_ids",
                    "any",
                    [("contract_line_id", "!=", False), *in_month],
                ),
            ]
        )
        groups = self.env["nox.pbx.seat"]._read_group(
            [
                ("pbx_id", "in", pbxs.ids),
                ("charged", "=", True),
                *in_month,
            ],
            ["pbx_id"],
        )
        return pbxs.filtered(lambda pbx: (pbx,) not in groups)
