"""The first of the month: the run beside `contract`'s own job, and at size."""

import datetime
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command, fields

from . import records
from .measure import measure, peak_megabytes, watched_commits

FIRST = datetime.date(2024, 1, 1)
PRICE = 7.5
_made = {}


def _month(number):
    return fields.Date.add(FIRST, months=number)


# ----------------------------------------------------------------------
# Equal contracts
# ----------------------------------------------------------------------


def prepare(env, contracts, seats, first=FIRST):
    """So many customers with a contract for so many users since a first of the month."""
    partners = _made["customers"] = records.customers(env, contracts)
    if records.has_addon(env):
        env.company.partner_id.tz = "Europe/Amsterdam"
        plan = env.ref(f"{records.ADDON}.service_plan_contract")
        own = records.pbxs(
            env, partners, [{"plan_id": plan.id, "date_start": first}], first
        )
        _sell(env, own.period_ids, [(PRICE, first)], seats)
        _seats(env, own, seats, first)
    else:
        product = env["product.product"].create(
            {"name": "Service contract, per user", "type": "service"}
        )
        rows = [
            {
                "name": f"Service contract {partner.name}",
                "partner_id": partner.id,
                "contract_type": "sale",
                "line_recurrence": True,
                "contract_line_ids": [
                    Command.create(
                        {
                            "name": "Service contract, per user",
                            "product_id": product.id,
                            "quantity": seats,
                            "automatic_price": False,
                            "specific_price": PRICE,
                            "recurring_rule_type": "monthlylastday",
                            "recurring_invoicing_type": "post-paid",
                            "recurring_interval": 1,
                            "date_start": first,
                        }
                    )
                ],
            }
            for partner in partners
        ]
        records.create(env, "contract.contract", rows)
    env.cr.commit()


def _sell(env, periods, prices, seats):
    """Give each plan period the contract line that carries its price."""
    Period = env["nox.pbx.plan"].with_context(**records.QUIET)
    product = env.ref(f"{records.ADDON}.product_seat")
    for chunk in records.in_chunks(periods.pbx_id):
        for pbx in chunk:
            paid = pbx.period_ids.filtered(lambda p: p.plan_id.code == "contract")
            for period, (price, start) in zip(
                paid.sorted("date_start"), prices, strict=True
            ):
                line = Period._create_seat_line(pbx, product, seats, price, start)
                period.write({"contract_line_id": line.id, "billed_until": start})
            pbx.period_ids._end_seat_line()
        env.cr.commit()
        env.invalidate_all()


def _seats(env, own, seats, first=FIRST):
    records.create(
        env,
        "nox.pbx.seat",
        [
            {
                "name": f"User {number}",
                "extension": str(200 + number),
                "pbx_id": pbx.id,
                "date_start": first,
            }
            for pbx in own
            for number in range(seats)
        ],
    )


@contextmanager
def _poison(env, kind, number):
    """One customer cannot be billed. ``early``: its contract asks for a journal that
    the company does not have, which shows when the invoice is prepared; ``late``: what
    it owes would be booked as what we owe, which shows when Odoo makes the last journal
    items of all invoices."""
    if not kind:
        yield
        return
    customer = _made["customers"][number]
    contract = env["contract.contract"].search([("partner_id", "=", customer.id)])
    journals = env["account.journal"].search([("type", "=", "purchase")])
    own = customer.property_account_receivable_id
    if kind == "early":
        journals.active = False
        contract.write({"contract_type": "purchase", "journal_id": False})
    else:
        customer.property_account_receivable_id = customer.property_account_payable_id
    env.cr.commit()
    yield
    journals.active = True
    contract.contract_type = "sale"
    customer.property_account_receivable_id = own
    env.cr.commit()


def bill(env, number, poison=None):
    """Bill month ``number`` to everybody; figures for each invoice. With ``poison``
    one customer, another one each month, cannot be billed."""
    day = _month(number + 1)
    before = env["account.move"].search_count([])
    with _poison(env, poison, number):
        env.invalidate_all()
        with measure(env) as found:
            if records.has_addon(env):
                _run(env, day)
            else:
                env["contract.contract"].cron_recurring_create_invoice(date_ref=day)
            env.cr.commit()
    invoices = env["account.move"].search_count([]) - before
    return {
        **found.figures(invoices or 1),
        "invoices": invoices,
        "total": found.seconds,
    }


def _run(env, day):
    Run = env["nox.billing.run"]
    run = Run.create(
        {"company_id": env.company.id, "month": fields.Date.subtract(day, months=1)}
    )
    with patch.object(type(Run), "_today", lambda _self: day):
        run.state = "running"
        run._process()
    return run


