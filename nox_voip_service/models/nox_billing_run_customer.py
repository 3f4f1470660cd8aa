from odoo import fields, models
from odoo.exceptions import UserError

from ..policy import periods


class NoxBillingRun(models.Model):
    """One customer of a run: what is due becomes charges, and charges, finished work
    and trainings become one invoice."""

    _inherit = "nox.billing.run"

    def _today(self):
        """Day of the run in the company's time zone: the date on its invoices."""
        return self.company_id._service_today()

    def _get_period_domain(self, today):
        return [
            ("company_id", "=", self.company_id.id),
            ("contract_line_id", "!=", False),
            ("date_start", "<", fields.Date.start_of(today, "month")),
        ]

    def _get_ticket_domain(self):
        return self.env["helpdesk.ticket"]._get_service_work_domain() + [
            ("company_id", "=", self.company_id.id)
        ]

    def _customers_due(self, today=None):
        """Everybody with a running or corrected plan period or finished work."""
        groups = self.env["nox.pbx.plan"]._read_group(
            self._get_period_domain(today or self._today()), [], ["pbx_id:recordset"]
        )
        customers = groups[0][0].commercial_partner_id
        tickets = self.env["helpdesk.ticket"].search(self._get_ticket_domain())
        orders_of = tickets.pbx_id.commercial_partner_id
        return (customers | orders_of).sorted("id")

    # ------------------------------------------------------------------
    # BUSINESS: billing
    # ------------------------------------------------------------------

    def _bill_customers(self, customers):
        """Bill these customers; halve the group until a failure stands alone, and
        park that one. The others are billed (law 6)."""
        self.ensure_one()
        if not customers:
            return
        try:
            with self.env.cr.savepoint():
                self._bill_together(customers)
                self.env.flush_all()
        except Exception as error:
            self.env.invalidate_all()
            if len(customers) > 1:
                half = len(customers) // 2
                self._bill_customers(customers[:half])
                self._bill_customers(customers[half:])
                return
            self._park_customer(customers, self._failure_sentence(error))

    def _failure_sentence(self, error):
        if isinstance(error, UserError) and error.args:
            return str(error.args[0])
        return self.env._(
            "The invoice could not be made: %(error)s", error=str(error)[:500]
        )

    def _park_customer(self, customer, reason, months_due=0):
        self.env["nox.billing.parked"]._park(self, customer, reason, months_due)

    def _bill_together(self, customers):
        """Charges and invoices of a group of customers, in few statements."""
        due = self._due_by_customer(customers, self._today())
        waiting = self._park_late(due)
        billable = customers - waiting
        self._apply_steps(
            [step for customer in due if customer in billable for step in due[customer]]
        )
        charges = self.env["nox.seat.charge"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", billable.ids),
                ("state", "=", "due"),
                ("quantity", "!=", 0),
            ]
        )
        moves = self._create_run_invoices(charges, self._finished_tickets(billable))
        self._finish_invoices(moves)
        self.env["nox.billing.parked"]._clear(self, billable)

    def _finished_tickets(self, customers):
        return self.env["helpdesk.ticket"].search(
            self._get_ticket_domain()
            + [("pbx_id.commercial_partner_id", "in", customers.ids)]
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

    def _park_late(self, due):
        """Park who has too many months due at once until somebody confirms."""
        confirmed = (
            self.env["nox.billing.parked"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("is_open", "=", True),
                    ("is_confirmed", "=", True),
                ]
            )
            .partner_id
        )
        waiting = self.env["res.partner"]
        for customer, steps in due.items():
            plain = [step for step, _lines in steps]
            if not periods.must_park(plain, confirmed=customer in confirmed):
                continue
            waiting |= customer
            late = len(periods.months_to_bill(plain))
            self._park_customer(
                customer,
                self.env._(
                    "%(months)s months are due at once. Look whether that is right,"
                    " then confirm.",
                    months=late,
                ),
                months_due=late,
            )
        return waiting

    def _apply_steps(self, steps):
        """Create and correct the charges that the steps ask for."""
        Charge = self.env["nox.seat.charge"]
        plan_periods = (
            self.env["nox.pbx.plan"]
            .browse({step.period for step, _lines in steps})
            .grouped("id")
        )
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        create = []
        for step, lines in steps:
            period = plan_periods[step.period]
            values = {
                "quantity": float(step.quantity),
                "price_unit": float(step.price),
                "run_id": self.id,
                "explanation_texts": {
                    lang: Charge._explain(step, lines, lang) for lang in langs
                },
            }
            if step.kind in ("invoice", "clear"):
                period.charge_ids.filtered(
                    lambda c, step=step: (
                        c.month == step.month and c.revision == step.revision
                    )
                ).write(values)
            else:
                create.append(
                    dict(
                        values,
                        period_id=period.id,
                        company_id=self.company_id.id,
                        currency_id=period.currency_id.id,
                        month=step.month,
                        revision=step.revision,
                    )
                )
        return Charge.create(create)
