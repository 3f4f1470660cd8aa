"""``./dev demo``: a database with demo data, Odoo running on it, and who logs in."""

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import urllib.parse
import urllib.request

from . import database, odoo_process, ui
from .places import ADDON_NAME, CACHE, REPO, RUNS, TESTS, addon_digest, db_prefix

DATABASE = f"{db_prefix()}_demo"
STATE = CACHE / f"{DATABASE}.json"
# Also tested: tests/demo/test_demo.py compares them with the demo's files.
IN_THE_SHELL = [TESTS / "demo" / "totals.py", TESTS / "demo" / "guide.py"]
PEOPLE = """
log in (password = log-in)
  anita            technician            sees the verdict, logs time
  nox-coordinator  coordinator           decides, sends quotes, splits, waives
  nox-accountant   accountant            invoices, rehearses and runs the month
  nox-manager      manager               edits the plans
  bakker           customer (Standaard)  approves a quote in the portal
  tandarts         customer (Contract)   sees requests and their verdicts
"""


def run(reset=False, check=False):
    """Make what is missing, start Odoo, wait until it answers, tell where to look."""
    if reset:
        stop()
        database.drop(DATABASE)
    address, started = serve()
    if check:
        try:
            _check(address)
            ui.say(_figures(address)["totals"])
        finally:
            if started:  # Somebody's running demo runs on.
                stop()
        ui.say("demo: checked")
        return 0
    figures = _figures(address)
    ui.say(figures["totals"])
    ui.say(f"\nOdoo runs at {address}\n{PEOPLE}\nlook first at\n{figures['guide']}")
    ui.say("\n./dev stop ends it; --reset begins anew")
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
    database.copy(database.installed("demo"), DATABASE)
    folder.mkdir(parents=True, exist_ok=True)
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


def _figures(address):
    """The figures of the demo month and where to look first; Odoo learns its address
    on the way, which the links in its mails and the style of its PDFs need."""
    folder = RUNS / DATABASE
    config = odoo_process.write_config(folder, DATABASE)
    loading = "".join(
        f"exec({path.read_text()!r}, globals())\n" for path in IN_THE_SHELL
    )
    script = (
        f"env['ir.config_parameter'].set_param('web.base.url', {address!r})\n"
        f"env.cr.commit()\nimport json\n{loading}"
        "print(json.dumps({'totals': totals_line(env), 'guide': guide_lines(env)}))\n"
    )
    output = odoo_process.shell(config, script, folder / "shell.log")
    return json.loads(output.strip().splitlines()[-1])


def _check(address):
    """See that the log-in page and a ticket answer."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = _fetch(browser, f"{address}/web/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if not token:
        raise ui.Problem("the log-in page has no form", "./dev demo --reset")
    form = {"login": "bakker", "password": "bakker", "csrf_token": token[1]}
    _fetch(browser, f"{address}/web/login", urllib.parse.urlencode(form).encode())
    tickets = _fetch(browser, f"{address}/my/tickets")
    found = re.search(r'href="(/my/ticket/\d+[^"]*)"', tickets)
    if not found:
        raise ui.Problem("the customer sees no ticket", "./dev demo --reset")
    _fetch(browser, f"{address}{found[1]}")
    ui.say("log-in page and ticket page answer")


def _fetch(browser, url, form=None):
    """The text of a page; anything but a page is a problem with what to do."""
    try:
        with browser.open(url, form, timeout=120) as answer:
            return answer.read().decode()
    except OSError as error:  # also urllib's URLError and HTTPError
        raise ui.Problem(
            f"{url} does not answer with a page: {error}",
            f"read the end of {RUNS / DATABASE / 'odoo.log'}; ./dev demo --reset begins"
            " anew",
        ) from error
