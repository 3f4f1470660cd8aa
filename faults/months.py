"""Rounds of a scenario over the run: a month each."""

from . import checks, customers


class Broken(Exception):
    """A round after which something is wrong: its sentences."""


def each_month(world, first=0):
    """Months one after the other, each with some work that was finished in it."""
    for number in range(first, first + world.count):
        world.ask(customers.work, 3, number * 3)
        yield number


def undisturbed(world):
    """Seconds that a run takes when nothing happens: month 0."""
    world.ask(customers.work, 3, 0)
    worker = world.start(customers.bill, 0)
    how, what = worker.wait()
    if how != "done":
        raise Broken([f"undisturbed: {how} {what}"])
    settle(world, 0)
    return worker.seconds


def settle(world, number, parked=()):
    """One more run; then due equals billed, progress is right, and who is parked knows
    why."""
    world.ask(customers.again, number)
    look(world, number, parked)


def look(world, number, parked=()):
    found = world.ask(_problems, number, tuple(parked))
    if found:
        raise Broken([f"month {number}: {each}" for each in found])


def _problems(env, number, parked):
    return list(checks.problems(env, number, parked))
