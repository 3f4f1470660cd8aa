"""How well is the policy core tested? Prints two figures and judges them.

``./dev mutation`` shows

* branch coverage of ``nox_voip_service/policy`` under the policy tests: 100%;
* the mutation score: mutmut changes one thing at a time (a ``<`` into ``<=``, a 1
  into a 2), and a test must notice: at least 85%.

``--survivors`` lists the changes that no test noticed. mutmut keys its mutants by
module name, so the core is copied into a scratch tree in which path and module name
agree (``odoo/addons/nox_voip_service/policy``); nothing is left in the repository.
The examples in docstrings do not count here: they would run for every mutant's copy.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDON = Path("odoo/addons/nox_voip_service")
LEAST_SCORE = 85.0
# What mutmut calls a change that the tests noticed; a time-out is an endless loop.
NOTICED = {"killed", "timeout", "segfault", "suspicious", "caught by type check"}
RESULT = re.compile(r"^\s+(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
SETTINGS = f"""[mutmut]
source_paths={ADDON}/policy
also_copy={ADDON}/data
pytest_add_cli_args_test_selection=tests/policy
pytest_add_cli_args=
    -p
    no:odoo
    -p
    no:cacheprovider
    --ignore=tests/policy/test_doctests.py
use_setproctitle=false
use_git_change_detection=false
"""


def run_module(*arguments: str, cwd: Path, keep: bool = True) -> tuple[int, str]:
    """Run ``python -m ...``: return code and output (shown at once if not kept)."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE if keep else None,
        stderr=subprocess.STDOUT if keep else None,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout or ""


def branch_coverage() -> bool:
    """Run the policy tests under coverage and print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        data_file = f"--data-file={scratch}/coverage"
        source = ["--branch", "--source=nox_voip_service/policy", data_file]
        tests = ["-m", "pytest", "-q", "-p", "no:odoo", "-p", "no:cacheprovider"]
        failed, _output = run_module(
            "coverage", "run", *source, *tests, "tests/policy", cwd=ROOT, keep=False
        )
        short, _output = run_module(
            *("coverage", "report", "--show-missing", "--fail-under=100", data_file),
            cwd=ROOT,
            keep=False,
        )
    return not failed and not short


def copy_core(scratch: Path) -> None:
    """The core, its data file and its tests, where module names equal paths."""
    ignored = shutil.ignore_patterns("__pycache__")
    for source, target in (
        ("nox_voip_service/policy", ADDON / "policy"),
        ("nox_voip_service/data", ADDON / "data"),
        ("tests/policy", Path("tests/policy")),
    ):
        shutil.copytree(ROOT / source, scratch / target, ignore=ignored)
    (scratch / "tests/__init__.py").touch()
    (scratch / "setup.cfg").write_text(SETTINGS)


def mutants(children: int) -> dict[str, str]:
    """``{mutant: what became of it}`` after running mutmut on a copy; for those that
    no test noticed, the change as well."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        copy_core(scratch)
        _code, log = run_module(
            "mutmut", "run", f"--max-children={children}", cwd=scratch
        )
        _code, listing = run_module("mutmut", "results", "--all", "true", cwd=scratch)
        found = dict(RESULT.findall(listing))
        if not found:
            sys.exit(f"mutmut gave no result:\n{log[-4000:]}")
        for name, state in found.items():
            if state not in NOTICED:
                _code, change = run_module("mutmut", "show", name, cwd=scratch)
                found[name] = f"{state}\n{change}"
    return found


def run(survivors: bool = False, jobs: int | None = None) -> int:
    """Print both figures; 0 when both are reached."""
    covered = branch_coverage()
    found = mutants(jobs or os.cpu_count() or 1)
    states = Counter(state.split("\n")[0] for state in found.values())
    noticed = sum(count for state, count in states.items() if state in NOTICED)
    score = 100 * noticed / len(found)
    if survivors:
        for name, state in found.items():
            if state not in NOTICED:
                print(f"{name}: {state}")
    print("Mutants: " + ", ".join(f"{n} {state}" for state, n in states.most_common()))
    print(f"Branch coverage of policy/: {'100%' if covered else 'below 100%'}")
    print(f"Mutation score of policy/: {score:.1f}% (at least {LEAST_SCORE:.0f}%)")
    return 0 if covered and score >= LEAST_SCORE else 1
