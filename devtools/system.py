"""Programs of the operating system: which are missing, and how they come in."""

import os
import shutil
from pathlib import Path

from . import ui

# program -> Debian packages that bring it
PROGRAMS = {
    "wkhtmltopdf": ["wkhtmltopdf", "fonts-dejavu-core"],
    "chromium": ["chromium", "fonts-dejavu-core"],
    "pdftotext": ["poppler-utils"],
}
OTHER_NAMES = {
    "chromium": ["google-chrome", "chromium-browser", "google-chrome-stable"]
}


def distribution():
    """(identifier, code name, full name) of this system, empty strings when not told."""
    facts = {}
    for line in _lines("/etc/os-release"):
        name, _sep, value = line.partition("=")
        facts[name] = value.strip('"')
    return (
        facts.get("ID", ""),
        facts.get("VERSION_CODENAME", ""),
        facts.get("PRETTY_NAME", "this system"),
    )


def have(program):
    """Whether a program, or one that can stand in for it, is in the PATH."""
    names = [program, *OTHER_NAMES.get(program, [])]
    return any(shutil.which(name) for name in names)


def need(*programs):
    """Install the missing programs, or say exactly which are missing and why."""
    missing = [program for program in programs if not have(program)]
    if not missing:
        return
    packages = sorted({package for program in missing for package in PROGRAMS[program]})
    advice = f"install {', '.join(missing)} by your system's own means (Debian's " + (
        f"packages: {' '.join(packages)}) and give the same command again"
    )
    tried = f"{', '.join(missing)} is missing on {distribution()[2]}"
    if not shutil.which("apt-get"):
        raise ui.Problem(f"{tried}, and there is no apt-get to install it with", advice)
    if distribution()[0] == "ubuntu" and "chromium" in missing:
        raise ui.Problem(
            f"{tried}; Ubuntu's package `chromium` only leads to a snap, which a test "
            "cannot start",
            "install google-chrome-stable, or use Debian 12",
        )
    prefix = _root_prefix(tried, advice)
    with ui.step(f"installing {' '.join(packages)}"):
        _apt_install(prefix, packages, advice)


def _root_prefix(tried, advice):
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"]
    raise ui.Problem(f"{tried}; this user is not root and there is no sudo", advice)


def _apt_install(prefix, packages, advice):
    command = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends"]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        ui.run([*command, *packages], env=quiet)
    except ui.Problem:  # an old or empty package list: fetch it and try once more
        ui.run([*prefix, "apt-get", "update", "-q"], advice, env=quiet)
        ui.run([*command, *packages], advice, env=quiet)


def _lines(path):
    path = Path(path)
    return path.read_text().splitlines() if path.exists() else []
