"""``./dev bench``: what the addon costs beside the bare stack, in one run.

The same work on two copies of one database: with Odoo and the OCA addons alone, and with
this addon on top. Turn by turn, so that whatever else the machine does meets both; the
median of five counts. A figure that must hold and does not fails the bench, and the
profile of that piece of work stands under the table.

``main``   a helpdesk's day: tickets, time, verdicts, invoices
``month``  the run on 1,000 equal contracts, beside the job of OCA's `contract`
``large``  5,000 customers with three plan periods; 20,000 time entries to invoices
``analysis``  pages that add up 200,000 time entries, beside Odoo's analysis of timesheets
``advice``  the night's advice for 1,000 PBXs; a letter to each of 1,000 customers
"""

import json
import statistics
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass

from devtools import database, odoo_process, ui
from devtools.places import REPO, RUNS

PARTS = ("main", "month", "large", "analysis", "advice")
# Short turns in a round of what takes milliseconds.
TURNS = 8


@dataclass
class Row:
    """One line of the table."""

    title: str
    figures: str
    limit: str = ""
    good: bool = True
    profile: tuple = ()

    @property
    def verdict(self):
        return "" if not self.limit else "holds" if self.good else "FAILS"


class Worker:
    """An Odoo process that works on one database."""

    def __init__(self, kind, module, name):
        self.kind = kind
        folder = RUNS / name
        config = odoo_process.write_config(folder, name, log_level="warn")
        self.log = folder / "odoo.log"
        with open(self.log, "ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bench.worker", config, module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd=REPO,
                text=True,
            )
        self._answer()

    def __call__(self, name, **arguments):
        self.process.stdin.write(json.dumps({"do": name, **arguments}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])
            raise ui.Problem(f"the bench's Odoo ({self.kind}) ended:\n{tail}")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def workers(module, *kinds):
    """A worker for each kind of database, ``bare`` or ``addon``."""
    origins = {"bare": lambda: database.template("plain"), "addon": database.installed}
    kind, *others = kinds
    with database.fresh(origins[kind](), f"bench{kind}") as name:
        worker = Worker(kind, module, name)
        try:
            if others:
                with workers(module, *others) as rest:
                    yield [worker, *rest]
            else:
                yield [worker]
        finally:
            worker.stop()


