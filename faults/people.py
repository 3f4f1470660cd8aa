"""Two people, or two clicks, at the same moment: each a process, as requests are."""

import json
import time

from werkzeug.test import Client

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.service.model import retrying

from .customers import ADDON
from .months import Broken

SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def click(env, model, ids, method, values=None):
    """A button, or a form that is saved, as a request does it: again when another was
    faster. The refusal, or nothing."""
    records = env[model].browse(ids)
    work = getattr(records, method)
    try:
        retrying(lambda: work(values) if values else work(), env)
    except (AccessError, UserError) as refusal:
        env.cr.rollback()
        return str(refusal)
    return ""


def post(env, url, params):
    """A request of a browser to a JSON route; its answer."""
    body = {"jsonrpc": "2.0", "method": "call", "params": params}
    answer = Client(http.root).post(
        url, data=json.dumps(body), content_type="application/json"
    )
    return answer.get_json()


def both(world, *works):
    """What two said who did something at once; a failure is no answer."""
    said = []
    for how, what in world.at_once(*works):
        if how != "done":
            raise Broken([f"{how}: {what}"])
        said.append(what)
    return said


def expect(condition, *told):
    if not condition:
        raise Broken([" ".join(map(str, told))])


# ----------------------------------------------------------------------
# The hour
# ----------------------------------------------------------------------


def hour(world):
    """Two or four technicians log time on a request that stands at 50 minutes."""
    for number in world.rounds():
        ticket = world.ask(_ticket, number, 50, 0)
        minutes = [world.random.randint(1, 25) for _ in range((2, 4)[number % 2])]
        said = both(world, *[(_log, ticket, each) for each in minutes])
        world.note("refused", sum(map(bool, said)))
        taken = [each for each, refusal in zip(minutes, said) if not refusal]
        found = world.ask(_state, ticket)
        worked = 50 + sum(taken)
        expect(found["worked"] == worked, "worked", worked, found)
        expect(found["held"] == max(0, worked - 60), "held", worked, found)
        expect(found["quotes"] == (worked > 60), "quotes", worked, found)
        # Who came after the hour was full was told; who crosses it is recorded.
        before = sorted(taken)[:-1]
        expect(50 + sum(before) <= 60, "two crossed the hour", taken, found)


def _ticket(env, number, minutes, estimate, finished=False):
    pbx = env["nox.pbx"].search([], order="id")[number % 5]
    ticket = env["helpdesk.ticket"].create(
        {
            "name": f"Race {number}",
            "description": "A new number, please.",
            "partner_id": pbx.partner_id.id,
            "pbx_id": pbx.id,
            "category_id": env.ref(f"{ADDON}.category_new_number").id,
            "estimated_minutes": estimate,
        }
    )
    if minutes:
        _entry(ticket, minutes)
    if finished:
        ticket.stage_id = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
    return ticket.id


def _entry(ticket, minutes):
    employee = ticket.env["hr.employee"].search([("name", "=", "Technician")], limit=1)
    ticket.env["account.analytic.line"].create(
        {
            "ticket_id": ticket.id,
            "name": "Work",
            "unit_amount": minutes / 60,
            "employee_id": employee.id,
        }
    )


def _log(env, ticket, minutes):
    ticket = env["helpdesk.ticket"].browse(ticket)
    try:
        retrying(lambda: _entry(ticket, minutes), env)
    except UserError as refusal:
        env.cr.rollback()
        return str(refusal)
    return ""


def _state(env, ticket):
    ticket = env["helpdesk.ticket"].browse(ticket)
    orders = ticket.service_order_ids
    return {
        "worked": ticket.worked_minutes,
        "held": ticket.held_minutes,
        "approval": ticket.approval_state,
        "quotes": len(orders.filtered(lambda order: order.service_kind == "quote")),
        "invoices": len(orders.invoice_ids),
        "blocks": sum(orders.invoice_ids.invoice_line_ids.mapped("quantity")),
        "quote": _quote_state(ticket.quote_id),
    }


def _quote_state(quote):
    return {
        "id": quote.id,
        "state": quote.state,
        "total": quote.amount_total,
        "signed": quote.signed_by,
        "mails": len(quote.message_ids.filtered("mail_ids"))
        or len(quote.message_ids.filtered(lambda m: m.message_type == "comment")),
    }


# ----------------------------------------------------------------------
# Approval
# ----------------------------------------------------------------------


def _sent(env, number):
    """A quote of two hours that the customer was sent, and the address that signs it."""
    ticket = env["helpdesk.ticket"].browse(_ticket(env, number, 0, 120))
    ticket.action_send_quote()
    quote = ticket.quote_id
    quote._portal_ensure_token()
    url = quote.get_portal_url(
        suffix="/accept", query_string=f"&content={quote.service_content_hash}"
    )
    return ticket.id, quote.id, quote.order_line[:1].id, url


def _signed(answer):
    if "result" not in answer:
        raise Broken([f"no answer: {answer}"])
    return "error" not in answer["result"]


