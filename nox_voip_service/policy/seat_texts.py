"""Names and extensions of users as people and spreadsheets write them."""

import re
from collections.abc import Iterable

NAME_LENGTH = 120
EXTENSION_LENGTH = 20
EXTENSION_DIGITS = 6
MONTHS = 12
# What a spreadsheet would run when somebody opens an export of ours.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def plain(text: str) -> str:
    """A text without the spaces that only differ to a computer.

    >>> plain("  Anna   de\\u00a0Vries ")
    'Anna de Vries'
    """
    return " ".join(text.split())


def extension_text(value: object) -> str:
    """An extension as people dial it; spreadsheets make numbers of it, or write it
    so that they do not.

    >>> [extension_text(value) for value in (201, 201.0, "201.0", " 0201 ", None)]
    ['201', '201', '201', '0201', '']
    >>> [extension_text(value) for value in ('="0201"', "'201", "201,0")]
    ['0201', '201', '201']
    """
    text = plain("" if value is None else str(value))
    if kept := re.fullmatch(r'="(\w+)"', text):
        return kept[1]
    return re.sub(r"^'?(\d+)(?:[.,]0+)?$", r"\1", text)


def dialled(text: str) -> str:
    """The extension behind an outside number, as Teams writes it.

    >>> dialled("tel:+31201234501;ext=201"), dialled("+31201234501")
    ('201', '')
    """
    found = re.search(r"(?i);\s*ext=(\d+)", text)
    return found[1] if found else ""


def spreadsheet_problem(text: str) -> str | None:
    """What a spreadsheet made of an extension: ``scientific``, ``date``, or nothing.

    >>> [spreadsheet_problem(text) for text in ("3,12012E+10", "2026-02-01", "1-feb")]
    ['scientific', 'date', 'date']
    >>> [spreadsheet_problem(text) for text in ("201", "0201", "A1", "E201")]
    [None, None, None, None]
    """
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?-?\d+", text):
        return "scientific"
    day = r"\d{1,2}[-/. ](\d{1,2}|[^\W\d]{3,9}\.?)([-/. ]\d{2,4})?"
    if re.fullmatch(rf"\d{{4}}-\d\d-\d\d.*|\d+:\d\d(:\d\d)?|{day}", text):
        return "date"
    return None


def ambiguous_day(texts: Iterable[str]) -> tuple[int, str] | None:
    """The first of a column of dates that could be two days, with its index:
    day and month can be swapped, and no other date of the column tells which is which.

    >>> ambiguous_day(["2026-03-01", "01-03-2026"])
    (1, '01-03-2026')
    >>> ambiguous_day(["01-03-2026", "15-03-2026"]), ambiguous_day(["1.1.2026"])
    (None, None)
    """
    found = None
    for index, text in enumerate(texts):
        day = re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2,4})\b", text.strip())
        if not day:
            continue
        first, second = int(day[1]), int(day[2])
        if len(day[3]) == 4 and max(first, second) > MONTHS:
            return None
        if not found and (first != second or len(day[3]) != 4):
            found = (index, text.strip())
    return found


def is_outside_number(extension: str) -> bool:
    """Has it more digits than an extension: a telephone number from outside?

    >>> [is_outside_number(text) for text in ("201", "0201234501", "+31 20 1234501")]
    [False, True, True]
    """
    return sum(map(str.isdigit, extension)) > EXTENSION_DIGITS


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
