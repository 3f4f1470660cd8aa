"""The lanes of ``./dev test``.

``policy``  plain pytest, no database, seconds
``odoo``    pytest-odoo with real HTTP and a real browser, on a database without demo
            data: every test once, on all cores
``runner``  Odoo's own test runner through the bridge, on a database with demo data: that
            the bridge finds every file, and what looks at the demo data; with
            ``--thorough`` every test
``base``    by name only: the suites of the addons that ours stands on, beside ours
``neighbours``  by name only: other addons beside ours, and our glue to them

The first and the third run beside the second where there is more than one core.
A skip, a lane without tests, or an unexplained line in Odoo's log fails.
"""

import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from . import ui
from .places import ADDON_NAME, REPO, RUNS

BESIDE_DEMO = "nox_demo"
BY_NAME = ("base", "neighbours")
# Folders of tests that need no Odoo.
PLAIN = ("policy", "verify", "devtools")


@dataclass
class Result:
    lane: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    problems: list = field(default_factory=list)

    @property
    def good(self):
        return self.passed and not (self.failed or self.skipped or self.problems)


def run(lane=None, keyword=None, thorough=False, rules=None):
    """Run one lane or all; 0 when everything passed.

    :param rules: folder with the public rules for electronic invoices
    """
    _name_rules(rules, thorough)
    lanes = [lane] if lane else [name for name in LANES if name not in BY_NAME]
    if keyword and not lane:
        lanes.remove("runner")  # Daily work: the runner has no -k.
    results = []
    with ThreadPoolExecutor(1) as pool:
        beside = []
        if len(lanes) > 1 and cores() > 1:
            for name in [name for name in lanes if name != "odoo"]:
                ui.say(f"== lane {name}, beside lane odoo")
                if name == "runner":
                    _make_databases()
                beside.append(pool.submit(_run_lane, name, keyword, thorough))
            lanes = ["odoo"]
        for name in lanes:
            ui.say(f"\n== lane {name}")
            results.append(_run_lane(name, keyword, thorough))
        results += [each.result() for each in beside]
    return _summary(results, keyword)


def _name_rules(folder, thorough):
    """Let the tests find the rules of EN 16931 (a schematron): data of others, which
    lie where somebody put them."""
    if folder:
        if len(list(Path(folder).glob("*.sch"))) != 1:
            raise ui.Problem(
                f"{folder} holds no schematron of EN 16931 (one file *.sch)",
                "https://github.com/ConnectingEurope/eInvoicing-EN16931 publishes it",
            )
        os.environ["NOX_EN16931"] = str(Path(folder).resolve())
    elif thorough and not os.environ.get("NOX_EN16931"):
        ui.say("electronic invoices: our own rules alone; --en16931 FOLDER adds those")
        ui.say("of EN 16931 (CONTRIBUTING.md)")


def cores():
    return os.cpu_count() or 1


def workers():
    """One more than there are cores: a test that waits for a browser or for the
    database leaves its core to another."""
    return cores() + 1


def _make_databases():
    """What both lanes start from, one after the other: they share steps."""
    from . import database

    database.installed()
    database.template("demo")


def _run_lane(name, keyword, thorough):
    start = time.monotonic()
    result = LANES[name](keyword, thorough)
    result.seconds = time.monotonic() - start
    if not result.passed and not keyword:
        result.problems.append("no test ran")
    return result


def _summary(results, keyword):
    ui.say("\n== result")
    for result in results:
        ui.say(
            f"{result.lane:8} {result.passed} passed, {result.failed} failed, "
            f"{result.skipped} skipped in {result.seconds:.1f} s"
        )
        for problem in result.problems:
            ui.say(f"         {problem}")
    passed = sum(result.passed for result in results)
    failed = sum(result.failed or not result.good for result in results)
    if keyword:
        failed = sum(bool(r.failed or r.skipped or r.problems) for r in results)
        failed += not passed
    ui.say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def policy(keyword, thorough):
    """The rules, and what ``./dev`` itself decides, in plain Python."""
    command = ["-p", "no:odoo", *(f"tests/{folder}" for folder in PLAIN)]
    if thorough:
        command += ["--hypothesis-profile=thorough"]
    return _pytest("policy", command, keyword)