def approve(world):
    """Two people sign one quote."""
    for number in world.rounds():
        ticket, _quote, _line, url = world.ask(_sent, number)
        said = both(
            world,
            *[
                (post, url, {"name": name, "signature": SIGNATURE})
                for name in ("Anna", "Bert")
            ],
        )
        signed = [name for name, each in zip(("Anna", "Bert"), said) if _signed(each)]
        found = world.ask(_state, ticket)
        world.note("both were told yes", len(signed) == 2)
        expect(signed, "nobody could sign", said)
        expect(found["approval"] == "approved", found, said)
        expect(found["quote"]["signed"] in signed, found, said)
        expect(found["quotes"] == 1, found)


def _raise(env, line, seconds):
    time.sleep(seconds)
    return click(env, "sale.order.line", [line], "write", {"price_unit": 205})


def change(world):
    """A customer signs while staff raise the price."""
    for number in world.rounds():
        ticket, _quote, line, url = world.ask(_sent, number)
        total = world.ask(_state, ticket)["quote"]["total"]
        told, refused = both(
            world,
            (post, url, {"name": "Anna", "signature": SIGNATURE}),
            (_raise, line, world.random.uniform(0, 0.5)),
        )
        found = world.ask(_state, ticket)
        quote = found["quote"]
        if quote["state"] == "sale":
            world.note("signed")
            expect(_signed(told) and refused, "signed, and", told, refused, found)
            expect(quote["total"] == total, "another price than was signed", found)
        else:
            world.note("changed")
            expect(not _signed(told) and not refused, told, refused, found)
            expect(quote["state"] == "draft" and not quote["signed"], found)


# ----------------------------------------------------------------------
# Two clicks
# ----------------------------------------------------------------------


def clicks(world):
    """Every button that bills, sends or approves, twice at once."""
    world.ask(_parked)
    for number in world.rounds():
        for button in (_create, _send, _invoice, _post, _credit, _run):
            button(world, number)
            world.note(button.__name__.strip("_"))


def _twice(world, model, ids, method):
    return both(world, *[(click, model, ids, method)] * 2)


def _create(world, number):
    ticket = world.ask(_ticket, number, 20, 0)
    said = _twice(world, "helpdesk.ticket", [ticket], "action_create_quote")
    found = world.ask(_state, ticket)
    expect(found["quotes"] == 1 and any(said), said, found)


def _send(world, number):
    ticket = world.ask(_ticket, number, 0, 120)
    said = _twice(world, "helpdesk.ticket", [ticket], "action_send_quote")
    found = world.ask(_state, ticket)
    expect(found["quote"]["state"] == "sent" and any(said), said, found)
    expect(found["quote"]["mails"] == 1, "mailed", said, found)


def _invoice(world, number):
    ticket = world.ask(_ticket, number, 20, 0, True)
    said = _twice(world, "helpdesk.ticket", [ticket], "action_invoice_service_work")
    found = world.ask(_state, ticket)
    expect(found["invoices"] == 1 and found["blocks"] == 2, said, found)
    return ticket


def _post(world, number):
    move = world.ask(_move_of, _invoice(world, number))
    said = _twice(world, "account.move", [move], "action_post")
    found = world.ask(_move_state, move)
    expect(found["state"] == "posted" and found["evidence"] == 1, said, found)
    expect(found["alike"] == 1, "one number twice", found)
    return move


def _credit(world, number):
    move = _post(world, number)
    wizards = [world.ask(_reversal, move) for _ in range(2)]
    said = both(
        world,
        *[
            (click, "account.move.reversal", [wizard], "reverse_moves")
            for wizard in wizards
        ],
    )
    found = world.ask(_move_state, move)
    expect(found["credited"] == found["total"], "credited", said, found)


def _run(world, number):
    run = world.ask(_a_run, number)
    said = _twice(world, "nox.billing.run", [run], "action_run")
    expect(not any(said), said)


def _parked(env):
    env["ir.cron"].search([]).write({"active": True})


def _move_of(env, ticket):
    return env["helpdesk.ticket"].browse(ticket).service_order_ids.invoice_ids.id


def _move_state(env, move):
    move = env["account.move"].browse(move)
    alike = [("name", "=", move.name), ("company_id", "=", move.company_id.id)]
    credits = move.reversal_move_ids.filtered(lambda each: each.state != "cancel")
    return {
        "state": move.state,
        "evidence": len(move.evidence_ids),
        "alike": env["account.move"].search_count(alike),
        "total": move.amount_untaxed,
        "credited": sum(credits.mapped("amount_untaxed")),
    }


def _reversal(env, move):
    move = env["account.move"].browse(move)
    wizard = env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=move.ids
    )
    return wizard.create({"journal_id": move.journal_id.id, "reason": "Race"}).id


def _a_run(env, number):
    month = fields.Date.subtract(
        env.company._service_today().replace(day=1), months=number + 1
    )
    return env["nox.billing.run"].create({"month": month}).id
