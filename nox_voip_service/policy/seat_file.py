"""A list of users as text: from the bytes of a file to numbered rows of cells.

>>> parse('sep=;\\nToestel;Naam\\n201;"Vries; Anna de"\\n')
[(2, ['Toestel', 'Naam']), (3, ['201', 'Vries; Anna de'])]
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .errors import PolicyError

Row = tuple[int, list[str]]

MAX_COLUMNS = 50
DELIMITERS = "\t;,|"
# What a letter becomes when its bytes are read in the wrong encoding.
_BESIDE = "‚ƒ…†‡ˆ‰‹›™¡¢£¤¥¦§¨©¬®°±²³¶¸¹¼½¾¿×÷\ufffd"
_BETWEEN = '„“”"?'
_LETTER = r"[^\W\d_]"
_ODD = re.compile(
    rf"{_LETTER}[{_BESIDE}]|[{_BESIDE}]{_LETTER}"
    rf"|{_LETTER}[{re.escape(_BETWEEN)}]{_LETTER}|[ÃÂ][^\s\w]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


class InvalidList(PolicyError):
    """A list that cannot be read: ``quote`` (a quotation mark that is opened and not
    closed) in the row ``row``, counted from 1."""


class Decoded(NamedTuple):
    """The text of a file.

    :param is_guess: its letters were read as those of an old DOS program, because
        they were odd in every other encoding
    """

    text: str
    is_guess: bool = False


# ----------------------------------------------------------------------
# ENCODING
# ----------------------------------------------------------------------


def decode(raw: bytes) -> Decoded | None:
    """The text of a file in UTF-8, UTF-16, or as Windows and DOS write it; None when
    it is no text at all.

    >>> decode("201;Zoë".encode("utf-16-le")), decode(b"Andr\\x82 de Vries")
    (Decoded(text='201;Zoë', is_guess=False), Decoded(text='André de Vries', \
is_guess=True))
    >>> decode(b"\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1\\x00") is None
    True
    """
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            return None
        if encoding == "cp1252" and has_odd_letters(text):
            dos = raw.decode("cp850")
            if not has_odd_letters(dos):
                return Decoded(dos, is_guess=True)
        return Decoded(text.removeprefix("\ufeff"), encoding == "cp850")
    return None


def _encodings(raw: bytes) -> Iterable[str]:
    """Encodings to try: a mark at the start or empty bytes between letters tell
    UTF-16."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    begin = raw[:4000]
    if begin[1::2].count(0) > len(begin) / 4:
        return ("utf-16-le",)
    if begin[::2].count(0) > len(begin) / 4:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252", "cp850")


def has_odd_letters(text: str) -> bool:
    """Do signs stand in words that no name has: a wrong encoding?

    >>> [has_odd_letters(text) for text in ("AndrÃ©", "Andr‚ Bos", "J”rg", "Ren?e")]
    [True, True, True, True]
    >>> any(map(has_odd_letters, ("Zoë", "Carla 't Hart", "O’Brien", 'Jan "Sjon" X')))
    False
    """
    return bool(_ODD.search(text))


# ----------------------------------------------------------------------
# ROWS
# ----------------------------------------------------------------------


def parse(text: str, limit: int | None = None) -> list[Row]:
    """Rows of a CSV text with their number, from 1; empty rows are left out, and so
    are the lines that Excel (``sep=;``) and PowerShell (``#TYPE``) write before the
    heading.

    :param limit: stop at the first row above it: it shows that there are more
    """
    lines = re.sub("\r\n?", "\n", text).split("\n")
    start, delimiter = _preamble(lines)
    lines = lines[start:]
    if not delimiter:
        filled = next((line for line in lines if line.strip()), "")
        outside = re.sub(r'"[^"]*"?', "", filled)
        delimiter = max(DELIMITERS, key=outside.count)
    table: list[Row] = []
    for number, row in _rows(lines, delimiter):
        if any(cell.strip() for cell in row):
            table.append((start + number, row[:MAX_COLUMNS]))
            if any(_swallows(cell, delimiter, len(table[0][1])) for cell in row):
                raise InvalidList("quote", row=start + number)
        if limit is not None and len(table) > limit:
            break
    return table


def _preamble(lines: list[str]) -> tuple[int, str]:
    """How many lines stand before the list, and the delimiter that they name."""
    start, delimiter = 0, ""
    for number, line in enumerate(lines):
        bare = line.strip().strip('"')
        if found := re.fullmatch(r"(?i)sep=(.)", bare):
            delimiter = found[1]
        elif re.fullmatch(r"(?i)sep=", bare):  # A tab, stripped.
            delimiter = "\t"
        elif bare and not bare.upper().startswith("#TYPE"):
            break
        start = number + 1
    return start, delimiter


def _rows(lines: list[str], delimiter: str) -> Iterator[Row]:
    """Rows with the number of the line where each begins."""
    reader = csv.reader(
        (f"{line}\n" for line in lines),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=delimiter != "\t",
    )
    begin = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidList("quote", row=begin) from error
        yield begin, row
        begin = reader.line_num + 1


def _swallows(cell: str, delimiter: str, width: int) -> bool:
    """Does a cell of several lines hold whole rows? Then a quotation mark is missing,
    and people would vanish in the name of another."""
    return any(
        line.count(delimiter) >= max(1, width - 1)
        or re.match(rf"\s*\d+\s*{re.escape(delimiter)}", line)
        for line in cell.split("\n")[1:]
    )
