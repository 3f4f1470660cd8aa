"""``./dev lint``: style, Odoo's conventions, XML, translations."""

import subprocess
import sys

from lxml import etree

from . import ui
from .places import ADDON, REPO

PYTHON = ["nox_voip_service", "tests", "devtools", "setup.py"]


def run(fix=False):
    """Run all checks; 0 when nothing was found."""
    checks = {
        "ruff": lambda: _ruff(fix),
        "pylint-odoo": _pylint,
        "XML": lambda: _xml(fix),
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


def _translations():
    from . import translations

    return translations.problems()
