"""The comparison of a list with the users that we know."""

import pytest

from odoo.addons.nox_voip_service.policy.seat_compare import Known, compare
from odoo.addons.nox_voip_service.policy.seat_list import Listed, refusals


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
