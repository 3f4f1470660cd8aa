"""Two customers with all that a page of the portal can show, made as the tests make it;
what one of them may never see or change."""

from contextlib import contextmanager

from odoo import Command, fields

from tests.common import NoxVoipMixin

SECRET = "Kept-from-others"
WATCHED = (
    *("helpdesk.ticket", "sale.order", "account.move", "nox.pbx", "nox.pbx.seat"),
    *("nox.admin.training", "nox.pbx.plan.period", "res.partner"),
)


class World(NoxVoipMixin):
    """The factories of the tests, without a test."""


def world(env):
    """The factories on this environment, with company, plans and people made."""

    class Here(World):
        pass

    Here.env = env
    Here.setUpNox()
    return Here


@contextmanager
def undone(env):
    """Take back everything that the block wrote."""
    point = env.cr.savepoint()
    try:
        yield
    finally:
        point.close(rollback=True)
        env.transaction.clear()


def prepare(env, play):
    """Ids for the pages: of the customer who logs in, and of another one."""
    here = world(env)
    ours = _customer(here, here.customer, "nox_owner", "Ours")
    other = _customer(here, here._customer("Somebody else"), "nox_elsewhere", SECRET)
    routes = []
    for rule in env["ir.http"].routing_map().iter_rules():
        function = getattr(rule.endpoint, "func", rule.endpoint)
        if "nox_voip_service" in _module(function):
            methods = sorted((rule.methods or {"GET", "POST"}) & {"GET", "POST"})
            routes.append([rule.rule, methods, rule.endpoint.routing["type"]])
    return {
        "ours": ours,
        "other": other,
        "routes": sorted(routes),
        "before": _fingerprint(here.env, other),
    }


def after(env, play):
    """Nothing of the other customer has moved."""
    if _fingerprint(env, play.known["other"]) != play.known["before"]:
        play.problem("pages", "something of another customer was changed")
    return None


def _module(function):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function.__module__


def _customer(here, customer, login, word):
    here._portal_user(customer, login, email=f"{login}@customer.example")
    user = here.env["res.users"].search([("login", "=", login)])
    companies = [Command.set(here.company.ids)]
    user.write({"company_ids": companies, "company_id": here.company.id})
    pbx = here._pbx(here.contract_plan, customer=customer, name=f"{word} PBX")
    here._seats(pbx, 25, fields.Date.subtract(here.day, months=2))
    billed = here._pbx(here.standard, customer=customer, name=f"{word} two")
    ticket = here._ticket(pbx, "add_user", name=f"{word} ticket")
    quote = here._send(here._ticket(billed, name=f"{word} quote", estimated_minutes=90))
    worked = here._ticket(billed, name=f"{word} work")
    here._log(worked, 38)
    return {
        "customer": customer.id,
        "pbx_id": pbx.id,
        "ticket_id": ticket.id,
        "order_id": quote.id,
        "invoice_id": here._invoice(worked).id,
        "training_id": here._certified(pbx, f"{word} Jan").id,
    }


def _fingerprint(env, other):
    """Ids and moments of what belongs to the other customer, and what was said."""
    found = {}
    for model in WATCHED:
        if model not in env:
            continue
        field = next(
            name
            for name in ("commercial_partner_id", "partner_id", "pbx_id")
            if name in env[model]._fields
        )
        path = "pbx_id.partner_id" if field == "pbx_id" else field
        records = env[model].sudo().search([(path, "child_of", other["customer"])])
        said = (
            env["mail.message"]
            .sudo()
            .search_count([("model", "=", model), ("res_id", "in", records.ids)])
        )
        found[model] = [said, *((each.id, str(each.write_date)) for each in records)]
    return _as_json(found)


def _as_json(found):
    return {name: [str(each) for each in rows] for name, rows in found.items()}
