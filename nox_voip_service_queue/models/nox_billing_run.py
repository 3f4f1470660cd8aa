import logging
import uuid

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.nox_voip_service.models.base.guard import for_readers
from odoo.addons.nox_voip_service.models.billing.nox_billing_run_job import BATCH, RACES
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

from .queue_job import ENDED

_logger = logging.getLogger(__name__)

# How often a customer is tried whom somebody else is changing.
TRIES = 3
# Of a job whose worker was ended each time.
MAX_RETRIES = 10
# Who is tried alone comes after the batches.
PRIORITY_ALONE = 20
SECONDS_HELD = 300
SECONDS_PUT_BACK = 3600


class NoxBillingRun(models.Model):
    """A run as jobs of OCA's `queue_job`, a batch of customers each: as many at once
    as its channel allows, on as many machines as there are. Laws and positions are
    those of the run without it.

    The scheduled job of the run plans, looks after what failed, and finishes. A job
    bills, and says so by being done: in the transaction of its invoices. It never
    writes the run, or of two jobs that ended together one would have to be repeated;
    how far the run is, is noted afterwards from the jobs.
    """

    _inherit = "nox.billing.run"

    job_plan = fields.Char(
        readonly=True,
        copy=False,
        help="The jobs that work on this run carry this mark; others do nothing.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_jobs(self):
        """The jobs of these runs; who may see jobs says `queue_job`."""
        self.env["queue.job"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "queue_job.action_queue_job"
        )
        return dict(action, domain=[("billing_run_id", "in", self.ids)], context={})

    # ------------------------------------------------------------------
    # BUSINESS: the scheduled job
    # ------------------------------------------------------------------

    def _start(self):
        """Jobs of the start before are not this one's."""
        # In sudo, as the start: the mark is kept by code.
        self.sudo().job_plan = False
        return super()._start()

    def _process(self, batch_size=BATCH):
        """Leave the batches to jobs. When none is open any more, who is left is
        planned again, and the end is that of every run. Without a job runner the
        scheduled job does the work itself."""
        self.ensure_one()
        if not self._has_job_runner():
            if self.job_plan:
                self._alone(lambda: self.write({"job_plan": False}))
            return super()._process(batch_size)
        self._alone(self._note_jobs)
        if self._jobs_of_plan([("state", "not in", ENDED)]):
            return True
        customers = self._customers_due()
        left = self._customers_left(customers)
        if not left:
            return super()._process(batch_size)
        self._alone(lambda: self._plan_jobs(customers, left, batch_size))
        return True

    def _has_job_runner(self):
        """Whether a job runner works for this database: it holds this lock there."""
        self.env.cr.execute(
            SQL(
                """
                SELECT 1
                  FROM pg_locks
                  JOIN pg_database ON pg_database.oid = pg_locks.database
                 WHERE datname = CURRENT_DATABASE()
                   AND locktype = 'advisory'
                   AND objsubid = 1
                   AND granted
                   AND (classid::bigint << 32) | objid::bigint = %s
                """,
                PG_ADVISORY_LOCK_ID,
            )
        )
        return bool(self.env.cr.rowcount)

    def _jobs_of_plan(self, domain=()):
        # In sudo: an accountant's run has jobs, and he need not be allowed to see them.
        return (
            self.env["queue.job"]
            .sudo()
            .search(
                [
                    ("billing_run_id", "=", self.id),
                    ("billing_plan", "=", self.job_plan or ""),
                    *domain,
                ]
            )
        )

    def _plan_jobs(self, customers, left, batch_size):
        """A job for each batch of who is left.

        :param customers: all that are due, for the progress
        """
        if self.company_id.service_invoice_mode != "draft":
            self._keep_rules()
        passed = len(customers) - len(left)
        self.write(
            {
                "job_plan": str(uuid.uuid4()),
                "customers_due": len(customers),
                "customers_done": passed - len(self.skipped_ids),
            }
        )
        after = self.position
        for batch, position in self._batches(left, batch_size):
            self._delay_bill(batch, after, position)
            after = position

    def _keep_rules(self):
        """Keep the rules that the evidence of the invoices refers to: the first jobs
        would all do so, and all but one of them in vain."""
        periods = self.env["nox.pbx.plan"]
        for [plan] in periods._read_group(
            self._get_period_domain(self._today()), ["plan_id"]
        ):
            plan._edition()

    def _delay_bill(self, customers, after, position, is_again=False, **properties):
        part = customers.id if len(customers) == 1 else "batch"
        part = "again" if is_again else part
        return self.with_delay(
            # Planned twice is there once. Short: a payer may have hundreds of branches.
            identity_key=f"nox.billing.run {self.job_plan} {position} {part}",
            description=self.env._(
                "%(run)s: %(count)s customers from %(first)s on",
                run=self.display_name,
                count=len(customers),
                first=customers[:1].display_name,
            ),
            max_retries=MAX_RETRIES,
            **properties,
        )._bill_job(customers, self.job_plan, after, position, is_again)

    def _job_store_values(self, job):
        values = super()._job_store_values(job)
        if job.method_name != "_bill_job":
            return values
        customers, plan, after, position = job.args[:4]
        return {
            **values,
            "billing_run_id": self.id,
            "billing_plan": plan,
            "billing_after": after,
            "billing_position": position,
            "billing_customers": len(customers),
        }

    # ------------------------------------------------------------------
    # BUSINESS: a job
    # ------------------------------------------------------------------

    def _bill_job(self, customers, plan, after, position, is_again=False):
        """Bill these customers. A batch that lost a race is tried once more. Whom
        somebody else is changing gets a job of his own, which tries again and then
        parks him.

        :param plan: the jobs that this one belongs to
        :param after: position of the run before these customers
        :param position: and behind them
        :param is_again: a batch that lost a race before
        """
        self.ensure_one()
        if self._is_another_database():
            raise RetryableJobError(
                "The database was put back from a copy: a person has to look first.",
                seconds=SECONDS_PUT_BACK,
                ignore_retry=True,
            )
        if self.state != "running" or self.job_plan != plan:
            return self.env._("The run was ended or started again: nothing was done.")
        tries = self._job_tries()
        if len(customers) == 1:
            if self._try_to_bill(customers):
                self._try_again_or_park(customers, tries)
        else:
            # A batch that took its worker down with it: one customer may be why.
            skipped = customers if tries else self._try_to_bill(customers)
            if skipped == customers and not tries and not is_again:
                # Once more as a whole: alone they would take many times as long.
                self._delay_bill(customers, after, position, is_again=True)
                skipped = skipped.browse()
            for customer in skipped:
                self._delay_bill(customer, after, position, priority=PRIORITY_ALONE)
        self.env.cr.postcommit.add(self._note_later)
        return None

    def _job_tries(self):
        """How often the job that is at work was tried before."""
        # In sudo: the job's own row, whoever planned it.
        jobs = self.env["queue.job"].sudo()
        return jobs.search([("uuid", "=", self.env.context.get("job_uuid"))]).retry

    def _try_to_bill(self, customers):
        """Bill in a savepoint; who is in another transaction's hands is returned."""
        try:
            with self.env.cr.savepoint():
                return self._bill_customers(customers)
        except RACES:
            return customers

    def _try_again_or_park(self, customer, tries):
        """Later, and at last parked; the hourly job goes on trying. A customer who is
        held so fast that not even that can be written keeps the run open."""
        try:
            if tries + 1 >= TRIES:
                with self.env.cr.savepoint():
                    self._park_locked(customer)
                return
        except RACES as error:
            raise RetryableJobError(
                "Somebody holds this customer.", seconds=SECONDS_HELD, ignore_retry=True
            ) from error
        raise RetryableJobError("Somebody is changing this customer.")

    def _say_job_failed(self, exc_message="", **_values):
        """Called when a job is given up: its customers are planned again."""
        self.message_post(
            body=self.env._(
                "A job of the run failed; its customers are tried again within the"
                " hour: %(error)s",
                error=str(exc_message)[:500],
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS: how far the run is
    # ------------------------------------------------------------------

    def _note_later(self):
        """After a job: note how far the run is, and wake the scheduled job when all
        are done. A note that fails is made up for by the next, or within the hour."""
        try:
            with self.env.registry.cursor() as cr:
                run = self.with_env(self.env(cr=cr))
                run._alone(run._note_and_wake)
        except Exception:
            _logger.warning("How far %s is was not noted", self, exc_info=True)

    def _note_and_wake(self):
        if self._note_jobs():
            self.env.ref("nox_voip_service.cron_billing_run")._trigger()

    def _note_jobs(self):
        """Write how far the jobs are. The position stays before the first customer of
        a job that is not done, so that whoever goes on from there forgets nobody; it
        never goes back.

        :return: whether all of them are done
        """
        if self.state != "running" or not self.job_plan:
            return False
        # In sudo: as `_jobs_of_plan`.
        groups = (
            self.env["queue.job"]
            .sudo()
            ._read_group(
                [
                    ("billing_run_id", "=", self.id),
                    ("billing_plan", "=", self.job_plan),
                ],
                ["state"],
                [
                    "billing_customers:sum",
                    "billing_after:min",
                    "billing_position:max",
                ],
            )
        )
        undone = [group for group in groups if group[0] != "done"]
        if undone:
            position = min(after for _state, _count, after, _end in undone)
        else:
            position = max((end for *_rest, end in groups), default=0)
        position = max(position, self.position)
        waiting = sum(count for _state, count, _after, _end in undone)
        done = self.customers_due - len(self.skipped_ids) - waiting
        if (position, done) != (self.position, self.customers_done):
            self.write(
                {
                    "position": position,
                    "customers_done": done,
                    "progress_at": fields.Datetime.now(),
                }
            )
        return not undone
