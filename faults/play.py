"""One scenario in a process of its own: ``python -m faults.play CONFIG NAME ROUNDS SEED``.
What came of it is a JSON line; everything that Odoo prints goes to stderr, the log."""

import json
import os
import sys
import time
import traceback
from importlib import import_module

import odoo.init  # noqa: F401  (what the addons find in `odoo`)

from .months import Broken
from .scenarios import SCENARIOS
from .world import World


def main(config, name, rounds, seed):
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    module, _sep, function = SCENARIOS[name].play.partition(":")
    start = time.monotonic()
    world = World(config, int(rounds), int(seed))
    problems = []
    try:
        getattr(import_module(f"faults.{module}"), function)(world)
        problems = world.not_tried()
    except Broken as broken:
        problems = broken.args[0]
    except Exception as error:
        traceback.print_exc()
        problems = [f"{type(error).__name__}: {error}"]
    found = {
        "problems": problems,
        "noted": world.noted,
        "seconds": round(time.monotonic() - start),
    }
    print(json.dumps(found), file=answer, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
