"""Parts that set the addon beside the bare stack: a helpdesk's day, the month."""

import statistics

from devtools import ui

from .table import TURNS, Row, compare, median, turns
from .workers import workers

POISONS = (None, "early", "late")


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
        answers = turns(
            pair,
            rounds,
            f"create {each} tickets",
            lambda worker, _turn: worker("create_tickets", count=each // TURNS),
            TURNS,
        )
        rows.append(
            compare(
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
        answers = turns(
            pair,
            rounds,
            f"invoice {invoiced}",
            lambda worker, _round: worker("invoice"),
        )
        rows.append(
            compare(
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
        answers = turns(
            pair,
            rounds,
            f"log time on {each} tickets",
            lambda worker, turn, unbilled=unbilled: worker(
                "log_time", first=few * turn, count=few, unbilled=unbilled
            ),
            TURNS,
        )
        rows.append(
            compare(
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
    queries = [median(each, "queries") for each in (some, all_)]
    seconds = median(all_, "seconds")
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
        months = _months(pair, contracts, rounds)
        clean = months.pop(None)
        posted = _posted(pair, addon, contracts, rounds, first=1 + 3 * rounds)
        rows.append(
            compare(
                f"bill {contracts} contracts, each",
                clean,
                0.6,
                most_queries=6,
                profile=lambda: addon("bill", number=2 + 4 * rounds, profile=True)[
                    "profile"
                ],
            )
        )
        lines = [median(posted[kind], "lines") for kind in ("bare", "addon")]
        if lines[0] != lines[1]:
            raise ui.Problem(
                f"journal items of an invoice: bare {lines[0]}, {lines[1]}"
            )
        rows.append(
            compare(
                "the same posted, bare: lines at hand",
                posted,
                1.25,
                profile=lambda: addon("post_run", number=3 + 4 * rounds, profile=True)[
                    "profile"
                ],
            )
        )
        for poison, answers in months.items():
            rows.append(_poison(poison, clean, answers))
    return rows


def _months(pair, contracts, rounds):
    """``{poison: {kind: [answers]}}``: a good month, and one with each poison, in turn,
    so that whatever else the machine does meets them alike."""
    found = {poison: {each.kind: [] for each in pair} for poison in POISONS}
    for number in range(rounds * len(POISONS)):
        poison = POISONS[number % len(POISONS)]
        for worker in pair if number % 2 else reversed(pair):
            answer = worker("bill", number=1 + number, poison=poison)
            found[poison][worker.kind].append(answer)
        told = f"one poisoned ({poison})" if poison else "all good"
        ui.say(f"   a month of {contracts} contracts, {told}: {number + 1}")
    return found


def _posted(pair, addon, contracts, rounds, first):
    """Our run, with the evidence of what it posts, beside Odoo's `create` and
    `action_post` of invoices with as many lines and taxes, in batches as large."""
    size = addon("batch")

    def work(worker, number):
        if worker is addon:
            return worker("post_run", number=first + number)
        return worker("post_lines", number=first + number, size=size)

    for worker in pair:
        work(worker, 0)
    return turns(
        pair,
        rounds,
        f"a month of {contracts} contracts, posted",
        lambda worker, number: work(worker, number + 1),
    )


def _poison(poison, clean, poisoned):
    ratio = {
        kind: median(poisoned[kind], "total") / median(clean[kind], "total")
        for kind in ("bare", "addon")
    }
    return Row(
        f"the same, one poisoned ({poison})",
        f"bare {ratio['bare']:.2f} x   addon {ratio['addon']:.2f} x",
        "at most 1.05 x",
        ratio["addon"] <= 1.05,
    )
