"""``./dev test --lane neighbours``: ours beside requirements-neighbours.txt.

The neighbours come from the package registry into a folder of their own; all are
installed in one database, with ours and with the glue (the folders
``nox_voip_service_*``, which install themselves). Then run: the tests of the glue, what
stands in ``tests_beside/``, and those of our own suite that play the main job and the
month.
"""

import ast
import os
import re
import shutil
import sys
from contextlib import contextmanager

from devtools import database, lanes, log_check, odoo_process, odoo_source, postgres, ui
from devtools.locks import exclusive
from devtools.places import ADDON_NAME, CACHE, REPO, RUNS, addon_digest, digest

REQUIREMENTS = REPO / "requirements-neighbours.txt"
# Of our own suite: the main job, the month, and what neighbours touch.
OWN_TESTS = (
    "tests/billing/test_month.py",
    "tests/order/test_quote.py",
    "tests/ticket/test_duration.py",
    "tests/ticket/test_main_job.py",
)


def glue():
    """The folders of the glue addons, ours to one neighbour each."""
    return sorted(path.parent for path in REPO.glob(f"{ADDON_NAME}_*/__manifest__.py"))


def met():
    """Names of the addons that our glue depends on, some of Odoo itself among them."""
    return sorted(
        depend
        for path in glue()
        for depend in ast.literal_eval((path / "__manifest__.py").read_text())[
            "depends"
        ]
        if not depend.startswith(ADDON_NAME)
    )


def names(text):
    """Names of the addons in the text of a requirements file.

    >>> names("# what\\nodoo-addon-queue_job==19.0.2\\nUnidecode==1.4.0\\n")
    ['queue_job']
    """
    return re.findall(r"^odoo-addon-(\w+)==", text, re.MULTILINE)


def run(keyword, _thorough):
    """The lane: what pytest-odoo says of the tests in that database."""
    with packages() as folder:
        origin = template(folder)
        with database.fresh(origin, "neighbours") as name:
            log = RUNS / name / "odoo.log"
            log.unlink(missing_ok=True)
            config = _config(RUNS / name, name, folder, logfile=log)
            options = ["-p", "no:cacheprovider", f"--odoo-database={name}"]
            options += [f"--odoo-config={config}", "--odoo-log-level=warn"]
            environment = {
                **postgres.client_environment(),
                "PYTHONPATH": os.environ["PYTHONPATH"],
            }
            tests = [*(path / "tests" for path in glue()), "neighbours/tests_beside"]
            command = [*tests, *OWN_TESTS, "--odoo-http", *options]
            result = lanes._pytest("neighbours", command, keyword, environment)
            for text in (database.install_log(origin), log):
                result.problems += log_check.unexplained(
                    text.read_text(errors="replace")
                )
    return result


@contextmanager
def packages():
    """The folder with the neighbours, on the path of every Python that starts."""
    folder = CACHE / f"neighbours-{digest(sys.version, REQUIREMENTS.read_bytes())}"
    with exclusive("neighbours"):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            with ui.step("the neighbours, from the package registry"):
                pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps"]
                pip += ["--target", folder, "-r", REQUIREMENTS]
                ui.run(pip, "check the network and pip's settings")
            (folder / "ready").touch()
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(folder)
    try:
        yield folder
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def addons_path(folder):
    """Odoo's option: where it finds ours, what ours stands on, and the neighbours."""
    addons = [REPO, *odoo_source.extra_addons(odoo_process.source())]
    return ",".join(map(str, [*addons, folder / "odoo" / "addons"]))


def _config(place, name, folder, **extra):
    path = addons_path(folder)
    return odoo_process.write_config(place, name, addons_path=path, **extra)


def template(folder, theirs=()):
    """Name of the database with them, ours and the glue; made when it is not there, in
    two steps: ours changes more often than they do.

    :param theirs: these neighbours, in place of all
    """
    plain = database.template("plain")
    theirs = sorted(theirs or {*names(REQUIREMENTS.read_text()), *met()})
    base = f"nox_tpl_neighbours_{digest(plain, REQUIREMENTS.read_bytes(), *theirs)}"
    database._ensure(base, lambda work: _install(work, plain, folder, theirs))
    files = [
        part
        for addon in glue()
        for path in sorted(addon.rglob("*"))
        if path.is_file() and not {"tests", "__pycache__"} & set(path.parts)
        for part in (path.relative_to(REPO), path.read_bytes())
    ]
    name = f"nox_inst_neighbours_{digest(base, addon_digest(), *files)}"
    # The glue installs itself.
    database._ensure(name, lambda work: _install(work, base, folder, [ADDON_NAME]))
    database._forget_old("nox_inst_neighbours_")
    return name


def _install(work, base, folder, modules):
    place = RUNS / work.removesuffix("_new")
    log = place / "odoo.log"
    with ui.step(f"database with {len(modules)} addons more"), database._ticking(log):
        database.copy(base, work)
        config = _config(place, work, folder)
        advice = f"read {log}; they do not install together"
        odoo_process.run(config, "-i", ",".join(modules), log=log, advice=advice)
