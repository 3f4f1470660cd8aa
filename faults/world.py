"""Odoo for a scenario: one process that knows the database, and forks for each thing
that somebody does, as Odoo's own prefork server forks its workers.

What a fork does is a function ``work(env, *arguments)``; it commits at its end. The
process itself keeps no connection, so that a fork inherits none.
"""

import os
import pickle
import random
import select
import signal
import time

from odoo import SUPERUSER_ID, api, sql_db, tools
from odoo.modules.registry import Registry

LONG = 600


class Child:
    """Somebody at work in a process of his own."""

    def __init__(self, pid, pipe):
        self.pid, self.pipe, self.said = pid, pipe, b""
        self.started = time.monotonic()

    def kill(self):
        """``kill -9``; whether it was still at work."""
        if select.select([self.pipe], [], [], 0)[0]:
            return False
        os.kill(self.pid, signal.SIGKILL)
        return True

    def wait(self, seconds=LONG):
        """``(how, what)``: done with its value, failed with its error, or killed."""
        end = time.monotonic() + seconds
        while True:
            if not select.select([self.pipe], [], [], max(0, end - time.monotonic()))[
                0
            ]:
                os.kill(self.pid, signal.SIGKILL)
                self.said = pickle.dumps(("failed", f"not ready in {seconds} s"))
                break
            part = os.read(self.pipe, 1 << 16)
            if not part:
                break
            self.said += part
        os.close(self.pipe)
        os.waitpid(self.pid, 0)
        self.seconds = time.monotonic() - self.started
        return pickle.loads(self.said) if self.said else ("killed", None)


class World:
    """The database of a scenario and who works in it.

    :param rounds: how often the scenario does its fault
    :param seed: of what is random: the same seed, the same moments
    """

    def __init__(self, config, rounds, seed):
        tools.config.parse_config(["-c", config, "--max-cron-threads=0"])
        self.config = config
        self.name = tools.config["db_name"][0]
        self.count, self.random = rounds, random.Random(seed)
        self.registry = Registry(self.name)
        self.noted, self._must = {}, set()
        sql_db.close_all()

    def rounds(self):
        return range(self.count)

    def note(self, what, number=1, must=False):
        """Count something that happened, for the table.

        :param must: it is the fault itself; see :meth:`not_tried`
        """
        self.noted[what] = self.noted.get(what, 0) + number
        if must:
            self._must.add(what)

    def not_tried(self):
        """Faults that did not happen in any round: then nothing was proven."""
        return [
            f"never happened: {what}" for what in self._must if not self.noted[what]
        ]

    # ------------------------------------------------------------------
    # Who does what
    # ------------------------------------------------------------------

    def start(self, work, *arguments, gate=None):
        """Let somebody begin; with a gate he waits until it opens."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writing)
            return Child(pid, reading)
        os.close(reading)
        try:
            if gate:
                gate.wait()
            with self._environment() as env:
                answer = ("done", work(env, *arguments))
        except BaseException as error:
            answer = ("failed", f"{type(error).__name__}: {error}")
        data = pickle.dumps(answer)
        while data:
            data = data[os.write(writing, data) :]
        os._exit(0)

    def ask(self, work, *arguments):
        """What somebody finds or does, to the end."""
        how, what = self.start(work, *arguments).wait()
        if how != "done":
            raise AssertionError(f"{work.__name__}: {how}: {what}")
        return what

    def at_once(self, *works):
        """Let several begin at the same moment; their answers.

        :param works: ``(work, *arguments)`` of each
        """
        gate = Gate()
        children = [self.start(*work, gate=gate) for work in works]
        time.sleep(0.02)
        gate.open()
        return [child.wait() for child in children]

    def sleep(self, most):
        """Until a random moment."""
        time.sleep(self.random.uniform(0, most))

    def _environment(self):
        self.registry.check_signaling()
        return Environment(self.registry)


class Environment:
    """A transaction: committed at the end, as the user of the scheduled jobs."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        cr = self.cursor.__enter__()
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env(context={"allowed_company_ids": env.company.ids})

    def __exit__(self, *error):
        return self.cursor.__exit__(*error)


class Gate:
    """Opens once for everybody who waits."""

    def __init__(self):
        self.reading, self.writing = os.pipe()

    def wait(self):
        os.close(self.writing)
        os.read(self.reading, 1)

    def open(self):
        os.close(self.writing)
        os.close(self.reading)
