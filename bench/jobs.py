"""``./dev bench jobs``: what a second job at once gains the monthly run.

A server with workers, with OCA's `queue_job` and our glue to it. One job at once and
two, in turn, each over a copy of one database, so that all begin alike; from the start
of the first job to the end of the last. A run that did not bill everybody, and once, is
no figure.
"""

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass

from devtools import database, ui
from neighbours import lane

from .table import Row, median, turns
from .workers import Worker, server

BESIDE = ("queue_job",)
SERVER = {
    "server_wide_modules": "base,rpc,web,queue_job",
    "workers": 3,
    "max_cron_threads": 1,
}
WAYS = {"draft": "makes drafts", "post": "posts, with evidence"}
LIMIT = 1.7
USERS = 5
# With fewer customers two jobs have little to share.
FEWEST = 200
# Seconds that nothing of this takes.
PATIENCE = 900


@dataclass(frozen=True)
class AtOnce:
    """So many jobs at once: what the channels of the server allow."""

    kind: int


def rows(size, rounds):
    """The part of the bench: a row for a run that makes drafts, one for a run that
    posts."""
    if (cores := len(os.sched_getaffinity(0))) < 2:
        why = f"not measured: it takes two cores, and here is {cores}"
        return [Row("the run in jobs, one at once and two", why)]
    customers = max(FEWEST, size(1000))
    with lane.packages() as folder:
        place = {"addons_path": lane.addons_path(folder)}
        origin = lane.template(folder, BESIDE)
        with database.fresh(origin, "benchjobs") as prepared:
            title = f"{customers:,} customers of {USERS} users with a month behind them"
            with ui.step(title), _worker(prepared, place) as worker:
                worker("prepare_jobs", customers=customers, seats=USERS)
            return [_way(prepared, place, customers, rounds, mode) for mode in WAYS]


def _way(prepared, place, customers, rounds, mode):
    answers = turns(
        [AtOnce(1), AtOnce(2)],
        rounds,
        f"{customers:,} customers, the run {WAYS[mode]}",
        lambda jobs, _turn: _timed(prepared, place, customers, jobs.kind, mode),
    )
    return row(f"{customers:,} customers, the run {WAYS[mode]}", answers)


def row(title, answers):
    """The medians, the ratio of each round, and how busy the machine was: a core that
    others want is missing with two jobs and not with one.

    :param answers: ``{jobs at once: [{"seconds": .., "load": ..}]}``, as the rounds went
    """
    one, two = (median(answers[jobs], "seconds") for jobs in (1, 2))
    rounds = [
        first["seconds"] / second["seconds"]
        for first, second in zip(answers[1], answers[2], strict=True)
    ]
    loads = [answer["load"] for taken in answers.values() for answer in taken]
    return Row(
        title,
        f"1 job {one:.1f} s   2 jobs {two:.1f} s   {one / two:.2f} x"
        f" ({min(rounds):.2f} to {max(rounds):.2f})"
        f"   load {min(loads):.1f} to {max(loads):.1f}",
        f"at least {LIMIT} x",
        one / two >= LIMIT,
    )


def _timed(prepared, place, customers, jobs, mode):
    """One run over a copy of the prepared database.

    :return: ``{"seconds": .., "load": ..}``, the load of the machine in the last minute
    """
    channels = {"ODOO_QUEUE_JOB_CHANNELS": f"root:{jobs}"}
    with (
        database.fresh(prepared, "benchrun") as name,
        _worker(name, place) as worker,
        server(name, channels, **place, **SERVER) as (_address, log),
    ):
        _wait(worker, "has_runner", log)
        worker("start", mode=mode)
        _wait(worker, "is_over", log)
        load = os.getloadavg()[0]
        found = worker("found")
    if problems := broken(found, customers, jobs, mode):
        raise ui.Problem(f"the run in jobs: {'; '.join(problems)}", f"read {log}")
    if more := found["more jobs"]:
        ui.say(f"   a batch lost a race: {more} jobs more than batches")
    return {"seconds": seconds(found["spans"]), "load": load}


@contextmanager
def _worker(name, place):
    worker = Worker("addon", "jobs_run", name, **place)
    try:
        yield worker
    finally:
        worker.stop()


def _wait(worker, question, log):
    """Ask the worker again and again until it says yes."""
    deadline = time.monotonic() + PATIENCE
    while not worker(question)["yes"]:
        if time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
            raise ui.Problem(f"{question}: not in {PATIENCE} s:\n{tail}", f"read {log}")
        time.sleep(0.5)


def broken(found, customers, jobs, mode):
    """Sentences of what is not as it must be after a run; none is good."""
    posted = customers if mode == "post" else 0
    wanted = {
        "run": "done",
        "invoices": customers,
        "customers": customers,
        "users": customers * USERS,
        "posted": posted,
        "with evidence": posted,
        "parked": 0,
        "failed jobs": 0,
    }
    told = [
        f"{name}: {found[name]}, not {value}"
        for name, value in wanted.items()
        if found[name] != value
    ]
    if (most := most_at_once(found["spans"])) != jobs:
        told.append(f"jobs at once: {most}, not {jobs}")
    return told


def seconds(spans):
    """From the start of the first job to the end of the last.

    >>> seconds([(10.0, 11.5), (10.5, 12.0)])
    2.0
    """
    return max(end for _start, end in spans) - min(start for start, _end in spans)


def most_at_once(spans):
    """Most jobs that were at work at the same moment.

    >>> most_at_once([(10.0, 11.0), (11.0, 12.0), (11.5, 13.0)])
    2
    """
    return max(
        (sum(start <= moment < end for start, end in spans) for moment, _end in spans),
        default=0,
    )