def post_run(env, number):
    """The run over month ``number``, which posts its invoices, each with its
    evidence; figures for each invoice."""
    env.company.service_invoice_mode = "post"
    env.cr.commit()
    lines = _items(env)
    answer = bill(env, number)
    env.company.service_invoice_mode = "draft"
    env.cr.commit()
    return {**answer, "lines": (_items(env) - lines) / answer["invoices"]}


def _items(env):
    return env["account.move.line"].search_count([])


def batch(_env):
    """How many customers the run bills in a transaction."""
    from odoo.addons.nox_voip_service.models.billing.nox_billing_run_job import BATCH

    return BATCH


def post_lines(env, number, size):
    """Invoices with the lines that the run makes of month ``number``, from values that
    are at hand: what Odoo alone takes to make and post them, so many a transaction."""
    day, month = _month(number + 1), _month(number)
    product = env["contract.line"].search([], limit=1).product_id
    rows = [
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create({"display_type": "line_section", "name": "Abonnement"}),
                Command.create(
                    {
                        "product_id": product.id,
                        "name": f"{product.name}\nPBX, {month:%Y-%m}\n10 gebruikers",
                        "quantity": 10,
                        "price_unit": PRICE,
                    }
                ),
            ],
        }
        for partner in _made["customers"]
    ]
    lines = _items(env)
    with measure(env) as found:
        for start in range(0, len(rows), size):
            env["account.move"].create(rows[start : start + size]).action_post()
            env.cr.commit()
            env.invalidate_all()
    return {**found.figures(len(rows)), "lines": (_items(env) - lines) / len(rows)}


# ----------------------------------------------------------------------
# At size
# ----------------------------------------------------------------------


def prepare_large(env, customers, seats):
    """Customers with three plan periods: Standaard, a Contract, and in the middle of
    the month that is billed a new price."""
    env.company.partner_id.tz = "Europe/Amsterdam"
    standard = env.ref(f"{records.ADDON}.service_plan_standard")
    contract = env.ref(f"{records.ADDON}.service_plan_contract")
    starts = [
        fields.Date.subtract(FIRST, years=1),
        FIRST,
        FIRST.replace(day=16),
    ]
    periods = [
        {"plan_id": plan.id, "date_start": start}
        for plan, start in zip([standard, contract, contract], starts, strict=True)
    ]
    partners = _made["customers"] = records.customers(env, customers)
    own = records.pbxs(env, partners, periods, starts[0])
    _sell(env, own.period_ids, [(PRICE, starts[1]), (8.0, starts[2])], seats)
    _seats(env, own, seats)
    _made["pbxs"] = own
    env.cr.commit()


def bill_large(env):
    """The run over all of them."""
    return _watched(env, lambda: _run(env, _month(1)))


def _watched(env, work):
    before = env["account.move"].search_count([])
    with watched_commits(env) as spans, measure(env) as found:
        run = work()
        env.cr.commit()
    return {
        "seconds": found.seconds,
        "queries": found.queries,
        "longest": max(spans),
        "megabytes": peak_megabytes(),
        "invoices": env["account.move"].search_count([]) - before,
        "parked": len(run.parked_ids) if run else 0,
    }


def prepare_work(env, tickets, entries):
    """Tickets with so many time entries in all, of 20 minutes each, not finished."""
    plan = env.ref(f"{records.ADDON}.service_plan_standard")
    env.company.partner_id.tz = "Europe/Amsterdam"
    since = fields.Date.subtract(fields.Date.today(), years=1)
    partners = records.customers(env, max(1, tickets // 5))
    own = records.pbxs(
        env, partners, [{"plan_id": plan.id, "date_start": since}], since
    )
    category = env.ref(f"{records.ADDON}.category_call_group")
    made = records.create(
        env,
        "helpdesk.ticket",
        [
            {
                "name": f"Request {number}",
                "description": "<p>Please change the menu.</p>",
                "partner_id": partners[number % len(partners)].id,
                "pbx_id": own[number % len(partners)].id,
                "category_id": category.id,
            }
            for number in range(tickets)
        ],
    )
    employee = records.technician(env).user.employee_id
    records.create(
        env,
        "account.analytic.line",
        [
            {
                "ticket_id": made[number % tickets].id,
                "name": "Work",
                "unit_amount": 0.25,
                "employee_id": employee.id,
                "date": fields.Date.today(),
            }
            for number in range(entries)
        ],
    )
    _made["tickets"] = made


def bill_work(env):
    """Finish the tickets and let the run invoice them."""

    def work():
        done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        for chunk in records.in_chunks(_made["tickets"]):
            chunk.with_context(**records.QUIET).stage_id = done
            env.cr.commit()
            env.invalidate_all()
        run = env["nox.billing.run"].create({"company_id": env.company.id})
        run.state = "running"
        run._process()
        return run

    answer = _watched(env, work)
    states = _made["tickets"].grouped("invoice_status")
    return {**answer, "invoiced": len(states.get("invoiced", ()))}
