"""Customers for a run: a contract for so many users since January 2020, and finished
work. The world's months are those of the run's own clock, one for each round."""

import datetime
from contextlib import ExitStack
from unittest.mock import patch

from odoo import fields

from bench import records

FIRST = datetime.date(2020, 1, 1)
ADDON = records.ADDON
BATCH = 5


def month(number):
    return fields.Date.add(FIRST, months=number)


def prepare(env, count):
    """So many customers, with two to six users each at 7.50 to 12.50."""
    company = env.company
    company.partner_id.tz = "Europe/Amsterdam"
    company.write({"service_run_automatic": True, "service_invoice_mode": "post"})
    company._service_project()
    env["hr.employee"].create({"name": "Technician"})
    plan = env.ref(f"{ADDON}.service_plan_contract")
    product = env.ref(f"{ADDON}.product_seat")
    own = records.pbxs(
        env,
        records.customers(env, count),
        [{"plan_id": plan.id, "date_start": FIRST}],
        FIRST,
    )
    for number, pbx in enumerate(own):
        period, users = pbx.period_ids, 2 + number % 5
        line = period._create_seat_line(pbx, product, users, 7.5 + number % 6, FIRST)
        period.write({"contract_line_id": line.id, "billed_until": FIRST})
    records.create(
        env,
        "nox.pbx.seat",
        [
            {
                "name": f"User {extension}",
                "extension": str(200 + extension),
                "pbx_id": pbx.id,
                "date_start": FIRST,
            }
            for number, pbx in enumerate(own)
            for extension in range(2 + number % 5)
        ],
    )


def work(env, count, seed):
    """Finished requests of some customers: 5 to 55 minutes each, billable."""
    pbxs = env["nox.pbx"].search([], order="id")
    employee = env["hr.employee"].search([("name", "=", "Technician")], limit=1)
    tickets = env["helpdesk.ticket"].with_context(**records.QUIET)
    for number in range(seed, seed + count):
        pbx = pbxs[number * 7 % len(pbxs)]
        ticket = tickets.create(
            {
                "name": f"Request {number}",
                "description": "A new number, please.",
                "partner_id": pbx.partner_id.id,
                "pbx_id": pbx.id,
                "category_id": env.ref(f"{ADDON}.category_new_number").id,
            }
        )
        env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "name": "Work",
                "unit_amount": (5 + number * 11 % 51) / 60,
                "employee_id": employee.id,
            }
        )
        ticket.stage_id = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")


def clock(env, day, batch=BATCH):
    """The company's calendar stands at a day; small batches, so that a run is many
    transactions."""
    Company, Run = type(env["res.company"]), type(env["nox.billing.run"])
    process, stack = Run._process, ExitStack()
    for place in (
        patch.object(Company, "_service_today", lambda _self: day),
        patch.object(Run, "_process", lambda run: process(run, batch_size=batch)),
    ):
        stack.enter_context(place)
    return stack


def begin(env, number):
    """The run of month ``number``, started and not begun."""
    with clock(env, month(number + 1)):
        env["nox.billing.run"]._start_due_run()


def bill(env, number):
    """The scheduled job on the first after month ``number``."""
    with clock(env, month(number + 1)):
        env["nox.billing.run"]._cron_billing_run()


def again(env, number):
    """One more run of that month, as an accountant starts it, or its first when the
    fault came before it was made."""
    with clock(env, month(number + 1)):
        run = env["nox.billing.run"].search([("month", "=", month(number))])
        if run and run.state != "running":
            run._start()
        env["nox.billing.run"]._cron_billing_run()
