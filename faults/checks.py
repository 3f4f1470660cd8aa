"""What must be true after every round: due equals billed, to the user, the block and the
cent; counted here from the records of users and time, not by the addon's own rules."""

import calendar
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from . import customers

CENT = Decimal("0.01")


def problems(env, number, parked=()):
    """Sentences of what is wrong after the run of month ``number``; none is good.

    :param parked: names of the customers who must be parked, and nobody else
    """
    with customers.clock(env, customers.month(number + 1)):
        return [
            *_users(env, number, parked),
            *_work(env, parked),
            *_invoices(env),
            *_run(env, number),
            *_parked(env, parked),
        ]


def _users(env, number, parked):
    """Each month of each PBX is on invoices for exactly its user-days."""
    env.cr.execute(
        """
        SELECT charge.pbx_id, charge.month,
               SUM(CASE WHEN move.move_type = 'out_refund' THEN -line.quantity
                        ELSE line.quantity END)
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN nox_seat_charge charge ON charge.id = line.seat_charge_id
         WHERE move.state != 'cancel'
      GROUP BY charge.pbx_id, charge.month
        """
    )
    billed = {
        (pbx, month): round(float(sum_), 2) for pbx, month, sum_ in env.cr.fetchall()
    }
    for pbx in env["nox.pbx"].search([]):
        if pbx.partner_id.name in parked:
            continue
        for each in range(number + 1):
            first = customers.month(each)
            due, found = _user_months(pbx, first), billed.get((pbx.id, first), 0.0)
            if abs(due - found) > 0.001:
                yield f"{pbx.partner_id.name}, {first:%Y-%m}: {due} users, billed {found}"
    env.cr.execute(
        "SELECT period_id, month, revision FROM nox_seat_charge"
        " GROUP BY 1, 2, 3 HAVING COUNT(*) > 1"
    )
    yield from (f"charged twice: {row}" for row in env.cr.fetchall())
    for charge in env["nox.seat.charge"].search([]):
        if charge.commercial_partner_id.name in parked:
            continue
        lines = charge.credit_line_ids.filtered(
            lambda line: line.parent_state != "cancel"
        )
        if charge.quantity and len(lines) != 1:
            yield f"{charge.display_name}: on {len(lines)} invoice lines"
        elif charge.price_unit != charge.period_id.price_unit:
            yield f"{charge.display_name}: {charge.price_unit} is not its price"


def _user_months(pbx, first):
    days = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=days)
    user_days = sum(
        max(
            0, (min(seat.date_end or last, last) - max(seat.date_start, first)).days + 1
        )
        for seat in pbx.seat_ids
        if seat.charged
    )
    exact = Decimal(user_days) / days
    return float(exact.quantize(CENT, rounding=ROUND_HALF_UP))


def _work(env, parked):
    """Each finished request is billed for its started quarters, once."""
    done = env["helpdesk.ticket"].search([("is_finished", "=", True)])
    for ticket in done:
        if ticket.partner_id.name in parked or ticket.coverage != "billable":
            continue
        minutes = sum(round(line.unit_amount * 60) for line in ticket.timesheet_ids)
        lines = ticket.service_order_ids.order_line.invoice_lines
        blocks = sum(
            lines.filtered(lambda line: line.parent_state != "cancel").mapped(
                "quantity"
            )
        )
        if blocks != -(-minutes // 15):
            yield f"{ticket.name}: {minutes} minutes, billed {blocks} blocks"


def _invoices(env):
    """Numbers without a gap, lines that add up, evidence with each."""
    moves = env["account.move"].search([("service_run_id", "!=", False)], order="id")
    numbers = Counter()
    for move in moves.filtered(lambda move: move.state == "posted"):
        prefix, last = re.fullmatch(r"(.*?)(\d+)", move.name).groups()
        numbers[prefix, int(last)] += 1
        printed = sum(
            Decimal(str(round(line.price_subtotal, 2)))
            for line in move.invoice_line_ids
            if line.display_type == "product"
        )
        if printed != Decimal(str(round(move.amount_untaxed, 2))):
            yield f"{move.name}: lines say {printed}, the total {move.amount_untaxed}"
        if not move.evidence_ids:
            yield f"{move.name}: no evidence"
    yield from (f"number twice: {key}" for key, count in numbers.items() if count > 1)
    for prefix in {prefix for prefix, _last in numbers}:
        own = [last for each, last in numbers if each == prefix]
        if len(own) != max(own) - min(own) + 1:
            yield f"{prefix}: numbers are missing"


def _run(env, number):
    run = env["nox.billing.run"].search([("month", "=", customers.month(number))])
    if len(run) != 1:
        yield f"{len(run)} runs of the month"
    elif run.state != "done" or run.customers_done != run.customers_due:
        yield f"run {run.state}: {run.customers_done} of {run.customers_due}"
    elif run.skipped_ids:
        yield f"left over: {run.skipped_ids.mapped('name')}"


def _parked(env, parked):
    found = env["nox.billing.parked"].search([("is_open", "=", True)])
    for each in found:
        if not each.reason or not each.activity_ids:
            yield f"{each.partner_id.name}: parked without sentence or activity"
    names = sorted(found.partner_id.mapped("name"))
    if names != sorted(parked):
        yield f"parked: {dict(zip(names, found.mapped('reason')))}, not {sorted(parked)}"
