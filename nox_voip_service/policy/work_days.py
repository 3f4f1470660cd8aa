"""The work of a request as its customer reads it: minutes of each person on each day.

>>> monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)
>>> work = [Work(monday, "Anita", 20), Work(monday, "Bert", 15),
...         Work(monday, "Anita", 10), Work(tuesday, "Bert", 40)]
>>> [(day.person, day.minutes) for day in by_day_and_person(work)]
[('Anita', 30), ('Bert', 15), ('Bert', 40)]
"""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import NamedTuple


class Work(NamedTuple):
    """Minutes that one person worked on one day; the person by whatever tells one
    from another."""

    day: date
    person: Hashable
    minutes: int


def by_day_and_person(entries: Iterable[Work], held: int = 0) -> list[Work]:
    """Minutes per day and person, in the order of the first entry of each.

    Held minutes are on no paper of the customer: they are the last ones that were
    worked, for blocks fill up in the order of the entries. 70 minutes of which 10 are
    held:

    >>> day = date(2026, 3, 9)
    >>> work = [Work(day, "Anita", 50), Work(day, "Bert", 20)]
    >>> [(part.person, part.minutes) for part in by_day_and_person(work, held=10)]
    [('Anita', 50), ('Bert', 10)]
    >>> [(part.person, part.minutes) for part in by_day_and_person(work, held=20)]
    [('Anita', 50)]

    :param entries: by day, as they were recorded
    :param held: minutes above what was released or approved
    """
    entries = list(entries)
    left = sum(entry.minutes for entry in entries) - held
    found: dict[tuple[date, Hashable], int] = {}
    for entry in entries:
        shown = min(entry.minutes, left)
        if shown <= 0:
            break
        left -= shown
        key = (entry.day, entry.person)
        found[key] = found.get(key, 0) + shown
    return [Work(day, person, minutes) for (day, person), minutes in found.items()]
