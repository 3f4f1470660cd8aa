import logging
import random
import time

from psycopg2.errors import LockNotAvailable, UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .nox_billing_run_customer import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

BATCH = 50
# Also: another worker at this run noted or parked first what may be there once. Not
# so within one customer's bill: there it is a fault of that bill, to be parked.
RACES = (*CONCURRENCY_ERRORS, UniqueViolation)
# How often something small is tried when somebody else writes the same rows.
TRIES = 5


class NoxBillingRun(models.Model):
    """The job: who is left, batch by batch, each batch one transaction that also
    keeps the position. Killed at any point, the next start goes on from there."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS: starting
    # ------------------------------------------------------------------

    @api.model
    def _cron_billing_run(self):
        """Hourly: start the runs of companies whose first of the month has come, and
        go on with those that are running, until the job's time is over; then Odoo
        starts the job again, for the remaining customers."""
        progress = self.env["ir.cron"]._commit_progress
        may_bill = self._watch_database()
        for company in self._companies_to_bill():
            self.with_company(company)._start_due_run()
        if not may_bill:
            progress(remaining=0)
            return
        runs = self.search([("state", "=", "running")], order="id")
        left = {run: len(run._customers_left()) + 1 for run in runs}
        # `progress` commits: the new runs are safe whatever happens to the first.
        progress(remaining=sum(left.values()))
        for run in runs:
            if not run._in_own_company()._process_safely():
                return
        self._retry_locked()
        progress(remaining=0)

    @api.model
    def _companies_to_bill(self):
        """Companies that bill users, or that want the run anyhow for their work."""
        groups = self.env["nox.pbx.plan"]._read_group(
            [("contract_line_id", "!=", False)], ["company_id"]
        )
        billing = self.env["res.company"].union(*(company for [company] in groups))
        return billing | self.env["res.company"].search(
            [("service_run_automatic", "=", True)]
        )

    @api.model
    def _start_due_run(self):
        """Make the run of the month that ended, once the company's date has come.

        Where a person starts it (setting), it waits in 'To run' with an activity.
        A company without time zone has none: "Billing is late" says so.
        """
        company = self.env.company
        if not company.service_tz:
            return
        month = self._default_month()
        if self.search_count(
            [("company_id", "=", company.id), ("month", "=", month)], limit=1
        ):
            return
        run = self.create({"company_id": company.id, "month": month})
        user = run._responsible_user()
        user_run = run.with_context(lang=user.partner_id._service_lang())
        hindrance = user_run._hindrance() or user_run._later_month_sentence()
        if company.service_run_automatic and not hindrance:
            run._start()
        else:
            run._wait_for_person(hindrance)

    def _hindrance(self):
        """Why the run cannot start, in a sentence; empty when it can."""
        try:
            self._check_can_run()
        except UserError as error:
            return str(error)
        return ""

    def _in_own_company(self):
        """As the company, and in the language of who reads what it says."""
        self.ensure_one()
        lang = self._responsible_user().lang
        return self.with_company(self.company_id).with_context(lang=lang)

    # ------------------------------------------------------------------
    # BUSINESS: batches
    # ------------------------------------------------------------------

    def _process_safely(self):
        """Go on with this company's run. When it breaks it says so and goes on within
        the hour; the next company's run is not stopped
        (docs/ARCHITECTURE.md#one-failure-stops-nobody-else).

        :return: False when the job's time is over
        """
        self.ensure_one()
        try:
            return self._process()
        except Exception as error:
            # First: after an error of the database nothing can be read before it.
            self.env.cr.rollback()
            _logger.exception("The monthly run %s stopped", self.display_name)
            text = self.env._(
                "The run stopped and goes on within the hour: %(error)s",
                error=str(error)[:500],
            )
            self._alone(lambda: self.message_post(body=text))
            return True

    def _process(self, batch_size=BATCH):
        """Bill who is left in batches, one transaction each; those whom somebody is
        changing come once more at the end.

        :return: False when the job's time is over before the end
        """
        self.ensure_one()
        progress = self.env["ir.cron"]._commit_progress
        customers = self._customers_due()
        held = customers.browse()
        left = self._customers_left(customers)
        passed = len(customers) - len(left)
        self._alone(
            lambda: self.write(
                {
                    "customers_due": len(customers),
                    "customers_done": passed - len(self.skipped_ids),
                }
            )
        )
        for batch, position in self._batches(left, batch_size):
            passed += len(batch)
            if self.position >= position:
                # Another worker came by here.
                continue
            place = (position, passed, len(customers))
            held |= self._process_batch(batch, place=place)
            if not progress(len(batch)):
                return False
        for customer in self.skipped_ids.sorted("id"):
            held |= self._process_batch(customer, is_last_try=True)
            if not progress():
                return False
        if held:
            self._alone(lambda: self._stay_before(held))
            return True
        self._alone(self._finish)
        progress(1)
        return True

    def _alone(self, work):
        """Do something small in a transaction of its own, and again when another
        worker at this run wrote the same rows."""
        for left in reversed(range(TRIES)):
            try:
                self._wait_no_longer()
                work()
                self.env.flush_all()
                break
            except RACES as error:
                self.env.cr.rollback()
                if not left or isinstance(error, LockNotAvailable):
                    raise
                time.sleep(random.uniform(0, 0.1))
        self.env["ir.cron"]._commit_progress()

    def _customers_left(self, customers=None):
        """Who is due and was not looked at since the start."""
        self.ensure_one()
        if customers is None:
            customers = self._customers_due()
        positions = self._payer_positions(customers)
        return customers.filtered(lambda customer: positions[customer] > self.position)

    def _batches(self, customers, size):
        """Batches of about this size, each with the position behind it; those who
        share a payer stay together."""
        positions = self._payer_positions(customers)
        batch = self.env["res.partner"]
        groups = customers.grouped(lambda each: positions[each])
        for position in sorted(groups):
            batch |= groups[position]
            if len(batch) >= size or position == max(groups):
                yield batch, position
                batch = self.env["res.partner"]

    def _process_batch(self, customers, is_last_try=False, place=None, tries=TRIES):
        """Bill these customers in one transaction, with the note that they are done.
        When another transaction gets in the way, each has one of its own, and again.

        :param place: where the run stands after them (see ``_note_done``)
        :return: of whom not even a note could be written, for somebody holds their rows
        """
        nobody = held = customers.browse()
        try:
            skipped = self._bill_customers(customers)
            self._note_done(customers, skipped, is_last_try, place)
            self.env.flush_all()
            return nobody
        except RACES as error:
            self.env.cr.rollback()
            is_held = isinstance(error, LockNotAvailable)
        if len(customers) > 1:
            for customer in customers:
                held |= self._process_batch(customer)
                self.env["ir.cron"]._commit_progress()
            self._alone(lambda: self._note_done(nobody, nobody, place=place))
        elif tries > 1 and not is_held:
            time.sleep(random.uniform(0, 0.1))
            held = self._process_batch(customers, is_last_try, place, tries - 1)
        else:
            held = self._note_skipped(customers, is_last_try, place)
        return held

    def _note_skipped(self, customer, is_last_try, place):
        """This customer is tried at the end, or parked; he himself when that cannot
        be written."""
        try:
            self._alone(lambda: self._note_done(customer, customer, is_last_try, place))
        except RACES:
            if place:
                nobody = customer.browse()
                self._alone(lambda: self._note_done(nobody, nobody, place=place))
            return customer
        return customer.browse()

    def _stay_before(self, customers):
        """The run is not over: within the hour it goes on at the first of these, whom
        somebody held so fast that no note could be written."""
        positions = self._payer_positions(customers)
        self.write(
            {
                "position": min(positions.values()) - 1,
                "customers_done": max(0, self.customers_due - len(customers)),
            }
        )

    def _note_done(self, customers, skipped, is_last_try=False, place=None):
        """What has become of these customers; it commits with their invoices.

        How many are done is counted from where the run stands, and the run never goes
        back: two workers at one run count each customer once.

        :param place: after them: ``(position, customers passed since the run began, of
            how many)``
        """
        commands = [Command.link(each.id) for each in skipped]
        if is_last_try:
            commands = [Command.unlink(each.id) for each in customers]
            for customer in skipped:
                self._park_locked(customer)
        self.write({"progress_at": fields.Datetime.now(), "skipped_ids": commands})
        if is_last_try:
            place = (self.position, self.customers_due, self.customers_due)
        if place and place[0] >= self.position:
            position, passed, due = place
            self.write(
                {
                    "position": position,
                    "customers_due": due,
                    "customers_done": passed - len(self.skipped_ids),
                }
            )

    def _finish(self):
        self.ensure_one()
        self.write({"state": "done", "finished_at": fields.Datetime.now()})
        self.activity_feedback(["nox_voip_service.mail_activity_run_waiting"])

    # ------------------------------------------------------------------
    # BUSINESS: customers whom somebody else held
    # ------------------------------------------------------------------

    def _park_locked(self, customer):
        self.env["nox.billing.parked"]._park(
            self,
            customer,
            self.env._(
                "Somebody was changing this customer's PBX or contract, also at the end"
                " of the run. It is tried again every hour."
            ),
            kind="locked",
        )

    @api.model
    def _retry_locked(self):
        """Try those again who were only locked."""
        for parked in self.env["nox.billing.parked"].search(
            [("is_open", "=", True), ("kind", "=", "locked")]
        ):
            run = parked.run_id._in_own_company()
            try:
                run._bill_customers(parked.partner_id)
                self.env.flush_all()
            except RACES:
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress()
