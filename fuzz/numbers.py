"""Numbers that are none, through RPC, form and import: refused, or stored as a number
that adds up."""

import math

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from .world import undone, world

NUMBERS = (
    *(math.nan, math.inf, -math.inf, 1e308, -1e308, 1e-320, -1, -0.0, 0.1 + 0.2),
    *(2**31, -(2**31), 2**63, "nan", "inf", "1e400", "abc", "1,5", "", "٢", "0x10"),
    *(True, None, "-1", " 1 ", "1_000", "1.5.5", "=1+1"),
)
MODELS = (
    *("helpdesk.ticket", "account.analytic.line", "sale.order.line", "nox.pbx"),
    *("nox.service.plan", "nox.pbx.seat", "nox.pbx.plan.period", "product.template"),
    *("account.move.line", "res.company", "contract.line", "sale.order"),
)
MONEY = ("unit_amount", "price_unit", "product_uom_qty", "quantity", "discount")
TYPES = ("float", "monetary", "integer")


def send(env, play):
    here = world(env)
    pbx = here._pbx(here.standard)
    here._log(here._ticket(pbx), 38)
    here._send(here._ticket(pbx, estimated_minutes=90))
    here._seats(here._pbx(here.contract_plan, name="Two"), 2, here.day)
    env = here.env
    env.flush_all()
    fields = [
        (model, name)
        for model in MODELS
        if model in env
        for name, field in sorted(env[model]._fields.items())
        if field.type in TYPES
        and not field.readonly
        and (field.store or field.inverse)
        and (name in MONEY or "nox_voip_service" in field._modules)
    ]
    cases = [
        (model, name, number, way)
        for model, name in fields
        for number in NUMBERS
        for way in ("write", "form", "import")
    ]
    play.random.shuffle(cases)
    cases = cases[: play.inputs]
    play.noted["fields"] = len(fields)
    for model, name, number, way in cases:
        record = env[model].search([], limit=1, order="id desc")
        with undone(env):
            why = _tried(env, here.manager, record, name, number, way, play)
        play.did(len(cases))
        if why:
            play.problem(f"{way} {model}.{name} = {number!r}", why)


def _tried(env, user, record, name, number, way, play):
    if not record:
        return ""
    model = record.with_user(user)
    try:
        with env.cr.savepoint():
            if way == "write":
                call_kw(model, "write", [record.ids, {name: number}], {})
            elif way == "form":
                spec = {name: {}}
                call_kw(
                    model, "onchange", [record.ids, {name: number}, [name], spec], {}
                )
            else:
                rows = [[str(record.id), str(number)]]
                done = call_kw(model, "load", [[".id", name], rows], {})
                if done["messages"]:
                    play.noted["refused with a sentence"] += 1
                    return ""
            env.flush_all()
    # Odoo answers a browser with the sentence of the constraint.
    except (UserError, AccessError, psycopg2.IntegrityError):
        play.noted["refused with a sentence"] += 1
        return ""
    except (ValueError, TypeError, psycopg2.DataError, OverflowError) as error:
        # Odoo's own words for what is no number at all, before any field of ours.
        if isinstance(number, str) or number is None:
            play.noted["refused by Odoo"] += 1
            return ""
        return f"{type(error).__name__}: {str(error)[:120]}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:120]}"
    env.invalidate_all()
    stored = record[name]
    if isinstance(stored, float) and not math.isfinite(stored):
        return f"stored as {stored}"
    play.noted["accepted"] += 1
    return ""
