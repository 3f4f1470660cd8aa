"""Parts at size: large runs, analysis, advice and letters."""

from devtools import ui

from .table import Row, median
from .workers import workers


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
            found["seconds"] <= 12 * 60
            and found["megabytes"] <= 1024
            and found["longest"] <= 60
            and found["invoices"] == customers
        )
        rows.append(
            Row(
                title,
                _large(found),
                "12 minutes, 1,024 MB, no transaction over 60 s",
                good,
            )
        )
    with workers("month", "addon") as (addon,):
        title = f"{entries:,} time entries on {tickets:,} tickets to invoices"
        with ui.step(f"making {entries:,} time entries on {tickets:,} tickets"):
            addon("prepare_work", tickets=tickets, entries=entries)
        with ui.step("finish them, and the run"):
            found = addon("bill_work")
        good = found["seconds"] <= 8 * 60 and found["invoiced"] == tickets
        rows.append(Row(title, _large(found), "8 minutes", good))
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
            _opened(page, entries["entries"], median(base, page), median(ours, page))
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
