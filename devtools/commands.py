"""The commands of ``./dev``: the one list that help, dispatch and README follow.

Read by a bare Python, so that a wrong option is told before anything is installed;
``main`` runs in the virtual environment.
"""

import argparse
import sys
from dataclasses import dataclass
from importlib import import_module

from . import ui


@dataclass
class Command:
    """``target`` is ``module:function``; its arguments have the names of the options."""

    name: str
    help: str
    target: str
    options: tuple = ()
    programs: tuple = ()  # what the operating system must bring

    def __call__(self, options):
        module, _sep, function = self.target.partition(":")
        return getattr(import_module(module), function)(**options)


def option(*names, **settings):
    """An option as argparse takes it; without more it is a switch."""
    if names[0].startswith("-") and not settings:
        settings = {"action": "store_true"}
    return names, settings


LANES = ["policy", "odoo", "runner", "base", "neighbours"]
DATABASE = option("name", nargs="?", metavar="NAME")
COMMANDS = [
    Command(
        "demo",
        "the addon with demo data: installs what is missing, starts Odoo",
        "devtools.demo:run",
        (option("--reset"), option("--check")),
        ("wkhtmltopdf",),
    ),
    Command("stop", "stop the demo server", "devtools.demo:stop"),
    Command(
        "test",
        "all tests: rules, Odoo with a browser, Odoo's own runner",
        "devtools.lanes:run",
        (
            option("-k", dest="keyword", metavar="NAME"),
            option("--lane", choices=LANES),
            option("--thorough"),
            option("--en16931", dest="rules", metavar="FOLDER"),
        ),
        ("wkhtmltopdf", "chromium-headless-shell"),
    ),
    Command(
        "lint",
        "style, Odoo's conventions, types, who imports whom, white space, translations",
        "devtools.lint:run",
        (option("checks", nargs="*", metavar="CHECK"), option("--fix")),
    ),
    Command(
        "pot",
        "texts changed: the .pot file and the Dutch",
        "devtools.translations:update",
    ),
    Command(
        "access",
        "docs/access.md: who may do what, asked over HTTP",
        "audit.access:run",
    ),
    Command(
        "readme",
        "README.rst and the page in the list of apps, from readme/*.md",
        "devtools.readme:run",
    ),
    Command(
        "db",
        "a fresh database with the addon, and how to start it",
        "devtools.demo:make_database",
        (option("name", metavar="NAME"),),
    ),
    Command(
        "shell",
        "Odoo's shell on a database (default: the demo)",
        "devtools.demo:shell",
        (DATABASE,),
    ),
    Command(
        "update",
        "update the addon in a database (default: the demo)",
        "devtools.demo:update",
        (DATABASE,),
    ),
    Command(
        "audit",
        "bandit, the rules of lint on security, known faults of the packages",
        "audit.command:run",
    ),
    Command(
        "upgrade",
        "restore each release, update it, compare its totals",
        "releases.command:upgrade",
        (option("version", nargs="?", metavar="VERSION"), option("--installs")),
        ("wkhtmltopdf",),
    ),
    Command(
        "release-dump",
        "keep a small dump of a release for ./dev upgrade",
        "releases.command:keep",
        (option("version", nargs="?", metavar="VERSION"),),
        ("wkhtmltopdf",),
    ),
    Command(
        "mutation",
        "branch coverage and mutation score of the rules",
        "audit.mutation:run",
        (option("--survivors"), option("--jobs", type=int, metavar="N")),
    ),
    Command(
        "bench",
        "what the addon costs, beside Odoo without it",
        "bench.run:run",
        (
            option(
                "parts",
                nargs="*",
                metavar="main|month|large|analysis|pages|jobs|advice",
            ),
            option("--percent", type=int, default=100, metavar="N"),
            option("--rounds", type=int, default=5, metavar="N"),
        ),
        ("wkhtmltopdf",),
    ),
    Command(
        "faults",
        "kill, race and break the run on a PostgreSQL with fsync; nothing may be lost",
        "faults.command:run",
        (
            option("scenarios", nargs="*", metavar="SCENARIO"),
            option("--rounds", type=int, metavar="N"),
            option("--seed", type=int, metavar="S"),
        ),
        ("wkhtmltopdf",),
    ),
    Command(
        "fuzz",
        "hostile input by a seed, from forms to mails and PDF files; nothing breaks",
        "fuzz.command:run",
        (
            option("families", nargs="*", metavar="FAMILY"),
            option("--seed", type=int, metavar="S"),
            option("--inputs", type=int, metavar="N"),
        ),
        ("wkhtmltopdf", "chromium"),
    ),
    Command(
        "reliability",
        "docs/reliability.md anew, from docs/reliability.json",
        "faults.reliability:run",
    ),
    Command(
        "screenshots",
        "pictures of the pages from the demo: build/pictures/, and docs/ anew",
        "pictures.screenshots:run",
        programs=("wkhtmltopdf", "chromium"),
    ),
    Command(
        "wheel",
        "build the wheel, install it in a clean environment and in Odoo",
        "devtools.wheel:run",
    ),
]


def parse(arguments):
    """``(command, {option: value})``; help and errors end the process as usual."""
    parser = argparse.ArgumentParser(prog="./dev", add_help=False)
    choose = parser.add_subparsers(dest="command", required=True)
    lines = []
    for command in COMMANDS:
        entry = choose.add_parser(command.name, description=command.help)
        for names, settings in command.options:
            entry.add_argument(*names, **settings)
        usage = " ".join(entry.format_usage().split()).removeprefix("usage: ")
        lines.append(f"{usage.replace(' [-h]', '')}\n        {command.help}")
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        ui.say("\n".join(lines))
        sys.exit()
    options = vars(parser.parse_args(arguments))
    name = options.pop("command")
    return next(each for each in COMMANDS if each.name == name), options


def main(arguments):
    command, options = parse(arguments)
    try:
        return command(options) or 0
    except ui.Problem as problem:
        ui.report(problem)
        return 1
    except KeyboardInterrupt:
        ui.say("\nstopped")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
