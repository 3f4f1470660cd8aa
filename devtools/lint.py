"""``./dev lint``: what well-kept tools find, and what only this repository asks for.

The tools read their settings from ``pyproject.toml``, ``.pylintrc`` and
``.gitattributes``. Without names all checks run; ``translations`` needs a database.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

from lxml import etree

from audit import guards

from . import ui
from .places import ADDON, ADDON_NAME, CACHE, REPO

# Ours, and the glue to other addons.
ADDONS = sorted(
    path.parent.name for path in REPO.glob(f"{ADDON_NAME}*/__manifest__.py")
)
PYTHON = [
    *ADDONS,
    "audit",
    "tests",
    "neighbours",
    "devtools",
    "bench",
    "faults",
    "fuzz",
    "pictures",
    "releases",
    "setup.py",
]
# import name -> name of the package, where they differ
PACKAGES = {"dateutil": "python-dateutil", "xlsxwriter": "XlsxWriter"}
OF_ONE_MACHINE = [
    re.compile(r"https?://[a-z.]*(debian|pypi|npmjs|pythonhosted)", re.IGNORECASE),
    re.compile(r"(^|[\s\"'`=(:])/(wor[k]|hom[e]|roo[t]|far[m]|User[s])/"),
]
# What every repository of git has: a tree without files.
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def run(checks=(), fix=False):
    """Run the named checks or all; 0 when nothing was found."""
    if unknown := set(checks) - set(CHECKS):
        raise ui.Problem(
            f"there is no check {', '.join(sorted(unknown))}",
            f"choose from {', '.join(CHECKS)}",
        )
    found = 0
    for name in checks or CHECKS:
        problems = list(CHECKS[name](fix))
        found += len(problems)
        ui.say(f"{name}: {'good' if not problems else ''}")
        for problem in problems:
            ui.say(f"  {problem}")
    return 1 if found else 0


def _ruff(fix):
    yield from _tool("ruff", "check", "-q", *(["--fix"] if fix else []), *PYTHON)
    yield from _tool(
        "ruff", "format", "-q", *([] if fix else ["--check", "--diff"]), *PYTHON
    )


def _pylint(_fix):
    yield from _tool("pylint", "--rcfile=.pylintrc", *ADDONS)


def _types(_fix):
    """``policy/`` is fully typed. Seen from the addon's folder it is a package of its
    own, so that Odoo, which has no types, stays out of sight."""
    options = ["--strict", "--no-error-summary", f"--cache-dir={CACHE / 'mypy'}"]
    yield from _tool("mypy", *options, "-p", "policy", folder=ADDON)


def layers(_fix=False, folder=REPO):
    """Who may import whom (import-linter)."""
    program = Path(sys.prefix) / "bin" / "lint-imports"
    yield from _run([program, "--no-logo", "--no-cache"], folder)


def _spaces(_fix):
    """White space as ``.gitattributes`` has it; where there is no git, none is seen."""
    if (REPO / ".git").exists():
        yield from _run(["git", "diff", "--check", EMPTY_TREE])


def _tool(name, *options, folder=REPO):
    yield from _run([sys.executable, "-m", name, *options], folder)


def _run(command, folder=REPO):
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        yield from done.stdout.strip().splitlines() or [f"{command} failed"]


def _xml(_fix):
    for path in sorted(REPO.glob(f"{ADDON_NAME}*/**/*.xml")):
        try:
            etree.parse(path)
        except etree.XMLSyntaxError as error:
            yield f"{path.relative_to(REPO)}: {error}"


def _packages(_fix):
    """``setup.py`` declares every package that the addon imports."""
    declared = (REPO / "setup.py").read_text()
    for path in sorted(REPO.glob(f"{ADDON_NAME}*/**/*.py")):
        names = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
        for name in sorted(names - sys.stdlib_module_names - {"odoo"}):
            package = PACKAGES.get(name, name)
            if f'"{package}"' not in declared:
                yield f"{path.relative_to(REPO)}: setup.py does not declare {package}"


def _addresses(_fix):
    """No address of a package registry and no path of one machine in the repository:
    scripts read them from the machine's own configuration."""
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.splitlines()
    if not files:  # no git, or no work tree of it
        files = [path for path in REPO.rglob("*") if path.is_file()]
    for name in files:
        try:
            lines = (REPO / name).read_text().splitlines()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for number, line in enumerate(lines, start=1):
            if any(pattern.search(line) for pattern in OF_ONE_MACHINE):
                yield f"{name}:{number}: address of a registry, or path of one machine"


def _translations(_fix):
    from . import translations

    return translations.problems()


def _readme(_fix):
    from . import readme

    return readme.problems()


CHECKS = {
    "ruff": _ruff,
    "pylint": _pylint,
    "types": _types,
    "layers": layers,
    "guards": guards.of_all,
    "spaces": _spaces,
    "xml": _xml,
    "packages": _packages,
    "addresses": _addresses,
    "readme": _readme,
    "translations": _translations,
}
