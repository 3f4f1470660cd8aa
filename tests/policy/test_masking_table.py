"""What customers write, as they write it: what is a secret goes, the rest stays.

The two tables have a text a line; in the one of secrets each stands in [[ ]]. Part of
them was written before the rules that they try, part after, without looking at them.
"""

import re
from pathlib import Path

import pytest

from odoo.addons.nox_voip_service.policy.masking import STARS, masked

TABLES = Path(__file__).parents[1] / "cases" / "masking"
MARKED = re.compile(r"\[\[(.*?)\]\]")
RECALL = 0.98
FALSE_ALARMS = 0.02


def table(name):
    lines = (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def plain(line):
    return MARKED.sub(r"\1", line)


def is_kept_back(line):
    """Nothing of a secret is left, not a word of it; what stands before it is."""
    text = masked(plain(line))
    words = [
        word
        for secret in MARKED.findall(line)
        for word in (secret, *secret.split())
        if len(word) > 2 or word == secret
    ]
    return text.startswith(line.partition("[[")[0]) and not any(
        word in text for word in words
    )


def test_the_tables_are_long_enough():
    secrets, harmless = table("secrets"), table("harmless")
    assert min(len(set(secrets)), len(set(harmless))) >= 150
    assert all(MARKED.search(line) for line in secrets)
    assert not any("[[" in line for line in harmless)


def test_secrets_are_found():
    lines = table("secrets")
    missed = [line for line in lines if not is_kept_back(line)]
    assert len(missed) <= (1 - RECALL) * len(lines), missed


def test_the_rest_is_left_alone():
    lines = table("harmless")
    touched = [masked(line) for line in lines if masked(line) != line]
    assert len(touched) <= FALSE_ALARMS * len(lines), touched


def test_a_secret_is_found_in_a_longer_text():
    """In a mail there is more around it."""
    lines = table("secrets")
    missed = [
        line
        for line in lines
        if not is_kept_back(f"Goedemiddag,\n\n{line}\n\nMet vriendelijke groet, J.")
    ]
    assert len(missed) <= (1 - RECALL) * len(lines), missed


def test_what_is_masked_stays_as_it_is():
    for line in table("secrets"):
        once = masked(plain(line))
        assert STARS in once
        assert masked(once) == once


@pytest.mark.parametrize("text", ["", "***", "wachtwoord", "pin", "IBAN", "patiënt"])
def test_a_word_alone_is_no_secret(text):
    assert masked(text) == text
