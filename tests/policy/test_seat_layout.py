"""Which column is what, by its heading, by what stands in it, or as a person said."""

import pytest

from odoo.addons.nox_voip_service.policy.seat_layout import (
    MAPPED,
    Layout,
    Look,
    cell,
    column_keys,
    is_secret,
    is_table,
    key,
    look,
    masked,
    names_are_missing,
    only,
    remembered,
    stored_layout,
    vocabulary,
    without_secrets,
)

WORDS = vocabulary(
    {
        "extension": ["Ext", "Number"],
        "name": ["Name"],
        "first_name": ["First name"],
        "infix": ["Infix"],
        "last_name": ["Last name"],
        "other_name": ["User"],
        "kind": ["Type"],
        "status": ["Active", "Status"],
        "blocked": ["Blocked"],
        "action": ["Action"],
        "phone": ["Phone", "Line URI"],
        "login": ["Login"],
        "secret": ["Password", "PIN", "Token"],
    }
)
FEW = vocabulary({"extension": ["Ext"], "login": ["Login"]})


def numbered(*rows):
    return list(enumerate(rows, start=1))


@pytest.mark.parametrize(
    ("rows", "layout", "start", "is_guess"),
    [
        # By the heading, the preferred word first.
        ([["Name", "Ext"], ["Anna", "201"]], Layout(1, 0), 1, False),
        ([["Number", "Ext", "Name"], ["9", "201", "A"]], Layout(1, 2), 1, False),
        (
            [["Ext", "First name", "Infix", "Last name", "User"], ["201"]],
            Layout(0, None, 1, 2, 3, 4),
            1,
            False,
        ),
        (
            [["Type", "Status", "Active", "Blocked", "Action", "Ext", "Name"], [""]],
            Layout(5, 6, kind=(0,), status=(2, 1), blocked=(3,), action=(4,)),
            1,
            False,
        ),
        # Below titles, and below one that is a word of a heading.
        (
            [["Users of Bos", ""], ["", "Spring"], ["Ext", "Name"], ["201", "Anna"]],
            Layout(0, 1),
            3,
            False,
        ),
        ([["Status", ""], ["Ext", "Name"], ["201", "Anna"]], Layout(0, 1), 2, False),
        # A heading that stands there twice is for a person to say.
        ([["Ext", "Ext", "Name"], ["1", "201", "A"]], Layout(name=2), 1, True),
        ([["Ext", "Number", "Number", "Name"], ["2"]], Layout(0, 3), 1, False),
        ([["Type", "Type", "Ext", "Name"], ["x"]], Layout(2, 3), 1, False),
        ([["Phone", "Phone", "Name"], [";ext=201"]], Layout(name=2), 1, True),
        # An extension behind an outside number, in the column that has any.
        (
            [["Name", "Phone", "Line URI"], ["A", "+3120", "tel:+31201;ext=201"]],
            Layout(2, 0, is_dialled=True),
            1,
            False,
        ),
        (
            [["Ext", "Name", "Line URI"], ["201", "Anna", "tel:+31201;ext=202"]],
            Layout(0, 1),
            1,
            False,
        ),
        ([["Name", "Phone"], ["Anna", "+31201234567"]], Layout(name=0), 1, True),
        # What the heading does not tell, proposed from columns of unknown words.
        ([["Ext", "Who"], ["201", "Anna"]], Layout(0, 1), 1, True),
        ([["Line", "Name"], ["201", "Anna"]], Layout(0, 1), 1, True),
        ([["Who", "Line"], ["Anna", "201"]], Layout(1, 0), 1, True),
        ([["Login", "Ext"], ["Anna", "201"]], Layout(1), 1, True),
        ([["Type", "Name"], ["201", "Anna"]], Layout(name=1, kind=(0,)), 1, True),
        ([["Ext", "Who"]], Layout(0), 1, True),
        ([["Ext", "2nd name"], ["201", "Anna"]], Layout(0, 1), 1, True),
        (
            [["Phone", "Who"], ["tel:+31201;ext=201", "Anna"]],
            Layout(0, 1, is_dialled=True),
            1,
            True,
        ),
        # Titles alone are no users.
        ([["Users of Bos", ""]], Layout(), 1, True),
        ([["Users of Bos", ""], ["Ext", "Name"]], Layout(0, 1), 2, False),
        # No heading: of two columns by their digits, of more a proposal.
        ([["201", "Anna"]], Layout(0, 1), 0, False),
        ([["Anna", "201"]], Layout(1, 0), 0, False),
        ([["Anna", "201", ""], ["Bert", "202", ""]], Layout(1, 0), 0, False),
        ([["201", "202"]], Layout(0, 1), 0, False),
        ([["'0201", "Anna"]], Layout(0, 1), 0, False),
        ([["2A", "Anna"]], Layout(0, 1), 0, False),
        ([["9", "x1", "201", "Anna"]], Layout(2, 3), 0, True),
        ([["0201234567", "Anna", "201"]], Layout(2, 1), 0, True),
        ([["201", "a@b.example", "Anna"]], Layout(0, 2), 0, True),
        ([["201", "Anna", "x"], ["202", "", "y"]], Layout(0, 2), 0, True),
        ([["201", "Anna", "x"], ["202"]], Layout(0), 0, True),
        # A user with the name of a heading does not make one of the row.
        ([["User", "201"], ["Anna", "202"]], Layout(1, 0), 0, False),
        ([["Ext", "20 (1) 2-3"], ["Anna", "202"]], Layout(1, 0), 0, False),
    ],
)
def test_first_sight_of_a_list(rows, layout, start, is_guess):
    assert look(numbered(*rows), WORDS) == Look(layout, start, is_guess)


