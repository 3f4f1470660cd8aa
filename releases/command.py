"""A small dump of each release, and its update to what is here.

``./dev release-dump VERSION`` installs the addon as the last commit of that version had
it, with its month of demo data, and keeps the database in this folder (which no
wheel carries) beside the totals that it had. ``./dev upgrade`` restores each, updates
the addon, computes every figure of the requests anew and compares: equal to the cent.
``--installs`` installs it, without demo data and with, where the Dutch chart of
accounts comes later (``./dev test`` does the same beside the chart), and takes it away
from work that is billed, and installs it again.
"""

import io
import json
import lzma
import subprocess
import tarfile
from datetime import date

from devtools import database, log_check, odoo_process, postgres, ui
from devtools.places import ADDON_NAME, CACHE, REPO, RUNS, manifest

FOLDER = REPO / "releases"
MOST_BYTES = 2_000_000
BILL = "state IN ('draft', 'posted') AND move_type IN ('out_invoice', 'out_refund')"
# What an update may not change; every release knows these columns.
TOTALS = {
    "requests": "SELECT count(*) FROM helpdesk_ticket",
    "minutes worked": "SELECT sum(worked_minutes) FROM helpdesk_ticket",
    "minutes of the timesheets": """SELECT round(sum(unit_amount)::numeric * 60)
        FROM account_analytic_line WHERE ticket_id IS NOT NULL""",
    "minutes released": "SELECT sum(released_minutes) FROM helpdesk_ticket",
    "minutes held": "SELECT sum(held_minutes) FROM helpdesk_ticket",
    "blocks": "SELECT sum(billable_blocks) FROM helpdesk_ticket",
    "blocks invoiced": "SELECT sum(invoiced_blocks) FROM helpdesk_ticket",
    "blocks to invoice": "SELECT sum(to_invoice_blocks) FROM helpdesk_ticket",
    "blocks waived": "SELECT sum(waived_blocks) FROM helpdesk_ticket",
    "verdicts": """SELECT string_agg(verdict, ', ') FROM (
        SELECT coverage || ' ' || count(*) AS verdict FROM helpdesk_ticket
        GROUP BY coverage ORDER BY coverage) AS verdicts""",
    "users of the months": "SELECT sum(quantity) FROM nox_seat_charge",
    "amount of the months": "SELECT sum(amount) FROM nox_seat_charge",
    "orders": """SELECT sum(amount_untaxed) FROM sale_order
        WHERE state IN ('sent', 'sale')""",
    "invoices": f"SELECT count(*) FROM account_move WHERE {BILL}",
    "amount of the invoices": f"""SELECT sum(amount_untaxed_signed)
        FROM account_move WHERE {BILL}""",
    "VAT of the invoices": f"""SELECT sum(amount_tax_signed)
        FROM account_move WHERE {BILL}""",
    "trainings passed": """SELECT count(*) FROM nox_admin_training
        WHERE result = 'passed'""",
    "periods of plans": "SELECT count(*) FROM nox_pbx_plan",
}
# Of no use to an update, made again by Odoo, or nobody's to read.
EMPTIED = """
TRUNCATE bus_bus, mail_mail CASCADE;
UPDATE ir_config_parameter SET value = md5(key) WHERE key LIKE 'database.%';
DELETE FROM ir_attachment WHERE url LIKE '/web/assets/%';
"""
# Stored figures follow the rules of today, on the day of the dump.
ANEW = """
from freezegun import freeze_time
tickets = env["helpdesk.ticket"].with_context(active_test=False).search([])
with freeze_time("%(day)s 12:00"):
    for name in (
        "worked_minutes", "released_minutes", "held_minutes", "billable_blocks",
        "invoiced_blocks", "to_invoice_blocks", "waived_blocks",
    ):
        env.add_to_compute(tickets._fields[name], tickets)
    env.flush_all()
env.cr.commit()
"""
# A company takes the Dutch chart: the only one, or one more beside those of the
# demonstration, whose books have begun; then the rates of what we sell.
LATER = """
company = env.ref("base.main_company")
if company._existing_accounting():
    company = env["res.company"].create(
        {"name": "Later", "country_id": env.ref("base.nl").id}
    )
else:
    company.country_id = env.ref("base.nl")
env["account.chart.template"].try_loading("nl", company=company)
env.cr.commit()
print([
    sum(
        env.ref(f"nox_voip_service.product_{name}")
        .taxes_id._filter_taxes_by_company(company).mapped("amount")
    )
    for name in ("time", "seat", "training")
])
"""
# The factories of the tests, in a shell.
HERE = """
from tests.common import NoxVoipMixin
Here = type("Here", (NoxVoipMixin,), {"env": env})
"""
# Requests that were worked on and billed, and one with a quote; then what stays of them
# when the addon goes, and when it comes again, and a request and its bill after that.
WORKED = f"""{HERE}
Here.setUpNox()
pbx = Here._pbx(Here.standard)
worked = Here._ticket(pbx) | Here._ticket(pbx)
for ticket in worked:
    Here._log(ticket, 38)
invoice = Here._invoice(worked[0])
Here._log(worked[1], 20)
quote = Here._send(Here._ticket(pbx, estimated_minutes=90))
env.cr.commit()
"""
STAYS = {
    "requests": TOTALS["requests"],
    "hours": "SELECT sum(unit_amount) FROM account_analytic_line",
    "orders": "SELECT count(*) FROM sale_order",
    "amount of the orders": "SELECT sum(amount_untaxed) FROM sale_order",
    "lines of the orders": "SELECT count(*) FROM sale_order_line",
    "invoices": TOTALS["invoices"],
    "amount of the invoices": TOTALS["amount of the invoices"],
    "VAT of the invoices": TOTALS["VAT of the invoices"],
    "lines of the invoices": "SELECT count(*) FROM account_move_line",
    "customers": "SELECT count(*) FROM res_partner",
}
UNINSTALL = f"""
env.ref("base.module_{ADDON_NAME}").button_immediate_uninstall()
"""
AGAIN = f"""{HERE}
users = env["res.users"].with_context(active_test=False)
for user in users.search([("login", "like", "nox_%")]):
    user.login = "before_" + user.login
Here.setUpNox()
ticket = Here._ticket(Here._pbx(Here.standard))
Here._log(ticket, 38)
print(ticket.coverage, ticket.billable_blocks, Here._invoice(ticket).amount_untaxed)
"""
BILLED_AGAIN = "billable 3 61.5"
# Lines of pg_dump that an older server, or an older psql, does not understand.
TOO_NEW = ("SET transaction_timeout", "\\restrict", "\\unrestrict")


