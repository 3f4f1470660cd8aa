"""Which versions belong to which Python."""

import doctest
import re
import sys

import pytest
from packaging.requirements import Requirement

from devtools import environment
from devtools.places import REPO

TEXTS = {name: (REPO / name).read_text() for name in environment.REQUIREMENTS}


def test_examples_of_the_markers_run():
    result = doctest.testmod(environment)
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_each_python_gets_each_package_once_in_an_exact_version(minor):
    for name, text in TEXTS.items():
        lines = environment.of_this_python(text, (3, minor)).splitlines()
        lines = [line for line in lines if line and not line.startswith("#")]
        names = [line.partition("==")[0].lower() for line in lines]
        assert len(names) == len(set(names)), name
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), name


def test_no_package_is_lost_on_the_way_to_a_newer_python():
    """What Odoo replaces has its successor; what Python brings itself needs none."""
    successor = {"pypdf2": "pypdf"}
    since_11 = {"exceptiongroup", "tomli"}
    for text in TEXTS.values():
        names = [_names(text, minor) for minor in (10, 11, 12, 13)]
        names[0] -= since_11
        assert {successor.get(name, name) for name in names[0]} <= names[3]
        assert names[0] == names[1] <= names[2]


def test_markers_are_what_pip_reads_in_them():
    running = sys.version_info[:2]
    for text in TEXTS.values():
        ours = environment.of_this_python(text, running).splitlines()
        lines = [line for line in text.splitlines() if line and line[0] != "#"]
        parsed = [Requirement(line) for line in lines]
        theirs = [
            f"{each.name}{each.specifier}"
            for each in parsed
            if not each.marker or each.marker.evaluate()
        ]
        assert [line for line in ours if line and line[0] != "#"] == theirs


def _names(text, minor):
    lines = environment.of_this_python(text, (3, minor)).splitlines()
    return {line.partition("==")[0].lower() for line in lines if line[:1].isalnum()}
