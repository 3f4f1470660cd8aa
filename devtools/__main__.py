"""``./dev COMMAND``: makes the environment, then runs the command in it."""

import os
import sys

from . import commands, environment, odoo_source, system, ui
from .places import REPO


def main(arguments):
    command, options = commands.parse(arguments)
    programs = command.programs
    if options.get("lane") == "policy":  # the rules alone ask for nothing
        programs = ()
    try:
        found = [*system.obstacles(*programs), *odoo_source.obstacles()]
        if found:  # all of them, before anything is installed
            raise ui.together(found)
        system.need(*programs)
        python = environment.ensure()
    except ui.Problem as problem:
        ui.report(problem)
        return 2
    os.chdir(REPO)
    os.execv(python, [str(python), "-m", "devtools.commands", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
