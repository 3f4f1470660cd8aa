"""A month that jobs bill: its customers, its start, and what came of it."""

from odoo import fields

from . import month, records


def prepare_jobs(env, customers, seats):
    """Customers with a contract for so many users since the month before last. That
    month is billed, the last one is not, and its run has not started."""
    env.company.partner_id.tz = "Europe/Amsterdam"
    this = fields.Date.start_of(env.company._service_today(), "month")
    last = fields.Date.subtract(this, months=1)
    first = fields.Date.subtract(this, months=2)
    month.prepare(env, customers, seats, first)
    month._run(env, last)
    env["nox.billing.run"].create({"company_id": env.company.id, "month": last})
    _let_nothing_else_run(env)
    env.cr.commit()
    # A copy takes along what PostgreSQL knows of the tables.
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _let_nothing_else_run(env):
    """No other scheduled job shares the cores."""
    job = env.ref(f"{records.ADDON}.cron_billing_run")
    (env["ir.cron"].search([]) - job).active = False


def _run(env):
    """The run, as the others left it."""
    env.cr.commit()
    env.invalidate_all()
    return env["nox.billing.run"].search([], order="month desc", limit=1)


def has_runner(env):
    return {"yes": _run(env)._has_job_runner()}


def start(env, mode):
    """As an accountant does it; ``mode``: ``draft`` or ``post``."""
    env.company.service_invoice_mode = mode
    _run(env).action_run()
    env.cr.commit()


def is_over(env):
    """The run is done; or a job was given up, and it goes on in an hour only."""
    run = _run(env)
    return {"yes": run.state == "done" or bool(_jobs(run, "failed"))}


def _jobs(run, state):
    return run.env["queue.job"].search_count(
        [("billing_run_id", "=", run.id), ("state", "=", state)]
    )


def found(env):
    """What the run made, counted from invoices and jobs, not from what it says of
    itself.

    :return: also ``spans``, start and end of each job in seconds, and ``more jobs``
        than batches: a batch lost a race and was tried again
    """
    run = _run(env)
    jobs = env["queue.job"].search([("billing_run_id", "=", run.id)])
    invoices = env["account.move"].search([("service_run_id", "=", run.id)])
    seats = invoices.invoice_line_ids.filtered("seat_charge_id")
    env.cr.execute(
        """
        SELECT EXTRACT(EPOCH FROM date_started)::float,
               EXTRACT(EPOCH FROM date_done)::float
          FROM queue_job
         WHERE billing_run_id = %s AND state = 'done'
      ORDER BY date_started
        """,
        [run.id],
    )
    spans = env.cr.fetchall()
    return {
        "run": run.state,
        "invoices": len(invoices),
        "customers": len(invoices.partner_id),
        "users": sum(seats.mapped("quantity")),
        "posted": len(invoices.filtered(lambda move: move.state == "posted")),
        "with evidence": len(invoices.filtered("evidence_ids")),
        "parked": len(run.parked_ids),
        "failed jobs": _jobs(run, "failed"),
        # A batch and what is made again of it end at the same position.
        "more jobs": len(jobs) - len(set(jobs.mapped("billing_position"))),
        "spans": spans,
    }
