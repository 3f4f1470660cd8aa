"""Every sentence of the verifier can be said in Dutch."""

import ast
import string

from . import ROOT, nox_verify

FILE = ROOT / "verify" / "nox_verify.py"
# Which arguments of which call are words.
WORDS = {
    "holds": [1],
    "differs": [0],
    "unproven": [0],
    "remark": [0],
    "proven": [0],
    "same": [2, 3],
    "say": [0, 2],
    "wrong": [1],
    "W": [0],
    "phrase": [0],
    "Unreadable": [0],
}


def sentences():
    """Every literal that the program says, wherever it is passed on as words."""
    for node in ast.walk(ast.parse(FILE.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", None))
            for place in WORDS.get(name, []):
                for argument in node.args[place : place + 1]:
                    for each in ast.walk(argument):
                        if isinstance(each, ast.Constant) and each.value:
                            yield each.value


def named(words):
    return {name for _text, name, *_rest in string.Formatter().parse(words) if name}


def test_every_sentence_has_its_dutch():
    said = {each for each in sentences() if isinstance(each, str)}
    said |= {*nox_verify.RESULT, *nox_verify.STATUS, *nox_verify.OUTCOMES}
    said -= {"{text}", "{subject}", "{rule}"}
    assert len(said) > 100
    assert {each for each in said if each not in nox_verify.DUTCH} == set()


def test_dutch_fills_in_the_same_values():
    assert nox_verify.DUTCH
    for english, dutch in nox_verify.DUTCH.items():
        assert named(english) == named(dutch), english
        assert dutch.strip() and dutch != english or english in SAME, english


# Words that both languages have.
SAME = {"status", "link", "code", "{state} {by} {at} {grade}"}
