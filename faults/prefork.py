"""A prefork server whose workers are ended at their time limit: the job itself does the
run, started by Odoo's own scheduler, by the real clock.

For its memory Odoo ends a worker between two jobs, never in the midst of one.
"""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from odoo import fields, sql_db

from devtools import odoo_process, places

from . import server
from .months import Broken

# The job of so many customers takes longer than its worker may live, on a quick
# machine too.
LIMITS = ["--limit-time-real-cron=12", "--limit-time-real=12"]
MINUTES = 4


def limits(world):
    """Each must come to the end of its month."""
    for number in world.rounds():
        world.ask(_one_month_due, number)
        log = Path(world.config).parent / f"prefork-{number}.log"
        seconds = _serve(world, LIMITS, log)
        text = log.read_text(errors="replace")
        ended = len(re.findall("timeout after", text))
        world.note("workers ended", ended, must=True)
        world.note("seconds", round(seconds))
        if problems := world.ask(_found):
            raise Broken(problems)


def _one_month_due(env, number):
    """The month that ended, and before it nothing; only our job is on."""
    month = env["nox.billing.run"]._default_month()
    env.cr.execute(
        "UPDATE account_move_line SET seat_charge_id = NULL;"
        "DELETE FROM nox_seat_charge; DELETE FROM nox_billing_run;"
        "UPDATE nox_pbx_plan SET billed_until = %s",
        [month],
    )
    own = env.ref("nox_voip_service.cron_billing_run")
    env["ir.cron"].search([("id", "!=", own.id)]).active = False
    own.write({"nextcall": fields.Datetime.now(), "active": True, "failure_count": 0})


def _serve(world, options, log):
    """Run the server until the month is done; the seconds it took."""
    sql_db.close_all()
    command = [
        *(*map(str, odoo_process.SERVER), "-c", world.config),
        *("--workers=2", "--max-cron-threads=1", "--log-level=info", *options),
    ]
    begun = time.monotonic()
    with open(log, "wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=places.REPO,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        while time.monotonic() < begun + 60 * MINUTES:
            time.sleep(1)
            # As every trigger of a job does: the scheduler looks now.
            server.query("SELECT pg_notify('cron_trigger', %s)", [world.name])
            if server.query(
                "SELECT 1 FROM nox_billing_run WHERE state = 'done'", None, world.name
            ):
                return time.monotonic() - begun
        raise Broken([f"not done in {MINUTES} minutes, see {log.name}"])
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _found(env):
    """What is wrong with the month."""
    problems = []
    charges = env["nox.seat.charge"].search([])
    for pbx in env["nox.pbx"].search([]):
        own = charges.filtered(lambda charge, pbx=pbx: charge.pbx_id == pbx)
        lines = own.credit_line_ids.filtered(lambda line: line.parent_state == "posted")
        if len(own) != 1 or len(lines) != 1 or own.quantity != len(pbx.seat_ids):
            problems.append(
                f"{pbx.partner_id.name}: {len(own)} charges, {len(lines)} lines"
            )
    cron = env.ref("nox_voip_service.cron_billing_run")
    if cron.failure_count or not cron.active:
        problems.append(f"the job failed {cron.failure_count} times")
    if parked := env["nox.billing.parked"].search([("is_open", "=", True)]):
        problems.append(f"parked: {parked.mapped('reason')}")
    return problems
