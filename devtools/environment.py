"""The virtual environment: exact versions, one environment per set of versions."""

import contextlib
import operator
import re
import shutil
import sys

from . import odoo_source, ui
from .locks import exclusive
from .places import CACHE, REPO, digest

# what a database is made with, and the tools
REQUIREMENTS = ["requirements-odoo.txt", "requirements.txt", "requirements-test.txt"]


def ensure():
    """Make the environment if it is not there; return its Python."""
    source = odoo_source.ensure()
    key = digest(sys.version, source, *_pinned(REQUIREMENTS))
    folder = CACHE / f"venv-{key}"
    with exclusive("venv"):
        if not (folder / "ready").exists():
            _build(folder, source)
    (folder / "ready").touch()
    _link(folder)
    return folder / "bin" / "python"


def of_its_own(name, requirements):
    """The Python of tools that need nothing of ours; made if it is not there.

    :param requirements: name of the file with their exact versions
    """
    folder = CACHE / f"{name}-{digest(sys.version, (REPO / requirements).read_text())}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        with ui.step(f"the tools in {requirements}"):
            ui.run([sys.executable, "-m", "venv", folder])
            pip = [python, "-m", "pip", "install", "-q", "-r", REPO / requirements]
            ui.run(pip, "check the network and pip's settings")
            (folder / "ready").touch()
    return python


def _link(folder):
    """``.venv`` in the repository, where editors look; somebody's own stays."""
    link = REPO / ".venv"
    if link.is_symlink() or not link.exists():
        with contextlib.suppress(OSError):  # read-only, or another did it this moment
            link.unlink(missing_ok=True)
            link.symlink_to(folder)


def digest_of_requirements():
    """Changes when an exact version that a database is made with changes."""
    return digest(*_pinned(REQUIREMENTS[:2]))


def _pinned(names):
    return [
        of_this_python((REPO / name).read_text(), sys.version_info[:2])
        for name in names
    ]


COMPARE = {"<": operator.lt, ">=": operator.ge}


def of_this_python(text, version):
    """Requirements without the lines, and without the markers, of other Pythons.

    >>> text = "a==1 ; python_version < '3.12'\\nb==2 ; python_version >= '3.12'\\n"
    >>> of_this_python(text, (3, 13))
    'b==2\\n'
    """
    lines = []
    for line in text.splitlines(keepends=True):
        requirement, _sep, marker = line.partition(" ; ")
        conditions = re.findall(r"python_version (<|>=) '3\.(\d+)'", marker)
        if all(COMPARE[sign](version, (3, int(minor))) for sign, minor in conditions):
            lines.append(f"{requirement}\n" if conditions else line)
    return "".join(lines)


def _packages_so_far(log):
    """How far pip is, from what it wrote."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    if any(line.startswith("Installing collected packages") for line in lines):
        return "all packages are here, pip installs them"
    collected = [line for line in lines if line.startswith("Collecting ")]
    return f"{len(collected)} packages found" if collected else ""


def _build(folder, source):
    shutil.rmtree(folder, ignore_errors=True)
    with ui.step("Python packages: making a virtual environment"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        ui.run([sys.executable, "-m", "venv", folder])
        python = folder / "bin" / "python"
        # Every package is listed with its exact version, so nothing is left to resolve.
        # That also lets psycopg2-binary stand in for the psycopg2 that Odoo declares.
        files = [part for name in REQUIREMENTS for part in ("-r", REPO / name)]
        pip = [python, "-m", "pip", "install", "--no-deps"]
        log = folder / "pip.log"
        with ui.ticking(lambda: _packages_so_far(log)):
            ui.run(
                [*pip, "--disable-pip-version-check", *files],
                "check the network and pip's settings"
                " (pip.conf, PIP_CERT, PIP_INDEX_URL)",
                log=log,
            )
        packages = next((folder / "lib").glob("python3*/site-packages"))
        (packages / "odoo-source.pth").write_text(f"{source}\n")
        ui.run([python, "-m", "odoo", "--version"], "see the last lines above")
    (folder / "ready").touch()
