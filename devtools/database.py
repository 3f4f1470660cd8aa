"""Databases: templates that are made once, and fresh copies of them in a second.

Two templates hold everything below the addon: ``plain`` (no demo data, a Dutch company)
and ``demo``. On top of each comes ``installed``: with the addon as its files are now.
Every name carries a key of what it was made from, so a change makes a new one.
"""

import datetime
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from psycopg2 import sql

from . import environment, odoo_process, odoo_source, postgres, ui
from .locks import exclusive
from .places import (
    ADDON_NAME,
    DATA_DIR,
    RUNS,
    addon_digest,
    db_prefix,
    digest,
    manifest,
)

RECIPE = "2"  # raise it when the steps below change
BESIDE = ["l10n_nl"]  # the Dutch chart of accounts: demo and tests, not a dependency
LANGUAGES = "en_US,nl_NL"
# Of the templates with the addon's older states the newest stay, and each one that
# somebody used within the last hour: another working copy may need it again.
KEEP = 24
PURPOSES = (
    "odoo",
    "runner",
    "lint",
    "wheel",
    "release",
    "neighbours",
    r"bench\w+",
    "faults",
    "pytest",
)
IN_USE = datetime.timedelta(hours=1)
DUTCH_COMPANY = """
company = env.ref("base.main_company")
company.write({
    "country_id": env.ref("base.nl").id,
    "currency_id": env.ref("base.EUR").id,
})
env.ref("base.EUR").active = True
env.cr.commit()
"""
# What Odoo makes beforehand, and what a page fetches only when somebody needs it. Odoo
# names a bundle by when its files were written; here, and in tests/conftest.py, by which
# they are: another clone of the same state finds it.
ASSETS = """
from odoo.addons.base.models.assetsbundle import WebAsset
WebAsset.last_modified = 0
qweb = env["ir.qweb"]
qweb._pregenerate_assets_bundles()
for name in (
    "bus.websocket_worker_assets",
    "mail.assets_message_email",
    "portal.assets_chatter",
    "portal.assets_chatter_style",
    "web.assets_emoji",
    "web.fullcalendar_lib",
    "web.report_assets_common",
):
    for kind in ("js", "css"):
        bundle = qweb._get_asset_bundle(name, js=kind == "js", css=kind == "css")
        if bundle.javascripts or bundle.templates or bundle.stylesheets:
            getattr(bundle, kind)()
for name in ("web.report_assets_common", "web.report_assets_pdf"):  # on paper
    qweb._get_asset_bundle(name, js=False, css=True, autoprefix=True).css()
env.cr.commit()
"""


def template(kind):
    """Name of the template ``plain`` or ``demo``; made when it is not there."""
    key = digest(
        RECIPE,
        kind,
        odoo_source.version(odoo_process.source()),
        postgres.version(),
        environment.digest_of_requirements(),
        *_modules(),
    )
    name = f"nox_tpl_{kind}_{key}"
    _ensure(name, lambda work: _make_template(work, kind))
    return name


def installed(kind="plain"):
    """Name of the template ``plain`` or ``demo`` with the addon installed."""
    base = template(kind)
    # The months of the demo data are counted from the day on which they are made.
    day = datetime.date.today().isoformat() if kind == "demo" else ""
    key = digest(RECIPE, ASSETS, day, base, addon_digest())
    prefix = f"nox_inst_{kind}_"
    name = f"{prefix}{key}"
    _ensure(name, lambda work: _install_addon(work, base, kind))
    _forget_old(prefix)
    return name


def install_log(name):
    """Log of the making of a template."""
    return RUNS / name / "odoo.log"


@contextmanager
def fresh(origin, purpose):
    """A copy of ``origin`` for one run; dropped afterwards."""
    with exclusive("sweep"):  # two lanes begin at the same moment
        sweep()
    name = f"{db_prefix()}_{purpose}_{os.getpid()}"
    copy(origin, name)
    try:
        yield name
    finally:
        drop(name)


def copy(origin, name):
    """Make (or make anew) the database ``name`` as a copy of ``origin``."""
    drop(name)
    _execute("CREATE DATABASE {} TEMPLATE {}", name, origin)
    copy_files(origin, name)


def copy_files(origin, name):
    """Give the database ``name`` the files of ``origin``."""
    source = _filestore(origin)
    if source.exists():
        # Files in the store are named after their contents and never rewritten.
        shutil.copytree(source, _filestore(name), copy_function=os.link)


def drop_files(name):
    """Drop the files of a database, when there are any."""
    shutil.rmtree(_filestore(name), ignore_errors=True)


def drop(name):
    """Drop a database, its connections and its files, when it exists."""
    if exists(name):
        # Of one whose dropping was broken off PostgreSQL lets nothing be altered.
        if _query(
            "SELECT 1 FROM pg_database WHERE datname=%s AND datistemplate", [name]
        ):
            _execute("ALTER DATABASE {} IS_TEMPLATE false", name)
        _execute("DROP DATABASE {} WITH (FORCE)", name)
    drop_files(name)


