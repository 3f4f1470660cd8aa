"""One family in a process of its own: ``python -m fuzz.play CONFIG FAMILY SEED INPUTS``;
of a family that asks a server one of its steps, as ``pages:send``.
What came of it is a JSON line; everything that Odoo prints goes to stderr, the log."""

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from importlib import import_module
from pathlib import Path

import odoo.init  # noqa: F401  (what the addons find in `odoo`)
from odoo import SUPERUSER_ID, api, tools
from odoo.modules.registry import Registry


class Play:
    """What a family has at hand: chance, a database, and where it says what it saw."""

    def __init__(self, seed, inputs, known, progress):
        self.random, self.inputs, self.known = random.Random(seed), inputs, known
        self.done, self.problems, self.noted = 0, [], Counter()
        self._progress, self._begun, self._told = progress, time.monotonic(), 0

    def did(self, of):
        """One input more, and now and then how far it is."""
        self.done += 1
        now = time.monotonic()
        if now - self._told > 2:
            self._told = now
            text = f"{self.done} of {of} in {now - self._begun:.0f} s"
            self._progress.write_text(f"{text}, {len(self.problems)} broke something")

    def problem(self, what, why):
        self.problems.append(f"{what}: {why}"[:400])

    def answer(self):
        noted = ", ".join(f"{number} {what}" for what, number in self.noted.items())
        return {"inputs": self.done, "problems": self.problems, "noted": noted}


def main(config, family, seed, inputs):
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    progress = Path(config).with_name("progress")
    play = Play(int(seed), int(inputs), json.load(sys.stdin), progress)
    tools.config.parse_config(["-c", config, "--max-cron-threads=0"])
    name, _sep, step = family.partition(":")
    module = import_module(f"fuzz.{name}")
    if step == "send":
        found = module.send(play)
    else:
        threading.current_thread().dbname = name = tools.config["db_name"][0]
        registry = Registry(name)
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if step:
                found = getattr(module, step)(env, play)
                cr.commit()
            else:
                module.send(env, play)
                cr.rollback()
                found = None  # it noted all
    print(json.dumps(found or play.answer()), file=answer, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
