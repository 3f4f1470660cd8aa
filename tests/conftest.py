"""``pytest`` by itself: a copy of the database that ``./dev test`` would use.

``./dev test`` names a database, or takes pytest-odoo away (``-p no:odoo``: the rules
and the tools, in plain Python); then nothing happens here.
"""

import os
from contextlib import contextmanager

import pytest

from devtools.places import RUNS


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    if not config.pluginmanager.has_plugin("odoo") or config.option.odoo_database:
        return (yield)

    from devtools import database, odoo_process, postgres

    with database.fresh(database.installed(), "pytest") as name:
        config.option.odoo_database = name
        config.option.odoo_config = odoo_process.write_config(RUNS / name, name)
        config.option.odoo_log_level = "warn"
        config.option.odoo_http = True
        # pytest-xdist (-n 4) copies it with PostgreSQL's own programs.
        os.environ.update(postgres.client_environment())
        return (yield)


def pytest_configure(config):
    if plugin := config.pluginmanager.get_plugin("odoo"):
        plugin._shared_filestore = _own_files


@contextmanager
def _own_files(origin, name):
    """Each copy of the database has files of its own. pytest-odoo lets the copies share
    them, and the end of a test in one takes away what another still reads."""
    from devtools import database

    if origin == name:
        yield
        return
    database.drop_files(name)
    database.copy_files(origin, name)
    try:
        yield
    finally:
        database.drop_files(name)
