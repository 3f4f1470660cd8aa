"""How a list of a PBX differs from the users that we know, and what is odd about it.

>>> users = [Known(1, "201", "Anna"), Known(2, "202", "Bert")]
>>> for found in compare([Listed(1, "201", "anna"), Listed(2, "203", "Carla")], users):
...     print(found.kind, found.listed and found.listed.row,
...           found.known and found.known.key)
same 1 1
add 2 None
end None 2
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from .names import alike, name_key
from .seat_list import Left, Listed
from .seat_texts import is_outside_number

# Of so many rows and users the names are compared one with another.
PAIRS = 40_000
EXAMPLES = 3


class Known(NamedTuple):
    """A user that the users has on the day of the comparison.

    :param charged: off for a door phone or a fax, which is no user
    """

    key: Hashable
    extension: str
    name: str
    charged: bool = True


_Item = TypeVar("_Item", Listed, Known)


class Finding(NamedTuple):
    """One difference, or none, between a list and the users.

    :param kind: ``add``, ``end``, ``same``, ``doubtful`` or ``skipped`` (no user)
    :param doubt: of a doubtful one: ``name`` (another one on this extension),
        ``extension`` (the same number without its zeros) or ``moved`` (the same name
        elsewhere). Of one to be added: ``twin`` (the name stands in the list more than
        once), ``number`` (an outside number) or why the row is unsure. Of one to be
        ended: why its row is no user, or ``elsewhere`` (the name is in the list).
    :param proposal: of a doubtful one: ``correct`` the users (the same person) or
        ``replace`` (who left, and a successor)
    """

    kind: str
    listed: Listed | None
    known: Known | None
    doubt: str = ""
    proposal: str = ""
    left: Left | None = None

    @property
    def is_certain(self) -> bool:
        """May it be chosen before a person looked?"""
        return self.kind in ("add", "end") and not self.doubt


class Doubt(NamedTuple):
    """What is odd about a list as a whole: ``logins`` for names, ``outside`` numbers
    for extensions, ``unknown`` (no extension is one of ours), ``ending`` (more than a
    third would end), ``twins`` (one name in several rows), ``odd`` letters.

    :param is_grave: it may be the wrong list, or read wrongly: nothing is chosen
        before a person looked
    """

    code: str
    rows: int
    total: int
    examples: tuple[str, ...] = ()
    is_grave: bool = True


# ----------------------------------------------------------------------
# COMPARISON
# ----------------------------------------------------------------------


def compare(
    listed: Sequence[Listed], known: Sequence[Known], left: Sequence[Left] = ()
) -> list[Finding]:
    """Every user of a list and of the users, with what became of him."""
    pairs = _pairs(listed, known)
    names = Counter(name_key(row.name) for row in listed)
    has_long = any(is_outside_number(seat.extension) for seat in known)
    found = []
    for row in listed:
        if row.row in pairs:
            found.append(_paired(row, *pairs[row.row]))
            continue
        doubt = row.unsure
        if not doubt and names[name_key(row.name)] > 1:
            doubt = "twin"
        if not doubt and is_outside_number(row.extension) and not has_long:
            doubt = "number"
        found.append(Finding("add", row, None, doubt))
    paired = {seat.key for seat, _doubt in pairs.values()}
    rows_left = {row.extension: row for row in left if row.extension}
    for seat in known:
        if seat.key not in paired:
            found.append(_unpaired(seat, rows_left.pop(seat.extension, None), names))
    kept = {id(row) for row in rows_left.values()}
    return found + [
        Finding("skipped", None, None, left=row)
        for row in left
        if not row.extension or id(row) in kept
    ]


def _pairs(
    listed: Sequence[Listed], known: Sequence[Known]
) -> dict[int, tuple[Known, str]]:
    """The user of the users for a row of the list, and the doubt about it."""
    pairs: dict[int, tuple[Known, str]] = {}
    rows = {row.row: row for row in listed}
    seats = {seat.key: seat for seat in known}

    def pair(row: Listed, seat: Known, doubt: str) -> None:
        pairs[row.row] = (seat, doubt)
        del rows[row.row], seats[seat.key]

    for doubt, row_key, known_key in (
        ("", lambda row: row.extension, lambda seat: seat.extension),
        ("extension", _without_zeros, _without_zeros),
    ):
        own = _grouped(rows.values(), row_key)
        ours = _grouped(seats.values(), known_key)
        for key in own.keys() & ours.keys():
            if len(own[key]) == len(ours[key]) == 1:
                (row,), (seat,) = own[key], ours[key]
                if not doubt or alike(row.name, seat.name):
                    pair(row, seat, doubt)
    own, ours = _grouped(rows.values(), _name_key), _grouped(seats.values(), _name_key)
    for key in own.keys() & ours.keys():
        # One name on several telephones: the user takes over one of them.
        if len(own[key]) in (1, len(ours[key])):
            for row, seat in zip(own[key], ours[key], strict=False):
                pair(row, seat, "moved")
    if len(rows) * len(seats) <= PAIRS:
        _pair_alike(list(rows.values()), list(seats.values()), pair)
    return pairs


def _pair_alike(
    rows: Sequence[Listed],
    seats: Sequence[Known],
    pair: Callable[[Listed, Known, str], None],
) -> None:
    """Users on another extension and in another spelling, where only one fits."""
    fits = [(row, seat) for row in rows for seat in seats if alike(row.name, seat.name)]
    by_row = Counter(row.row for row, _seat in fits)
    by_seat = Counter(seat.key for _row, seat in fits)
    for row, seat in fits:
        if by_row[row.row] == by_seat[seat.key] == 1:
            pair(row, seat, "moved")


def _paired(row: Listed, seat: Known, doubt: str) -> Finding:
    if doubt == "moved":
        return Finding("doubtful", row, seat, doubt, "replace")
    if doubt == "extension":
        return Finding("doubtful", row, seat, doubt, "correct")
    if _name_key(row) == _name_key(seat):
        return Finding("same", row, seat)
    proposal = "correct" if alike(row.name, seat.name) else "replace"
    return Finding("doubtful", row, seat, "name", proposal)


def _unpaired(seat: Known, left: Left | None, names: Counter[str]) -> Finding:
    """A user who is in no row, or in one that is no user."""
    if left and not seat.charged and left.reason == "device":
        return Finding("same", None, seat, left=left)
    if left and left.reason != "deleted":
        return Finding("end", None, seat, left.reason, left=left)
    return Finding("end", None, seat, "elsewhere" if names[_name_key(seat)] else "")


def _name_key(each: Listed | Known) -> str:
    return name_key(each.name)


def _without_zeros(each: Listed | Known) -> str:
    return each.extension.lstrip("0")


def _grouped(
    items: Iterable[_Item], key: Callable[[_Item], str]
) -> dict[str, list[_Item]]:
    grouped = defaultdict(list)
    for item in items:
        grouped[key(item)].append(item)
    return grouped


# ----------------------------------------------------------------------
# THE LIST AS A WHOLE
# ----------------------------------------------------------------------


def doubts(findings: Sequence[Finding], known: Sequence[Known]) -> list[Doubt]:
    """What is odd about the list that was compared: it may be another list, or its
    columns may mean something else.

    >>> users = [Known(1, "201", "Anna Bos"), Known(2, "202", "Bert Kok")]
    >>> rows = [Listed(2, "0201234501", "abos", "login"),
    ...         Listed(3, "0201234502", "bkok", "login")]
    >>> [(found.code, found.rows) for found in doubts(compare(rows, users), users)]
    [('logins', 2), ('outside', 2), ('unknown', 2), ('ending', 2)]
    """
    rows = [found.listed for found in findings if found.listed]
    new = [f.listed for f in findings if f.listed and f.kind != "same"]
    logins = [row.name for row in new if row.unsure == "login"]
    outside = [row.extension for row in new if is_outside_number(row.extension)]
    has_long = any(is_outside_number(seat.extension) for seat in known)
    ending = [f.known.name for f in findings if f.kind == "end" and f.known]
    hits = [f for f in findings if f.listed and f.known and f.doubt != "moved"]
    names = Counter(row.name for row in rows)
    twins = [name for name, count in names.items() if count > 1]
    odd = [row.name for row in rows if row.unsure == "odd"]
    found = []
    if 3 * len(logins) > len(rows):
        found.append(_doubt("logins", logins, len(rows)))
    if 3 * len(outside) > len(rows) and not has_long:
        found.append(_doubt("outside", outside, len(rows)))
    if known and rows and not hits:
        found.append(_doubt("unknown", [row.extension for row in rows], len(rows)))
    if 3 * len(ending) > len(known):
        found.append(_doubt("ending", ending, len(known)))
    if twins:
        found.append(_doubt("twins", twins, len(rows), is_grave=False))
    if odd:
        found.append(_doubt("odd", odd, len(rows), is_grave=False))
    return found


def _doubt(code: str, texts: Sequence[str], total: int, is_grave: bool = True) -> Doubt:
    return Doubt(code, len(texts), total, tuple(texts[:EXAMPLES]), is_grave)