def run(parts=None, percent=100, rounds=5):
    """Run the parts, print a table for each; 0 when every figure holds."""
    if unknown := set(parts or ()) - set(PARTS):
        raise ui.Problem(
            f"there is no part {', '.join(sorted(unknown))}",
            f"choose from {', '.join(PARTS)}",
        )
    parts = parts or PARTS
    if percent != 100 or rounds != 5:
        ui.say(
            f"A quick look: {percent}% of the size, {rounds} rounds. Not the figures."
        )

    def size(count):
        return max(1, count * percent // 100)

    failed = 0
    for part in parts:
        rows = globals()[f"part_{part}"](size, rounds)
        _print_table(part, rows)
        failed += sum(not row.good for row in rows)
    ui.say(f"\n{failed} figures do not hold" if failed else "\nevery figure holds")
    return 1 if failed else 0


def _print_table(part, rows):
    title = f"{part} (medians)"
    width = max(len(row.title) for row in rows)
    figures = max(len(row.figures) for row in rows)
    limits = max(len(row.limit) for row in rows)
    ui.say(f"\n== {title}")
    for row in rows:
        ui.say(
            f"{row.title:{width}}  {row.figures:{figures}}"
            f"  {row.limit:{limits}}  {row.verdict}".rstrip()
        )
    for row in rows:
        if row.profile:
            ui.say(f"\nWhere the time goes in: {row.title}")
            for line in row.profile:
                ui.say(f"  {line}")


# ----------------------------------------------------------------------
# Comparing
# ----------------------------------------------------------------------


def _turns(pair, rounds, tell, work, each=1):
    """``{kind: [answers]}`` of ``work(worker, turn)``, turn by turn.

    :param each: turns in a round; many short ones, and what else the machine does in
        a second meets both
    """
    answers = {worker.kind: [] for worker in pair}
    for number in range(rounds * each):
        # Whoever comes second finds a warmer machine: change places.
        for worker in pair if number % 2 else reversed(pair):
            answers[worker.kind].append(work(worker, number))
        if not (number + 1) % each:
            ui.say(f"   {tell}: round {(number + 1) // each} of {rounds}")
    return answers


def _median(answers, name):
    return statistics.median(answer[name] for answer in answers)


def _compare(title, answers, ratio, more_queries=None, most_queries=None, profile=None):
    """A row that sets the bare stack beside the addon."""
    bare, addon = answers["bare"], answers["addon"]
    seconds = [_median(each, "seconds") for each in (bare, addon)]
    queries = [_median(each, "queries") for each in (bare, addon)]
    found = seconds[1] / seconds[0]
    good, limits = found <= ratio, [f"at most {ratio} x"]
    if more_queries is not None:
        good &= queries[1] - queries[0] <= more_queries
        limits.append(f"{more_queries} more queries")
    if most_queries is not None:
        good &= queries[1] <= most_queries
        limits.append(f"{most_queries} queries")
    figures = (
        f"bare {seconds[0] * 1000:8.1f} ms {queries[0]:8.1f} q   "
        f"addon {seconds[1] * 1000:8.1f} ms {queries[1]:8.1f} q   {found:.2f} x"
    )
    why = () if good or not profile else profile()
    return Row(title, figures, ", ".join(limits), good, why)


# ----------------------------------------------------------------------
# Parts
# ----------------------------------------------------------------------


def part_main(size, rounds):
    """Tickets, time, verdicts and invoices."""
    each, invoiced, verdicts = size(5) * TURNS, size(300), size(10_000)
    rows = []
    with workers("day", "bare", "addon") as pair:
        addon = next(worker for worker in pair if worker.kind == "addon")
        for worker in pair:
            worker("prepare", customers=max(1, size(100)))
        for worker in pair:
            worker("create_tickets", count=3)  # whatever the first ones load
        answers = _turns(
            pair,
            rounds,
            f"create {each} tickets",
            lambda worker, _turn: worker("create_tickets", count=each // TURNS),
            TURNS,
        )
        rows.append(
            _compare(
                "create a ticket",
                answers,
                1.10,
                more_queries=2,
                profile=lambda: addon("create_tickets", count=each, profile=True)[
                    "profile"
                ],
            )
        )
        rows += _time(pair, addon, each, rounds)
        for worker in pair:
            worker("prepare_invoicing", count=invoiced)
        answers = _turns(
            pair,
            rounds,
            f"invoice {invoiced}",
            lambda worker, _round: worker("invoice"),
        )
        rows.append(
            _compare(
                f"invoice {invoiced} tickets / orders",
                answers,
                1.1,
                profile=lambda: addon("invoice", profile=True)["profile"],
            )
        )
        rows.append(_verdicts(addon, verdicts, rounds))
        for title, again in (("decide(), first time", False), ("decide()", True)):
            rates = [addon("decide", again=again)["rate"] for _ in range(rounds)]
            rate, limit = statistics.median(rates), 100_000
            rows.append(
                Row(
                    title,
                    f"{rate:,.0f} a second",
                    f"at least {limit:,}",
                    rate >= limit,
                )
            )
    return rows


def _time(pair, addon, each, rounds):
    """Beside time on a task of an order, and beside time that no order follows."""
    rows, few = [], each // TURNS
    for title, unbilled in (
        ("log time, bare: billed by an order", False),
        ("log time, bare: on a project only", True),
    ):
        for worker in pair:
            worker("prepare_time", count=each * (rounds + 2))
            worker("log_time", first=each * rounds, count=3, unbilled=unbilled)
        answers = _turns(
            pair,
            rounds,
            f"log time on {each} tickets",
            lambda worker, turn, unbilled=unbilled: worker(
                "log_time", first=few * turn, count=few, unbilled=unbilled
            ),
            TURNS,
        )
        rows.append(
            _compare(
                title,
                answers,
                1.15,
                more_queries=2,
                profile=lambda: addon(
                    "log_time", first=each * (rounds + 1), count=each, profile=True
                )["profile"],
            )
        )
    return rows


def _verdicts(addon, count, rounds):
    addon("prepare_verdicts", count=count)
    few = max(1, count // 10)
    addon("recompute_verdicts", count=few)
    some, all_ = [], []
    for number in range(rounds):
        some.append(addon("recompute_verdicts", count=few))
        all_.append(addon("recompute_verdicts", count=count))
        ui.say(f"   recompute {count:,} verdicts: round {number + 1} of {rounds}")
    queries = [_median(each, "queries") for each in (some, all_)]
    seconds = _median(all_, "seconds")
    return Row(
        f"recompute {count:,} verdicts",
        f"{queries[0]:.1f} q per 1,000 of {few:,}, {queries[1]:.1f} of {count:,}, "
        f"{seconds:.2f} s per 1,000",
        "the same number of queries per 1,000",
        queries[1] <= queries[0],
    )


def part_month(size, rounds):
    """The run and `contract`'s own job, good contracts and with a poisoned one."""
    contracts = size(1000)
    rows = []
    with workers("month", "bare", "addon") as pair:
        addon = next(worker for worker in pair if worker.kind == "addon")
        for worker in pair:
            with ui.step(f"{contracts} contracts of 10 users ({worker.kind})"):
                worker("prepare", contracts=contracts, seats=10)
        for worker in pair:
            worker("bill", number=0)
        clean = _turns(
            pair,
            rounds,
            f"a month of {contracts} contracts",
            lambda worker, number: worker("bill", number=1 + number),
        )
        poisoned = {}
        for turn, poison in enumerate(("early", "late"), start=1):
            poisoned[poison] = _turns(
                pair,
                rounds,
                f"a month with one poisoned contract ({poison})",
                lambda worker, number, turn=turn, poison=poison: worker(
                    "bill", number=1 + turn * rounds + number, poison=poison
                ),
            )
        rows.append(
            _compare(
                f"bill {contracts} contracts, each",
                clean,
                0.8,
                most_queries=12,
                profile=lambda: addon("bill", number=1 + 3 * rounds, profile=True)[
                    "profile"
                ],
            )
        )
        for poison, answers in poisoned.items():
            rows.append(_poison(poison, clean, answers))
    return rows


def _poison(poison, clean, poisoned):
    ratio = {
        kind: _median(poisoned[kind], "total") / _median(clean[kind], "total")
        for kind in ("bare", "addon")
    }
    return Row(
        f"the same, one poisoned ({poison})",
        f"bare {ratio['bare']:.2f} x   addon {ratio['addon']:.2f} x",
        "at most 1.05 x",
        ratio["addon"] <= 1.05,
    )


def part_large(size, _rounds):
    """One run at size, and a month of work."""
    customers = size(5000)
    tickets, entries = size(5000), size(20_000)
    rows = []
    with workers("month", "addon") as (addon,):
        title = f"{customers:,} customers with 3 plan periods"
        with ui.step(f"making {title}"):
            addon("prepare_large", customers=customers, seats=10)
        with ui.step("the run"):
            found = addon("bill_large")
        good = (
            found["seconds"] <= 20 * 60
            and found["megabytes"] <= 1024
            and found["longest"] <= 60
            and found["invoices"] == customers
        )
        rows.append(
            Row(
                title,
                _large(found),
                "20 minutes, 1,024 MB, no transaction over 60 s",
                good,
            )
        )
    with workers("month", "addon") as (addon,):
        title = f"{entries:,} time entries on {tickets:,} tickets to invoices"
        with ui.step(f"making {entries:,} time entries on {tickets:,} tickets"):
            addon("prepare_work", tickets=tickets, entries=entries)
        with ui.step("finish them, and the run"):
            found = addon("bill_work")
        good = found["seconds"] <= 10 * 60 and found["invoiced"] == tickets
        rows.append(Row(title, _large(found), "10 minutes", good))
    return rows


def _large(found):
    return (
        f"{found['invoices']:,} invoices in {found['seconds'] / 60:.1f} minutes, "
        f"{found['queries'] / max(1, found['invoices']):.1f} q each, "
        f"{found['megabytes']:.0f} MB, longest transaction {found['longest']:.1f} s, "
        f"{found['parked']} parked"
    )


def part_analysis(size, rounds):
    """Our analysis and Odoo's, of the same entries in the same database."""
    with workers("analysis", "addon") as (addon,):
        with ui.step(f"making {size(200_000):,} time entries"):
            entries = addon("prepare", entries=size(200_000), customers=size(1000))
        ours, base = [], []
        for number in range(rounds):
            base.append(addon("open_base"))
            ours.append(addon("open_analysis"))
            ui.say(f"   open the pages: round {number + 1} of {rounds}")
        rows = [
            _opened(page, entries["entries"], _median(base, page), _median(ours, page))
            for page in ("pivot", "graph", "list")
        ]
        good = addon("adds_up")["good"]
    rows.append(Row("minutes and money", "", "those of books and invoices", good))
    return rows


def _opened(page, entries, base, ours):
    return Row(
        f"open the {page} of {entries:,} entries",
        f"Odoo {base:5.2f} s   ours {ours:5.2f} s   {ours / base:.1f} x",
        "under 2 s",
        ours < 2,
    )


def part_advice(size, _rounds):
    """The advice of a night, and letters about a new price."""
    rows = []
    pbxs = size(1000)
    with workers("advice", "addon") as (addon,):
        with ui.step(f"making {pbxs:,} PBXs with a year of requests"):
            entries = addon("prepare_advice", pbxs=pbxs, entries=size(20_000))
        with ui.step("the advice"):
            found = addon("advise")
    good = found["advices"] == found["priced"] == pbxs and found["queries"] <= 10
    title = f"advice for {pbxs:,} PBXs with {entries['entries']:,} time entries"
    rows.append(
        Row(title, _each(found, "advices"), "all priced, 10 queries each", good)
    )
    with workers("advice", "addon") as (addon,):
        with ui.step(f"making {pbxs:,} customers with a price"):
            addon("prepare_letters", customers=pbxs)
        with ui.step("the letters"):
            found = addon("write_letters")
    good = found["letters"] == found["mails"] == pbxs and found["total"] <= 120
    rows.append(
        Row(f"letters to {pbxs:,} customers", _each(found, "mails"), "2 minutes", good)
    )
    return rows


def _each(found, name):
    return (
        f"{found[name]:,} in {found['total']:.0f} s, {found['queries']:.1f} q each,"
        f" {found['seconds'] * 1000:.0f} ms each"
    )
