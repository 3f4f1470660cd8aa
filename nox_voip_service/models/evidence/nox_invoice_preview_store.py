import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_repr

from ...policy import canonical

_logger = logging.getLogger(__name__)

BATCH = 50
# A preview of this night is not made a second time when the job goes on.
NIGHT = timedelta(hours=12)


class NoxInvoicePreview(models.Model):
    """Each night: the next invoices, stored with the facts behind each line."""

    _inherit = "nox.invoice.preview"

    # ------------------------------------------------------------------
    # BUSINESS: the night
    # ------------------------------------------------------------------

    @api.model
    def _cron_store(self):
        """Store every customer's next invoice, in batches, one transaction each; when
        the job's time is over it goes on with those who are left."""
        progress = self.env["ir.cron"]._commit_progress
        work = []
        for company in self.env["nox.billing.run"]._companies_to_bill():
            own = self.with_company(company)
            due = company.service_tz and own._next_month(company)
            if due:
                customers = own._customers_of_night(company, *due)
                work.append((own, company, due, customers))
        progress(remaining=sum(len(customers) for *_rest, customers in work))
        for own, company, due, customers in work:
            for start in range(0, len(customers), BATCH):
                batch = customers[start : start + BATCH]
                own._store_safely(company, batch, *due)
                if not progress(len(batch)):
                    return

    @api.model
    def _customers_of_night(self, company, month, billed_on):
        """Who has something due, and who had last night; less those of this night."""
        run = self.env["nox.billing.run"].new({"company_id": company.id})
        known = self.search([("company_id", "=", company.id), ("month", "=", month)])
        done = known.filtered(lambda each: each.made_at > fields.Datetime.now() - NIGHT)
        customers = run._customers_due(billed_on) | known.commercial_partner_id
        return (customers - done.commercial_partner_id).sorted("id")

    @api.model
    def _store_safely(self, company, customers, month, billed_on):
        """A customer whose preview cannot be made stops nobody else's."""
        try:
            with self.env.cr.savepoint():
                self._store(company, customers, month, billed_on)
        except Exception as error:
            self.env.invalidate_all()
            if len(customers) > 1:
                middle = len(customers) // 2
                for half in (customers[:middle], customers[middle:]):
                    self._store_safely(company, half, month, billed_on)
                return
            _logger.warning("no preview of customer %s: %s", customers.id, error)

    @api.model
    def _store(self, company, customers, month, billed_on):
        """The next invoices of these customers, in place of last night's."""
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("month", "=", month),
                ("commercial_partner_id", "in", customers.ids),
            ]
        )
        by_customer = known.grouped("commercial_partner_id")
        rows = []
        for lang, group in customers.grouped(lambda each: each._service_lang()).items():
            run = self.env["nox.billing.run"].with_context(lang=lang)
            run = run.new({"company_id": company.id, "month": month})
            for customer, (lines, parked) in run._next_invoices(
                group, billed_on
            ).items():
                if not lines and not parked:
                    continue
                values = self._prepare_vals(run, lines, parked)
                preview = by_customer.pop(customer, None)
                if preview:
                    preview.write(values)
                    continue
                rows.append(
                    {
                        "company_id": company.id,
                        "commercial_partner_id": customer.id,
                        "month": month,
                        **values,
                    }
                )
        self.create(rows)
        # Nothing is due any more.
        self.browse().union(*by_customer.values()).filtered(
            lambda each: each.state == "waiting"
        ).unlink()

    @api.model
    def _prepare_vals(self, run, lines, parked):
        untaxed, total = run._next_totals(lines)
        currency = (
            lines[0]["base_line"]["currency_id"]
            if lines
            else run.company_id.currency_id
        )
        return {
            "made_at": fields.Datetime.now(),
            "currency_id": currency.id,
            "lines": self._with_facts([self._prepare_line(line) for line in lines]),
            "amount_untaxed": untaxed,
            "amount_total": total,
            "parked": parked,
        }

    # ------------------------------------------------------------------
    # BUSINESS: a line
    # ------------------------------------------------------------------

    @api.model
    def _prepare_line(self, line):
        """A line of `_next_invoices` as it is kept."""
        charge, ticket, sold = line["charge"], line["ticket"], line["order_line"]
        if charge:
            kind = "rounding" if line["is_rounding"] else "users"
            key = self._key_of_charge(kind, charge)
        elif ticket and (not sold or sold.is_service_time):
            key = self._key_of_work(ticket, sold)
        else:
            key = f"sold {sold.id}"
        return self._line_values(
            key,
            line["text"],
            line["quantity"],
            line["price"],
            line["untaxed"],
            line["base_line"]["currency_id"],
            line["base_line"]["tax_ids"],
        )

    @api.model
    def _line_values(self, key, text, quantity, price, amount, currency, taxes):
        """Figures as text, exactly; a cent of rounding is one, whatever its sign."""
        if key.startswith("rounding "):
            quantity, price = 1, amount
        return {
            "key": key,
            "text": text,
            "quantity": float_repr(quantity, 2),
            "amount": float_repr(amount, currency.decimal_places),
            "price": float_repr(price, 6),
            "vat": ", ".join(sorted(f"{tax.amount:g}%" for tax in taxes)) or "0%",
        }

    @api.model
    def _key_of_charge(self, kind, charge):
        """The users of a plan period in a month, and their revision."""
        period = charge.period_id._origin.id or charge.period_id.id
        return f"{kind} {period} {charge.month:%Y-%m} {charge.revision}"

    @api.model
    def _key_of_work(self, ticket, sold):
        """The work of a ticket on its base order, made or not yet, or on a quote."""
        quote = sold.order_id if sold.order_id.service_kind == "quote" else None
        return f"work {ticket.id} {quote.id if quote else 'base'}"

    # ------------------------------------------------------------------
    # BUSINESS: the facts
    # ------------------------------------------------------------------

    @api.model
    def _with_facts(self, lines):
        """Lines with what they follow from, as things are now; few queries for all."""
        numbers = {"users": set(), "work": set(), "sold": set()}
        for line in lines:
            kind, number = self._origin_of(line)
            numbers.setdefault(kind, set()).add(number)
        facts = {
            "users": self._facts_of_users(numbers["users"]),
            "work": self._facts_of_work(numbers["work"]),
            "sold": self._facts_of_sold(numbers["sold"]),
        }
        for line in lines:
            kind, number = self._origin_of(line)
            found = facts.get(kind, {}).get(number, {})
            line["facts"] = dict(found, price=line["price"]) if found else {}
        return lines

    @api.model
    def _origin_of(self, line):
        """``(kind, id)`` of what a line bills: a period, a ticket, an order line."""
        kind, _sep, rest = line["key"].partition(" ")
        number = int(rest.split()[0]) if rest else 0
        return "users" if kind == "rounding" else kind, number

    @api.model
    def _facts_of_users(self, numbers):
        periods = self.env["nox.pbx.plan"].browse(numbers).exists()
        seats = self.env["nox.pbx.seat"].search(
            [("pbx_id", "in", periods.pbx_id.ids)], order="id"
        )
        by_pbx = seats.grouped("pbx_id")
        users = {
            pbx: self._digest(
                [
                    [
                        seat.id,
                        str(seat.date_start),
                        str(seat.date_end),
                        seat.charged,
                        seat.replaces_id.id,
                    ]
                    for seat in by_pbx.get(pbx, ())
                ]
            )
            for pbx in periods.pbx_id
        }
        return {
            period.id: {
                "users": users[period.pbx_id],
                "period": f"{period.date_start} {period.date_end or ''}"
                f" {period.plan_id.id} {period.billed_until or ''}",
            }
            for period in periods
        }

    @api.model
    def _facts_of_work(self, numbers):
        tickets = self.env["helpdesk.ticket"].browse(numbers).exists()
        return {
            ticket.id: {
                "verdict": ticket.coverage,
                "minutes": ticket.worked_minutes,
                "approved": ticket.approved_blocks,
                "waived": ticket.waived_blocks,
                "subject": ticket._masked_name(),
            }
            for ticket in tickets
        }

    @api.model
    def _facts_of_sold(self, numbers):
        lines = self.env["sale.order.line"].browse(numbers).exists()
        return {
            line.id: {
                "sold": f"{line.product_uom_qty:g} {line.qty_delivered:g}"
                f" {line.discount:g}",
                "subject": line.name,
            }
            for line in lines
        }

    @api.model
    def _digest(self, content):
        return canonical.digest(canonical.canonical(content))[:16]
