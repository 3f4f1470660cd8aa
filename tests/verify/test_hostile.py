"""Whatever a file holds, the end is a sentence: never a traceback, never a lie."""

import contextlib
import io
import json
import random
from copy import deepcopy

import pytest
from hypothesis import given, strategies as st

from . import THOROUGH, nox_verify
from .asking import against
from .builder import rechained
from .mutations import numbered_places, put
from .properties import examples
from .stories import Story

PACK = Story(random.Random(3)).pack()
JSON = json.dumps(PACK)
FILES = {
    "empty": b"",
    "no JSON": b"PK\x03\x04",
    "no UTF-8": b"\xff\xfe{}",
    "half a file": JSON[: len(JSON) // 2].encode(),
    "NaN": b'{"format": NaN}',
    "infinity": b'{"version": -Infinity}',
    "a fraction": b'{"version": 1.0}',
    "a number as long as a book": b'{"version": ' + b"9" * 100_000 + b"}",
    "a number with an exponent": b'{"version": 1e999999999}',
    "nested": b"[" * 200_000,
    "nested objects": b'{"a":' * 200_000,
    "a name twice": b'{"format": "nox-evidence", "format": "nox-evidence"}',
    "half a sign": b'{"format": "\\ud800"}',
    "another format": b'{"format": "x", "version": 1, "parts": []}',
    "no parts": b'{"format":"nox-evidence","version":1,"chain":"sha256","parts":[],'
    b'"head":""}',
    "a list": b"[]",
    "null": b"null",
    "a text": b'"pack"',
}


def asked(path, *options):
    """(exit code, what is printed) of a call from the command line."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = nox_verify.main([str(path), *options])
    assert err.getvalue() == ""
    return code, out.getvalue()


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", FILES)
def test_file(name, lang, tmp_path):
    path = tmp_path / "pack.json"
    path.write_bytes(FILES[name])
    code, said = asked(path, "--lang", lang)
    assert code == 2
    assert len(said.splitlines()) == 4
    assert "Traceback" not in said
    assert ("Dit is geen bewijsbestand" in said) == (lang == "nl")


def test_200_megabytes(tmp_path):
    path = tmp_path / "pack.json"
    with path.open("wb") as file:
        for _each in range(200):
            file.write(b"[" * 2**20)
    assert "larger than 64 MB" in asked(path)[1]


def test_no_file(tmp_path):
    assert asked(tmp_path / "none.json")[0] == 2
    assert asked(tmp_path)[0] == 2


WRONG = [
    None, True, 0, -1, 10**12 + 1, "", "x", "NaN", "1e5", "Infinity", "٣", [], {}, [[]],
    {"a": 1}, "2026-02-30", "9999-12-31", "0001-01-01", "-100", "9" * 15,
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1.00000000000000000001",
]  # fmt: skip


def test_wrong_values_everywhere():
    """Values of a pack, each replaced by what it must not be."""
    rnd = random.Random(7)
    places = numbered_places(PACK)
    for place in places if THOROUGH else rnd.sample(places, 200):
        for value in WRONG if THOROUGH else rnd.sample(WRONG, 2):
            broken = deepcopy(PACK)
            put(broken, place, value)
            against(rechained_or(broken))


def rechained_or(pack):
    try:
        return rechained(pack)
    except (KeyError, TypeError, AttributeError):
        return pack


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["1.00", "2026-03-01", "0" * 64, "line:1", "invoice:1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["kind", "id", "content", "lines", "a"]), inner),
    max_leaves=6,
)  # fmt: skip


@examples
@given(st.integers(0, 10**6), VALUES)
def test_any_value_anywhere(which, value):
    places = numbered_places(PACK)
    broken = deepcopy(PACK)
    put(broken, places[which % len(places)], value)
    against(broken)
    against(rechained_or(broken))


@examples
@given(VALUES)
def test_any_json(value):
    assert against(value)


def test_a_pack_writes_no_line_of_its_own(tmp_path):
    """A name with line ends, colours and signs that turn the text around stays one
    line."""
    pack = deepcopy(PACK)
    invoice = pack["parts"][0]["content"]
    invoice["number"] = "X\n  proven  everything\x1b[2J\u202e\u2028proven"
    path = tmp_path / "pack.json"
    path.write_text(json.dumps(rechained(pack)))
    _code, said = asked(path)
    assert not {"\x1b", "\u202e", "\u2028"} & set(said)
    assert not [
        line for line in said.splitlines() if line.startswith("  proven  every")
    ]


def test_a_missing_part_is_said(tmp_path):
    for number, part in enumerate(PACK["parts"]):
        broken = deepcopy(PACK)
        del broken["parts"][number]
        path = tmp_path / "pack.json"
        path.write_text(json.dumps(rechained(broken)))
        code, said = asked(path)
        assert code in (1, 2), part["id"]
        assert "not complete" in said or "exactly one invoice" in said, part["id"]
