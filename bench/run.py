"""``./dev bench``: what the addon costs beside the bare stack, in one run.

The same work on two copies of one database: with Odoo and the OCA addons alone, and with
this addon on top. Turn by turn, so that whatever else the machine does meets both; the
median of five counts. A figure that must hold and does not fails the bench, and the
profile of that piece of work stands under the table.

``main``   a helpdesk's day: tickets, time, verdicts, invoices
``month``  the run on 1,000 equal contracts, beside the job of OCA's `contract`
``large``  5,000 customers with three plan periods; 20,000 time entries to invoices
``analysis``  pages that add up 200,000 time entries, beside Odoo's analysis of timesheets
``pages``  lists, forms and the portal among 500,000 time entries, alone and with twenty
people at once
``jobs``   the run in jobs of OCA's `queue_job`, one at once and two: without the bare stack
``advice``  the night's advice for 1,000 PBXs; a letter to each of 1,000 customers
"""

from devtools import ui

from . import beside, jobs, size as at_size, visits
from .table import print_table

PARTS = {
    "main": beside.part_main,
    "month": beside.part_month,
    "large": at_size.part_large,
    "analysis": at_size.part_analysis,
    "pages": visits.rows,
    "jobs": jobs.rows,
    "advice": at_size.part_advice,
}


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
        rows = PARTS[part](size, rounds)
        print_table(part, rows)
        failed += sum(not row.good for row in rows)
    ui.say(f"\n{failed} figures do not hold" if failed else "\nevery figure holds")
    return 1 if failed else 0
