"""``./dev COMMAND``: makes the environment, then runs the command in it."""

import os
import sys

from . import environment, odoo_source, system, ui
from .places import REPO

HELP = """./dev demo [--reset] [--check]   the addon with demo data: installs what is missing, starts Odoo
./dev test [-k NAME] [--lane policy|odoo|runner|base] [--thorough]
./dev lint [--fix]               ruff, pylint-odoo, mypy on policy/, XML, declared packages, translations
./dev pot                        export the .pot file and bring nl.po up to date
./dev db NAME                    a fresh database with the addon, and how to start it
./dev shell [NAME]               Odoo's shell on a database (default: the demo)
./dev update [NAME]              update the addon in a database (default: the demo)
./dev mutation [--survivors]     branch coverage and mutation score of policy/
./dev bench [main] [month] [large] [--percent 5] [--rounds 2]
                                 what the addon costs, beside bare Odoo
./dev screenshots                pages of the portal from the demo, in docs/
./dev wheel                      build the wheel and install it in a clean environment
./dev stop                       stop the demo server
"""
# What the operating system must bring, by command.
PROGRAMS = {
    "test": ["wkhtmltopdf", "chromium"],
    "demo": ["wkhtmltopdf"],
    "screenshots": ["wkhtmltopdf", "chromium"],
    "bench": ["wkhtmltopdf"],
}


def main(arguments):
    command = arguments[0] if arguments else "help"
    if command in ("help", "-h", "--help"):
        ui.say(HELP)
        return 0
    try:
        if command == "test" and "policy" in arguments:
            programs = []
        else:
            programs = PROGRAMS.get(command, [])
        found = [*system.obstacles(*programs), *odoo_source.obstacles()]
        if found:  # all of them, before anything is installed
            raise ui.together(found)
        system.need(*programs)
        python = environment.ensure()
    except ui.Problem as problem:
        ui.report(problem)
        return 2
    os.chdir(REPO)
    # The environment's own Python has Odoo, PostgreSQL and the test tools.
    os.environ["NOX_ODOO_SOURCE"] = str(odoo_source.ensure())
    os.execv(python, [str(python), "-m", "devtools.commands", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