def dumps():
    """``{version}`` in order, of the dumps that are kept."""
    names = [path.name.removesuffix(".sql.xz") for path in FOLDER.glob("*.sql.xz")]
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


# ----------------------------------------------------------------------
# MAKING
# ----------------------------------------------------------------------


def keep(version=None):
    """Make the dump of a version; by default that of the manifest."""
    version = version or manifest()["version"]
    with database.fresh(database.template("demo"), "release") as name:
        folder = RUNS / name
        log = folder / "odoo.log"
        with ui.step(f"{ADDON_NAME} {version} with demo data"):
            config = _config(folder, name, _sources(version))
            odoo_process.run(config, "-i", ADDON_NAME, "--with-demo", log=log)
        _execute(name, EMPTIED)
        found = {"made_on": str(date.today()), "totals": totals(name)}
        data = lzma.compress(_dump(name), preset=9 | lzma.PRESET_EXTREME)
    if len(data) > MOST_BYTES:
        raise ui.Problem(f"the dump has {len(data)} bytes", "see EMPTIED")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{version}.sql.xz").write_bytes(data)
    (FOLDER / f"{version}.json").write_text(json.dumps(found, indent=1) + "\n")
    ui.say(f"releases/{version}.sql.xz: {len(data) / 1e6:.2f} MB")


def _sources(version):
    """A folder with the addon as the last commit of a version had it."""
    folder = CACHE / "releases" / version
    commit = last_commit(version)
    archive = _git("archive", commit, ADDON_NAME)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


def last_commit(version):
    """The last commit whose manifest says this version."""
    path = f"{ADDON_NAME}/__manifest__.py"
    commits = _git("log", "--format=%H", "HEAD", "--", path).decode().split()
    said = f'"version": "{version}"'.encode()
    for newer, commit in zip([None, *commits], commits, strict=False):
        if said in _git("show", f"{commit}:{path}"):
            return f"{newer}^" if newer else "HEAD"
    raise ui.Problem(
        f"no commit has version {version}", "./dev release-dump 19.0.1.0.0"
    )


def _git(*arguments):
    return subprocess.run(
        ["git", *arguments], cwd=REPO, check=True, stdout=subprocess.PIPE
    ).stdout


def _dump(name):
    options = ["--no-owner", "--no-privileges", name]
    lines = _client("pg_dump", options).splitlines(keepends=True)
    unknown = tuple(start.encode() for start in TOO_NEW)
    return b"".join(line for line in lines if not line.startswith(unknown))


# ----------------------------------------------------------------------
# UPDATING
# ----------------------------------------------------------------------


def upgrade(version=None, installs=False):
    """Update each release that is kept, or one; 0 when every total is equal."""
    wrong = 0
    for demo in (False, True) if installs else ():
        faults = _install_before_chart(demo)
        wrong += bool(faults)
        ui.say("; ".join(faults) or "21% on what we sell, nothing unexplained")
    if installs:
        faults = _install_again()
        wrong += bool(faults)
        ui.say("; ".join(faults) or "requests, hours, orders and invoices stayed")
    for each in [version] if version else dumps():
        differences = _upgrade(each)
        wrong += bool(differences)
        ui.say(f"{each}: " + ("; ".join(differences) or "equal totals"))
    return 1 if wrong else 0


