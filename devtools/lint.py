"""``./dev lint``: style, Odoo's conventions, types, XML, what is declared, translations."""

import ast
import re
import subprocess
import sys

from lxml import etree

from . import ui
from .places import ADDON, CACHE, REPO

PYTHON = ["nox_voip_service", "tests", "devtools", "bench", "pictures", "setup.py"]

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
        "types": _types,
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


def _types():
    """``policy/`` is fully typed. Seen from the addon's folder it is a package of its
    own, so that Odoo, which has no types, stays out of sight."""
    options = ["--strict", "--no-error-summary", f"--cache-dir={CACHE / 'mypy'}"]
    yield from _tool("mypy", *options, "-p", "policy", folder=ADDON)


def _tool(name, *options, folder=REPO):
    done = subprocess.run(
        [sys.executable, "-m", name, *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        yield from done.stdout.strip().splitlines() or [f"{name} failed"]


def _xml(fix):
    """Well-formed, four spaces a level, no tabs or spaces at the end of a line."""
    for path in sorted(ADDON.rglob("*.xml")):
        text = path.read_text()
        name = path.relative_to(REPO)
        try:
            etree.fromstring(text.encode())
        except etree.XMLSyntaxError as error:
            yield f"{name}: {error}"
            continue
        tidy = _tidy(text)
        if tidy != text:
            if fix:
                path.write_text(tidy)
            else:
                yield f"{name}: white space (./dev lint --fix)"
        for line, found, wanted in misplaced(tidy):
            yield f"{name}:{line}: {found} spaces before its text, {wanted} expected"


def _tidy(text):
    lines = [line.rstrip() for line in text.replace("\t", "    ").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


XML_TOKEN = re.compile(
    r"""(?P<other><!--.*?-->|<!\[CDATA\[.*?\]\]>|<[?!][^>]*>)"""
    r"""|</[^>]*>|<(?:[^<>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL,
)
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
INDENT = 4


def misplaced(text):
    """(line, spaces found, spaces wanted) of what stands at another place than its
    depth: tags, text, attributes on a line of their own and the end of their tag.
    Lines inside a comment or inside the value of an attribute stand where they like;
    text may stand deeper (a domain of several lines).

    >>> misplaced("<a>\\n  <b/>\\n</a>\\n")
    [(2, 2, 4)]
    """
    wanted, free, texts, depth, end = {}, [], [], 0, 0
    for token in XML_TOKEN.finditer(text):
        start, inside, whole = token.start(), depth + 1, token[0]
        wanted.update(dict.fromkeys(range(end, start), depth))
        texts.append(range(end, start))
        end = token.end()
        if whole.startswith("</"):
            depth -= 1
        wanted[start] = depth
        if token["other"]:
            free.append(range(start + 1, end))
            continue
        wanted.update(dict.fromkeys(range(start + 1, end), inside))
        close = end - 2 if whole.endswith("/>") else end - 1
        wanted[close] = depth
        free += [
            range(start + value.start() + 1, start + value.end())
            for value in QUOTED.finditer(whole)
        ]
        if not whole.startswith("</") and not whole.endswith("/>"):
            depth += 1
    free, texts = (
        {place for part in parts for place in part} for parts in (free, texts)
    )
    found, offset = [], 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        spaces = len(line) - len(line.lstrip(" "))
        place = offset + spaces
        offset += len(line)
        if line.strip() and place not in free:
            level = INDENT * wanted.get(place, 0)
            deeper = place in texts and spaces > level and not spaces % INDENT
            if spaces != level and not deeper:
                found.append((number, spaces, level))
    return found


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
