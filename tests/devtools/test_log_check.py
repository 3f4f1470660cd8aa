"""Which lines of Odoo's log a lane fails on."""

import pytest

from devtools.log_check import unexplained

STAMP = "2026-03-02 09:00:00,000 4711"
WERKZEUG = "DeprecationWarning: 'werkzeug.urls.url_parse' is deprecated and will be"


def line(level, logger, message):
    return f"{STAMP} {level} nox_test {logger}: {message}"


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_what_nobody_explained_is_found(level):
    bad = line(level, "odoo.addons.nox_voip_service.models.x", "something")
    found = unexplained(f"{line('INFO', 'odoo', 'good')}\n{bad}\n  continued\n")
    assert found == [bad, "  continued"]


def test_what_is_explained_does_not_hide_what_is_not():
    known = line("WARNING", "odoo.http", "HT404 - /my/ticket/1")
    bad = line("ERROR", "odoo.sql_db", "bad query")
    assert unexplained(f"{known}\n") == []
    assert unexplained(f"{known}\n{bad}\n{known}\n") == [bad]


def test_a_checker_that_breaks_is_no_good_log(monkeypatch):
    monkeypatch.setattr("devtools.log_check.sys.executable", "/bin/false")
    assert unexplained(line("INFO", "odoo", "good")) != []


def test_a_log_without_a_line_is_no_fault():
    assert unexplained("") == []


def test_information_needs_no_explanation():
    assert unexplained(line("INFO", "odoo.modules.loading", "ERROR in the text")) == []


def test_odoos_own_old_calls_are_explained():
    path = "/x/dist-packages/odoo/addons/base/models/ir_asset.py:36"
    assert unexplained(line("WARNING", "py.warnings", f"{path}: {WERKZEUG}")) == []


@pytest.mark.parametrize(
    "warning",
    [
        f"/y/nox_voip_service/models/pbx/nox_pbx.py:1: {WERKZEUG}",
        f"/y/site-packages/odoo/addons/nox_voip_service/models/x.py:1: {WERKZEUG}",
        "/x/site-packages/lxml/html.py:1: FutureWarning: the truth of an element",
        "/x/dist-packages/odoo/fields.py:1: DeprecationWarning: since 19.0 do not",
        "/x/site-packages/pytz.py:1: ResourceWarning: unclosed file",
    ],
)
def test_a_warning_that_our_code_may_cause_is_not_explained_away(warning):
    bad = line("WARNING", "py.warnings", warning)
    assert unexplained(bad) == [bad]
