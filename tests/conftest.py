"""``pytest`` by itself: a copy of the database that ``./dev test`` would use.

``./dev test`` names a database, or takes pytest-odoo away (``-p no:odoo``: the rules
and the tools, in plain Python); then nothing happens here.
"""

import gc
import os
import sys
from contextlib import contextmanager

import pytest
from freezegun import api as freezegun_api

from devtools.places import RUNS

# Files that take longest, the longest first: begun last they would keep one core busy
# while the others have nothing left to do.
FIRST = (
    "evidence/test_histories.py",
    "portal/test_portal_accessible.py",
    "portal/test_portal_money_browser.py",
    "ticket/test_main_job_browser.py",
    "portal/test_portal_browser.py",
    "portal/test_portal_hostile.py",
    "evidence/test_evidence_counted.py",
    "training/test_training_browser.py",
    "portal/test_portal_foreign.py",
    "portal/test_portal_approver.py",
    "billing/test_run_browser.py",
)


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


def pytest_runtestloop():
    """Odoo's registry and all that is imported stay to the end: Python does not walk
    them again for every few hundred new objects (an eighth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    if "odoo.addons.base.models.ir_qweb" in sys.modules:
        _keep_compiled(sys.modules["odoo.addons.base.models.ir_qweb"].IrQweb)


def _keep_compiled(qweb):
    """Each class of tests begins with empty caches. A template that says the same as
    for the class before is not made into Python again."""
    compiled, make = {}, qweb._generate_code_uncached

    def from_before(self, template):
        if not isinstance(template, int):
            return make(self, template)
        try:
            _tree, text, _ref = self._get_template(template)
        except Exception:
            return make(self, template)  # which says what is wrong
        names = self._get_template_cache_keys()
        key = (
            *(template, self._get_template_info(template)["key"], str(text)),
            *(self.env.context.get(name) or False for name in names),
        )
        if key not in compiled:
            compiled[key] = make(self, template)
        return compiled[key]

    qweb._generate_code_uncached = from_before


def pytest_collection_modifyitems(items):
    def place(item):
        name = "/".join(item.path.parts[-2:])
        return FIRST.index(name) if name in FIRST else len(FIRST)

    items.sort(key=place)


def pytest_configure(config):
    # By this freezegun sees whether a module got another name since it looked last. Its
    # own way lists the names of thousands of modules whenever a clock is stopped.
    freezegun_api._get_module_attributes_hash = _names_of
    if plugin := config.pluginmanager.get_plugin("odoo"):
        plugin._shared_filestore = _own_files


def _names_of(module):
    return f"{id(module)}-{len(vars(module))}"


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
