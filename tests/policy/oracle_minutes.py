"""A slow calculator, written differently: it walks the clock minute by minute.

Nothing of it comes from the policy. A group of minutes that are rounded together
is a list; each minute either falls in a block that was started before, or starts
the next one. The policy's integer formulas must agree with it everywhere.
"""

from functools import cache
from itertools import groupby


def split(entries, scope):
    """Lists of (entry number, minutes) that are rounded together."""
    numbered = list(enumerate(entries))
    if scope == "ticket":
        return [[(n, e.minutes) for n, e in numbered]] if numbered else []
    if scope == "entry":
        return [[(n, e.minutes)] for n, e in numbered]
    return [
        [(n, e.minutes) for n, e in day]
        for _day, day in groupby(numbered, key=lambda pair: pair[1].day)
    ]


def walk(entries, block, grace, scope, limit=None):
    """Started blocks, minutes above the limit, entries that begin below it.

    One step a minute: a minute beyond the started blocks (and the grace, once a
    block is started) starts another, when the limit has one left; else it is held.
    """
    started, held, below = 0, 0, set()
    for group in split(entries, scope):
        room = 0
        for number, minutes in group:
            for minute in range(minutes):
                if room == 0 and (limit is None or started < limit):
                    first = (number, minute) == (group[0][0], 0)
                    started += 1
                    room = block + (grace if first else 0)
                if room:
                    room -= 1
                    if minute == 0:
                        below.add(number)
                else:
                    held += 1
    return started, held, below


@cache
def ladder(block, grace, top):
    """Started blocks of 0, 1, 2 ... minutes together, counted up minute by minute."""
    steps, started, room = [0], 0, 0
    for _minute in range(top):
        if not room:
            room = block + (0 if started else grace)
            started += 1
        room -= 1
        steps.append(started)
    return steps
