"""Two customers with all that a page of the portal can show, made as the tests make it;
what one of them may never see or change."""

from contextlib import contextmanager

from odoo import Command, fields

from tests.common import NoxVoipMixin
from tests.common_notice import letter_of_terms

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
    # Forms come to where they are stored; the limit of an hour has its own test.
    here.company.service_request_limit = 0
    # Where wkhtmltopdf fetches the style of a paper.
    address = f"http://127.0.0.1:{play.known['ports'][0]}"
    env["ir.config_parameter"].set_param("report.url", address)
    ours = _customer(here, here.customer, "nox_owner", "Ours", many=6)
    other = _customer(here, here._customer("Somebody else"), "nox_elsewhere", SECRET)
    routes = []
    for rule in env["ir.http"].routing_map().iter_rules():
        function = getattr(rule.endpoint, "func", rule.endpoint)
        if "nox_voip_service" in _module(function):
            methods = sorted((rule.methods or {"GET", "POST"}) & {"GET", "POST"})
            routes.append([rule.rule, methods, rule.endpoint.routing["type"]])
    # What is said of a change is said when it is stored.
    env.cr.commit()
    return {
        "ours": ours,
        "other": other,
        "routes": sorted(routes),
        "before": _fingerprint(here.env, other),
    }


def after(env, play):
    """Nothing of the other customer has moved."""
    for model, rows in _fingerprint(env, play.known["other"]).items():
        known = play.known["before"][model]
        if moved := [row for row in rows if row not in known] or rows != known:
            play.problem(f"pages: {model}", f"of another customer was changed: {moved}")
    # Forms that came all the way.
    ours = [("commercial_partner_id", "=", play.known["ours"]["customer"])]
    play.noted["tickets"] = env["helpdesk.ticket"].search_count(ours)
    orders = env["sale.order"].search([("partner_id", "child_of", ours[0][2])])
    for order in orders:
        play.noted[f"orders {order.state}"] += 1
    play.noted["questions"] = env["nox.invoice.dispute"].search_count([])
    return play.answer()


def _module(function):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function.__module__


def _customer(here, customer, login, word, many=1):
    here._portal_user(customer, login, email=f"{login}@customer.example")
    user = here.env["res.users"].search([("login", "=", login)])
    companies = [Command.set(here.company.ids)]
    user.write({"company_ids": companies, "company_id": here.company.id})
    month = fields.Date.subtract(here.day.replace(day=1), months=1)
    pbx = here._pbx(here.contract_plan, customer=customer, name=f"{word} PBX")
    here._sell(pbx, 7, 25, month, str(month))
    letter = letter_of_terms(pbx)
    charge = here.env["nox.seat.charge"].create(
        {
            "period_id": pbx.period_ids[-1:].id,
            "company_id": here.company.id,
            "month": month,
            "quantity": 2,
            "price_unit": 7,
            "currency_id": here.company.currency_id.id,
        }
    )
    billed = here._pbx(here.standard, customer=customer, name=f"{word} two")
    tickets, quotes, invoices = [], [], here.env["account.move"]
    # A form that is accepted once leaves nothing to send: there are several of each.
    for number in range(many):
        asked = here._ticket(pbx, "add_user", name=f"{word} ticket {number}")
        over = here._ticket(billed, name=f"{word} quote", estimated_minutes=90)
        worked = here._ticket(billed, name=f"{word} work {number}")
        here._log(worked, 38)
        invoices |= here._invoice(worked)
        quotes += here._send(over).ids
        tickets += (asked | over | worked).ids
    contract = pbx.period_ids.contract_line_id.contract_id
    return {
        "customer": customer.id,
        "pbx_id": (pbx | billed).ids,
        "ticket_id": tickets,
        "order_id": quotes,
        "invoice_id": invoices.ids,
        "line_id": invoices.invoice_line_ids.ids,
        "training_id": here._certified(pbx, f"{word} Jan").ids,
        "charge_id": charge.ids,
        "notice_id": letter.ids,
        "contract_id": contract.ids,
        "contract_contract_id": contract.ids,
        "kind_id": here.env["helpdesk.ticket.category"].search([]).ids,
        "stage_id": here.env["helpdesk.ticket.stage"].search([]).ids,
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
        found[model] = [f"{said} messages"]
        found[model] += [f"{each.id} {each.write_date}" for each in records]
    return found
