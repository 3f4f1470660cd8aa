"""The comparison of a list with the users that we know."""

import pytest

from odoo.addons.nox_voip_service.policy import seat_compare
from odoo.addons.nox_voip_service.policy.seat_compare import (
    Doubt,
    Finding,
    Known,
    compare,
    doubts,
)
from odoo.addons.nox_voip_service.policy.seat_list import Left, Listed, refusals


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
        (("X203", "Carla Bos"), ("doubtful", "carla", "moved", "replace")),
        (("299", "Bert Jansen"), ("doubtful", "bert", "moved", "replace")),
        (("300", "Frank Post"), ("add", None, "", "")),
    ],
)
def test_a_row_of_a_list_compares(row, expected):
    found, *rest = compare([Listed(1, *row)], LEDGER)
    assert found.listed == Listed(1, *row)
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


def people(*rows, unsure=""):
    return [Listed(n, *row, unsure) for n, row in enumerate(rows, start=2)]


@pytest.mark.parametrize(
    ("row", "users", "doubt"),
    [
        (("0201234", "Frank Post"), [("201", "Anna")], "number"),
        (("020123", "Frank Post"), [("201", "Anna")], ""),
        # Where a user has an outside number already, another one may.
        (("0201234", "Frank Post"), [("0201235", "Anna")], ""),
        (("0201234", "fpost", "login"), [("201", "Anna")], "login"),
        (("300", "Frank Post", "device"), [("201", "Anna")], "device"),
    ],
)
def test_who_is_added_with_a_doubt(row, users, doubt):
    listed = Listed(2, *row)
    known = [Known(n, *seat) for n, seat in enumerate(users)]
    added, *_rest = compare([listed], known)
    assert added == Finding("add", listed, None, doubt)
    assert added.is_certain is not bool(doubt)


def test_a_name_in_two_rows_is_added_with_a_doubt():
    twice = people(("301", "Frank Post"), ("302", "FRANK POST"), ("303", "Gea Bos"))
    found = compare(twice, [])
    assert [(each.kind, each.doubt) for each in found] == [
        ("add", "twin"),
        ("add", "twin"),
        ("add", ""),
    ]


@pytest.mark.parametrize(
    ("left", "charged", "kind", "doubt", "certain"),
    [
        (("201", "Anna", "off"), True, "end", "off", False),
        (("201", "Anna", "device"), True, "end", "device", False),
        # What the list takes for a device is one in the users too.
        (("201", "Anna", "device"), False, "same", "", False),
        (("201", "Anna", "off"), False, "end", "off", False),
        # Deleted there, ended here: without a doubt.
        (("201", "Anna", "deleted"), True, "end", "", True),
    ],
)
def test_a_user_whose_row_is_no_user(left, charged, kind, doubt, certain):
    seat, row = Known("anna", "201", "Anna", charged), Left(2, *left)
    (found,) = compare([], [seat], [row])
    assert (found.kind, found.doubt, found.is_certain) == (kind, doubt, certain)
    assert (found.listed, found.known) == (None, seat)
    assert found.left == (None if certain else row)


def test_rows_of_no_user_that_are_nobodys_are_skipped():
    rows = [
        Left(2, "201", "Anna", "off"),
        Left(3, "800", "Sales", "device"),
        Left(4, "", "Lobby", "no_number"),
    ]
    found = compare([], LEDGER[:1], rows)
    assert [(each.kind, each.left.row) for each in found] == [
        ("end", 2),
        ("skipped", 3),
        ("skipped", 4),
    ]


def test_who_is_elsewhere_in_the_list_does_not_end_without_a_look():
    seats = [Known(n, f"20{n}", "Anna de Vries") for n in (1, 2)]
    found = compare(people(("301", "Anna de Vries")), seats)
    assert [(each.kind, each.doubt, each.is_certain) for each in found] == [
        ("doubtful", "moved", False),
        ("end", "elsewhere", False),
    ]


