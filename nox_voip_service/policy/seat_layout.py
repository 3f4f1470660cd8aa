"""Which column of a list is what, by the headings that telephone systems write.

>>> words = vocabulary({"extension": ["Intern", "Nummer"], "name": ["Naam"],
...                     "first_name": ["Voornaam"], "last_name": ["Achternaam"]})
>>> look([(1, ["Naam", "Nummer", "Intern"]), (2, ["Anna", "0201", "201"])], words)
Look(layout=Layout(extension=2, name=0), start=1, is_guess=False)
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .names import looks_like_login
from .seat_file import Row
from .seat_texts import dialled, extension_text, plain

# Meanings of a heading, and of a value below one.
NAME_COLUMNS = ("name", "first_name", "infix", "last_name", "other_name")
STATE_COLUMNS = ("kind", "status", "blocked", "action")
MAPPED = ("extension", *NAME_COLUMNS, *STATE_COLUMNS)
HEADINGS = (*MAPPED, "phone", "login", "secret")
VALUES = ("no", "yes", "deleted", "no_user", "user")
# Short words hide in others ("pin" in "shipping"): they count alone only.
LONG_SECRET = 5

Words = Mapping[str, Sequence[str]]


class Layout(NamedTuple):
    """Columns of a list, counted from 0.

    :param other_name: a name where there is no better one
    :param kind: user, device, queue ...
    :param status: enabled, active
    :param blocked: disabled, blocked: the reverse of ``status``
    :param action: what an import into the PBX is to do with the row
    :param is_dialled: the extension stands behind an outside number
    """

    extension: int | None = None
    name: int | None = None
    first_name: int | None = None
    infix: int | None = None
    last_name: int | None = None
    other_name: int | None = None
    kind: tuple[int, ...] = ()
    status: tuple[int, ...] = ()
    blocked: tuple[int, ...] = ()
    action: tuple[int, ...] = ()
    is_dialled: bool = False

    def __repr__(self) -> str:
        """Only what is known."""
        known = [(k, v) for k, v in self._asdict().items() if v is not None]
        shown = ", ".join(f"{k}={v}" for k, v in known if v != () and v is not False)
        return f"Layout({shown})"

    @property
    def is_complete(self) -> bool:
        """Can users be read with it: an extension and a name?"""
        names = (self.name, self.first_name, self.last_name, self.other_name)
        return self.extension is not None and names != (None,) * len(names)

    def columns(self) -> set[int]:
        """Every column that is read; the others need not be kept."""
        single = {getattr(self, name) for name in ("extension", *NAME_COLUMNS)}
        many = {n for name in STATE_COLUMNS for n in getattr(self, name)}
        return (single - {None}) | many

    def name_of(self, cells: Sequence[str]) -> str:
        """The name of a row: the whole one, or its parts joined.

        >>> parts = Layout(first_name=0, infix=1, last_name=2)
        >>> parts.name_of(["Anna", "de", "Vries"])
        'Anna de Vries'
        >>> Layout(first_name=0, name=1).name_of(["Anna", "Bos"])  # Vorname, Name
        'Anna Bos'
        >>> Layout(first_name=0, name=1).name_of(["Anna", "Anna Bos"])
        'Anna Bos'
        """
        name, first, infix, last, other = (
            cell(cells, getattr(self, column)) for column in NAME_COLUMNS
        )
        parts = plain(f"{first} {infix} {last}")
        if name and not (first and last and looks_like_login(plain(name))):
            is_last = self.last_name is None and first
            if not is_last or first.casefold() in name.casefold():
                return name
            return plain(f"{first} {infix} {name}")
        return parts or other


class Look(NamedTuple):
    """What is known of a list at first sight; the layout may be incomplete.

    :param start: the first row of users: 0 without a heading, more below a title
    :param is_guess: proposed by what stands in the columns; a person has to say so
    """

    layout: Layout
    start: int
    is_guess: bool = False


# ----------------------------------------------------------------------
# WORDS
# ----------------------------------------------------------------------


def key(text: str) -> str:
    """A heading or a value without what differs by system only.

    >>> [key(text) for text in ("First Name", "first_name", "Prénom", "Ext. nr:")]
    ['firstname', 'firstname', 'prenom', 'extnr']
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def vocabulary(words: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Keys of the words of every meaning, the preferred first."""
    return {
        meaning: list(dict.fromkeys(k for k in map(key, synonyms) if k))
        for meaning, synonyms in words.items()
    }


def is_secret(heading: str, words: Words) -> bool:
    """Is it the heading of passwords, PINs or the like?

    >>> words = vocabulary({"secret": ["password", "pin"]})
    >>> [is_secret(text, words) for text in ("UserPassword2", "VM_PIN", "Shipping")]
    [True, True, False]
    """
    whole = key(heading)
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    single = {key(word) for word in re.split(r"[\W_]+", parts)} | {whole}
    return any(
        word in whole if len(word) >= LONG_SECRET else word in single
        for word in words.get("secret", ())
    )


def without_secrets(rows: Iterable[Row], words: Words) -> list[Row]:
    """The rows, with nothing below a heading of secrets. A heading may stand below
    a title, so every row is asked.

    >>> without_secrets([(1, ["Ext", "PIN"]), (2, ["201", "4821"])],
    ...                 vocabulary({"secret": ["pin"]}))
    [(1, ['Ext', 'PIN']), (2, ['201', ''])]
    """
    hidden: set[int] = set()
    shown = []
    for number, cells in rows:
        shown.append((number, ["" if n in hidden else c for n, c in enumerate(cells)]))
        if not hidden:
            hidden = {n for n, text in enumerate(cells) if is_secret(text, words)}
    return shown


def masked(text: str) -> str:
    """A cell as it may be shown when nobody knows what its column holds.

    >>> [masked(text) for text in ("Anna", "201", "Xk3aaaaaaB", "anna@bos.example")]
    ['Anna', '201', '•••', 'anna@bos.example']
    """
    is_token = re.fullmatch(r"(?=.*\d)(?=.*[^\W\d])\S{6,}", text) and "@" not in text
    return "•••" if is_token else text


# ----------------------------------------------------------------------
# LAYOUT
# ----------------------------------------------------------------------


def cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def look(rows: Sequence[Row], words: Words) -> Look:
    """The layout of a list by its heading; of two columns without one by the digits
    of the extension. What is unknown stays open: a person is asked.

    >>> look([(1, ["Anna", "201"])], {})
    Look(layout=Layout(extension=1, name=0), start=0, is_guess=False)
    >>> look([(1, ["Poste", "Wer"]), (2, ["201", "Anna"])], {})
    Look(layout=Layout(extension=0, name=1), start=1, is_guess=True)
    """
    heading = rows[0][1]
    titles = 0
    while titles < len(rows) - 1 and _is_title(rows[titles][1]):
        titles += 1
    for start in dict.fromkeys((titles, 0)):
        layout = _by_heading(rows[start][1], rows[start + 1 :], words)
        if layout.is_complete and not _has_numbers(rows[start][1]):
            return Look(layout, start + 1)
    keys = {key(text) for text in heading}
    known = {word for name in HEADINGS for word in words.get(name, ())}
    digits = [extension_text(text)[:1].isdigit() for text in heading]
    if not any(digits) or (keys & known and not _has_numbers(heading)):
        layout = _by_heading(heading, rows[1:], words)
        return Look(_completed(layout, heading, rows[1:], words), 1, is_guess=True)
    used = max(n for _row, cells in rows for n, text in enumerate(cells) if text) + 1
    if used > 2:
        return Look(_by_content(rows), 0, is_guess=True)
    swapped = digits[:2] == [False, True]
    return Look(Layout(extension=int(swapped), name=int(not swapped)), 0)


def _is_title(cells: Sequence[str]) -> bool:
    """One cell of words: "Users of the bakery", above the heading."""
    filled = [text for text in cells if text.strip()]
    return len(filled) == 1 and not _has_numbers(filled)


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(re.fullmatch(r"\+?\d[\d ()-]*", text.strip()) for text in cells)


def _by_heading(heading: Sequence[str], rows: Sequence[Row], words: Words) -> Layout:
    keys = [key(text) for text in heading]
    columns: dict[str, list[int]] = {}
    for meaning in HEADINGS:
        order = words.get(meaning, ())
        ranked = sorted(
            (order.index(k), column) for column, k in enumerate(keys) if k in order
        )
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            continue  # Twice the same heading: which of them is for a person to say.
        columns[meaning] = [column for _rank, column in ranked]
    single = {
        meaning: next(iter(columns.get(meaning, ())), None)
        for meaning in ("extension", *NAME_COLUMNS)
    }
    states = {meaning: tuple(columns.get(meaning, ())) for meaning in STATE_COLUMNS}
    layout = Layout(**single, **states)  # type: ignore[arg-type]
    if layout.extension is None:
        for column in columns.get("phone", ()):
            if any(dialled(cell(cells, column)) for _row, cells in rows):
                return layout._replace(extension=column, is_dialled=True)
    return layout


def _completed(
    layout: Layout, heading: Sequence[str], rows: Sequence[Row], words: Words
) -> Layout:
    """A proposal for what the heading does not tell, from columns of unknown words."""
    if not rows:
        return layout
    known = {word for name in HEADINGS for word in words.get(name, ())}
    unknown = [n for n, text in enumerate(heading) if key(text) not in known]
    proposed = _by_content(only(rows, unknown))
    if layout.extension is None:
        layout = layout._replace(extension=proposed.extension)
    if not any(getattr(layout, name) is not None for name in NAME_COLUMNS):
        layout = layout._replace(name=proposed.name)
    return layout


def _by_content(rows: Sequence[Row]) -> Layout:
    """A proposal for a list whose columns nobody names: the first of short numbers,
    the first of words."""
    sample = [cells for _row, cells in rows[:20]]
    width = max(len(cells) for cells in sample)

    def first(pattern: str) -> int | None:
        for column in range(width):
            if all(re.fullmatch(pattern, cell(cells, column)) for cells in sample):
                return column
        return None

    return Layout(extension=first(r"\d{2,6}"), name=first(r"[^\d@]*[^\W\d_][^\d@]*"))


def names_are_missing(rows: Sequence[Row], words: Words) -> bool:
    """Is it a list of known headings that has log-ins or numbers, and no names?

    >>> words = vocabulary({"login": ["UserPrincipalName"], "phone": ["PhoneNumber"]})
    >>> names_are_missing([(1, ["UserPrincipalName", "PhoneNumber"])], words)
    True
    """
    keys = {key(text) for text in rows[0][1]}
    known = {word for name in ("login", "phone") for word in words.get(name, ())}
    named = {word for name in NAME_COLUMNS for word in words.get(name, ())}
    unknown = keys - known - {w for name in HEADINGS for w in words.get(name, ())}
    return bool(keys & known) and not keys & named and len(unknown) <= 1


# ----------------------------------------------------------------------
# WHAT A PERSON SAID
# ----------------------------------------------------------------------


def column_keys(cells: Sequence[str], has_heading: bool) -> list[str]:
    """What a column is known by in the next list: its heading, else its position.

    >>> column_keys(["Poste", "Nom", "", "Nom"], True), column_keys(["201"], False)
    (['poste', '#1', '#2', '#3'], ['#0'])
    """
    keys = [key(text) if has_heading else "" for text in cells]
    return [
        word if word and keys.count(word) == 1 else f"#{column}"
        for column, word in enumerate(keys)
    ]


def remembered(
    meanings: Mapping[str, str], cells: Sequence[str], has_heading: bool
) -> Layout | None:
    """The layout that a person gave to a list like this one; None for another list.

    >>> remembered({"poste": "extension", "#1": "name"}, ["Poste", ""], True)
    Layout(extension=0, name=1)
    >>> remembered({"poste": "extension", "#1": "name"}, ["Ext", ""], True) is None
    True
    """
    keys = column_keys(cells, has_heading)
    known = set(meanings) <= set(keys) and set(meanings.values()) <= set(MAPPED)
    if not meanings or not known:
        return None
    single: dict[str, int] = {}
    states: dict[str, tuple[int, ...]] = {}
    for name, meaning in meanings.items():
        column = keys.index(name)
        if meaning in STATE_COLUMNS:
            states[meaning] = (*states.get(meaning, ()), column)
        else:
            single[meaning] = column
    layout = Layout(**single, **states)  # type: ignore[arg-type]
    return layout if layout.is_complete else None


def only(rows: Iterable[Row], columns: Iterable[int]) -> list[Row]:
    """The rows with these columns alone; the others are not kept.

    >>> only([(1, ["201", "Anna", "anna@bos.example"])], {0, 1})
    [(1, ['201', 'Anna', ''])]
    """
    kept = set(columns)
    return [
        (number, [text if n in kept else "" for n, text in enumerate(cells)])
        for number, cells in rows
    ]


# ----------------------------------------------------------------------
# STORED
# ----------------------------------------------------------------------


def is_table(rows: object) -> bool:
    """Are these numbered rows of texts, as they were stored?

    >>> is_table([[2, ["201", "Anna"]]]), is_table([[2, [201]]]), is_table("x")
    (True, False, False)
    """
    return isinstance(rows, list) and all(
        isinstance(row, list | tuple)
        and len(row) == 2
        and isinstance(row[0], int)
        and isinstance(row[1], list)
        and all(isinstance(text, str) for text in row[1])
        for row in rows
    )


def stored_layout(values: object) -> Layout | None:
    """A layout from what was stored of it; None when it is none.

    >>> stored_layout({"extension": 0, "name": 1, "kind": [2]})
    Layout(extension=0, name=1, kind=(2,))
    >>> stored_layout({"extension": "x"}) is stored_layout(5) is None
    True
    """
    if not isinstance(values, dict) or not set(values) <= set(Layout._fields):
        return None
    plain_values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
    }
    columns = [
        column
        for value in plain_values.values()
        for column in (value if isinstance(value, tuple) else (value,))
    ]
    is_sound = all(column is None or isinstance(column, int) for column in columns)
    return Layout(**plain_values) if is_sound else None
