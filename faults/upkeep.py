"""What an administrator does to a database in which a run is open."""

import subprocess
import sys

from odoo import sql_db

from devtools import places

from . import customers, server
from .months import Broken, each_month, look, settle, undisturbed


def update(world):
    """The addon is updated: after a killed run, and by turns beside one at work."""
    seconds = undisturbed(world)
    for number in each_month(world, first=1):
        worker = world.start(customers.bill, number)
        world.sleep(seconds)
        if number % 2:
            worker.kill()
            worker.wait()
        status = subprocess.run(
            [
                *(sys.executable, "-m", "odoo", "-c", world.config),
                *("-u", places.ADDON_NAME, "--stop-after-init", "--no-http"),
                "--max-cron-threads=0",
            ],
            cwd=places.REPO,
            stdout=sys.stderr,
            stderr=sys.stderr,
        ).returncode
        if not number % 2:
            how, _what = worker.wait()
            world.note("runs beside it to the end", how == "done")
        world.note("updates that came through", not status)
        if status and number % 2:
            raise Broken([f"month {number}: the update failed"])
        world.registry.check_signaling()
        sql_db.close_all()
        settle(world, number)


def restore(world):
    """The month is billed, a backup from before it is put back, and the job comes."""
    undisturbed(world)
    backup = f"{world.name}_backup"
    for number in each_month(world, first=1):
        server.dump(world.name, None, backup)
        world.ask(customers.bill, number)
        look(world, number)
        server.replace(world.name, backup)
        invoices = world.ask(_invoices)
        world.ask(customers.bill, number)
        found = world.ask(_waits, number)
        if found != "waits" or world.ask(_invoices) != invoices:
            raise Broken([f"month {number}: billed in a restored copy: {found}"])
        world.note("runs that waited")
        world.ask(_confirm)
        settle(world, number)


def _invoices(env):
    return env["account.move"].search_count([])


def _waits(env, number):
    run = env["nox.billing.run"].search([("month", "=", customers.month(number))])
    notes = run.activity_ids.mapped("note")
    if run.state == "draft" and "put back from a copy" in str(notes):
        return "waits"
    return f"{run.state}, {notes}"


def _confirm(env):
    env["nox.billing.run"].search([], limit=1).action_confirm_database()
