from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...policy import months, reconcile, run_control

# Somebody else was at the same rows: the same work succeeds in a new transaction.
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
LOCK_TIMEOUT = "5s"


class NoxBillingRun(models.Model):
    """One customer of a run: what is due becomes charges, and charges, finished work
    and trainings become one invoice."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS: who and what is due
    # ------------------------------------------------------------------

    def _today(self):
        """Day of the run in the company's time zone: the date on its invoices."""
        return self.company_id._service_today()

    def _get_period_domain(self, today):
        return [
            ("company_id", "=", self.company_id.id),
            ("contract_line_id", "!=", False),
            ("date_start", "<", months.first_of_month(today)),
        ]

    def _get_ticket_domain(self, today=None):
        """Tickets whose work is to be billed: finished, or by setting open for long.

        An agreed price is for the whole job, so it waits until the job is done.
        """
        domain = Domain(self.env["helpdesk.ticket"]._get_service_work_domain())
        # A phone on the same order may be delivered after the work was billed.
        domain |= Domain(
            [
                ("is_finished", "=", True),
                (
                    "service_order_ids",
                    "any",
                    [("state", "=", "sale"), ("invoice_status", "=", "to invoice")],
                ),
            ]
        )
        days = self.company_id.service_long_running_days
        if days:
            since = fields.Date.subtract(today or self._today(), days=days)
            domain |= Domain(
                [
                    ("invoice_status", "=", "working"),
                    ("requested_on", "<=", since),
                    "|",
                    ("plan_id.quote_billing", "!=", "fixed"),
                    ("approved_blocks", "=", 0),
                ]
            )
        # Archived tickets too: what is billable is billed.
        domain &= Domain("active", "in", [True, False])
        return domain & Domain("company_id", "=", self.company_id.id)

    def _customers_due(self, today=None):
        """Everybody with a plan period that bills users, running or corrected, or
        with work to bill, and who is parked: when nothing is due any more, the mark
        has to go; by id."""
        domain = self._get_period_domain(today or self._today())
        groups = (
            self.env["nox.pbx"]
            .with_context(active_test=False)
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("period_ids", "any", domain),
                ],
                ["commercial_partner_id"],
            )
        )
        customers = self.env["res.partner"].union(*(partner for [partner] in groups))
        parked = self.env["nox.billing.parked"].search(
            [("company_id", "=", self.company_id.id), ("is_open", "=", True)]
        )
        customers |= self._customers_of_orders(today) | parked.partner_id
        return customers.sorted("id")

    def _customers_of_orders(self, today=None):
        """Customers with orders that the run bills: finished work; trainings add
        theirs."""
        tickets = self.env["helpdesk.ticket"].search(self._get_ticket_domain(today))
        return tickets.pbx_id.commercial_partner_id

    def _orders_to_bill(self, customers):
        """The confirmed orders of these customers that the run bills now. Which of
        their lines: see `_is_billed_by_run`."""
        tickets = self._tickets_to_bill(customers)
        return tickets._service_orders_to_invoice() | self._other_orders_to_bill(
            customers
        )

    def _other_orders_to_bill(self, customers):
        """Hook: confirmed orders that belong to no ticket, as those of trainings."""
        return self.env["sale.order"]

    def _tickets_to_bill(self, customers, today=None):
        return self.env["helpdesk.ticket"].search(
            self._get_ticket_domain(today)
            & Domain("pbx_id.commercial_partner_id", "in", customers.ids)
        )

    def _due_by_customer(self, customers, today):
        """``{customer: [(step, explanation lines)]}`` of what is due for users.

        :param today: months before its month are due
        """
        plan_periods = self.env["nox.pbx.plan"].search(
            self._get_period_domain(today)
            + [("pbx_id.commercial_partner_id", "in", customers.ids)]
        )
        due = {}
        for pbx, steps in plan_periods._due_steps(today).items():
            due.setdefault(pbx.commercial_partner_id, []).extend(steps)
        return due

    def _payer_positions(self, customers):
        """``{customer: id}`` of the first customer with the same payer: branches
        whose bills go to one head office are billed together, on one invoice."""
        groups = self.env["contract.contract"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", customers.ids),
                ("contract_line_ids.is_seat_line", "=", True),
            ],
            ["commercial_partner_id", "invoice_partner_id"],
        )
        payers = {
            customer: payer.commercial_partner_id for customer, payer in groups if payer
        }
        first = {}
        for customer in customers.sorted("id"):
            first.setdefault(payers.get(customer, customer), customer.id)
        return {
            customer: first[payers.get(customer, customer)] for customer in customers
        }

    # ------------------------------------------------------------------
    # BUSINESS: locks
    # ------------------------------------------------------------------

    def _wait_no_longer(self):
        """Never wait long for a row that somebody else holds: its customer can wait.
        For the rest of the transaction."""
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))

    def _lock_customers(self, customers):
        """Lock the PBXs of these customers until the end of the transaction.

        :return: the customers of whom nobody else is changing or billing a PBX
        """
        cr = self.env.cr
        self._wait_no_longer()
        pbxs = (
            self.env["nox.pbx"]
            .with_context(active_test=False)
            .search(self._get_pbx_domain(customers))
        )
        # New tickets and users may go on referring to the PBX in the meantime.
        busy = pbxs - pbxs.try_lock_for_update(allow_referencing=True)
        free = customers - busy.commercial_partner_id
        mine = pbxs.filtered(lambda pbx: pbx.commercial_partner_id in free)
        if mine:
            # A lock alone does not show what another worker committed between the
            # snapshot of this transaction and the lock; a touched row does.
            cr.execute(
                SQL(
                    "UPDATE nox_pbx SET company_id = company_id WHERE id IN %s",
                    tuple(mine.ids),
                )
            )
        return free

    def _get_pbx_domain(self, customers):
        return [
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "in", customers.ids),
        ]

    # ------------------------------------------------------------------
    # BUSINESS: billing
    # ------------------------------------------------------------------

    def _bill_customers(self, customers):
        """Bill these customers, once, also when two workers do so at the same time.

        :return: the customers that another transaction holds; nothing was done
        """
        self.ensure_one()
        free = self._lock_customers(customers)
        self._bill_group(free)
        return customers - free

    def _bill_together(self, customers):
        """Charges and invoices of a group of customers, in few statements."""
        due = self._due_by_customer(customers, self._today())
        waiting = self._park_late(due)
        billable = customers - waiting
        charges = self._apply_steps(
            [step for customer in due if customer in billable for step in due[customer]]
        )
        moves = self._create_run_invoices(charges, self._orders_to_bill(billable))
        self._finish_invoices(moves)
        self.env["nox.billing.parked"]._clear(self, billable)

    def _park_late(self, due):
        """Park who has too many months due at once until somebody confirms."""
        waiting = self.env["res.partner"]
        late = {}
        for customer, steps in due.items():
            billed = reconcile.months_to_bill(step for step, _lines in steps)
            if len(billed) > run_control.PARK_ABOVE:
                late[customer] = len(billed)
        confirmed = self._confirmed_months(late)
        for customer, count in late.items():
            if run_control.must_park(count, confirmed=confirmed.get(customer, 0)):
                waiting |= customer
                self._park_customer(
                    customer, self._late_sentence(count), months_due=count, kind="late"
                )
        return waiting

    def _confirmed_months(self, customers):
        """``{customer: months}`` that somebody looked at and confirmed."""
        if not customers:
            return {}
        parked = self.env["nox.billing.parked"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "in", [customer.id for customer in customers]),
                ("is_open", "=", True),
            ]
        )
        return {each.partner_id: each.confirmed_months for each in parked}

    def _late_sentence(self, count):
        return self.env._(
            "%(months)s months are due at once. Look whether that is right, then"
            " confirm.",
            months=count,
        )

    def _apply_steps(self, steps):
        """Create and correct the charges that the steps ask for.

        :return: the charges to invoice now
        """
        Charge = self.env["nox.seat.charge"]
        plan_periods = self.env["nox.pbx.plan"].browse(
            {step.period for step, _lines in steps}
        )
        waiting = plan_periods.charge_ids.filtered(lambda c: c.state == "due").grouped(
            lambda c: (c.period_id.id, c.month, c.revision)
        )
        create, charges = [], Charge
        bases = Charge._bases_of([step for step, _lines in steps])
        for (step, lines), basis in zip(steps, bases, strict=True):
            values = {**self._prepare_charge_vals(step, lines), "basis": basis}
            if step.kind not in ("invoice", "clear"):
                create.append(values)
                continue
            charge = waiting[step.period, step.month, step.revision]
            charge.write(values)
            if step.kind == "invoice":
                charges |= charge
        return charges | Charge.create(create)

    def _prepare_charge_vals(self, step, lines):
        """Values of the charge of one step, explained in every language."""
        Charge = self.env["nox.seat.charge"]
        period = self.env["nox.pbx.plan"].browse(step.period)
        return {
            "period_id": period.id,
            "company_id": self.company_id.id,
            "currency_id": period.currency_id.id,
            "month": step.month,
            "revision": step.revision,
            "quantity": float(step.quantity),
            "price_unit": float(step.price),
            "rounding": float(step.rounding),
            "run_id": self.id,
            "explanation_texts": {
                lang: Charge._explain(step, lines, lang)
                for lang, _name in self.env["res.lang"].get_installed()
            },
        }