def pytest_odoo(keyword, thorough):
    """Odoo and the browser, without demo data, several files at once (`workers`),
    each with a copy of the database (pytest-xdist), a file together."""
    from . import database, log_check, odoo_process, postgres

    origin = database.installed()
    with database.fresh(origin, "odoo") as name:
        folder = RUNS / name
        log = folder / "odoo.log"
        log.unlink(missing_ok=True)
        config = odoo_process.write_config(folder, name, logfile=log)
        options = [
            *("-p", "no:cacheprovider"),
            *(f"--ignore=tests/{folder}" for folder in PLAIN),
            f"--odoo-database={name}",
            f"--odoo-config={config}",
            # pytest-odoo's own default is `critical`, so that nothing would show
            "--odoo-log-level=warn",
            "--odoo-http",
        ]
        if not keyword:
            options += [f"--numprocesses={workers()}", "--dist=loadfile"]
            # In the order of tests/conftest.py: what takes long begins first.
            options += ["--no-loadscope-reorder"]
            options += ["--max-worker-restart=0", "--durations=10"]
        # pytest-xdist makes the copies with PostgreSQL's own programs.
        environment = postgres.client_environment() | _thorough(thorough)
        result = _pytest("odoo", ["tests", *options], keyword, environment)
        for text in (database.install_log(origin), log):
            result.problems += log_check.unexplained(text.read_text(errors="replace"))
    return result


def runner(_keyword, thorough):
    """Odoo's own runner finds the tests through the bridge, beside demo data."""
    from . import database, log_check, odoo_process

    origin = database.installed("demo")
    with database.fresh(origin, "runner") as name:
        folder = RUNS / name
        log = folder / "odoo.log"
        log.unlink(missing_ok=True)
        config = odoo_process.write_config(folder, name)
        text = odoo_process.run_tests(
            config,
            log,
            # What the other lane ran is no other with this runner: here runs what
            # looks at the demo data, and the proof that the bridge finds the rest.
            f"/{ADDON_NAME}" if thorough else BESIDE_DEMO,
            **_thorough(thorough),
            NOX_WITH_DEMO="1",
        )
        installing = database.install_log(origin).read_text(errors="replace")
        return _read_runner(text, log_check, installing)


def _read_runner(text, log_check, installing=""):
    result = Result("runner")
    totals = re.findall(
        r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading", text
    )
    if totals:
        failed, errors, tests = map(int, totals[-1])
        result.failed = failed + errors
        result.passed = tests - result.failed
    else:
        result.problems.append("Odoo did not come to the end of its tests")
        ui.say("\n".join(text.splitlines()[-40:]))
    result.skipped = len(re.findall(r"odoo\.\S+: skipped ", text))
    if result.failed:
        for block in re.findall(
            r"^(?:.*(?:FAIL|ERROR): (?:Subtest )?Test.*\n)(?:(?!\d{4}-\d\d-\d\d ).*\n)*",
            text,
            re.MULTILINE,
        )[:10]:
            ui.say(block)
    else:
        result.problems += log_check.unexplained(installing + text)
    return result


def base(_keyword, _thorough):
    """The suites of the addons below ours, in a database with ours."""
    from neighbours import base_suites

    return base_suites.lane()


def neighbours(keyword, thorough):
    """Other addons beside ours, in one database."""
    from neighbours import lane

    return lane.run(keyword, thorough)


def _thorough(thorough):
    """What tells a test in Odoo to take its large numbers."""
    return {"NOX_THOROUGH": "1"} if thorough else {}


def _pytest(lane, options, keyword, environment=None):
    """Run pytest and read its closing line."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", *options]
    if keyword:
        command += ["-k", keyword]
    env = {**os.environ, "PYTHONPATH": "", **(environment or {})}
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=REPO,
        env=env,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
    )
    lines = []
    # Beside another lane it speaks once, when it is done.
    live = threading.current_thread() is threading.main_thread()
    for line in process.stdout:
        lines.append(line)
        if live:
            sys.stdout.write(line)
            sys.stdout.flush()
    status = process.wait()
    if not live:
        ui.say(f"\n== lane {lane} is done\n{''.join(lines)}")
    return _read_pytest(lane, lines, status)


def _read_pytest(lane, lines, status):
    closing = next(
        (line for line in reversed(lines) if re.search(r" in [\d.]+s", line)), ""
    )

    def count(word):
        found = re.search(rf"(\d+) {word}", closing)
        return int(found[1]) if found else 0

    result = Result(
        lane,
        passed=count("passed"),
        failed=count("failed") + count("errors?"),
        skipped=count("skipped"),
    )
    if status not in (0, 1, 5) or (status == 1 and not result.failed):
        result.problems.append(f"pytest ended with status {status}")
    return result


LANES = dict(policy=policy, odoo=pytest_odoo, runner=runner, base=base)
LANES["neighbours"] = neighbours
