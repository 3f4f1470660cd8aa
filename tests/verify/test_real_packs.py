"""Packs that the addon made, kept as examples beside its own tests."""

import json

from . import ROOT
from .asking import against, report_of

FILES = sorted((ROOT / "tests" / "evidence" / "packs").glob("*.json"))


def test_every_example_is_proven():
    assert len(FILES) >= 12
    for file in FILES:
        pack = json.loads(file.read_text(encoding="utf-8"))
        assert against(pack, head=pack["head"]) == [], file.name


def test_every_line_of_the_invoice_is_spoken_of():
    for file in FILES:
        pack = json.loads(file.read_text(encoding="utf-8"))
        said = {each["subject"] for each in report_of(pack).findings}
        positions = {each["position"] for each in pack["parts"][0]["content"]["lines"]}
        assert {f"line {position}" for position in positions} <= said, file.name