def _place():
    """``(database, folder, log)`` of an update; the log is empty."""
    name = f"{database.db_prefix()}_upgrade"
    folder = RUNS / name
    log = folder / "odoo.log"
    folder.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    return name, folder, log


def _upgrade(version):
    """What differs after the update of one release, as lines."""
    if version not in dumps():
        raise ui.Problem(f"no dump of {version}", f"there are {', '.join(dumps())}")
    kept = json.loads((FOLDER / f"{version}.json").read_text())
    name, folder, log = _place()
    with ui.step(f"{version} is restored and updated"):
        database.drop(name)
        database.create_empty(name)
        text = lzma.decompress((FOLDER / f"{version}.sql.xz").read_bytes())
        _client("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", name], text)
        config = _config(folder, name, REPO)
        advice = f"read {log}"
        odoo_process.run(config, "-u", ADDON_NAME, log=log, advice=advice)
        script = ANEW % {"day": kept["made_on"]}
        odoo_process.shell(config, script, log, advice)
    differences = compare(kept["totals"], totals(name))
    differences += log_check.unexplained(log.read_text(errors="replace"))
    if not differences:
        database.drop(name)
    return differences


def _install_before_chart(demo):
    """What is wrong when the Dutch chart comes after the addon, as lines."""
    name, folder, log = _place()
    with ui.step(f"installed {'with' if demo else 'without'} demo data, then l10n_nl"):
        database.drop(name)
        database.create_empty(name)
        config = _config(folder, name, REPO)
        options = ["-i", ADDON_NAME, *(["--with-demo"] if demo else [])]
        odoo_process.run(config, *options, log=log)
        odoo_process.run(config, "-i", "l10n_nl", log=log)
        rates = odoo_process.shell(config, LATER, log).strip()
    faults = log_check.unexplained(log.read_text(errors="replace"))
    if rates != "[21.0, 21.0, 21.0]":
        faults.append(f"VAT of time, users and trainings: {rates}")
    if not faults:
        database.drop(name)
    return faults


def _install_again():
    """What is wrong after taking the addon away from work that is billed, and
    installing it again, as lines."""
    name, folder, log = _place()
    with ui.step("work that is billed: taken away, installed again"):
        database.copy(database.installed(), name)
        config = _config(folder, name, REPO)
        odoo_process.shell(config, WORKED, log)
        before = totals(name, STAYS)
        # Odoo tries what it may remove, and writes each refusal into its log.
        odoo_process.shell(config, UNINSTALL, folder / "uninstall.log")
        faults = compare(before, totals(name, STAYS))
        odoo_process.run(config, "-i", ADDON_NAME, log=log)
        faults += compare(before, totals(name, STAYS))
        billed = odoo_process.shell(config, AGAIN, log).strip()
    if billed != BILLED_AGAIN:
        faults.append(f"a request after that: {billed}")
    faults += log_check.unexplained(log.read_text(errors="replace"))
    if not faults:
        database.drop(name)
    return faults


def compare(before, after):
    """What differs between two sets of totals, a line each.

    >>> compare({"blocks": "31", "requests": "4"}, {"blocks": "32", "requests": "4"})
    ['blocks: 31 before, 32 after']
    """
    return [
        f"{name}: {value} before, {after.get(name)} after"
        for name, value in before.items()
        if after.get(name) != value
    ]


def totals(name, queries=TOTALS):
    """``{title: value}`` of a database, as text."""
    connection = postgres.connect(name)
    try:
        found = {}
        for title, query in queries.items():
            with connection.cursor() as cursor:
                cursor.execute(query)
                found[title] = _text(*cursor.fetchone())
        return found
    finally:
        connection.close()


def _text(value):
    """A number without zeros behind the point: columns change their decimals."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _config(folder, name, addons):
    """Configuration of Odoo with the addon in that folder."""
    config = odoo_process.write_config(folder, name)
    if addons != REPO:
        config.write_text(config.read_text().replace(f"= {REPO}", f"= {addons}", 1))
    return config


def _execute(name, statements):
    connection = postgres.connect(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statements)
    finally:
        connection.close()


def _client(program, options, text=None):
    """Run one of PostgreSQL's own programs; what it wrote."""
    done = subprocess.run(
        [program, *options],
        input=text,
        capture_output=True,
        env=postgres.client_environment(),
    )
    if done.returncode:
        raise ui.Problem(f"{program}: {done.stderr.decode()[-1500:]}")
    return done.stdout
