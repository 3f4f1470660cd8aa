"""Somebody pulls a plug in the middle of a run."""

import time

from . import customers, server
from .months import each_month, settle, undisturbed


def kill(world):
    seconds = undisturbed(world)
    for number in each_month(world, first=1):
        worker = world.start(customers.bill, number)
        world.sleep(seconds)
        world.note("killed at work", worker.kill())
        worker.wait()
        settle(world, number)


def terminate(world):
    seconds = undisturbed(world)
    for number in each_month(world, first=1):
        worker = world.start(customers.bill, number)
        world.sleep(seconds)
        world.note("connections ended", server.terminate(world.name))
        how, _what = worker.wait()
        world.note("runs that broke off", how != "done")
        settle(world, number)


def stop(world):
    """Fast and immediate by turns; Odoo is not restarted."""
    seconds = undisturbed(world)
    for number in each_month(world, first=1):
        worker = world.start(customers.bill, number)
        world.sleep(seconds)
        mode = ("fast", "immediate")[number % 2]
        server.stop(mode)
        time.sleep(0.2)
        server.start()
        how, _what = worker.wait()
        world.note(f"runs that broke off ({mode})", how != "done")
        settle(world, number)
