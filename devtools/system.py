"""Programs of the operating system: which are missing, and how they come in."""

import os
import shutil
from pathlib import Path

from . import ui

# program -> Debian packages that bring it
PROGRAMS = {
    "wkhtmltopdf": ["wkhtmltopdf", "fonts-dejavu-core"],
    "chromium": ["chromium", "fonts-dejavu-core"],
    # The same Chromium without its windows: a seventh less work for a browser test.
    "chromium-headless-shell": ["chromium-headless-shell", "fonts-dejavu-core"],
    "pdftotext": ["poppler-utils"],
}
CHROMIUMS = ["google-chrome", "chromium-browser", "google-chrome-stable"]
OTHER_NAMES = {
    "chromium": CHROMIUMS,
    "chromium-headless-shell": ["chromium", *CHROMIUMS],
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


def obstacles(*programs):
    """What ``need`` could not install here: one problem for each missing program."""
    found = []
    for program in missing(programs):
        system = distribution()[2]
        advice = f"install {program} by your system's own means " + (
            f"(Debian's packages: {' '.join(PROGRAMS[program])})"
        )
        if not shutil.which("apt-get"):
            why = (
                f"{program} is missing, and {system} has no apt-get to install it with"
            )
        elif distribution()[0] == "ubuntu" and program.startswith("chromium"):
            why = (
                f"chromium is missing; the package of that name on {system} only leads"
                " to a snap, which a test cannot start"
            )
            advice = "install google-chrome-stable, or use Debian 12"
        elif os.geteuid() != 0 and not shutil.which("sudo"):
            why = f"{program} is missing; this user is not root and there is no sudo"
        else:
            continue
        found.append(ui.Problem(why, advice))
    return found


def missing(programs):
    """Those of the programs that are not in the PATH, in order."""
    return [program for program in programs if not have(program)]


def need(*programs):
    """Install the missing programs, or say exactly which are missing and why."""
    if found := obstacles(*programs):
        raise ui.together(found)
    lacking = missing(programs)
    if not lacking:
        return
    packages = sorted({package for program in lacking for package in PROGRAMS[program]})
    advice = f"install {', '.join(lacking)} by your system's own means (Debian's " + (
        f"packages: {' '.join(packages)}) and give the same command again"
    )
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    with ui.step(f"installing {' '.join(packages)}"):
        _apt_install(prefix, packages, advice)


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
