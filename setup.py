"""Builds the addon as ``odoo.addons.nox_voip_service``."""

import ast
from pathlib import Path

from setuptools import setup

NAME = "nox_voip_service"
HERE = Path(__file__).parent
ADDON = HERE / NAME
MANIFEST = ast.literal_eval((ADDON / "__manifest__.py").read_text())
PYTHON_FOLDERS = ["", "policy", "models", "controllers"]
DATA_FOLDERS = ["data", "demo", "i18n", "reports", "security", "static", "views"]

setup(
    name=f"odoo-addon-{NAME}",
    version=MANIFEST["version"],
    description=MANIFEST["summary"],
    author="Nox Telecom",
    license="AGPL-3.0-or-later",
    python_requires=">=3.10",
    packages=[
        f"odoo.addons.{NAME}" + (f".{folder}" if folder else "")
        for folder in PYTHON_FOLDERS
        if (ADDON / folder / "__init__.py").exists()
    ],
    package_dir={f"odoo.addons.{NAME}": NAME},
    package_data={
        f"odoo.addons.{NAME}": [
            str(path.relative_to(ADDON))
            for folder in DATA_FOLDERS
            for path in sorted((ADDON / folder).rglob("*"))
            if path.is_file()
        ]
    },
    install_requires=[
        "odoo==19.0.*",
        "odoo-addon-helpdesk_mgmt_sale==19.0.*",
        "odoo-addon-contract_sale==19.0.*",
        "pytz",
    ],
    extras_require={
        "test": ["pytest-odoo", "hypothesis", "freezegun", "lxml", "websocket-client"]
    },
    zip_safe=False,
)
