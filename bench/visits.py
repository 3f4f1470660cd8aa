"""``./dev bench pages``: how fast pages open in a large database, alone and with many
people at once.

A server with two workers, as a small installation has it. Alone each page is opened
again and again by one person; Odoo's own log says by how many queries. Then locust lets
twenty people open pages for a minute. The queries are those of a database of a hundred
tickets.
"""

import csv
import json
import os
import re
import statistics
import subprocess
import time
import urllib.request
from pathlib import Path

from devtools import database, ui
from devtools.environment import of_its_own
from devtools.places import RUNS

from . import workers
from .table import Row

TOOLS = "requirements-bench.txt"
LOCUST = Path(__file__).with_name("locustfile.py")
SERVER = {"workers": 2, "max_cron_threads": 0, "proxy_mode": "False"}
PEOPLE = 20
SECONDS = 60
ALONE = 40
# Seconds of the slowest of twenty.
LIMITS = {"preview": 0.15}
LIMIT, LIMIT_TOGETHER = 0.5, 1.0
ASKED = re.compile(r'"(?:GET|POST) (\S+) HTTP/1.1" (\d+) - (\d+) ')


def rows(size, _rounds):
    """The part of the bench: a row for each page, alone and together."""
    few = _visited(entries=315, customers=10, together=False)
    many = _visited(entries=size(500_000), customers=size(5000), together=True)
    return [
        _row(title, many, many["alone"][title], few["queries"][title])
        for title in many["alone"]
    ]


def _row(title, many, alone, before):
    queries = many["queries"][title]
    limit = LIMITS.get(title, LIMIT)
    together = many["together"][title]
    good = alone <= limit and together <= LIMIT_TOGETHER and queries <= before
    return Row(
        f"{title}, of {many['tickets']:,} tickets",
        f"alone {alone:.2f} s   {PEOPLE} at once {together:.2f} s   {queries} q"
        f" ({before} with 100)",
        f"p95 at most {limit} s, {LIMIT_TOGETHER} s; no query more",
        good and not many["failed"],
    )


def _visited(together, **numbers):
    """Figures of one database.

    :return: ``{"tickets": .., "alone": {title: p95}, "queries": {title: q},
        "together": {title: p95}, "failed": requests that failed}``
    """
    with database.fresh(database.installed(), "benchpages") as name:
        with ui.step(f"making {numbers['entries']:,} time entries"):
            worker = workers.Worker("addon", "pages", name)
            try:
                made = worker("prepare_pages", **numbers)
            finally:
                worker.stop()
        with workers.server(name, **SERVER) as (address, log):
            who = {page["who"] for page in made["pages"]}
            sessions = {each: _log_in(address, name, each) for each in who}
            visits = [
                _Visit(address, page, sessions[page["who"]]) for page in made["pages"]
            ]
            with ui.step("open the pages alone"):
                alone = {each.title: each.alone() for each in visits}
                queries = {each.title: each.queries(log) for each in visits}
            found = {"tickets": made["tickets"], "alone": alone, "queries": queries}
            if together:
                with ui.step(f"{PEOPLE} people for {SECONDS} s"):
                    found["together"], found["failed"] = _locust(address, visits)
    return found


class _Visit:
    """One page, opened by one person."""

    def __init__(self, address, page, session):
        self.title, self.session = page["title"], session
        self.counted = page.get("counted", 0)
        # Odoo's log tells the pages apart by it.
        self.mark = f"page={self.title.replace(' ', '-')}"
        joint = "&" if "?" in page["url"] else "?"
        self.url = f"{page['url']}{joint}{self.mark}"
        self.address, self.params = address, page.get("params")

    def request(self):
        headers = {"Cookie": f"session_id={self.session}"}
        body = None
        if self.params is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps({"jsonrpc": "2.0", "params": self.params}).encode()
        return urllib.request.Request(f"{self.address}{self.url}", body, headers)

    def open(self):
        with urllib.request.urlopen(self.request(), timeout=60) as answer:
            text = answer.read()
            final = answer.geturl()
        if b'"error"' in text[:200] or "/web/login" in final:
            raise ui.Problem(f"{self.title}: {text[:500].decode(errors='replace')}")

    def alone(self):
        """Seconds of the slowest of twenty, by one person."""
        for _first in range(4):
            self.open()  # each worker once or more: what it keeps is there
        taken = []
        for _number in range(ALONE):
            start = time.perf_counter()
            self.open()
            taken.append(time.perf_counter() - start)
        return statistics.quantiles(taken, n=20)[-1]

    def queries(self, log):
        """The usual number of queries, as Odoo's log tells, without the one that
        counts a list that has more pages."""
        found = [
            int(queries)
            for url, status, queries in ASKED.findall(log.read_text(errors="replace"))
            if self.mark in url and status == "200"
        ]
        return statistics.mode(found) - self.counted


def _log_in(address, name, login):
    params = {"db": name, "login": login, "password": login}
    request = urllib.request.Request(
        f"{address}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
        told = json.load(answer)
    if "error" in told:
        raise ui.Problem(f"{login} cannot log in: {told['error']}")
    return re.search(r"session_id=([^;]+)", " ".join(cookies))[1]


def _locust(address, visits):
    """``({title: p95}, failed requests)`` of many people at once."""
    pages = [
        {
            "title": each.title,
            "url": each.url,
            "params": each.params,
            "session": each.session,
        }
        for each in visits
    ]
    python = of_its_own("bench", TOOLS)
    folder = RUNS / "locust"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pages.json").write_text(json.dumps(pages))
    options = ["--headless", "--host", address, "-u", PEOPLE, "-r", PEOPLE]
    options += ["-t", f"{SECONDS}s", "--csv", folder / "found", "--only-summary"]
    options += ["--exit-code-on-error", "0"]
    with open(folder / "locust.log", "wb") as stream:
        subprocess.run(
            [str(part) for part in [python, "-m", "locust", "-f", LOCUST, *options]],
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=True,
            env={**os.environ, "NOX_PAGES": str(folder / "pages.json")},
        )
    with open(folder / "found_stats.csv", newline="") as stream:
        found = {line["Name"]: line for line in csv.DictReader(stream)}
    failed = int(found.pop("Aggregated")["Failure Count"])
    return {name: float(line["95%"]) / 1000 for name, line in found.items()}, failed