def test_a_proposal_looks_at_the_first_twenty_rows():
    rows = [["201", "Anna", "Desk"]] * 20 + [["x", "1", "Desk"]]
    assert look(numbered(*rows), {}).layout == Layout(0, 1)
    assert look(numbered(*rows[1:]), {}).layout == Layout(name=2)


@pytest.mark.parametrize(
    ("layout", "complete"),
    [
        (Layout(0, name=1), True),
        (Layout(0, first_name=1), True),
        (Layout(0, last_name=1), True),
        (Layout(0, other_name=1), True),
        (Layout(0, infix=1), False),
        (Layout(0), False),
        (Layout(name=1), False),
    ],
)
def test_an_extension_and_a_name_make_a_list_of_users(layout, complete):
    assert layout.is_complete is complete


def test_columns_that_are_read():
    whole = Layout(0, 1, 2, 3, 4, 5, (6, 7), (8,), (9,), (10,), is_dialled=True)
    assert whole.columns() == set(range(11))
    assert Layout(3, last_name=1).columns() == {1, 3}
    assert Layout().columns() == set()


NAMES = Layout(None, 0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["Anna de Vries", "Anna", "de", "Vries", "front desk"], "Anna de Vries"),
        # A log-in is no name as long as there is a better one.
        (["avries", "Anna", "de", "Vries", "front desk"], "Anna de Vries"),
        (["avries", "Anna", "", "", ""], "avries"),
        (["avries", "", "", "Vries", ""], "avries"),
        (["", "Anna", " de ", "Vries", "front desk"], "Anna de Vries"),
        (["", "", "", "", "front  desk"], "front  desk"),
        (["", "Anna"], "Anna"),
        ([], ""),
    ],
)
def test_name_of_a_row(cells, name):
    assert NAMES.name_of(cells) == name


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        # Vorname, Namensvorsatz, Name: the last name alone stands below "name".
        (["Vries", "Anna", "de"], "Anna de Vries"),
        (["ANNA DE VRIES", "Anna", "de"], "ANNA DE VRIES"),
        (["Vries", "", "de"], "Vries"),
    ],
)
def test_a_last_name_below_the_heading_of_names(cells, name):
    assert Layout(name=0, first_name=1, infix=2).name_of(cells) == name


def test_cells():
    assert cell([" 201 ", "Anna"], 0) == "201"
    assert cell(["201", "Anna"], 1) == "Anna"
    assert cell(["201", "Anna"], 2) == cell(["201"], None) == ""


def test_words_of_a_heading():
    assert key("Straße_№ 1") == "strasseno1"
    assert vocabulary({"name": ["Name", "", "NAME", "Naam"]}) == {
        "name": ["name", "naam"]
    }


@pytest.mark.parametrize(
    ("heading", "secret"),
    [
        ("Password", True),
        ("sipPassword1", True),
        ("vmPin", True),
        ("PIN-code", True),
        ("p.i.n.", True),
        ("apitokens", True),
        ("Shipping", False),
        ("Spinning", False),
        ("", False),
    ],
)
def test_headings_of_secrets(heading, secret):
    assert is_secret(heading, WORDS) is secret


