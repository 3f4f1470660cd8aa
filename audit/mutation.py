"""How well are the rules tested? Prints two figures and judges them.

``./dev mutation`` shows

* branch coverage of ``nox_voip_service/policy`` under the policy tests: 100%;
* the mutation score: mutmut changes one thing at a time (a ``<`` into ``<=``, a 1
  into a 2), and a test must notice: at least 85%.

``--survivors`` lists the changes that no test noticed. mutmut keys its mutants by
module name, so the rules are copied into a scratch tree in which path and module name
agree (``odoo/addons/nox_voip_service/policy``); nothing is left in the repository. Both
tools read ``pyproject.toml``. The examples in docstrings do not count here: they would
run for every mutant's copy.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from devtools import ui
from devtools.places import ADDON_NAME, REPO

LEAST_SCORE = 85
# What mutmut calls a change that the tests noticed; a time-out is an endless loop.
NOTICED = {"killed", "timeout", "segfault", "suspicious", "caught by type check"}
RESULT = re.compile(r"^\s+(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
# What the rules and their tests read.
NEEDED = (
    "nox_voip_service/policy",
    "nox_voip_service/data",
    "tests/policy",
    "tests/cases",
)


def run(survivors=False, jobs=None):
    """Print both figures; 0 when both are reached."""
    with tempfile.TemporaryDirectory() as folder:
        covered = _is_covered(Path(folder))
        found = _mutants(Path(folder), jobs or os.cpu_count() or 1, survivors)
    states = Counter(state.split("\n")[0] for state in found.values())
    score = 100 * sum(states[state] for state in NOTICED) / len(found)
    for name, state in found.items():
        if survivors and state not in NOTICED:
            ui.say(f"{name}: {state}")
    ui.say("Mutants: " + ", ".join(f"{n} {state}" for state, n in states.most_common()))
    ui.say(f"Branch coverage of policy/: {'100%' if covered else 'below 100%'}")
    ui.say(f"Mutation score of policy/: {score:.1f}% (at least {LEAST_SCORE}%)")
    return 0 if covered and score >= LEAST_SCORE else 1


def _is_covered(scratch):
    """Run the policy tests and show what they do not reach."""
    options = ["-q", "-p", "no:odoo", "-p", "no:cacheprovider", "tests/policy"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *options,
            "--cov",
            "--cov-report=term-missing",
        ],
        cwd=REPO,
        env={**os.environ, "COVERAGE_FILE": str(scratch / "coverage")},
    )
    return not done.returncode


def _mutants(scratch, jobs, survivors):
    """``{mutant: what became of it}``; of those that no test noticed, the change too."""
    for name in NEEDED:
        inside = name.replace(ADDON_NAME, f"odoo/addons/{ADDON_NAME}")
        shutil.copytree(
            REPO / name, scratch / inside, ignore=shutil.ignore_patterns("__pycache__")
        )
    (scratch / "tests" / "__init__.py").touch()
    shutil.copy(REPO / "pyproject.toml", scratch)
    log = _mutmut(scratch, "run", f"--max-children={jobs}")
    found = dict(RESULT.findall(_mutmut(scratch, "results", "--all", "true")))
    if not set(found.values()) - {"not checked"}:
        raise ui.Problem(f"mutmut gave no result:\n{log[-4000:]}")
    for name, state in found.items():
        if survivors and state not in NOTICED:
            found[name] = f"{state}\n{_mutmut(scratch, 'show', name)}"
    return found


def _mutmut(scratch, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=scratch,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ).stdout
