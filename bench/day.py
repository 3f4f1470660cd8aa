"""A helpdesk's day: requests, time, verdicts, invoices."""

import time
from itertools import product

from odoo import Command, fields

from . import records
from .measure import measure, medians, undone

_made = {}


def prepare(env, customers):
    """Customers, and where their requests and hours go."""
    _made["env"] = records.technician(env)
    _made["customers"] = partners = records.customers(env, customers)
    today = fields.Date.today()
    if records.has_addon(env):
        plan = env.ref(f"{records.ADDON}.service_plan_standard")
        since = fields.Date.subtract(today, years=1)
        _made["pbxs"] = records.pbxs(
            env, partners, [{"plan_id": plan.id, "date_start": since}], since
        )
        env.company._service_project()
        category = env.ref(f"{records.ADDON}.category_call_group")
    else:
        _made["project"] = env["project.project"].create(
            {"name": "Service", "allow_billable": True, "allow_timesheets": True}
        )
        _made["product"] = env["product.product"].create(
            {
                "name": "Service hour",
                "type": "service",
                "service_policy": "delivered_timesheet",
                "service_tracking": "task_global_project",
                "project_id": _made["project"].id,
                "list_price": 82.0,
                "uom_id": env.ref("uom.product_uom_hour").id,
            }
        )
        category = env["helpdesk.ticket.category"].create({"name": "Call group"})
    _made["category"] = category
    env.cr.commit()


def _ticket_values(number):
    partners = _made["customers"]
    values = {
        "name": f"Request {number}",
        "description": "<p>Please put 21 into the call group.</p>",
        "partner_id": partners[number % len(partners)].id,
        "category_id": _made["category"].id,
    }
    if "pbxs" in _made:
        values["pbx_id"] = _made["pbxs"][number % len(partners)].id
    return values


def create_tickets(env, count):
    """A technician takes in requests, one at a time."""
    taken = []
    for number in range(count):
        with measure(env) as found:
            _made["env"]["helpdesk.ticket"].create(_ticket_values(number))
        env.cr.commit()
        taken.append(found)
    return medians(taken)


def prepare_time(env, count):
    """Work that will be billed and has no time yet: tickets; in the bare stack tasks of
    confirmed orders."""
    if "pbxs" in _made:
        rows = [_ticket_values(number) for number in range(count)]
        _made["work"] = records.create(env, "helpdesk.ticket", rows)
    else:
        _made["work"] = _orders(env, count).order_line.task_id
    env.cr.commit()


def _orders(env, count):
    partners = _made["customers"]
    orders = records.create(
        env,
        "sale.order",
        [
            {
                "partner_id": partners[number % len(partners)].id,
                "order_line": [
                    Command.create(
                        {"product_id": _made["product"].id, "product_uom_qty": 1}
                    )
                ],
            }
            for number in range(count)
        ],
    )
    for chunk in records.in_chunks(orders):
        chunk.with_context(**records.QUIET).action_confirm()
        env.cr.commit()
        env.invalidate_all()
    return orders


def _time_values(work):
    values = {"name": "Work", "unit_amount": 1 / 3, "date": fields.Date.today()}
    if work._name == "helpdesk.ticket":
        return dict(values, ticket_id=work.id)
    return dict(values, task_id=work.id, project_id=_made["project"].id)


def log_time(env, first, count, unbilled=False):
    """A technician logs 20 minutes on each piece of work, one at a time. ``unbilled``:
    in the bare stack on the project alone, where no order follows it."""
    taken = []
    Line = _made["env"]["account.analytic.line"]
    for work in _made["work"][first : first + count]:
        values = _time_values(work)
        if unbilled:
            values.pop("task_id", None)
        with measure(env) as found:
            Line.create(values)
        env.cr.commit()
        taken.append(found)
    return medians(taken)


def prepare_invoicing(env, count):
    """Finished work of 20 minutes each, not invoiced yet."""
    prepare_time(env, count)
    employee = _made["env"].user.employee_id
    rows = [dict(_time_values(work), employee_id=employee.id) for work in _made["work"]]
    records.create(env, "account.analytic.line", rows)
    if "pbxs" in _made:
        done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        for chunk in records.in_chunks(_made["work"]):
            chunk.with_context(**records.QUIET).stage_id = done
            env.cr.commit()
            env.invalidate_all()
    env.cr.commit()


def invoice(env):
    """Invoice all of it, grouped by customer; taken back afterwards."""
    work = _made["work"]
    with undone(env):
        with measure(env) as found:
            if "pbxs" in _made:
                moves = work._create_service_invoices()
            else:
                moves = work.sale_order_id._create_invoices(grouped=False)
        lines = len(moves.invoice_line_ids.filtered("quantity"))
        amount = sum(moves.mapped("amount_untaxed"))
    return {**found.figures(), "invoices": len(moves), "lines": lines, "amount": amount}


def prepare_verdicts(env, count):
    """Tickets of every category, under a Contract."""
    plan = env.ref(f"{records.ADDON}.service_plan_contract")
    since = fields.Date.subtract(fields.Date.today(), years=1)
    partners = records.customers(env, 100)
    own = records.pbxs(
        env, partners, [{"plan_id": plan.id, "date_start": since}], since
    )
    categories = env["helpdesk.ticket.category"].search([("change_scope", "!=", False)])
    rows = [
        dict(
            _ticket_values(number),
            partner_id=partners[number % 100].id,
            pbx_id=own[number % 100].id,
            category_id=categories[number % len(categories)].id,
        )
        for number in range(count)
    ]
    _made["verdicts"] = records.create(env, "helpdesk.ticket", rows)


def recompute_verdicts(env, count):
    """Decide so many tickets again, from their facts to the stored reason; figures
    per 1,000."""
    tickets = _made["verdicts"][:count]
    with undone(env):
        with measure(env) as found:
            tickets.modified(["requested_on"])
    return found.figures(count / 1000)


def decide(env, again):
    """Verdicts a second: the rule alone, over the whole space of requests under the
    shipped table of Contract.

    :param again: ask a table that was asked before (it remembers), as it is when Odoo
        runs; if not, a table that is asked for the first time
    """
    from odoo.addons.nox_voip_service.policy import coverage
    from odoo.addons.nox_voip_service.policy.facts import FACTS

    rules = env.ref(f"{records.ADDON}.service_plan_contract").rule_ids._policy_rules()
    space = [
        coverage.Request(*values)
        for values in product(*((*fact.values, None) for fact in FACTS.values()))
    ]
    table = coverage.Table(rules)
    verdicts, start = 0, time.perf_counter()
    while time.perf_counter() - start < 1:
        if not again:
            table = coverage.Table(rules)
        for request in space:
            coverage.decide(table, request)
        verdicts += len(space)
    return {"rate": verdicts / (time.perf_counter() - start)}
