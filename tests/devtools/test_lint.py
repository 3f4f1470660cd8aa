"""Who may import whom: the contracts in ``pyproject.toml`` bite."""

import shutil

import pytest

from devtools import lint, ui
from devtools.places import ADDON, REPO

# What somebody adds, and the contract that forbids it.
FORBIDDEN = {
    "policy/limit.py": ("from odoo import fields", "the rules are plain Python"),
    "models/base/res_company.py": (
        "from ..ticket import helpdesk_ticket",
        "a topic knows those below it",
    ),
    "wizards/ticket/nox_ticket_split.py": (
        "from ...models.billing import account_move",
        "a dialog knows the models of its own topic and of those below it",
    ),
    "models/plan/nox_service_plan.py": (
        "from ...controllers.base import portal",
        "controllers call dialogs and models, these call the rules",
    ),
}


def test_an_import_against_the_layers_is_found(tmp_path):
    python = shutil.ignore_patterns("static", "i18n*", "*.xml", "__pycache__")
    shutil.copytree(ADDON, tmp_path / ADDON.name, ignore=python)
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    for name, (line, _contract) in FORBIDDEN.items():
        path = tmp_path / ADDON.name / name
        path.write_text(f"{path.read_text()}\n{line}\n")
    found = "\n".join(lint.layers(folder=tmp_path))
    for _line, contract in FORBIDDEN.values():
        assert f"{contract} BROKEN" in found


def test_a_check_that_does_not_exist_is_refused():
    with pytest.raises(ui.Problem, match="no check spelling"):
        lint.run(["spelling"])
