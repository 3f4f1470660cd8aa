from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class NoxMonthCommon(NoxVoipCommon):
    """Runs and rehearsals of this test's customers alone: the database may bill
    others in the same month."""

    def _customer_pbx(self, name, partner=None, **values):
        customer = self._customer(name, **(partner or {}))
        return self._pbx(
            customer=customer, name=name, accepted_on=date(2025, 12, 1), **values
        )

    def _customer_pbxs(self, *names):
        """As many customers with a PBX each, made together."""
        customers = self.env["res.partner"].create(
            [self._customer_values(name) for name in names]
        )
        accepted_on = date(2025, 12, 1)
        return self.env["nox.pbx"].create(
            [
                self._pbx_values(
                    self.standard, each, accepted_on, accepted_on, name=each.name
                )
                for each in customers
            ]
        )

    def _customer_pbx_of(self, customer):
        return self._pbx(
            customer=customer, name=customer.name, accepted_on=date(2025, 12, 1)
        )

    def _run(self, day):
        """The run of a day, for this test's customers alone."""
        with freeze_time(f"{day} 00:30"):
            run = self._get_run()
            run._bill_customers(self.pbxs.commercial_partner_id)
            self.env.flush_all()
        return run

    def _get_run(self):
        """The run of the month that ended, by the frozen clock."""
        Run = self.env["nox.billing.run"]
        month = Run._default_month()
        return Run.search(
            [("company_id", "=", self.company.id), ("month", "=", month)]
        ) or Run.create({"company_id": self.company.id})

    def _moves(self, run=None):
        """Invoices of this test's customers, of one run or of all."""
        domain = [
            ("commercial_partner_id", "in", self.pbxs.commercial_partner_id.ids),
            ("service_run_id", "in", run.ids)
            if run
            else ("service_run_id", "!=", False),
        ]
        return self.env["account.move"].search(domain, order="id")

    def _parked(self, run):
        return run.parked_ids.filtered(
            lambda each: each.partner_id in self.pbxs.commercial_partner_id
        )

    def _charges(self, pbx):
        return (
            self.env["nox.seat.charge"]
            .search([("pbx_id", "=", pbx.id)], order="month, revision")
            .mapped(lambda c: (str(c.month), c.revision, c.quantity, c.amount, c.state))
        )

    def _work(self, pbx, *minutes, day=date(2026, 3, 20), done=True):
        """A billable ticket with so much work, finished."""
        with freeze_time(f"{day} 09:00"):
            ticket = self._ticket(pbx, "new_number", requested_on=day)
            self._log(ticket, *minutes, day=day)
            if done:
                self._finish(ticket)
        return ticket

    def _rehearse(self, day):
        """Lines of a rehearsal for an invoice date, of this test's customers."""
        rehearsal = self.env["nox.billing.rehearsal"].with_user(self.accountant)
        rehearsal = rehearsal.create({"billed_on": day, "company_id": self.company.id})
        rehearsal._rehearse()
        return rehearsal.line_ids.filtered(
            lambda line: line.partner_id in self.pbxs.commercial_partner_id
        )
