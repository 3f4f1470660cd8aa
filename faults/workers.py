"""Several workers at one run."""

from . import customers
from .months import each_month, settle


def two(world):
    _at_once(world, 2)


def four(world):
    _at_once(world, 4)


def _at_once(world, count):
    for number in each_month(world):
        world.ask(customers.begin, number)
        answers = world.at_once(*[(customers.bill, number)] * count)
        world.note("workers to the end", sum(how == "done" for how, _ in answers))
        for how, what in answers:
            if how != "done":
                world.note(what.partition(":")[0])
        settle(world, number)
