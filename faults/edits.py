"""Somebody works at the same customers while the run bills them."""

import time
from random import Random

from odoo.exceptions import UserError
from odoo.service.model import retrying

from . import customers
from .months import Broken, each_month, look, settle, undisturbed


def edits(world):
    """Two people change users, PBXs, contracts and prices, several times a second."""
    seconds = undisturbed(world)
    for number in each_month(world, first=1):
        people = [
            world.start(edit, number, world.random.random(), 2 * seconds)
            for _ in range(2)
        ]
        how, what = world.start(customers.bill, number).wait()
        world.note("runs to the end", how == "done")
        for each in people:
            how, what = each.wait()
            if how != "done":
                raise Broken([f"somebody who edits: {what}"])
            world.note("edits", what, must=True)
        settle(world, number)


def edit(env, number, seed, seconds):
    """Change things at random for so long, each in a request of its own; how many."""
    random, end, count = Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        change = random.choice([_note, _contract, _new_user, _end_user, _new_price])
        pbxs = env["nox.pbx"].search([], order="id")
        pbx = pbxs[random.randrange(len(pbxs))]
        env.cr.commit()
        try:
            retrying(lambda: change(env, pbx, number, random), env)  # noqa: B023
            env.cr.commit()
            count += 1
        except UserError:
            env.cr.rollback()
        time.sleep(random.uniform(0, 0.1))
    return count


def _note(env, pbx, number, random):
    pbx.note = f"Changed {random.random()}"


def _contract(env, pbx, number, random):
    contract = pbx.period_ids.contract_line_id.contract_id[:1]
    contract.note = f"Changed {random.random()}"


def _new_user(env, pbx, number, random):
    """From a day of the month that is being billed."""
    day = customers.month(number).replace(day=random.randint(1, 28))
    extension = str(1000 + random.randrange(100_000))
    env["nox.pbx.seat"].create(
        {"name": "New", "extension": extension, "pbx_id": pbx.id, "date_start": day}
    )


def _end_user(env, pbx, number, random):
    day = customers.month(number).replace(day=random.randint(1, 28))
    seat = pbx.seat_ids.filtered(lambda s: not s.date_end and s.date_start <= day)[1:2]
    seat.date_end = day


def _new_price(env, pbx, number, random):
    """A new plan period, from the month after the one that is being billed."""
    start = customers.month(number + 1)
    period = pbx.period_ids.sorted("date_start")[-1]
    if period.date_start >= start:
        return
    price = period.price_unit + 0.25
    new = pbx._start_plan(period.plan_id, start, billed_until=start)
    product = env.ref(f"{customers.ADDON}.product_seat")
    new.contract_line_id = new._create_seat_line(pbx, product, 1, price, start)
    period._end_seat_line()


def locked(world):
    """Two customers' rows are held for longer than the run waits."""
    undisturbed(world)
    for number in each_month(world, first=1):
        picked = world.random.sample(range(world.ask(_count)), 2)
        holder = world.start(_hold, ("nox_pbx", "res_partner")[number % 2], picked)
        time.sleep(0.3)
        how, what = world.start(customers.bill, number).wait()
        if how != "done":
            raise Broken([f"month {number}: the run broke off: {what}"])
        parked = world.ask(_parked)
        world.note("parked while held", len(parked), must=True)
        world.note("runs that stayed open for them", world.ask(_is_open, number))
        holder.kill()
        holder.wait()
        settle(world, number)


def _count(env):
    return env["nox.pbx"].search_count([])


def _hold(env, table, picked):
    pbxs = env["nox.pbx"].search([], order="id")
    records = env["nox.pbx"].union(*(pbxs[number] for number in picked))
    ids = records.ids if table == "nox_pbx" else records.partner_id.ids
    env.cr.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) FOR UPDATE", [ids])
    time.sleep(500)


def _is_open(env, number):
    run = env["nox.billing.run"].search([("month", "=", customers.month(number))])
    return run.state == "running"


def _parked(env):
    found = env["nox.billing.parked"].search([("is_open", "=", True)])
    return [(each.partner_id.name, each.reason) for each in found]


def poison(world):
    """One, a tenth, half of the customers cannot be billed; then they are mended."""
    undisturbed(world)
    for number in each_month(world, first=1):
        count = world.ask(_count)
        share = (1, count // 10, count // 2)[number % 3]
        names = world.ask(_poison, world.random.sample(range(count), share))
        how, what = world.start(customers.bill, number).wait()
        if how != "done":
            raise Broken([f"month {number}: the run broke off: {what}"])
        world.note("poisoned", share)
        look(world, number, names)
        world.ask(_mend)
        settle(world, number)


def _poison(env, picked):
    """Behind Odoo's back: a price that no invoice can carry, or nobody to send it to."""
    pbxs = env["nox.pbx"].search([], order="id")
    for place, number in enumerate(picked):
        line = pbxs[number].period_ids.contract_line_id[:1]
        if place % 2:
            line.contract_id.invoice_partner_id.active = False
        else:
            env.cr.execute(
                "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;"
                "UPDATE contract_line SET specific_price = 1e300 WHERE id = %s",
                [f"faults.price.{line.id}", str(line.specific_price), line.id],
            )
    return [pbxs[number].partner_id.name for number in picked]


def _mend(env):
    Partner = env["res.partner"].with_context(active_test=False)
    Partner.search(
        [("name", "like", "Customer "), ("active", "=", False)]
    ).active = True
    env.cr.execute(
        "UPDATE contract_line SET specific_price = value::numeric"
        "  FROM ir_config_parameter WHERE key = 'faults.price.' || contract_line.id;"
        "DELETE FROM ir_config_parameter WHERE key LIKE 'faults.price.%'"
    )
