"""Builds the addon as ``odoo.addons.nox_voip_service``."""

import ast
from importlib import metadata
from pathlib import Path

from setuptools import setup

NAME = "nox_voip_service"
HERE = Path(__file__).parent
ADDON = HERE / NAME
# With the glue to other addons, which installs itself where these are installed.
GLUE = sorted(path.parent for path in HERE.glob(f"{NAME}_*/__manifest__.py"))
MANIFEST = ast.literal_eval((ADDON / "__manifest__.py").read_text())
DATA_FOLDERS = [
    "data",
    "i18n",
    "i18n_extra",
    "migrations",
    "readme",
    "reports",
    "security",
    "static",
    "views",
    "wizards",
]


def python_folders(addon):
    """Folders of code, as package names; the tests of the glue stay behind."""
    left = {"migrations"} if addon == ADDON else {"migrations", "tests"}
    return [
        ".".join(("odoo", "addons", addon.name, *path.parent.relative_to(addon).parts))
        for path in sorted(addon.rglob("__init__.py"))
        if not left & set(path.relative_to(addon).parts)
    ]


def data_files(addon):
    return [
        str(path.relative_to(addon))
        for folder in DATA_FOLDERS
        for path in sorted((addon / folder).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def database_driver():
    """Odoo's driver under the name that this environment has it by."""
    for name in ("psycopg2", "psycopg2-binary"):
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        return name
    return "psycopg2"


setup(
    name=f"odoo-addon-{NAME}",
    version=MANIFEST["version"],
    description=MANIFEST["summary"],
    author="Nox Telecom",
    long_description=(HERE / "README.md").read_text(),
    long_description_content_type="text/markdown",
    url=MANIFEST["website"],
    license="AGPL-3.0-or-later",
    license_files=["LICENSE"],
    python_requires=">=3.10",
    packages=[name for addon in (ADDON, *GLUE) for name in python_folders(addon)],
    package_dir={f"odoo.addons.{addon.name}": addon.name for addon in (ADDON, *GLUE)},
    package_data={
        f"odoo.addons.{addon.name}": [*data_files(addon), "README.rst"]
        for addon in (ADDON, *GLUE)
    },
    install_requires=[
        "odoo==19.0.*",
        "odoo-addon-helpdesk_mgmt_sale==19.0.*",
        "odoo-addon-contract_sale==19.0.*",
        "cryptography",
        "lxml",
        "markupsafe",
        "openpyxl",
        database_driver(),
        "python-dateutil",
        "pytz",
        "XlsxWriter",
    ],
    extras_require={
        # approvals of the grade "signed"
        "seal": ["pyhanko"],
        "test": [
            "freezegun",
            "hypothesis",
            "pyhanko",
            "pytest",
            "pytest-odoo",
            "websocket-client",
        ],
    },
    zip_safe=False,
)
