"""``./dev lint``: style, Odoo's conventions, XML, what is declared, translations."""

import ast
import re
import subprocess
import sys

from lxml import etree

from . import ui
from .places import ADDON, REPO

PYTHON = ["nox_voip_service", "tests", "devtools", "setup.py"]

# import name -> name of the package, where they differ
PACKAGES = {"dateutil": "python-dateutil", "xlsxwriter": "XlsxWriter"}
OF_ONE_MACHINE = [
    re.compile(r"https?://[a-z.]*(debian|pypi|npmjs|pythonhosted)", re.IGNORECASE),
    re.compile(r"(^|[\s\"'`=(:])/(wor[k]|hom[e]|roo[t]|far[m]|User[s])/"),
]


def run(fix=False):
    """Run all checks; 0 when nothing was found."""
    checks = {
        "ruff": lambda: _ruff(fix),
        "pylint-odoo": _pylint,
        "XML": lambda: _xml(fix),
        "imports": _imports,
        "addresses": _addresses,
        "translations": _translations,
    }
    found = 0
    for name, check in checks.items():
        problems = list(check())
        found += len(problems)
        ui.say(f"{name}: {'good' if not problems else ''}")
        for problem in problems:
            ui.say(f"  {problem}")
    return 1 if found else 0


def _ruff(fix):
    options = ["--fix"] if fix else []
    yield from _tool("ruff", "check", "-q", *options, *PYTHON)
    yield from _tool(
        "ruff", "format", "-q", *([] if fix else ["--check", "--diff"]), *PYTHON
    )


def _pylint():
    yield from _tool("pylint", "--rcfile=.pylintrc", "nox_voip_service")


def _tool(name, *options):
    done = subprocess.run(
        [sys.executable, "-m", name, *options],
        cwd=REPO,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        yield from done.stdout.strip().splitlines() or [f"{name} failed"]


def _xml(fix):
    """Well-formed, four spaces a level, one space before ``/>``."""
    for path in sorted(ADDON.rglob("*.xml")):
        text = path.read_text()
        try:
            etree.fromstring(text.encode())
        except etree.XMLSyntaxError as error:
            yield f"{path.relative_to(REPO)}: {error}"
            continue
        tidy = _tidy(text)
        if tidy != text:
            if fix:
                path.write_text(tidy)
            else:
                yield f"{path.relative_to(REPO)}: white space (./dev lint --fix)"


def _tidy(text):
    lines = [line.rstrip() for line in text.replace("\t", "    ").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _imports():
    """``setup.py`` declares every package that the addon imports."""
    declared = (REPO / "setup.py").read_text()
    for path in sorted(ADDON.rglob("*.py")):
        tree = ast.parse(path.read_text())
        names = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
        for name in sorted(names - sys.stdlib_module_names - {"odoo"}):
            package = PACKAGES.get(name, name)
            if f'"{package}"' not in declared:
                yield f"{path.relative_to(REPO)}: setup.py does not declare {package}"


def _addresses():
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


def _translations():
    from . import translations

    return translations.problems()
