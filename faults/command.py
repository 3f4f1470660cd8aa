"""``./dev faults``: prepare the customers once, then play the scenarios one after the
other, each on a fresh copy; a line for each, and its result for docs/reliability.md."""

import datetime
import json
import random
import subprocess
import sys

from devtools import database, odoo_process, places, ui
from devtools.locks import exclusive

from . import reliability, server
from .scenarios import SCENARIOS

PREPARE = """
from faults import customers
customers.prepare(env, {count})
env.cr.commit()
"""


def run(scenarios=None, rounds=None, seed=None):
    """0 when after every round everything was right."""
    if unknown := set(scenarios or ()) - set(SCENARIOS):
        raise ui.Problem(
            f"there is no scenario {', '.join(sorted(unknown))}",
            f"choose from {', '.join(SCENARIOS)}",
        )
    seed = random.randrange(10_000) if seed is None else seed
    ui.say(f"seed {seed}")
    failed = 0
    with exclusive(f"faults-{places.db_prefix()}"):
        server.start()
        try:
            for name in scenarios or SCENARIOS:
                count = rounds or SCENARIOS[name].rounds
                failed += bool(_play(name, count, seed))
        finally:
            server.stop()
    ui.say(
        f"\n{failed} scenarios failed" if failed else "\nnothing lost, nothing twice"
    )
    return 1 if failed else 0


def _play(name, rounds, seed):
    """Sentences of what went wrong."""
    scenario = SCENARIOS[name]
    origin = _prepared(scenario.customers)
    copy = f"faults_{places.db_prefix()}_{name}"
    ui.say(f">> {name}: {scenario.title}, {rounds} rounds")
    server.copy(origin, copy)
    folder = places.RUNS / copy
    log = folder / "odoo.log"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open(log, "wb") as stream:
            done = subprocess.run(
                [
                    *(sys.executable, "-W", "ignore", "-m", "faults.play"),
                    *(_config(copy), name, str(rounds), str(seed)),
                ],
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd=places.REPO,
            )
    finally:
        server.start()
        server.drop(copy)
    if done.stdout:
        found = json.loads(done.stdout)
    else:
        ui.say(f"   see {log}")
        found = {"problems": ["it broke off"], "noted": {}, "seconds": 0}
    noted = ", ".join(f"{number} {what}" for what, number in found["noted"].items())
    outcome = "; ".join(found["problems"][:3]) or "good"
    ui.say(f"   {outcome} in {found['seconds']} s ({noted})")
    for each in found["problems"][3:10]:
        ui.say(f"   {each}")
    reliability.keep_result(
        name,
        {
            "title": scenario.title,
            "rounds": rounds,
            "date": str(datetime.date.today()),
            "outcome": outcome,
            "noted": noted,
        },
    )
    return found["problems"]


def _config(name):
    folder = places.RUNS / name
    return odoo_process.write_config(folder, name, log_level="warn", **server.options())


def _prepared(count):
    """The database with so many customers; made once for each state of the addon."""
    installed = database.installed()
    recipe = (places.REPO / "faults" / "customers.py").read_text()
    # The files of databases of two servers lie in one folder: no name is in both.
    base = f"faults_{places.db_prefix()}_{installed.rpartition('_')[2]}"
    name = f"{base}_{count}_{places.digest(recipe)}"
    if name in server.names():
        return name
    for old in server.names("faults_"):  # nobody else is here: of older states
        if not old.startswith(base):
            server.drop(old)
    with ui.step(f"{count} customers on a PostgreSQL with fsync"):
        server.fetch(installed, base)
        work = f"{name}_new"
        server.copy(base, work)
        log = places.RUNS / work / "odoo.log"
        odoo_process.shell(_config(work), PREPARE.format(count=count), log)
        server.copy(work, name)
        server.drop(work)
    return name
