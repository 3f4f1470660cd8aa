"""The users of a list: rows that are users, rows that are none, rows that cannot be.

>>> layout = Layout(extension=0, name=1, kind=(2,))
>>> words = {"no_user": ["wachtrij"]}
>>> rows = [(2, ["201", "Anna", "Gebruiker"]), (3, ["800", "Sales", "Wachtrij"])]
>>> found = read(rows, layout, words)
>>> found.users, found.left[0].reason, found.refused
([Listed(row=2, extension='201', name='Anna', unsure='')], 'device', [])
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .names import looks_like_login, name_key
from .seat_file import Row, has_odd_letters
from .seat_layout import Layout, Words, cell, key
from .seat_texts import (
    EXTENSION_LENGTH,
    NAME_LENGTH,
    dialled,
    extension_text,
    plain,
    spreadsheet_problem,
    text_problem,
)


class Listed(NamedTuple):
    """A user of a list that came from outside; rows are counted from 1.

    :param unsure: why a person should look first: ``odd`` letters, a ``login`` for a
        name, a ``device`` by its name, an unknown ``kind``
    """

    row: int
    extension: str
    name: str
    unsure: str = ""


class Left(NamedTuple):
    """A row that is no user.

    :param reason: ``device``, ``off``, ``deleted`` or ``no_number``
    :param text: what the list says there
    """

    row: int
    extension: str
    name: str
    reason: str
    text: str = ""


class Refusal(NamedTuple):
    """Why a row cannot be taken: ``missing``, ``formula``, ``too_long``, ``break`` (of
    a ``field``), ``scientific`` or ``date`` (made by a spreadsheet), ``double`` (of the
    row ``other``), or ``cells`` (more than the heading)."""

    row: int
    code: str
    field: str = "extension"
    text: str = ""
    other: int = 0


class Reading(NamedTuple):
    """What a list says."""

    users: list[Listed]
    left: list[Left]
    refused: list[Refusal]


def too_wide(rows: Sequence[Row], start: int) -> list[Refusal]:
    """Rows of more cells than the heading: a delimiter stands in a text, and nobody
    knows what is below which heading.

    >>> too_wide([(1, ["Ext", "Name"]), (2, ["201", "Bos", "Anna"])], 1)
    [Refusal(row=2, code='cells', field='extension', text='', other=0)]
    """
    width = len(rows[start - 1][1]) if start else None
    return [
        Refusal(number, "cells")
        for number, cells in rows[start:]
        if width is not None and any(text.strip() for text in cells[width:])
    ]


def read(rows: Iterable[Row], layout: Layout, words: Words) -> Reading:
    """Users of a list, in its order. One user that stands in it twice counts once.

    >>> read([(1, ["201", "Anna"]), (2, ["201", "anna"])], Layout(0, 1), {}).users
    [Listed(row=1, extension='201', name='Anna', unsure='')]
    """
    users: list[Listed] = []
    left: list[Left] = []
    refused: list[Refusal] = []
    kinds: dict[int, str] = {}
    for number, cells in rows:
        extension, name = cell(cells, layout.extension), layout.name_of(cells)
        extension = dialled(extension) or extension
        if reason := _no_user(cells, layout, words):
            left.append(Left(number, _short(extension), _short(name), *reason))
            continue
        if layout.is_dialled and not extension:
            left.append(Left(number, "", _short(name), "no_number"))
            continue
        broken = [
            Refusal(number, "break", field)
            for field, text in (("extension", extension), ("name", name))
            if "\n" in text
        ]
        if broken:
            refused += broken
            continue
        kinds[number] = next((k for n in layout.kind if (k := cell(cells, n))), "")
        extension, name = extension_text(extension), plain(name)
        users.append(Listed(number, extension, name, _unsure(name, words)))
    users = _once(users)
    if len({key(kind) for kind in kinds.values()}) > 1:
        known = {*words.get("user", ()), ""}
        users = [
            user
            if user.unsure or key(kinds[user.row]) in known
            else user._replace(unsure="kind")
            for user in users
        ]
    refused += refusals(users)
    return Reading(users, left, sorted(refused, key=lambda each: each.row))


def refusals(rows: Iterable[Listed]) -> list[Refusal]:
    """Why a list cannot be taken, row by row; empty when it can.

    >>> [(found.row, found.code, found.field, found.other) for found in
    ...  refusals([Listed(1, "201", "Anna"), Listed(2, "201", "=A1")])]
    [(2, 'formula', 'name', 0), (2, 'double', 'extension', 1)]
    """
    found: list[Refusal] = []
    seen: dict[str, int] = {}
    for row in rows:
        for field, limit in (("extension", EXTENSION_LENGTH), ("name", NAME_LENGTH)):
            text = getattr(row, field)
            code = text_problem(text, limit)
            if field == "extension":
                code = spreadsheet_problem(text) or code
            if code:
                found.append(Refusal(row.row, code, field, text[:40]))
        first = seen.setdefault(row.extension, row.row)
        if row.extension and first != row.row:
            found.append(
                Refusal(row.row, "double", "extension", row.extension[:40], first)
            )
    return found


def _once(users: Sequence[Listed]) -> list[Listed]:
    seen: dict[tuple[str, str], Listed] = {}
    for user in users:
        who = (user.extension, name_key(user.name))
        seen.setdefault(who if all(who) else (str(user.row), "\n"), user)
    return list(seen.values())


def _no_user(
    cells: Sequence[str], layout: Layout, words: Words
) -> tuple[str, str] | None:
    """Why a row is no user, and the cell that says so."""
    for columns, meaning, reason in (
        (layout.action, "deleted", "deleted"),
        (layout.status, "deleted", "deleted"),
        (layout.status, "no", "off"),
        (layout.blocked, "yes", "off"),
    ):
        for column in columns:
            text = cell(cells, column)
            if key(text) in words.get(meaning, ()):
                return reason, _short(text)
    for column in layout.kind:
        text = cell(cells, column)
        if key(text) not in words.get("user", ()) and _is_device(text, words):
            return "device", _short(text)
    return None


def _is_device(text: str, words: Words) -> bool:
    """Is it a device, a queue, a room: whole, or by one of its words?"""
    devices = words.get("no_user", ())
    return key(text) in devices or any(
        key(word) in devices for word in re.split(r"[\W_]+", text) if word
    )


def _unsure(name: str, words: Words) -> str:
    if has_odd_letters(name):
        return "odd"
    if name and looks_like_login(name):
        return "login"
    return "device" if _is_device(name, words) else ""


def _short(text: str) -> str:
    return plain(text)[:40]
