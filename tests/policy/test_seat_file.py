"""From the bytes of a file to rows: encodings, preambles, limits."""

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.seat_file import (
    MAX_COLUMNS,
    Decoded,
    decode,
    has_odd_letters,
    parse,
)


@pytest.mark.parametrize(
    ("raw", "text", "is_guess"),
    [
        (b"201;Zo\xc3\xab", "201;Zoë", False),
        (b"\xef\xbb\xbf201;Bos", "201;Bos", False),
        (b"201;Zo\xeb", "201;Zoë", False),
        # In Windows' letters André would end in a comma.
        (b"201;Andr\x82 Bos", "201;André Bos", True),
        # A byte that no Windows program writes.
        (b"201;Andr\x82 Bos\x81", "201;André Bosü", True),
        # Odd in both: what most programs write; the row is for a person to look at.
        (b"201;Andr\xa9 Bos", "201;Andr© Bos", False),
        ("201;Zoë".encode("utf-16"), "201;Zoë", False),
        ("201;Zoë".encode("utf-16-le"), "201;Zoë", False),
        ("201;Zoë".encode("utf-16-be"), "201;Zoë", False),
        ("\ufeff201;Zoë".encode("utf-16-be"), "201;Zoë", False),
        # A name whose letters have an empty byte on the other side.
        ("201;Āris Ā".encode("utf-16-le"), "201;Āris Ā", False),
        ("201;Āris Ā".encode("utf-16-be"), "201;Āris Ā", False),
        # Behind a mark there need be no empty bytes at all.
        (b"\xff\xfe" + "山田；太郎".encode("utf-16-le"), "山田；太郎", False),
        (b"\xfe\xff" + "山田；太郎".encode("utf-16-be"), "山田；太郎", False),
        # Marked twice, by a program that joined two files.
        (b"\xef\xbb\xbf\xef\xbb\xbf201;Bos", "201;Bos", False),
        (b"", "", False),
    ],
)
def test_text_of_a_file(raw, text, is_guess):
    assert decode(raw) == Decoded(text, is_guess)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00",
        b"201;Anna\x00;x",
        b"PK\x03\x04\x14",
        b"201;\x1bAnna",
        b"\xff\xfe2\x00\x00",
    ],
)
def test_what_is_no_text(raw):
    assert decode(raw) is None


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("FranÃ§ois", True),
        ("Ã¼nal", True),
        ("Andr\ufffd", True),
        ("M”ller", True),
        ("M?ller", True),
        ("Ren„ Bos", False),
        ("Bos, A. (ext. 201)?", False),
        ("½ dag", False),
        ("Âge", False),
        ("D’Hondt–Bos", False),
    ],
)
def test_signs_that_no_name_has(text, odd):
    assert has_odd_letters(text) is odd


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\n \n;;\n", []),
        ("sep=;\n", []),
        ("SEP=|\n201|A;B", [(2, ["201", "A;B"])]),
        # The tab of this line does not survive every program.
        ("sep=\n201\tAnna; Bos; x", [(2, ["201", "Anna; Bos; x"])]),
        ('"#type X"\nsep=,\n201,A', [(3, ["201", "A"])]),
        # The delimiter of the first row, outside its quotation marks.
        ('\n"a;b;c",201\n"d",202', [(2, ["a;b;c", "201"]), (3, ["d", "202"])]),
        (
            "201, Anna\r\n202,Bert\r203,C",
            [(1, ["201", "Anna"]), (2, ["202", "Bert"]), (3, ["203", "C"])],
        ),
        ("201\t Anna", [(1, ["201", " Anna"])]),
        ("201;Anna\n;\n202;Bert", [(1, ["201", "Anna"]), (3, ["202", "Bert"])]),
    ],
)
def test_rows_of_a_text(text, rows):
    assert parse(text) == rows


def test_a_row_more_than_the_limit_shows_that_there_are_more():
    text = "\n".join(f"{n};Anna" for n in range(9))
    assert [number for number, _cells in parse(text, limit=3)] == [1, 2, 3, 4]
    assert len(parse(text, limit=9)) == 9


def test_columns_beyond_any_list_of_users_are_left_out():
    ((_number, cells),) = parse(";".join(map(str, range(MAX_COLUMNS + 1))))
    assert cells == [str(n) for n in range(MAX_COLUMNS)]


letters = st.characters(codec="cp1252", categories=("Lu", "Ll"))


@given(st.lists(st.text(letters, min_size=1), min_size=1, max_size=5))
def test_names_survive_unicode(names):
    text = "\n".join(f"{201 + n};{name}" for n, name in enumerate(names))
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)) == Decoded(text)
    assert [cells[1] for _number, cells in parse(text)] == names
