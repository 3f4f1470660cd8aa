"""The examples in the docstrings of the policy run, and give what they show."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from odoo.addons.nox_voip_service import policy

MODULES = sorted(
    path.stem
    for path in Path(policy.__path__[0]).glob("*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(import_module(f"{policy.__name__}.{name}"))
    assert result.attempted
    assert not result.failed
