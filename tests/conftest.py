"""``pytest`` by itself: a copy of the database that ``./dev test`` would use.

``./dev test`` names a database, or takes pytest-odoo away (``-p no:odoo``: the rules
and the tools, in plain Python); then nothing happens here.
"""

import os
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from devtools.places import RUNS

from . import faster

# Seconds; what does not come by then is broken, on every machine.
PATIENCE = 120
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


@pytest.fixture(scope="session", autouse=True)
def house(request):
    """What each copy of the database and each process has once.

    A hook cannot do this: with pytest-xdist a worker does not ask for the hook of its
    loop once more.
    """
    if not request.config.pluginmanager.has_plugin("odoo"):
        return
    request.getfixturevalue("load_registry")
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    from odoo.addons.base.models import res_users
    from odoo.addons.base.models.assetsbundle import WebAsset

    from .common_house import HouseMixin

    # A password is hashed 600,000 times; Odoo's tests do that once, in a class alone.
    with (
        patch.object(res_users, "MIN_ROUNDS", 1),
        Registry(get_db_name()).cursor() as cr,
    ):
        env = api.Environment(cr, SUPERUSER_ID, {})
        type("House", (HouseMixin,), {"env": env})._settle()
        # Odoo gives the scripts of a paper a second; what is tested here needs none.
        env["ir.config_parameter"].set_param("report.print_delay", "10")
    # As where they were made (devtools/database.py).
    WebAsset.last_modified = 0
    _keep_caches(Registry)
    faster.keep_from_collector()
    faster.find_environments()
    faster.follow_triggers()
    _wait_for_answers()


def _wait_for_answers():
    """On a busy machine a page that seals or prints takes its time: a test that waits
    for it fails by what the page says, not by Odoo's twelve seconds."""
    from odoo.tests.common import ChromeBrowser, Opener

    def patient(function, default=0):
        def wait(self, *args, timeout=default, **kwargs):
            timeout = max(timeout or 0, PATIENCE)
            return function(self, *args, timeout=timeout, **kwargs)

        return wait

    Opener.request = patient(Opener.request)
    ChromeBrowser._websocket_request = patient(ChromeBrowser._websocket_request)


def _keep_caches(registry):
    """Odoo empties every cache of its registry after each test. The templates, assets,
    routes and settings that nothing in a class invalidated are as they were; to make
    them again is a fifth of the time.

    What is cached by ``default`` may be of records that go with the test: that always
    goes.
    """
    clear = registry.clear_cache

    def clear_cache(self, *names):
        _invalidated.update(names)
        clear(self, *names)

    def clear_all_caches(self):
        clear(self, *_invalidated)

    registry.clear_cache = clear_cache
    registry.clear_all_caches = clear_all_caches


# Names of caches that a test of this class, or its set-up, made empty.
_invalidated = {"default"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    result = yield
    if nextitem is None or nextitem.cls is not item.cls:
        _invalidated.clear()
        _invalidated.add("default")
    return result


def pytest_collection_modifyitems(items):
    def place(item):
        name = "/".join(item.path.parts[-2:])
        return FIRST.index(name) if name in FIRST else len(FIRST)

    items.sort(key=place)


def pytest_configure(config):
    faster.stop_clocks_quickly()
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
