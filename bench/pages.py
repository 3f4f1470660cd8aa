"""A database of many tickets, and the pages that staff and customers open in it."""

from lxml import etree

from odoo import Command

from . import analysis, records

STAFF, CUSTOMER = "bench_technician", "bench_customer"
# As large as the list says, from the smallest tickets on.
PAGE = 80


def prepare_pages(env, entries, customers):
    """Tickets with so many time entries, a technician and a customer who log in, and
    the pages that they open.

    :return: ``{"entries": .., "tickets": .., "pages": [..]}``, see :func:`_pages`
    """
    found = analysis.prepare(env, entries=entries, customers=customers)
    technician = env["res.users"].search([("login", "=", STAFF)])
    technician.password = STAFF
    env.cr.execute(
        """
        SELECT commercial_partner_id FROM helpdesk_ticket
         WHERE coverage = 'billable'
      GROUP BY commercial_partner_id ORDER BY count(*) DESC LIMIT 1
        """
    )
    customer = env["res.partner"].browse(env.cr.fetchone())
    env["res.users"].with_context(**records.QUIET).create(
        {
            "name": "Customer",
            "login": CUSTOMER,
            "password": CUSTOMER,
            "lang": "nl_NL",
            "parent_id": customer.id,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    env.cr.commit()
    tickets = env["helpdesk.ticket"].search_count([])
    return {**found, "tickets": tickets, "pages": _pages(env, technician, customer)}


def _pages(env, technician, customer):
    """The requests that a browser makes for each page.

    :return: dicts of title, who (log-in), url, for JSON the params, and for lists the
        queries that only a full page takes (``counted``)
    """
    pbx = env["nox.pbx"].search([("partner_id", "=", customer.id)], limit=1)
    ticket = env["helpdesk.ticket"].search(
        [("pbx_id", "=", pbx.id)], order="id desc", limit=1
    )
    kind = env.ref(f"{records.ADDON}.category_new_number")
    staff = env(user=technician.id)["helpdesk.ticket"]
    decide = env.ref(f"{records.ADDON}.helpdesk_ticket_view_list_decide").id
    pages = [
        _list("ticket list", staff, []),
        _call("ticket form", "web_read", [ticket.ids, _columns(staff, "form")]),
        _list("To decide", staff, [("decision_needed", "!=", False)], decide),
    ]
    telephony = "/my/telephony"
    for title, url in (
        ("portal list", "/my/tickets"),
        ("portal ticket", f"/my/ticket/{ticket.id}"),
        ("request form", f"{telephony}/request?pbx={pbx.id}&kind={kind.id}"),
        ("telephony page", f"{telephony}/{pbx.id}"),
    ):
        pages.append({"title": title, "who": CUSTOMER, "url": url})
    chosen = {"pbx_id": str(pbx.id), "category_id": str(kind.id)}
    return [
        *pages,
        {
            "title": "preview",
            "who": CUSTOMER,
            "url": f"{telephony}/request/preview",
            "params": chosen,
        },
    ]


def _list(title, model, domain, view=False):
    """A list of tickets. Odoo counts them where they fill the page."""
    columns = _columns(model, "list", view)
    fills = len(model.search(domain, limit=PAGE)) == PAGE
    asked = _call(
        title, "web_search_read", [domain, columns, 0, PAGE], count_limit=10_001
    )
    return {**asked, "counted": int(fills)}


def _call(title, method, args, **kwargs):
    model = "helpdesk.ticket"
    return {
        "title": title,
        "who": STAFF,
        "url": f"/web/dataset/call_kw/{model}/{method}",
        "params": {"model": model, "method": method, "args": args, "kwargs": kwargs},
    }


def _columns(model, kind, view=False):
    """What the web client asks for of a view."""
    arch = model.get_view(view, kind)["arch"]
    return _specification(model, etree.fromstring(arch))


def _specification(model, arch):
    wanted = {}
    for node in arch.iter("field"):
        name = node.get("name")
        if name not in model._fields or _is_of_a_list(node, arch):
            continue
        field = model._fields[name]
        wanted[name] = {}
        if field.relational:
            lists = node.findall("./list")
            wanted[name]["fields"] = (
                _specification(model.env[field.comodel_name], lists[0])
                if lists
                else {"display_name": {}}
            )
    return wanted


def _is_of_a_list(node, arch):
    """Whether a field stands in the list of another one."""
    for each in node.iterancestors():
        if each is arch:
            return False
        if each.tag == "field":
            return True
    return False
