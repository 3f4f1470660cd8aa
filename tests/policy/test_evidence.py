"""The chain of an evidence pack: what is changed shows."""

import copy
import json
from pathlib import Path

import pytest

from odoo.addons.nox_voip_service.policy import canonical, evidence

PACKS = sorted((Path(__file__).parents[1] / "evidence" / "packs").glob("*.json"))


def example():
    return evidence.pack(
        [
            evidence.Part("ticket", "ticket:HT1", {"minutes": 20, "day": "2026-03-02"}),
            evidence.Part("invoice", "invoice:1", {"total": "41.00"}),
            evidence.Part("note", "note:1", {"text": "één"}),
        ]
    )


def test_parts_stand_in_the_order_of_their_kinds():
    assert [part["kind"] for part in example()["parts"]] == [
        "invoice",
        "ticket",
        "note",
    ]


def test_hash_is_what_the_document_says():
    """Computed by hand, as docs/evidence.md has it."""
    first = example()["parts"][0]
    text = '{"content":{"total":"41.00"},"id":"invoice:1","kind":"invoice"}'
    assert first["previous"] == "0" * 64
    assert first["sha256"] == canonical.digest("0" * 64 + "\n" + text)


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("name", ["kind", "id", "content", "previous", "sha256"])
def test_whatever_is_changed_breaks_it_there(part, name):
    pack = example()
    pack["parts"][part][name] = {} if name == "content" else "x"
    assert evidence.broken(pack) == part


def test_removed_moved_and_doubled_parts():
    for change, at in (
        (lambda parts: parts.pop(1), 1),
        (lambda parts: parts.insert(0, parts.pop(2)), 0),
        (lambda parts: parts.insert(1, copy.deepcopy(parts[0])), 1),
        (lambda parts: parts.pop(), 3),
    ):
        pack = example()
        change(pack["parts"])
        assert evidence.broken(pack) == at


def test_a_float_has_no_one_spelling():
    with pytest.raises(canonical.PolicyError):
        evidence.pack([evidence.Part("invoice", "invoice:1", {"lines": [{"a": 0.1}]})])


@pytest.mark.parametrize(
    ("value", "least", "text"),
    [
        (20.5, 2, "20.50"),
        (1e-9, 2, "0.000000001"),
        (1e16, 2, "10000000000000000.00"),
        (-0.001, 2, "-0.001"),
        (18.450000000000003, 2, "18.45"),
        (3, 0, "3"),
    ],
)
def test_figures_are_exact_text(value, least, text):
    assert evidence.decimal_text(value, least) == text


def test_the_examples_are_whole():
    assert PACKS
    for path in PACKS:
        assert evidence.broken(json.loads(path.read_text(encoding="utf-8"))) is None
