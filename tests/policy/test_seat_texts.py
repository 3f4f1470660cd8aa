"""Names and extensions as people and spreadsheets write them."""

import pytest

from odoo.addons.nox_voip_service.policy.seat_texts import (
    ambiguous_day,
    dialled,
    extension_text,
    is_outside_number,
    spreadsheet_problem,
    text_problem,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (201, "201"),
        (201.0, "201"),
        (0, "0"),
        (None, ""),
        ("201,0", "201"),
        ("201.00", "201"),
        ("201.50", "201.50"),
        ("0201", "0201"),
        (" 02  01 ", "02 01"),
        ("'0201", "0201"),
        ("'A1", "'A1"),
        ('="0201"', "0201"),
        ('="A1"', "A1"),
        ('="0201"&A1', '="0201"&A1'),
        ("A1", "A1"),
    ],
)
def test_extension_is_what_people_dial(value, text):
    assert extension_text(value) == text


@pytest.mark.parametrize("text", ["=1", "+31", "-x", "@sum", "\tx", "|cmd", "%x"])
def test_formula_is_refused(text):
    assert text_problem(text, 20) == "formula"


@pytest.mark.parametrize(
    ("text", "limit", "problem"),
    [
        ("x" * 20, 20, None),
        ("x" * 21, 20, "too_long"),
        ("", 20, "missing"),
        (" \u00a0", 20, "missing"),
        ("a=1", 20, None),
    ],
)
def test_what_is_wrong_with_a_text(text, limit, problem):
    assert text_problem(text, limit) == problem


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("tel:+31201234501;ext=201", "201"),
        ("+31201234501; EXT=0201", "0201"),
        ("tel:+31201234501", ""),
        ("ext=201", ""),
        ("+31;ext=", ""),
    ],
)
def test_an_extension_behind_an_outside_number(text, extension):
    assert dialled(text) == extension


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("3,12012E+10", "scientific"),
        ("3.1e10", "scientific"),
        ("2E-5", "scientific"),
        ("2026-02-01", "date"),
        ("2026-02-01 00:00", "date"),
        ("1-2", "date"),
        ("01/02/2026", "date"),
        ("1-feb", "date"),
        ("1 sept. 26", "date"),
        ("2:01", "date"),
        ("12:01:00", "date"),
        ("201", None),
        ("E201", None),
        ("201E", None),
        ("x1-2", None),
        ("1-2x", None),
        ("201-2", None),
        ("1-fe", None),
        ("", None),
    ],
)
def test_what_a_spreadsheet_made_of_an_extension(text, problem):
    assert spreadsheet_problem(text) == problem


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([], None),
        (["", "Anna", "2026-03-01"], None),
        (["2026-03-01", "01-03-2026"], (1, "01-03-2026")),
        ([" 1/3/2026 ", "2-4-2026"], (0, "1/3/2026")),
        (["01-12-2026"], (0, "01-12-2026")),
        # Another date of the column tells which is the day.
        (["01-03-2026", "13-03-2026"], None),
        (["01-03-2026", "03-13-2026"], None),
        (["13-03-2026", "01-03-2026"], None),
        # Day and month are the same, whichever comes first.
        (["03-03-2026"], None),
        (["03-03-2026", "", "01-03-2026"], (2, "01-03-2026")),
        # Of two digits each may be the year too.
        (["03-03-26"], (0, "03-03-26")),
        (["01-03-26", "13-03-26"], (0, "01-03-26")),
        (["1-3-026", "at 1-3-2026", "1-3-20261"], (0, "1-3-026")),
    ],
)
def test_the_first_date_that_could_be_two_days(texts, found):
    assert ambiguous_day(texts) == found


@pytest.mark.parametrize(
    ("extension", "outside"),
    [("020123", False), ("0201234", True), ("+31 20-12", False), ("abcdefgh", False)],
)
def test_more_than_six_digits_come_from_outside(extension, outside):
    assert is_outside_number(extension) is outside
