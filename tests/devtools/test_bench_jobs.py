"""What ``./dev bench jobs`` takes for a figure, and what it makes of it."""

import doctest
import os

import pytest

from bench import jobs

CUSTOMERS = 200
ALONE = [(0.0, 1.0), (1.0, 2.0), (2.25, 3.0)]
BESIDE = [(0.0, 1.0), (0.5, 1.5), (1.0, 2.0)]
POSTED = {
    "run": "done",
    "invoices": CUSTOMERS,
    "customers": CUSTOMERS,
    "users": CUSTOMERS * jobs.USERS,
    "posted": CUSTOMERS,
    "with evidence": CUSTOMERS,
    "parked": 0,
    "failed jobs": 0,
    "spans": ALONE,
}
DRAFTS = {**POSTED, "posted": 0, "with evidence": 0}


def taken(*seconds, load=2.0):
    return [{"seconds": each, "load": load} for each in seconds]


@pytest.mark.parametrize(
    ("two", "told", "good"),
    [
        ([7.0, 7.5, 8.0], "2 jobs 7.5 s   1.73 x (1.62 to 1.86)", True),
        ([7.0, 8.0, 9.0], "2 jobs 8.0 s   1.62 x (1.44 to 1.86)", False),
    ],
)
def test_the_medians_decide_and_each_round_is_told(two, told, good):
    row = jobs.row("the run", {1: taken(13.0, 13.0, 13.0), 2: taken(*two)})
    assert row.figures == f"1 job 13.0 s   {told}   load 2.0 to 2.0"
    assert (row.limit, row.good) == ("at least 1.7 x", good)


def test_a_round_is_compared_with_itself():
    """A machine that was busy in one round was so for both."""
    row = jobs.row("the run", {1: taken(10.0, 40.0), 2: taken(5.0, 20.0)})
    assert "(2.00 to 2.00)" in row.figures


def test_the_row_says_how_busy_the_machine_was():
    row = jobs.row("the run", {1: taken(10.0, load=1.25), 2: taken(5.0, load=4.0)})
    assert row.figures.endswith("load 1.2 to 4.0")


@pytest.mark.parametrize(
    ("found", "at_once", "mode"),
    [
        (DRAFTS, 1, "draft"),
        ({**DRAFTS, "spans": BESIDE}, 2, "draft"),
        (POSTED, 1, "post"),
    ],
)
def test_a_run_that_billed_everybody_once_is_a_figure(found, at_once, mode):
    assert jobs.broken(found, CUSTOMERS, at_once, mode) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"run": "running"}, "run: running, not done"),
        ({"invoices": 199}, "invoices: 199, not 200"),
        ({"invoices": 201}, "invoices: 201, not 200"),
        ({"customers": 199}, "customers: 199, not 200"),
        ({"users": 995.0}, "users: 995.0, not 1000"),
        ({"posted": 150}, "posted: 150, not 200"),
        ({"with evidence": 0}, "with evidence: 0, not 200"),
        ({"parked": 1}, "parked: 1, not 0"),
        ({"failed jobs": 1}, "failed jobs: 1, not 0"),
        ({"spans": BESIDE}, "jobs at once: 2, not 1"),
        # No job runner: the scheduled job did the work.
        ({"spans": []}, "jobs at once: 0, not 1"),
    ],
)
def test_any_other_run_is_none(changed, told):
    assert jobs.broken({**POSTED, **changed}, CUSTOMERS, 1, "post") == [told]


def test_drafts_that_were_posted_are_none():
    assert jobs.broken(POSTED, CUSTOMERS, 1, "draft") == [
        "posted: 200, not 0",
        "with evidence: 200, not 0",
    ]


def test_two_that_worked_one_after_the_other_are_not_two_at_once():
    assert jobs.broken(POSTED, CUSTOMERS, 2, "post") == ["jobs at once: 1, not 2"]


def test_one_core_makes_no_figure_and_fails_nothing(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    [row] = jobs.rows(lambda count: count, 5)
    assert "two cores" in row.figures
    assert (row.good, row.verdict) == (True, "")


def test_examples_in_the_docstrings():
    assert doctest.testmod(jobs) == doctest.TestResults(failed=0, attempted=2)
