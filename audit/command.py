"""``./dev audit``: what tools for security find, beside the four rules of ``./dev lint``.

bandit reads the code; pip-audit asks the package index which exact versions of ours have
known faults, so that one needs the network. Both have an environment of their own.
"""

import json
import subprocess

from devtools import ui
from devtools.environment import REQUIREMENTS, of_its_own
from devtools.lint import ADDONS
from devtools.places import REPO

from . import guards

TOOLS = "requirements-audit.txt"
CODE = [
    *ADDONS,
    "audit",
    "bench",
    "devtools",
    "faults",
    "fuzz",
    "neighbours",
    "pictures",
    "releases",
    "verify",
    "setup.py",
]
# (test of bandit, file or folder): why it is right.
KNOWN = {
    ("B404", "devtools"): "the commands of ./dev start programs",
    ("B603", "devtools"): "without a shell, and with arguments of our own",
    ("B606", "devtools"): "the same Python, in the virtual environment",
    ("B607", "devtools"): "git, by its name, as everybody calls it",
    ("B105", "devtools"): "the password of the demo's log-ins, which the README tells",
    ("B108", "devtools"): "the folder is made for one user, with mode 700",
    ("B310", "devtools"): "the address is that of the demo on this machine",
    ("B404", "audit"): "the tools of the audit are programs",
    ("B603", "audit"): "without a shell, and with arguments of our own",
    ("B404", "faults"): "the scenarios start and kill programs",
    ("B603", "faults"): "without a shell, and with arguments of our own",
    ("B607", "faults"): "programs of the system, by the names that everybody calls",
    ("B301", "faults/world.py"): "what a process of the same scenario sends",
    ("B403", "faults/world.py"): "what a process of the same scenario sends",
    ("B311", "faults"): "chance decides when a plug is pulled, and nothing secret",
    ("B108", "faults"): "a folder that the scenario fills up, on purpose",
    ("B608", "faults/edits.py"): "names of tables of our own, on a database it made",
    ("B404", "fuzz"): "each family is a process of its own",
    ("B603", "fuzz"): "without a shell, and with arguments of our own",
    ("B311", "fuzz"): "chance makes input that can be made again, and nothing secret",
    ("B105", "fuzz"): "words and log-ins of made data",
    ("B404", "releases"): "the programs of PostgreSQL, and git",
    ("B603", "releases"): "without a shell, and with arguments of our own",
    ("B607", "releases"): "git, by its name, as everybody calls it",
    ("B608", "releases"): "statements of our own, without a value of others",
    ("B404", "bench"): "the bench starts programs",
    ("B603", "bench"): "without a shell, and with arguments of our own",
    ("B105", "bench"): "words of SQL and Python in made data, no passwords",
    ("B608", "bench/analysis.py"): "names of tables of our own, on a database it made",
    ("B310", "bench"): "the address is that of the bench's server on this machine",
    ("B704", "nox_voip_service_privacy/tests/test_person_data.py"): (
        "a text of the test, to see that it is erased from HTML"
    ),
    ("B404", "pictures"): "the pictures are made by a browser",
    ("B603", "pictures"): "without a shell, and with arguments of our own",
    ("B310", "pictures"): "the address is that of the demo on this machine",
    ("B105", "pictures"): "the log-in of the demo, which the README tells",
    ("B311", "nox_voip_service/models/billing/nox_billing_run_job.py"): (
        "how long a worker waits until it tries again"
    ),
    ("B704", "nox_voip_service/models/billing/account_move.py"): (
        "a field of HTML that Odoo cleaned when it was stored"
    ),
}


def run():
    """0 when nothing was found that is not explained."""
    found = 0
    python = of_its_own("audit", TOOLS)
    for name, check in (
        ("guards", guards.of_all),
        ("bandit", lambda: _bandit(python)),
        ("packages", lambda: _packages(python)),
    ):
        problems = list(check())
        found += len(problems)
        ui.say(f"{name}: {'good' if not problems else ''}")
        for problem in problems:
            ui.say(f"  {problem}")
    return 1 if found else 0


def _bandit(python):
    code = [name for name in CODE if (REPO / name).exists()]
    done = _output(python, "-m", "bandit", "-q", "-r", "-f", "json", *code)
    return unexplained(json.loads(done)["results"])


def unexplained(results, known=None):
    """What bandit found that has no reason here.

    >>> found = {"test_id": "B1", "filename": "a/b.py", "line_number": 3}
    >>> found["issue_text"] = "Why?"
    >>> list(unexplained([found], {("B1", "a"): "because"}))
    []
    >>> list(unexplained([found], {("B1", "a/c.py"): "because"}))
    ['a/b.py:3: B1 Why?']
    """
    known = KNOWN if known is None else known
    for each in results:
        name = each["filename"].removeprefix("./")
        if not any(
            test == each["test_id"] and (name == place or name.startswith(f"{place}/"))
            for test, place in known
        ):
            line = f"{name}:{each['line_number']}"
            yield f"{line}: {each['test_id']} {each['issue_text']}"


def _packages(python):
    files = [part for name in REQUIREMENTS for part in ("-r", name)]
    options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
    done = _output(python, "-m", "pip_audit", *options, *files)
    return faults(json.loads(done)["dependencies"])


def faults(packages):
    """A line for each known fault; one for all packages of which the index knows
    nothing, for silence is no clean bill.

    >>> fault = {"id": "PYSEC-1", "fix_versions": ["2"]}
    >>> found = [{"name": "a", "version": "1", "vulns": [fault]}]
    >>> list(faults([*found, {"name": "b", "skip_reason": "not found"}]))
    ['a 1: PYSEC-1, mended in 2', 'not audited, unknown to the index: b']
    """
    for each in packages:
        for fault in each.get("vulns", ()):
            mended = ", ".join(fault["fix_versions"]) or "no version"
            yield f"{each['name']} {each['version']}: {fault['id']}, mended in {mended}"
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    if skipped:
        yield f"not audited, unknown to the index: {', '.join(skipped)}"


def _output(*command):
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    if not done.stdout.strip():
        raise ui.Problem(done.stderr[-2000:], "see above")
    return done.stdout
