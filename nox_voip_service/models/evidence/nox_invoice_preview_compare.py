import logging
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ...policy import preview as policy

_logger = logging.getLogger(__name__)

BATCH = 50
# Drafts are looked at again each day, for people edit them.
AGAIN = timedelta(hours=20)
# A draft that nobody posts is not looked at for ever.
MONTHS = 3
EDITED = timedelta(minutes=1)


class NoxInvoicePreview(models.Model):
    """After the run, and never within it: each stored preview beside its bill."""

    _inherit = "nox.invoice.preview"

    # ------------------------------------------------------------------
    # BUSINESS: the job
    # ------------------------------------------------------------------

    @api.model
    def _cron_compare(self):
        """Compare the months whose run is done; drafts again each day until they are
        posted."""
        progress = self.env["ir.cron"]._commit_progress
        work = [
            (run, customers)
            for run in self.env["nox.billing.run"].search(
                [
                    ("state", "=", "done"),
                    ("month", ">=", fields.Date.today() - timedelta(31 * MONTHS)),
                ]
            )
            if (customers := self._customers_to_compare(run))
        ]
        progress(remaining=sum(len(customers) for _run, customers in work))
        for run, customers in work:
            for start in range(0, len(customers), BATCH):
                batch = customers[start : start + BATCH]
                self.with_company(run.company_id)._compare_safely(run, batch)
                if not progress(len(batch)):
                    return

    @api.model
    def _customers_to_compare(self, run):
        """Whose preview waits, or whose invoice is a draft; and who was billed without
        one, in a month of which there are previews."""
        own = self.search(
            [("company_id", "=", run.company_id.id), ("month", "=", run.month)]
        )
        if not own:
            return run.env["res.partner"]
        since = fields.Datetime.now() - AGAIN
        waiting = own.filtered(lambda each: each.state == "waiting")
        again = (own - waiting).filtered(
            lambda each: not each.is_final and each.compared_at < since
        )
        # Asked for as long as the month is new: it reads all invoices of the run.
        missing = (
            self._customers_billed(run)
            if waiting
            else own.browse().commercial_partner_id
        )
        return (
            (missing - own.commercial_partner_id).sorted("id")
            | waiting.commercial_partner_id.sorted("id")
            | again.commercial_partner_id.sorted("id")
        )

    @api.model
    def _customers_billed(self, run):
        moves = run.move_ids.filtered(lambda move: move.state != "cancel")
        return moves.invoice_line_ids.seat_charge_id.commercial_partner_id | (
            moves.commercial_partner_id
        )

    @api.model
    def _compare_safely(self, run, customers):
        """A customer who cannot be compared stops nobody else."""
        try:
            with self.env.cr.savepoint():
                self._compare(run, customers)
                self.env.flush_all()
        except Exception:
            self.env.invalidate_all()
            if len(customers) == 1:
                _logger.exception("The preview of %s was not compared", customers.id)
                return
            middle = len(customers) // 2
            self._compare_safely(run, customers[:middle])
            self._compare_safely(run, customers[middle:])

    # ------------------------------------------------------------------
    # BUSINESS: comparing
    # ------------------------------------------------------------------

    @api.model
    def _compare(self, run, customers):
        """Set the previews of these customers beside what the run made of them."""
        domain = [("company_id", "=", run.company_id.id), ("month", "=", run.month)]
        previews = self.search(
            [*domain, ("commercial_partner_id", "in", customers.ids)]
        )
        previews |= self._without_preview(
            run, customers - previews.commercial_partner_id, domain
        )
        billed = self._billed_by_customer(run, previews.commercial_partner_id)
        parked = run.parked_ids.filtered("is_open").grouped("partner_id")
        for preview in previews:
            customer = preview.commercial_partner_id
            lines, moves = billed.get(customer, ([], run.move_ids.browse()))
            preview._keep_comparison(run, lines, moves, parked.get(customer))

    @api.model
    def _without_preview(self, run, customers, domain):
        """Empty previews of who was billed and had nothing due that night."""
        night = self.search(domain, order="made_at desc", limit=1).made_at
        return self.create(
            [
                {
                    "company_id": run.company_id.id,
                    "commercial_partner_id": customer.id,
                    "month": run.month,
                    "made_at": night,
                    "currency_id": run.company_id.currency_id.id,
                    "lines": [],
                }
                for customer in customers
            ]
        )

    def _keep_comparison(self, run, billed, moves, parked):
        self.ensure_one()
        stored = self.lines or []
        if parked and self.parked:
            # The night said that he would wait, and he waits.
            stored = []
        made = self.made_lines or [] if self.compared_at else billed
        reasons = policy.compare(
            [self._policy_line(line) for line in stored],
            [self._policy_line(line) for line in made],
            self._events(stored, made, moves, parked),
        )
        reasons += policy.edited(
            [self._policy_line(line) for line in made],
            [self._policy_line(line) for line in billed],
        )
        self.write(
            {
                "state": policy.verdict(reasons),
                "run_id": run.id,
                "compared_at": fields.Datetime.now(),
                "is_final": all(move.state == "posted" for move in moves),
                "billed_untaxed": float(sum(Decimal(x["amount"]) for x in billed)),
                "made_lines": made,
                "reasons": [reason._asdict() for reason in reasons],
            }
        )

    @api.model
    def _policy_line(self, line):
        return policy.Line(
            line["key"],
            Decimal(line["quantity"]),
            Decimal(line["amount"]),
            line["text"],
            line.get("facts", {}),
            line.get("vat"),
        )

    # ------------------------------------------------------------------
    # BUSINESS: the bill
    # ------------------------------------------------------------------

    @api.model
    def _billed_by_customer(self, run, customers):
        """``{customer: (lines, invoices)}`` of a run; a credit note counts down. The
        bill of a branch may go to its head office."""
        whose = ("in", customers.ids)
        invoices = self.env["account.move"].search(
            [
                ("service_run_id", "=", run.id),
                ("state", "!=", "cancel"),
                "|",
                "|",
                ("commercial_partner_id", *whose),
                ("invoice_line_ids.seat_charge_id.commercial_partner_id", *whose),
                (
                    "invoice_line_ids.sale_line_ids.order_partner_id",
                    "child_of",
                    whose[1],
                ),
            ]
        )
        lines = defaultdict(list)
        moves = defaultdict(lambda: run.move_ids.browse())
        for move in invoices:
            sign = 1 if move.move_type == "out_invoice" else -1
            for line in move.invoice_line_ids:
                if line.display_type != "product":
                    continue
                key, customer = self._origin_of_bill(line)
                lines[customer].append(
                    self._line_values(
                        key,
                        line.name or "",
                        sign * line.quantity,
                        line.price_unit * (1 - line.discount / 100),
                        sign * line.price_subtotal,
                        move.currency_id,
                        line.tax_ids,
                    )
                )
                moves[customer] |= move
        self._with_facts([line for own in lines.values() for line in own])
        return {customer: (own, moves[customer]) for customer, own in lines.items()}

    @api.model
    def _origin_of_bill(self, line):
        """``(key, customer)`` of an invoice line; no key: somebody added it."""
        charge = line.seat_charge_id or line.rounding_charge_id
        if charge:
            kind = "users" if line.seat_charge_id else "rounding"
            return self._key_of_charge(kind, charge), charge.commercial_partner_id
        sold = line.sale_line_ids[:1]
        if not sold:
            return "", line.move_id.commercial_partner_id
        ticket = sold.order_id.service_ticket_id
        customer = (
            ticket.pbx_id.commercial_partner_id
            or sold.order_id.partner_id.commercial_partner_id
        )
        if ticket and sold.is_service_time:
            return self._key_of_work(ticket, sold), customer
        return f"sold {sold.id}", customer

    # ------------------------------------------------------------------
    # BUSINESS: what happened since
    # ------------------------------------------------------------------

    def _events(self, stored, made, moves, parked):
        """``{key: codes}`` of what happened after the night to what a line bills; asked
        only of lines that differ."""
        self.ensure_one()
        before = {line["key"]: line for line in stored}
        after = {line["key"]: line for line in made}
        events = {}
        now = self._with_facts([dict(line) for line in stored])
        facts = {line["key"]: line["facts"] for line in now}
        for key in {*before, *after} - {""}:
            old, new = before.get(key), after.get(key)
            if old and new and old["amount"] == new["amount"]:
                continue
            found = self._events_since(*self._origin_of({"key": key}))
            if not self.lines and self.state == "waiting":
                found.add("no_preview" if found else "")
            if parked:
                found.add("parked")
            if old and not new:
                found |= {
                    name
                    for name, value in facts[key].items()
                    if value != old["facts"].get(name)
                }
                if not moves and not parked:
                    found.add("withdrawn")
            if any(
                line.write_date - move.create_date > EDITED
                for move in moves.filtered(lambda each: each.state == "draft")
                for line in move.invoice_line_ids
            ):
                found.add("edited_since")
            events[key] = found
        return events

    def _events_since(self, kind, number):
        """What happened to a plan period, a ticket or an order line after the night."""
        if kind == "users":
            return self._events_of_period(self.env["nox.pbx.plan"].browse(number))
        if kind == "work":
            return self._events_of_ticket(self.env["helpdesk.ticket"].browse(number))
        return self._events_of_sold(self.env["sale.order.line"].browse(number))

    def _events_of_period(self, period):
        pbx = period.exists().pbx_id
        changed = {
            "users_since": pbx.seat_ids,
            "period_since": pbx.period_ids | period.exists(),
        }
        found = {
            code
            for code, records in changed.items()
            if any(each.write_date > self.made_at for each in records)
        }
        if any(
            line.write_date > self.made_at for line in pbx.period_ids.contract_line_id
        ):
            found.add("period_since")
        return found

    def _events_of_ticket(self, ticket):
        ticket = ticket.exists()
        night = self.made_at
        moments = {
            "finished": [ticket.closed_date, ticket.last_stage_update],
            "logged": ticket.timesheet_ids.mapped("create_date"),
            "decided": ticket.override_ids.mapped("create_date"),
            "approved_since": ticket.service_order_ids.mapped("service_approved_at"),
            "waived_since": self.env["nox.block.waiver"]
            .search([("ticket_id", "=", ticket.id)])
            .mapped("create_date"),
        }
        return {
            code
            for code, found in moments.items()
            if any(moment and moment > night for moment in found)
        }

    def _events_of_sold(self, sold):
        sold = sold.exists()
        found = set()
        if any(each.write_date > self.made_at for each in sold.training_ids):
            found.add("attended")
        if sold and sold.create_date > self.made_at:
            found.add("ordered")
        ticket = sold.order_id.service_ticket_id
        return found | (self._events_of_ticket(ticket) if ticket else set())