def test_of_one_extension_in_two_rows_no_user_is_guessed():
    found = compare(people(("201", "Frank Post"), ("201", "Gea Smit")), LEDGER[:1])
    assert [each.kind for each in found] == ["add", "add", "end"]


@pytest.mark.parametrize(
    ("rows", "moved"),
    [
        # Another extension and another spelling: only where one alone fits.
        ([("301", "A. de Vries")], [("301", "anna")]),
        ([("301", "A. de Vries"), ("302", "Anna Vries")], []),
        (
            [("301", "Bert Janssen"), ("302", "A. de Vries")],
            [("301", "bert"), ("302", "anna")],
        ),
        ([("301", "Dirk Smit"), ("302", "Frank Post")], [("301", "dirk")]),
    ],
)
def test_a_user_who_moved(rows, moved):
    found = compare(people(*rows), LEDGER)
    assert [(f.listed.extension, f.known.key) for f in found if f.doubt] == moved
    assert {f.doubt for f in found if f.doubt} <= {"moved"}


def test_of_long_lists_spellings_are_not_compared(monkeypatch):
    rows = people(("301", "A. de Vries"), ("302", "Bert Janssen"))
    monkeypatch.setattr(seat_compare, "PAIRS", len(rows) * len(LEDGER))
    assert [f.doubt for f in compare(rows, LEDGER) if f.doubt] == ["moved", "moved"]
    monkeypatch.setattr(seat_compare, "PAIRS", len(rows) * len(LEDGER) - 1)
    assert not [f.doubt for f in compare(rows, LEDGER) if f.doubt]


CREW = [Known(n, f"20{n}", name) for n, name in enumerate(("Al", "Bo", "Cy"), start=1)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # A third of the list may be odd; more than that is not this list.
        ([("201", "Al"), ("202", "Bo"), ("203", "Cy")], []),
        ([("201", "Al", "login"), ("202", "Bo", "login"), ("203", "Cy")], []),
        ([("201", "Al"), ("202", "Bo"), ("303", "x9", "login")], []),
        (
            [("201", "Al"), ("302", "x8", "login"), ("303", "x9", "login")],
            [
                Doubt("logins", 2, 3, ("x8", "x9")),
                Doubt("ending", 2, 3, ("Bo", "Cy")),
            ],
        ),
        ([("201", "Al"), ("202", "Bo"), ("0201234503", "Di")], []),
        (
            [("201", "Al"), ("202", "Bo"), ("0201234503", "Di"), ("0201234504", "Ed")],
            [Doubt("outside", 2, 4, ("0201234503", "0201234504"))],
        ),
        # Nobody is known by his extension: by the name alone is no hit.
        (
            [("301", "Al"), ("302", "Bo"), ("303", "Cy"), ("304", "Di")],
            [Doubt("unknown", 4, 4, ("301", "302", "303"))],
        ),
        (
            [("201", "Al")],
            [Doubt("ending", 2, 3, ("Bo", "Cy"))],
        ),
        ([], [Doubt("ending", 3, 3, ("Al", "Bo", "Cy"))]),
        (
            [("201", "Al"), ("202", "Bo"), ("203", "Cy"), ("301", "Di"), ("302", "Di")],
            [Doubt("twins", 1, 5, ("Di",), is_grave=False)],
        ),
        (
            [("201", "Al", "odd"), ("202", "Bo"), ("203", "Cy")],
            [Doubt("odd", 1, 3, ("Al",), is_grave=False)],
        ),
    ],
)
def test_what_is_odd_about_a_list(rows, expected):
    listed = [Listed(n, *row) for n, row in enumerate(rows, start=2)]
    assert doubts(compare(listed, CREW), CREW) == expected


def test_a_ledger_of_outside_numbers_expects_them():
    users = [Known(1, "0201234501", "Al")]
    rows = people(("0201234501", "Al"), ("0201234502", "Bo"), ("0201234503", "Cy"))
    assert doubts(compare(rows, users), users) == []


def test_the_first_list_of_a_pbx_has_nothing_to_be_unlike():
    assert doubts(compare(people(("201", "Al"), ("202", "Bo")), []), []) == []
