"""Rows of a list: users, rows that are none, and rows that nobody can take."""

import pytest

from odoo.addons.nox_voip_service.policy.seat_layout import Layout
from odoo.addons.nox_voip_service.policy.seat_list import (
    Left,
    Listed,
    Refusal,
    read,
    too_wide,
)

WORDS = {
    "no": ["no"],
    "yes": ["yes"],
    "deleted": ["deleted"],
    "user": ["user", "person", "faxuser"],
    "no_user": ["queue", "meetingroom", "fax"],
}
LAYOUT = Layout(0, 1)
FULL = Layout(0, 1, kind=(2,), status=(3,), blocked=(4,), action=(5,))


def numbered(*rows):
    return list(enumerate(rows, start=2))


@pytest.mark.parametrize(
    # Kind, status, blocked and action.
    ("cells", "reason", "text"),
    [
        (["", "", "", "Deleted"], "deleted", "Deleted"),
        (["", "", "deleted", ""], None, ""),
        (["", "NO", "", ""], "off", "NO"),
        (["", "Deleted", "", ""], "deleted", "Deleted"),
        (["", "", "Yes", ""], "off", "Yes"),
        (["", "", "No", ""], None, ""),
        (["", "Yes", "", ""], None, ""),
        (["Queue", "", "", ""], "device", "Queue"),
        (["Meeting  Room", "", "", ""], "device", "Meeting Room"),
        (["sales/queue_1", "", "", ""], "device", "sales/queue_1"),
        (["Queues", "", "", ""], None, ""),
        (["Person", "", "", ""], None, ""),
        (["Fax user", "", "", ""], None, ""),
        # What becomes of the row says more than what it is, and what is true now.
        (["Queue", "No", "Yes", "Deleted"], "deleted", "Deleted"),
        (["Queue", "No", "", ""], "off", "No"),
    ],
)
def test_why_a_row_is_no_user(cells, reason, text):
    found = read([(2, ["201", "Anna Bos", *cells])], FULL, WORDS)
    if reason:
        assert found == ([], [Left(2, "201", "Anna Bos", reason, text)], [])
    else:
        assert found == ([Listed(2, "201", "Anna Bos")], [], [])


def test_what_is_shown_of_a_row_is_short():
    (left,) = read([(2, ["1" * 50, "Anna " * 20, "queue"])], FULL, WORDS).left
    assert left == Left(2, "1" * 40, ("Anna " * 8), "device", "queue")


def test_of_two_columns_of_kinds_each_may_say_it():
    layout = Layout(0, 1, kind=(2, 3))
    rows = numbered(["201", "Anna Bos", "user", "Fax"], ["202", "Bert Kok", "", "user"])
    found = read(rows, layout, WORDS)
    assert [left.row for left in found.left] == [2]
    assert found.users == [Listed(3, "202", "Bert Kok")]


def test_an_unknown_kind_among_others_is_for_a_person_to_see():
    rows = numbered(
        ["201", "Anna Bos", "User"],
        ["202", "Bert Kok", "Kiosk"],
        ["203", "Carla Post", ""],
        ["204", "dsmit", "Kiosk"],
        ["205", "Eva Smit", "Person"],
    )
    users = read(rows, FULL, WORDS).users
    assert [user.unsure for user in users] == ["", "kind", "", "login", ""]
    assert [user.unsure for user in read(rows[:2], FULL, WORDS).users] == ["", "kind"]
    # Where no word is known, any kind is unknown.
    unsure = [user.unsure for user in read(rows, FULL, {}).users]
    assert unsure == ["kind", "kind", "", "login", "kind"]
    # Of one kind alone they are what the list is about.
    (user,) = read(rows[1:2], FULL, WORDS).users
    assert user.unsure == ""


@pytest.mark.parametrize(
    ("name", "unsure"),
    [
        ("Andr‚ Bos", "odd"),
        ("andr‚", "odd"),
        ("abos", "login"),
        ("fax", "login"),
        ("Fax balie", "device"),
        ("Meeting-room", "device"),
        ("Anna Bos", ""),
        ("", ""),
    ],
)
def test_why_a_name_is_unsure(name, unsure):
    (user,) = read([(2, ["201", name])], LAYOUT, {"no_user": ["fax", "meetingroom"]})[0]
    assert user.unsure == unsure


def test_a_break_in_a_cell_is_refused_before_anything_else():
    rows = numbered(["20\n1", "Anna\nBos"], ["202", "Bert\nKok"], ["203", "=A1"])
    found = read(rows, LAYOUT, {})
    assert found.refused == [
        Refusal(2, "break", "extension"),
        Refusal(2, "break", "name"),
        Refusal(3, "break", "name"),
        Refusal(4, "formula", "name", "=A1"),
    ]
    assert [user.row for user in found.users] == [4]


def test_refusals_come_in_the_order_of_the_rows():
    rows = numbered(["", "Anna"], ["2\n2", "Bert"], ["3E+5", "Carla"], ["1-feb", "D"])
    assert [each[:3] for each in read(rows, LAYOUT, {}).refused] == [
        (2, "missing", "extension"),
        (3, "break", "extension"),
        (4, "scientific", "extension"),
        (5, "date", "extension"),
    ]


def test_what_is_refused_is_shown_in_short():
    rows = numbered(["1" * 41, "x" * 121], ["1" * 41, "Bert"])
    assert read(rows, LAYOUT, {}).refused == [
        Refusal(2, "too_long", "extension", "1" * 40),
        Refusal(2, "too_long", "name", "x" * 40),
        Refusal(3, "too_long", "extension", "1" * 40),
        Refusal(3, "double", "extension", "1" * 40, 2),
    ]


def test_one_user_in_two_rows_counts_once():
    rows = numbered(
        ["201", "Anna Bos"],
        ["201", "ANNA  BOS"],
        ["202", "Anna Bos"],
        ["", ""],
        ["", ""],
    )
    found = read(rows, LAYOUT, {})
    assert [user.row for user in found.users] == [2, 4, 5, 6]
    assert [(each.row, each.field) for each in found.refused] == [
        (5, "extension"),
        (5, "name"),
        (6, "extension"),
        (6, "name"),
    ]


def test_numbers_of_teams_are_read_by_their_extension():
    rows = numbered(
        ["tel:+31201234501;ext=201", "Anna Bos"],
        ["", "Bert Kok"],
        ["tel:+31201234503", "Carla Post"],
    )
    found = read(rows, Layout(0, 1, is_dialled=True), {})
    assert found.users == [
        Listed(2, "201", "Anna Bos"),
        Listed(4, "tel:+31201234503", "Carla Post"),
    ]
    assert found.left == [Left(3, "", "Bert Kok", "no_number")]
    # In a column of extensions an empty one is missing.
    assert read(rows[1:2], LAYOUT, {}).refused == [Refusal(3, "missing")]


@pytest.mark.parametrize(
    ("rows", "start", "refused"),
    [
        ([["Ext", "Name"], ["201", "Anna"], ["202", "Bert", " "]], 1, []),
        ([["Ext", "Name"], ["201", "Bos", "Anna"]], 1, [3]),
        ([["Bos"], ["Ext", "Name"], ["201", "Bos", "Anna"], ["202", "B"]], 2, [4]),
        # Without a heading nobody knows how many there should be.
        ([["201", "Bos", "Anna"], ["202", "Bert"]], 0, []),
    ],
)
def test_a_row_of_more_cells_than_the_heading(rows, start, refused):
    found = too_wide(numbered(*rows), start)
    assert found == [Refusal(row, "cells") for row in refused]
