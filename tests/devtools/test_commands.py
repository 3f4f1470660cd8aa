"""The one list of commands: each runs with its options, and CONTRIBUTING shows it."""

import inspect
import re
from importlib import import_module

import pytest

from devtools import commands
from devtools.places import REPO

PAGE = (REPO / "CONTRIBUTING.md").read_text()
SHOWN = re.findall(r"^\./dev (.+?)(?:  +#.*)?$", PAGE, re.M)


@pytest.mark.parametrize("command", commands.COMMANDS, ids=lambda each: each.name)
def test_a_command_calls_a_function_that_takes_its_options(command):
    module, _sep, function = command.target.partition(":")
    if not module.startswith("devtools."):
        # bench/ and pictures/ need Odoo: no more than that the function is there
        text = (REPO / f"{module.replace('.', '/')}.py").read_text()
        assert f"def {function}(" in text
        return
    _command, options = commands.parse(
        [command.name, *(["x"] if command.name == "db" else [])]
    )
    inspect.signature(getattr(import_module(module), function)).bind(**options)


def test_the_page_shows_every_command_and_no_other():
    shown = [line.split()[0] for line in SHOWN]
    assert {each.name for each in commands.COMMANDS} == set(shown)


@pytest.mark.parametrize("line", SHOWN)
def test_what_the_page_shows_is_understood(line):
    words = re.sub(r"\[.*?\]", "", line).split()
    assert commands.parse(words)[0].name == words[0]


def test_help_tells_every_command(capsys):
    with pytest.raises(SystemExit):
        commands.parse(["help"])
    told = capsys.readouterr().out
    assert all(f"./dev {each.name}" in told for each in commands.COMMANDS)
    assert all(each.help in told for each in commands.COMMANDS)


def test_a_wrong_option_is_refused_before_anything_is_made():
    with pytest.raises(SystemExit):
        commands.parse(["test", "--lane", "fast"])
