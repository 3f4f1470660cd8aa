"""``./dev demo``: a database with demo data, Odoo running on it, and who logs in."""

import json
import os
import signal
import subprocess
import urllib.request
from pathlib import Path

from . import database, odoo_process, ui
from .places import ADDON_NAME, CACHE, REPO, RUNS, addon_digest, db_prefix

DATABASE = f"{db_prefix()}_demo"
STATE = CACHE / f"{DATABASE}.json"
TOTALS = Path(__file__).with_name("demo_totals.py")
PEOPLE = """
log in (password = log-in)
  anita         technician            sees the verdict, logs time
  coordinator   coordinator           decides, sends quotes, splits, waives
  accountant    accountant            invoices, rehearses and runs the month
  manager       manager               edits the plans
  bakker        customer (Standaard)  approves a quote in the portal
  tandarts      customer (Contract)   sees requests and their verdicts

look first at
  Helpdesk > Tickets > To decide      what waits for a coordinator
  Helpdesk > All tickets              verdict, reason and limit of each ticket
  Helpdesk > Billing > Rehearsal      every customer's next invoice
"""


def run(reset=False, check=False):
    """Make what is missing, start Odoo, wait until it answers, tell where to look."""
    if reset:
        stop()
        database.drop(DATABASE)
    address, _started = serve()
    if check:
        _check(address)
    ui.say(_totals(RUNS / DATABASE, address))
    if check:
        stop()
        ui.say("demo: checked")
        return 0
    ui.say(
        f"\nOdoo runs at {address}\n{PEOPLE}\n./dev stop ends it; --reset begins anew"
    )
    return 0


def serve():
    """Make what is missing and start Odoo unless it runs.

    Returns its address, and whether it was started by this call.
    """
    _ensure_database()
    state = _running()
    if state:
        return state["address"], False
    folder = RUNS / DATABASE
    log = folder / "odoo.log"
    port = odoo_process.free_port()
    config = odoo_process.write_config(folder, DATABASE, http_port=port)
    address = f"http://127.0.0.1:{port}"
    with ui.step("starting Odoo"):
        process = odoo_process.start(config, log)
        odoo_process.wait_until_it_answers(address, process, log)
    STATE.write_text(json.dumps({"pid": process.pid, "address": address}))
    return address, True


def stop():
    """Stop the demo server."""
    state = _running()
    if state:
        os.kill(state["pid"], signal.SIGTERM)
    STATE.unlink(missing_ok=True)


def shell(name):
    """Odoo's shell on a database."""
    config = odoo_process.write_config(RUNS / (name or DATABASE), name or DATABASE)
    return subprocess.call(
        [*odoo_process.MODULE, "shell", "-c", str(config), "--no-http"], cwd=REPO
    )


def update(name):
    """Update the addon in a database."""
    name = name or DATABASE
    folder = RUNS / name
    config = odoo_process.write_config(folder, name)
    with ui.step(f"updating {ADDON_NAME} in {name}"):
        odoo_process.run(config, "-u", ADDON_NAME, log=folder / "odoo.log")


def make_database(name):
    """A fresh database with the addon, and the command that starts Odoo on it."""
    database.copy(database.installed(), name)
    config = odoo_process.write_config(RUNS / name, name)
    ui.say(f"{' '.join(odoo_process.MODULE)} -c {config}")


def _ensure_database():
    """The demo database; made anew when the addon's files changed."""
    folder = RUNS / DATABASE
    made_from = folder / "made-from"
    if database.exists(DATABASE) and made_from.exists():
        if made_from.read_text() != addon_digest():
            stop()
            update(DATABASE)
            made_from.write_text(addon_digest())
        return
    origin = database.template("demo")
    with ui.step("the demo's month: customers, tickets, quotes, invoices"):
        database.copy(origin, DATABASE)
        config = odoo_process.write_config(folder, DATABASE)
        odoo_process.run(
            config,
            "-i",
            ADDON_NAME,
            "--with-demo",
            log=folder / "odoo.log",
            advice="./dev demo --reset begins anew",
        )
    made_from.write_text(addon_digest())


def _running():
    if not STATE.exists():
        return None
    state = json.loads(STATE.read_text())
    try:
        os.kill(state["pid"], 0)
        with urllib.request.urlopen(f"{state['address']}/web/health", timeout=5):
            return state
    except OSError:
        STATE.unlink(missing_ok=True)
        return None


def _totals(folder, address):
    """The figures of the demo month; Odoo learns its address on the way, which the
    links in its mails and the style of its PDFs need."""
    config = odoo_process.write_config(folder, DATABASE)
    script = (
        f"env['ir.config_parameter'].set_param('web.base.url', {address!r})\n"
        "env.cr.commit()\n"
        f"exec({TOTALS.read_text()!r}, globals())\nprint(totals_line(env))\n"
    )
    return odoo_process.shell(config, script, folder / "shell.log").strip()


def _check(address):
    """See that the log-in page and a ticket answer."""
    import http.cookiejar
    import re
    import urllib.parse

    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/web/login", timeout=120).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if not token:
        raise ui.Problem("the log-in page has no form", "./dev demo --reset")
    form = {"login": "bakker", "password": "bakker", "csrf_token": token[1]}
    browser.open(
        f"{address}/web/login", urllib.parse.urlencode(form).encode(), timeout=120
    )
    tickets = browser.open(f"{address}/my/tickets", timeout=120).read().decode()
    found = re.search(r'href="(/my/ticket/\d+[^"]*)"', tickets)
    if not found:
        raise ui.Problem("the customer sees no ticket", "./dev demo --reset")
    ticket = browser.open(f"{address}{found[1]}", timeout=120)
    ui.say(f"log-in page and ticket page answer ({ticket.status})")
