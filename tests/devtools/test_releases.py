"""Each release has its dump, and beside it what an update may not change."""

import json
import lzma
import re

from devtools import places
from releases import command as releases


def released():
    """Versions of the changelog that were released."""
    titles = re.findall(
        r"^## (\S+)(.*)$", (places.REPO / "CHANGELOG.md").read_text(), re.M
    )
    return sorted(version for version, rest in titles if "not released" not in rest)


def test_each_release_has_a_small_dump():
    assert releases.dumps() == released()
    for version in released():
        path = releases.FOLDER / f"{version}.sql.xz"
        assert path.stat().st_size < releases.MOST_BYTES
        start = lzma.open(path).read(10_000).decode()
        assert "PostgreSQL database dump" in start
        assert not any(line in start for line in releases.TOO_NEW)


def test_totals_of_a_release_are_those_that_are_compared():
    for version in released():
        kept = json.loads((releases.FOLDER / f"{version}.json").read_text())
        assert kept["totals"].keys() == releases.TOTALS.keys()
        assert "None" not in kept["totals"].values()


def test_a_difference_is_said():
    before = {"blocks": "31", "requests": "4"}
    assert releases.compare(before, dict(before)) == []
    assert releases.compare(before, {"requests": "4"}) == [
        "blocks: 31 before, None after"
    ]


def test_amounts_are_compared_without_zeros_behind_the_point():
    assert [releases._text(value) for value in (100, "100", "7.50", "7.00")] == [
        "100",
        "100",
        "7.5",
        "7",
    ]


def test_the_last_commit_of_a_version_is_before_the_next(monkeypatch):
    said = {"c": "19.0.1.2.0", "b": "19.0.1.1.0", "a": "19.0.1.1.0"}

    def git(*arguments):
        if arguments[0] == "log":
            return "\n".join(said).encode()
        commit = arguments[1].partition(":")[0]
        return f'"version": "{said[commit]}"'.encode()

    monkeypatch.setattr(releases, "_git", git)
    assert releases.last_commit("19.0.1.1.0") == "c^"
    assert releases.last_commit("19.0.1.2.0") == "HEAD"
