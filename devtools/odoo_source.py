"""Odoo 19 itself: the one that NOX_ODOO_PATH names, or Debian's package, unpacked.

Odoo is not on PyPI. Debian unstable has it as ``odoo-19``, with dependencies that a
stable system cannot install; so the package is downloaded (signed, by apt) from the
mirror that this machine already uses, and unpacked into the cache. Nothing is installed
in the system.
"""

import json
import os
import re
import shutil
from pathlib import Path

from . import system, ui
from .locks import exclusive
from .places import CACHE

# The package links to files of others by relative symlinks; a dead one is a broken page.
FROM_UNSTABLE = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
]
FROM_STABLE = ["fonts-font-awesome", "fonts-inconsolata"]
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OWN_ODOO = (
    "point NOX_ODOO_PATH to an Odoo 19.0 that you have (a checkout, or the folder that "
    "contains `odoo/`) and give the same command again"
)


def ensure():
    """Return the folder that must be on Python's path for ``import odoo``."""
    if named := _named():
        return _checked(named)
    ready = CACHE / "odoo" / "ready.json"
    with exclusive("odoo"):
        if not ready.exists():
            _unpack(ready)
    return _checked(Path(json.loads(ready.read_text())["path"]))


def obstacles():
    """What ``ensure`` could not do here: a list of at most one problem."""
    try:
        if named := _named():
            _checked(named)
        elif not (CACHE / "odoo" / "ready.json").exists():
            _archive_is_in_reach()
    except ui.Problem as problem:
        return [problem]
    return []


def _named():
    named = os.environ.get("NOX_ODOO_PATH")
    return Path(named).expanduser().resolve() if named else None


def version(path):
    """A text that changes when the source does."""
    ready = CACHE / "odoo" / "ready.json"
    if ready.exists():
        known = json.loads(ready.read_text())
        if known["path"] == str(path):
            return known["version"]
    release = path / "odoo" / "release.py"
    return f"{path} {release.stat().st_mtime_ns}"


def extra_addons(path):
    """Folders of addons beside ``odoo/addons`` (a checkout has them in ``addons/``)."""
    beside = path / "addons"
    return [beside] if (beside / "sale" / "__manifest__.py").exists() else []


def _checked(path):
    release = path / "odoo" / "release.py"
    if not release.exists():
        raise ui.Problem(f"{path} contains no odoo/release.py", OWN_ODOO)
    found = re.search(
        r"^version_info = \((\d+), (\d+)", release.read_text(), re.MULTILINE
    )
    if not found or found.groups() != ("19", "0"):
        raise ui.Problem(
            f"the Odoo in {path} is {'.'.join(found.groups()) if found else 'of an unknown version'},"
            " this addon needs 19.0",
            OWN_ODOO,
        )
    return path


def _unpack(ready):
    base = ready.parent
    shutil.rmtree(base, ignore_errors=True)
    debs, root = base / "debs", base / "root"
    debs.mkdir(parents=True)
    mirror = _mirror()

    def progress():
        files = [path for path in base.rglob("*.deb") if path.is_file()]
        return f"{sum(path.stat().st_size for path in files) >> 20} MB here"

    with (
        ui.step("Odoo 19: downloading Debian's package (124 MB) and unpacking it"),
        ui.ticking(progress),
    ):
        options = _apt_options(base, mirror)
        advice = (
            f"check the network and the mirror of this machine's apt, or {OWN_ODOO}"
        )
        ui.run(["apt-get", *options, "update", "-q"], advice)
        ui.run(["apt-get", *options, "download", *FROM_UNSTABLE], advice, cwd=debs)
        ui.run(["apt-get", *_sandbox(), "download", *FROM_STABLE], advice, cwd=debs)
        for package in sorted(debs.glob("*.deb")):
            ui.run(["dpkg", "-x", package, root])
    release = next(debs.glob("odoo-19_*.deb")).name.split("_")[1]
    path = root / "usr" / "lib" / "python3" / "dist-packages"
    _forbid_dead_links(path / "odoo")
    shutil.rmtree(debs)
    shutil.rmtree(base / "apt")
    ready.write_text(json.dumps({"path": str(path), "version": release}))


def _archive_is_in_reach():
    """See that this is a system that can fetch packages of Debian's archive."""
    name, _codename, full = system.distribution()
    if not shutil.which("apt-get"):
        raise ui.Problem(f"Odoo 19 is missing, and {full} has no apt-get", OWN_ODOO)
    if name != "debian" or not KEYRING.exists():
        raise ui.Problem(
            f"Odoo 19 is missing; it comes from Debian's archive, and this is {full}"
            + ("" if KEYRING.exists() else f" without {KEYRING}"),
            OWN_ODOO,
        )


def _mirror():
    """Address of the Debian mirror in this machine's own apt configuration."""
    _archive_is_in_reach()
    codename = system.distribution()[1]
    suites = {codename, "stable", "testing", "unstable", "sid", "oldstable"}
    targets = [
        "indextargets",
        "--format",
        "$(REPO_URI) $(RELEASE)",
        "Created-By: Packages",
    ]
    for line in ui.run(["apt-get", *targets]).splitlines():
        address, _space, suite = line.partition(" ")
        if suite.strip() in suites:
            return address
    raise ui.Problem(
        "apt on this machine names no Debian mirror for its own release",
        f"run `apt-get update` as root, or {OWN_ODOO}",
    )


def _apt_options(base, mirror):
    apt = base / "apt"
    (apt / "lists" / "partial").mkdir(parents=True)
    (apt / "cache" / "archives" / "partial").mkdir(parents=True)
    source = apt / "unstable.list"
    source.write_text(f"deb [signed-by={KEYRING}] {mirror} unstable main\n")
    settings = {
        "Dir::Etc::SourceList": source,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": apt / "lists",
        "Dir::Cache": apt / "cache",
        "Acquire::Languages": "none",
        # A mirror that stands still for some weeks serves these packages as well; who
        # made them is checked by their signature all the same.
        "Acquire::Check-Valid-Until": "false",
    }
    options = [f"-o{name}={value}" for name, value in settings.items()]
    return options + _sandbox()


def _sandbox():
    # the folders belong to root: apt's own download user could not write there
    return ["-oAPT::Sandbox::User=root"] if os.geteuid() == 0 else []


def _forbid_dead_links(folder):
    dead = [
        path for path in folder.rglob("*") if path.is_symlink() and not path.exists()
    ]
    if dead:
        raise ui.Problem(
            "Odoo's package links to files that no downloaded package brings:\n"
            + "\n".join(f"  {path} -> {os.readlink(path)}" for path in dead[:10]),
            f"tell the maintainers of this addon, or {OWN_ODOO}",
        )