def exists(name):
    """Whether the server has a database of that name."""
    return name in names()


def names(prefix=""):
    """Names of the databases that begin with ``prefix``."""
    rows = _query("SELECT datname FROM pg_database ORDER BY datname")
    return [name for (name,) in rows if name.startswith(prefix)]


def sweep():
    """Drop copies whose process is gone (a run that was killed)."""
    start = f"{db_prefix()}_"
    for name in names(start):
        # pytest-xdist adds the worker: nox_odoo_4711-gw0
        copied = name.partition("-gw")[0]
        purpose, _sep, owner = copied.removeprefix(start).rpartition("_")
        if (
            re.fullmatch("|".join(PURPOSES), purpose)
            and owner.isdigit()
            and not Path(f"/proc/{owner}").exists()
        ):
            drop(name)


def _modules():
    return sorted({*manifest()["depends"], *BESIDE})


def _ensure(name, make):
    """Make ``name`` once, also when several processes ask for it at the same time."""
    if not exists(name):
        with exclusive(name):
            if not exists(name):
                work = f"{name}_new"
                drop(work)
                shutil.rmtree(RUNS / name, ignore_errors=True)
                (RUNS / name).mkdir(parents=True)
                make(work)
                _execute("ALTER DATABASE {} RENAME TO {}", work, name)
                if _filestore(work).exists():
                    _filestore(work).rename(_filestore(name))
                _execute(
                    "ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false",
                    name,
                )
    _mark_used(name)


def _mark_used(name):
    # Two at once on the same row would be an error of PostgreSQL's.
    with exclusive("used"):
        moment = f"{datetime.datetime.now():%Y-%m-%d %H:%M:%S}"
        _execute(f"COMMENT ON DATABASE {{}} IS '{moment}'", name)


def _make_template(work, kind):
    demo = _demo_data(kind)
    folder = RUNS / work.removesuffix("_new")
    log = folder / "odoo.log"
    advice = f"read {log}; a second try begins anew"
    with (
        ui.step(f"database template `{kind}`: Odoo, the OCA addons, Dutch accounting"),
        _ticking(log),
    ):
        create_empty(work)
        config = odoo_process.write_config(folder, work)
        language = f"--load-language={LANGUAGES}"
        odoo_process.run(config, "-i", "base", language, *demo, log=log, advice=advice)
        odoo_process.shell(config, DUTCH_COMPANY, log, advice)
        modules = ",".join(_modules())
        odoo_process.run(config, "-i", modules, *demo, log=log, advice=advice)


def _demo_data(kind):
    """The option of Odoo's that asks for demo data."""
    return ["--with-demo"] if kind == "demo" else []


def _install_addon(work, base, kind):
    folder = RUNS / work.removesuffix("_new")
    log = folder / "odoo.log"
    what = ", demo data" if kind == "demo" else ""
    with ui.step(f"database with the addon installed{what}"), _ticking(log):
        copy(base, work)
        config = odoo_process.write_config(folder, work)
        advice = f"read {log}; the addon does not install"
        install = ["-i", ADDON_NAME, *_demo_data(kind)]
        odoo_process.run(config, *install, log=log, advice=advice)
        if kind == "plain":
            # Browser tests need them; otherwise each test would build them again.
            odoo_process.shell(config, ASSETS, log, advice)


def _ticking(log):
    """Now and then, one line that shows how far Odoo is."""

    def progress():
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        loading = [line for line in lines if "Loading module" in line]
        return loading[-1].split("Loading module ")[-1].strip() if loading else ""

    return ui.ticking(progress, seconds=20)


def _forget_old(prefix):
    """Drop the templates of older states that nobody used for the longest time."""
    limit = f"{datetime.datetime.now() - IN_USE:%Y-%m-%d %H:%M:%S}"
    with exclusive("forget"):  # two processes would drop the same
        rows = _query(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname LIKE %s AND datistemplate ORDER BY 2 DESC NULLS LAST",
            [f"{prefix}%"],
        )
        for name, used in rows[KEEP:]:
            # No mark: made this second by somebody else.
            if used and used < limit:
                drop(name)
                shutil.rmtree(RUNS / name, ignore_errors=True)


def create_empty(name):
    # Odoo would create it too, with an ERROR line about an extension it can do without.
    _execute(
        "CREATE DATABASE {} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0", name
    )


def _filestore(name):
    return DATA_DIR / "filestore" / name


def _execute(statement, *identifiers):
    connection = postgres.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, identifiers)))
    finally:
        connection.close()


def _query(statement, values=None):
    connection = postgres.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
    finally:
        connection.close()
