"""What may stand in the seat ledger, and how it differs from a list (design 4).

One extension of a PBX belongs to one user at a time; only a leaver and the linked
successor may share the day of the change:

>>> anna = Entry(1, "pbx", "201", date(2026, 1, 1), date(2026, 3, 11))
>>> bert = Entry(2, "pbx", "201", date(2026, 3, 11))
>>> [(first.key, second.key) for first, second in clashes([anna, bert])]
[(1, 2)]
>>> clashes([anna, bert._replace(replaces=1)])
[]
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple, TypeVar

_Item = TypeVar("_Item", "Listed", "Known")

NAME_LENGTH = 120
EXTENSION_LENGTH = 20
# What a spreadsheet would run when somebody opens an export of ours.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
ALIKE = 0.75
HEADINGS = {
    "extension": "extension ext number nr intern internal toestel toestelnummer"
    " nummer doorkiesnummer intern nummer extensie",
    "name": "name user username display naam gebruiker gebruikersnaam medewerker"
    " displayname",
}


class Entry(NamedTuple):
    """A seat as the rule of one user at a time looks at it.

    :param last: last day, inclusive; None while it lasts
    :param replaces: key of the seat whose place it takes
    """

    key: Hashable
    pbx: Hashable
    extension: str
    first: date
    last: date | None = None
    replaces: Hashable = None


class Listed(NamedTuple):
    """A row of a list that came from outside; rows are counted from 1."""

    row: int
    extension: str
    name: str


class Known(NamedTuple):
    """A user that the ledger has on the day of the comparison."""

    key: Hashable
    extension: str
    name: str


class Refusal(NamedTuple):
    """Why a row cannot be taken: ``missing``, ``formula``, ``too_long`` (of a
    ``field``) or ``double`` (of the row ``other``)."""

    row: int
    code: str
    field: str
    text: str = ""
    other: int = 0


class Finding(NamedTuple):
    """One difference, or none, between a list and the ledger.

    :param kind: ``add``, ``end``, ``same`` or ``doubtful``
    :param doubt: ``name`` (another one on this extension), ``extension`` (the same
        number without its zeros) or ``moved`` (the same name elsewhere)
    :param proposal: of a doubtful one: ``correct`` the ledger (the same person) or
        ``replace`` (who left, and a successor)
    """

    kind: str
    listed: Listed | None
    known: Known | None
    doubt: str = ""
    proposal: str = ""


# ----------------------------------------------------------------------
# TEXTS
# ----------------------------------------------------------------------


def plain(text: str) -> str:
    """A text without the spaces that only differ to a computer.

    >>> plain("  Anna   de\\u00a0Vries ")
    'Anna de Vries'
    """
    return " ".join(text.split())


def extension_text(value: object) -> str:
    """An extension as people dial it; spreadsheets make numbers of it.

    >>> [extension_text(value) for value in (201, 201.0, "201.0", " 0201 ", None)]
    ['201', '201', '201', '0201', '']
    """
    text = plain("" if value is None else str(value))
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


def text_problem(text: str, limit: int) -> str | None:
    """What is wrong with a name or an extension: a code, or None.

    >>> [text_problem(text, 20) for text in ("", "=1+1", "x" * 21, "201")]
    ['missing', 'formula', 'too_long', None]
    """
    if not text.strip():
        return "missing"
    if text.startswith(FORMULA_STARTS):
        return "formula"
    return "too_long" if len(text) > limit else None


def columns(cells: Sequence[str]) -> tuple[int, int, bool]:
    """Which column has the extension, which the name, and is this row a heading?

    :param cells: of the first row; a row without a heading starts with the
        extension, or with the name where only the second is a number

    >>> columns(["Naam", "Afdeling", "Toestel"])
    (2, 0, True)
    >>> columns(["201", "Anna"]), columns(["Anna", "201"])
    ((0, 1, False), (1, 0, False))
    """
    words = [re.sub(r"[^a-z ]", "", cell.casefold()).split() for cell in cells]
    found = {
        name: [n for n, cell in enumerate(words) if set(cell) & set(known.split())]
        for name, known in HEADINGS.items()
    }
    if found["extension"] and set(found["name"]) - {found["extension"][0]}:
        extension = found["extension"][0]
        return extension, next(n for n in found["name"] if n != extension), True
    digits = [cell.strip()[:1].isdigit() for cell in cells[:2]]
    return (1, 0, False) if digits == [False, True] else (0, 1, False)


# ----------------------------------------------------------------------
# RULES
# ----------------------------------------------------------------------


def refusals(rows: Iterable[Listed]) -> list[Refusal]:
    """Why a list cannot be taken, row by row; empty when it can.

    >>> refusals([Listed(1, "201", "Anna"), Listed(2, "201", "=A1")])
    [Refusal(row=2, code='formula', field='name', text='=A1', other=0), \
Refusal(row=2, code='double', field='extension', text='201', other=1)]
    """
    found: list[Refusal] = []
    seen: dict[str, int] = {}
    for row in rows:
        for field, limit in (("extension", EXTENSION_LENGTH), ("name", NAME_LENGTH)):
            text = getattr(row, field)
            if code := text_problem(text, limit):
                found.append(Refusal(row.row, code, field, text[:40]))
        first = seen.setdefault(row.extension, row.row)
        if row.extension and first != row.row:
            found.append(
                Refusal(row.row, "double", "extension", row.extension[:40], first)
            )
    return found


def clashes(entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    """The pairs that use one extension of a PBX on one day, in the order given."""
    by_extension = defaultdict(list)
    for entry in entries:
        by_extension[entry.pbx, entry.extension].append(entry)
    return [
        (first, second)
        for group in by_extension.values()
        for first, second in combinations(group, 2)
        if _overlap(first, second)
    ]


def _overlap(first: Entry, second: Entry) -> bool:
    """Do two entries share a day that is not the day of their replacement?"""
    for left, successor in ((first, second), (second, first)):
        if successor.replaces == left.key and left.last == successor.first:
            return False
    return first.first <= (second.last or date.max) and second.first <= (
        first.last or date.max
    )


# ----------------------------------------------------------------------
# COMPARISON
# ----------------------------------------------------------------------


def compare(listed: Sequence[Listed], known: Sequence[Known]) -> list[Finding]:
    """How a list of the PBX differs from the ledger of a day.

    >>> ledger = [Known(1, "201", "Anna"), Known(2, "202", "Bert")]
    >>> for found in compare([Listed(1, "201", "anna"), Listed(2, "203", "Carla")],
    ...                      ledger):
    ...     print(found.kind, found.listed and found.listed.row,
    ...           found.known and found.known.key)
    same 1 1
    add 2 None
    end None 2
    """
    pairs: dict[int, tuple[Known, str]] = {}
    open_rows, open_known = list(listed), list(known)
    for doubt, row_key, known_key in (
        ("", lambda row: row.extension, lambda seat: seat.extension),
        ("extension", _without_zeros, _without_zeros),
        ("moved", _name_key, _name_key),
    ):
        rows, seats = _unique(open_rows, row_key), _unique(open_known, known_key)
        for key in rows.keys() & seats.keys():
            row, seat = rows[key], seats[key]
            if doubt == "extension" and not alike(row.name, seat.name):
                continue
            pairs[row.row] = (seat, doubt)
            open_rows.remove(row)
            open_known.remove(seat)
    found = []
    for row in listed:
        if row.row not in pairs:
            found.append(Finding("add", row, None))
            continue
        seat, doubt = pairs[row.row]
        found.append(_finding(row, seat, doubt))
    return found + [Finding("end", None, seat) for seat in open_known]


def _finding(row: Listed, seat: Known, doubt: str) -> Finding:
    if doubt == "moved":
        return Finding("doubtful", row, seat, doubt, "replace")
    if doubt == "extension":
        return Finding("doubtful", row, seat, doubt, "correct")
    if _name_key(row) == _name_key(seat):
        return Finding("same", row, seat)
    proposal = "correct" if alike(row.name, seat.name) else "replace"
    return Finding("doubtful", row, seat, "name", proposal)


def alike(one: str, other: str) -> bool:
    """Could two names be of one person, spelled in two ways?

    >>> alike("A. de Vries", "Anna de Vries"), alike("Anna", "anna de vries")
    (True, True)
    >>> alike("Anna de Vries", "Bert Jansen")
    False
    """
    one, other = plain(one).casefold(), plain(other).casefold()
    words = sorted((set(one.split()), set(other.split())), key=len)
    return words[0] <= words[1] or SequenceMatcher(None, one, other).ratio() >= ALIKE


def _name_key(each: Listed | Known) -> str:
    return plain(each.name).casefold()


def _without_zeros(each: Listed | Known) -> str:
    return each.extension.lstrip("0")


def _unique(items: Iterable[_Item], key: Callable[[_Item], str]) -> dict[str, _Item]:
    """Items by key; where two have one key, neither."""
    grouped = defaultdict(list)
    for item in items:
        grouped[key(item)].append(item)
    return {key: found[0] for key, found in grouped.items() if len(found) == 1}
