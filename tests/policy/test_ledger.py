"""What may stand in the seat ledger, and the comparison with a list."""

import random
from datetime import date, timedelta

import pytest

from odoo.addons.nox_voip_service.policy.ledger import (
    Entry,
    Known,
    Listed,
    clashes,
    columns,
    compare,
    extension_text,
    refusals,
    text_problem,
)

DAY = date(2026, 3, 1)


def day(number):
    return DAY + timedelta(days=number)


def entry(key, first, last=None, extension="201", pbx="pbx", replaces=None):
    return Entry(
        key, pbx, extension, day(first), None if last is None else day(last), replaces
    )


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (entry(1, 0, 5), entry(2, 6), False),
        (entry(1, 0, 5), entry(2, 5), True),
        (entry(1, 0), entry(2, 100), True),
        (entry(1, 0, 5), entry(2, 5, replaces=1), False),
        (entry(2, 5, replaces=1), entry(1, 0, 5), False),
        (entry(1, 0, 6), entry(2, 5, replaces=1), True),
        (entry(1, 0), entry(2, 0, extension="202"), False),
        (entry(1, 0), entry(2, 0, pbx="other"), False),
    ],
)
def test_one_extension_belongs_to_one_user_at_a_time(one, other, clash):
    assert bool(clashes([one, other])) is clash


def test_clashes_are_the_days_that_two_users_share():
    rng = random.Random(3)
    for _ in range(300):
        entries = [
            entry(key, first := rng.randrange(20), rng.choice([None, first, first + 4]))
            for key in range(4)
        ]
        days = {
            e.key: {
                n
                for n in range(60)
                if e.first <= day(n) <= (e.last or date(2027, 1, 1))
            }
            for e in entries
        }
        expected = {
            (a.key, b.key)
            for a in entries
            for b in entries
            if a.key < b.key and days[a.key] & days[b.key]
        }
        assert {(a.key, b.key) for a, b in clashes(entries)} == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(201, "201"), (201.0, "201"), ("201,0", "201"), ("0201", "0201"), ("A1", "A1")],
)
def test_extension_is_what_people_dial(value, text):
    assert extension_text(value) == text


@pytest.mark.parametrize("text", ["=1", "+31", "-x", "@sum", "\tx", "|cmd", "%x"])
def test_formula_is_refused(text):
    assert text_problem(text, 20) == "formula"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["ext;", "Name"], (0, 1, True)),
        (["User name", "Ext. nr"], (1, 0, True)),
        (["Extension name", "User name"], (0, 1, True)),
        (["Extension name", "Department"], (0, 1, False)),
        (["Reception", "Anna"], (0, 1, False)),
        (["Anna", "201", "sales"], (1, 0, False)),
        (["201"], (0, 1, False)),
    ],
)
def test_columns_are_found_by_heading_or_by_number(cells, expected):
    assert columns(cells) == expected


def test_every_bad_row_is_named():
    found = refusals(
        [
            Listed(1, "201", "Anna"),
            Listed(2, "", "Bert"),
            Listed(3, "202", ""),
            Listed(4, "=A1", "Carla"),
            Listed(5, "1" * 21, "x" * 121),
            Listed(6, "201", "Dirk"),
            Listed(7, "", "Eva"),
        ]
    )
    assert [(each.row, each.code, each.field, each.other) for each in found] == [
        (2, "missing", "extension", 0),
        (3, "missing", "name", 0),
        (4, "formula", "extension", 0),
        (5, "too_long", "extension", 0),
        (5, "too_long", "name", 0),
        (6, "double", "extension", 1),
        (7, "missing", "extension", 0),
    ]


LEDGER = [
    Known("anna", "201", "Anna de Vries"),
    Known("bert", "202", "Bert Jansen"),
    Known("carla", "0203", "Carla Bos"),
    Known("dirk", "204", "Dirk Smit"),
]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("201", "anna de  vries"), ("same", "anna", "", "")),
        (("201", "A. de Vries"), ("doubtful", "anna", "name", "correct")),
        (("201", "Frank Post"), ("doubtful", "anna", "name", "replace")),
        (("203", "Carla Bos"), ("doubtful", "carla", "extension", "correct")),
        (("203", "Frank Post"), ("add", None, "", "")),
        (("299", "Bert Jansen"), ("doubtful", "bert", "moved", "replace")),
        (("300", "Frank Post"), ("add", None, "", "")),
    ],
)
def test_a_row_of_a_list_compares(row, expected):
    found, *rest = compare([Listed(1, *row)], LEDGER)
    assert (found.kind, found.known and found.known.key) == expected[:2]
    assert (found.doubt, found.proposal) == expected[2:]
    assert {each.known.key for each in rest} == {seat.key for seat in LEDGER} - {
        expected[1]
    }
    assert {each.kind for each in rest} == {"end"}


def test_two_of_one_name_are_not_taken_for_a_move():
    twice = [Listed(1, "301", "Bert Jansen"), Listed(2, "302", "Bert Jansen")]
    assert [f.kind for f in compare(twice, LEDGER)][:2] == ["add", "add"]


def test_a_ledger_compared_with_itself_is_unchanged():
    listed = [Listed(n, seat.extension, seat.name) for n, seat in enumerate(LEDGER)]
    assert {found.kind for found in compare(listed, LEDGER)} == {"same"}
