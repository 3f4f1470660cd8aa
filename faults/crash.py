"""Somebody pulls a plug in the middle of a run."""

import time

from . import customers, server
from .months import each_month, settle, undisturbed


def kill(world):
    def plug(_number, worker):
        world.note("killed at work", worker.kill(), must=True)
        worker.wait()

    _pull(world, plug)


def terminate(world):
    def plug(_number, worker):
        world.note("connections ended", server.terminate(world.name), must=True)
        how, _what = worker.wait()
        world.note("runs that broke off", how != "done")

    _pull(world, plug)


def stop(world):
    """Fast and immediate by turns; Odoo is not restarted."""

    def plug(number, worker):
        mode = ("fast", "immediate")[number % 2]
        server.stop(mode)
        time.sleep(0.2)
        server.start()
        how, _what = worker.wait()
        world.note(f"runs that broke off ({mode})", how != "done")

    _pull(world, plug)


def _pull(world, plug):
    """Each month the plug is pulled at a moment of the run; then it is settled."""
    seconds = undisturbed(world)
    for number in each_month(world, first=1):
        worker = world.start(customers.bill, number)
        world.sleep(seconds)
        plug(number, worker)
        settle(world, number)