def test_nothing_below_a_secret_heading_is_kept():
    rows = numbered(["Users", ""], ["Ext", "PIN", "Password"], ["PIN", "1", "2", "x"])
    assert without_secrets(rows, WORDS) == numbered(
        ["Users", ""], ["Ext", "PIN", "Password"], ["PIN", "", "", "x"]
    )
    assert without_secrets(rows, {}) == rows


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc12", "abc12"),
        ("abc123", "•••"),
        ("123456", "123456"),
        ("abcdef", "abcdef"),
        ("Room 12a", "Room 12a"),
        ("a1b2c3@bos.example", "a1b2c3@bos.example"),
    ],
)
def test_a_token_is_not_shown(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("heading", "missing"),
    [
        (["Login", "Phone"], True),
        (["Phone"], True),
        (["Login", "Ext", "Type"], True),
        (["Login", "City"], True),
        (["Login", "City", "Desk"], False),
        (["Login", "Phone", "Name"], False),
        (["Login", "Infix"], False),
        (["Ext", "Type"], False),
        (["City"], False),
    ],
)
def test_a_list_without_names(heading, missing):
    assert names_are_missing(numbered(heading, ["x"] * 3), WORDS) is missing


def test_a_vocabulary_without_some_meanings():
    assert names_are_missing(numbered(["Login", "Ext", "City"]), FEW)
    assert not names_are_missing(numbered(["Ext"]), FEW)
    rows = numbered(["Ext", "Who"], ["201", "Anna"])
    assert look(rows, FEW) == Look(Layout(0, 1), 1, True)


def test_what_a_column_is_known_by():
    assert column_keys(["Nom", "", "Poste", "NOM"], True) == ["#0", "#1", "poste", "#3"]
    assert column_keys(["201", "Anna"], False) == ["#0", "#1"]
    assert column_keys(["201"], False) == ["#0"]


@pytest.mark.parametrize(
    ("meanings", "layout"),
    [
        ({"poste": "extension", "qui": "name"}, Layout(0, 1)),
        ({"poste": "extension", "#2": "name"}, Layout(0, 2)),
        (
            {"poste": "extension", "qui": "name", "a": "status", "b": "status"},
            Layout(0, 1, status=(3, 4)),
        ),
        ({"poste": "extension", "qui": "name", "a": "kind"}, Layout(0, 1, kind=(3,))),
        # A column that is not there, a meaning that nothing has, half a layout.
        ({"poste": "extension", "wer": "name"}, None),
        ({"poste": "extension", "qui": "phone"}, None),
        ({"poste": "extension"}, None),
        ({}, None),
    ],
)
def test_what_a_person_said_of_a_list_like_this(meanings, layout):
    assert remembered(meanings, ["Poste", "Qui", "", "A", "B"], True) == layout


def test_a_person_may_name_every_column():
    meanings = {key(name): name for name in MAPPED}
    found = remembered(meanings, list(MAPPED), True)
    assert found == Layout(0, 1, 2, 3, 4, 5, (6,), (7,), (8,), (9,))
    assert stored_layout(found._asdict()) == found


def test_columns_that_nobody_reads_are_emptied():
    rows = numbered(["201", "Anna", "secret"], ["202"])
    assert only(rows, [1, 0]) == numbered(["201", "Anna", ""], ["202"])


@pytest.mark.parametrize(
    ("stored", "sound"),
    [
        ([], True),
        ([[2, ["201", "Anna"]], (3, [])], True),
        ([[2, ["201"]], [3, [202]]], False),
        ([[2, "201"]], False),
        ([["2", ["201"]]], False),
        ([[2, ["201"], 3]], False),
        ([{2: ["201"]}], False),
        ({}, False),
        (None, False),
    ],
)
def test_stored_rows(stored, sound):
    assert is_table(stored) is sound


@pytest.mark.parametrize(
    ("stored", "layout"),
    [
        ({"extension": 0, "name": 1, "kind": [2, 3]}, Layout(0, 1, kind=(2, 3))),
        (
            {"extension": 0, "name": None, "is_dialled": True},
            Layout(0, is_dialled=True),
        ),
        ({}, Layout()),
        ({"extension": "0"}, None),
        ({"kind": [2, "3"]}, None),
        ({"extension": 0, "phone": 1}, None),
        ([], None),
        (None, None),
    ],
)
def test_stored_layouts(stored, layout):
    assert stored_layout(stored) == layout


def test_a_layout_shows_what_is_known():
    assert repr(Layout(0, kind=(2,))) == "Layout(extension=0, kind=(2,))"
    assert repr(Layout(is_dialled=True)) == "Layout(is_dialled=True)"
