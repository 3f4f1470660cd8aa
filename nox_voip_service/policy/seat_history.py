"""Who may use which extension of a PBX, and when.

One extension of a PBX belongs to one user at a time; only a leaver and the linked
successor may share the day of the change:

>>> anna = Use(1, "pbx", "201", date(2026, 1, 1), date(2026, 3, 11))
>>> bert = Use(2, "pbx", "201", date(2026, 3, 11))
>>> [(first.key, second.key) for first, second in clashes([anna, bert])]
[(1, 2)]
>>> clashes([anna, bert._replace(replaces=1)])
[]
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from itertools import combinations
from typing import NamedTuple

from .days import ONE_DAY, Span


class Use(NamedTuple):
    """One user's days on an extension.

    :param last: last day, inclusive; None while it lasts
    :param replaces: key of the seat that it takes over
    """

    key: Hashable
    pbx: Hashable
    extension: str
    first: date
    last: date | None = None
    replaces: Hashable = None


def clashes(uses: Iterable[Use]) -> list[tuple[Use, Use]]:
    """The pairs that use one extension of a PBX on one day, in the order given."""
    by_extension = defaultdict(list)
    for use in uses:
        by_extension[use.pbx, use.extension].append(use)
    return [
        (first, second)
        for group in by_extension.values()
        for first, second in combinations(group, 2)
        if _overlap(first, second)
    ]


def _overlap(first: Use, second: Use) -> bool:
    """Do two uses share a day that is not the day of their replacement?"""
    for left, successor in ((first, second), (second, first)):
        if successor.replaces == left.key and left.last == successor.first:
            return False
    return Span(first.first, first.last).overlaps(Span(second.first, second.last))


# ----------------------------------------------------------------------
# WHO COMES AND GOES
# ----------------------------------------------------------------------


def last_day(kind: str, day: date) -> date:
    """The last day of a user who leaves.

    :param kind: ``remove``: the day is his last one; ``replace``: it is the first day
        of who comes instead, and the day before it is his last

    >>> last_day("remove", date(2026, 3, 12)), last_day("replace", date(2026, 3, 12))
    (datetime.date(2026, 3, 12), datetime.date(2026, 3, 11))
    """
    return day if kind == "remove" else day - ONE_DAY


def next_extension(extensions: Iterable[str]) -> str:
    """The number after the highest one that is in use or was; empty without numbers
    to go by.

    >>> next_extension(["0201", "0209", "reception"]), next_extension([])
    ('0210', '')
    """
    numbers = [each for each in extensions if each.isdecimal()]
    highest = max(numbers, key=int, default="")
    return highest and str(int(highest) + 1).zfill(len(highest))


def extension_for(
    kind: str, asked: str | None, leavers: str | None, following: str
) -> str:
    """The extension of who comes: the one that was asked for, else the leaver's, else
    the next number.

    >>> extension_for("replace", "", "201", "210"), extension_for("add", "", "", "210")
    ('201', '210')
    >>> extension_for("replace", "205", "201", "210")
    '205'
    """
    return asked or (leavers if kind != "add" else "") or following
