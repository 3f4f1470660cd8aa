"""What makes a lane fail: the readers of pytest's and Odoo's closing lines."""

import doctest
import os

import pytest

from devtools import lanes, log_check, ui
from devtools.lanes import Result
from neighbours import base_suites, lane

STAMP = "2026-03-02 09:00:00,000 4711"


@pytest.fixture(autouse=True)
def silence(monkeypatch):
    monkeypatch.setattr(ui, "say", lambda text="": None)


def of_pytest(closing, status):
    return lanes._read_pytest("odoo", ["one line\n", closing], status)


def of_runner(*lines):
    return lanes._read_runner("\n".join(lines), log_check)


def totals(failed, errors, tests):
    return (
        f"{STAMP} INFO nox odoo.tests.result: {failed} failed, {errors} error(s) of"
        f" {tests} tests when loading database 'nox'"
    )


def test_a_run_where_all_passed_is_good():
    result = of_pytest("412 passed, 3 warnings in 61.20s (0:01:01)\n", 0)
    assert (result.passed, result.good) == (412, True)


@pytest.mark.parametrize(
    ("closing", "status"),
    [
        ("1 failed, 411 passed in 61.20s\n", 1),
        ("411 passed, 1 skipped in 61.20s\n", 0),
        ("411 passed, 1 error in 61.20s\n", 1),
        ("410 passed, 2 errors in 61.20s\n", 1),
        ("412 passed in 61.20s\n", 3),  # pytest itself broke
        ("412 passed in 61.20s\n", 1),  # a failure that the closing line hides
        ("no tests ran in 0.10s\n", 5),
        ("killed\n", -9),
        ("[gw1] node down: Not properly terminated\n", 1),
    ],
)
def test_anything_else_fails_the_lane(closing, status):
    assert not of_pytest(closing, status).good


def test_a_lane_without_tests_says_so(monkeypatch):
    monkeypatch.setitem(lanes.LANES, "odoo", lambda *_args: Result("odoo"))
    assert lanes._run_lane("odoo", None, False).problems == ["no test ran"]


def test_folder_of_public_rules_is_found_or_said(tmp_path, monkeypatch):
    monkeypatch.delenv("NOX_EN16931", raising=False)
    with pytest.raises(ui.Problem, match="no schematron"):
        lanes._name_rules(tmp_path, True)
    (tmp_path / "EN16931.sch").touch()
    monkeypatch.setenv("NOX_EN16931", "")
    lanes._name_rules(tmp_path, True)
    assert os.environ["NOX_EN16931"] == str(tmp_path)


def test_odoos_runner_is_read():
    result = of_runner(totals(0, 0, 380))
    assert (result.passed, result.failed, result.good) == (380, 0, True)
    result = of_runner(totals(2, 1, 380))
    assert (result.passed, result.failed, result.good) == (377, 3, False)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [f"{STAMP} INFO nox odoo.modules.loading: Modules loaded."],
        [totals(0, 0, 0)],
        [f"{STAMP} INFO nox odoo.tests.case: skipped TestX.test_y", totals(0, 0, 9)],
        [f"{STAMP} WARNING nox odoo.addons.x: nobody explained this", totals(0, 0, 9)],
    ],
)
def test_a_runner_that_tells_less_fails(lines):
    assert not of_runner(*lines).good


def test_what_the_installation_beside_demo_data_said_counts():
    said = f"{STAMP} WARNING nox odoo.addons.x: nobody explained this"
    assert lanes._read_runner(totals(0, 0, 9), log_check).good
    assert not lanes._read_runner(totals(0, 0, 9), log_check, said).good


def test_one_bad_lane_fails_the_whole_run():
    good, bad = Result("policy", passed=3), Result("odoo", passed=3, skipped=1)
    assert lanes._summary([good], None) == 0
    assert lanes._summary([good, bad], None) == 1
    assert lanes._summary([Result("policy")], "NAME") == 1  # -k found nothing
    assert lanes._summary([good, Result("odoo")], "NAME") == 0


def test_a_suite_of_the_base_that_did_not_end_ran_no_test():
    assert base_suites.read("INFO odoo: loading\n") == (0, [])


def test_failures_of_the_base_are_named_once():
    text = (
        "2026 ERROR x: FAIL: TestA.test_b\n2026 ERROR x: ERROR: Subtest TestA.test_b\n"
        "2026 INFO odoo.tests.result: 1 failed, 1 error(s) of 244 tests when loading"
    )
    assert base_suites.read(text) == (244, ["TestA.test_b"])


@pytest.mark.parametrize("module", [base_suites, lane], ids=lambda each: each.__name__)
def test_examples_of_the_lanes_by_name(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
