"""Mails of real shapes, damaged: each is kept once, and answered at most once."""

import logging

from odoo import Command

from tests.mail_cases import SHAPES

from .world import undone, world

PIECES = (
    b"\0",
    b"\r\n",
    b"\n\n",
    b"=?",
    b"?=",
    b"<",
    b">",
    b"@",
    b"\xff\xfe",
    b";",
    b"",
)
PIECES += (b"boundary=", b"charset=x", b"Content-Type: ", b"x" * 5000, b"%", b"{{7*7}}")
# A report on a mail that Odoo knows is done with; to the address of replies alone Odoo
# writes back.
OF_ODOO = (b"report", b"mailer-daemon", b"catchall", b"nox-b@")


def send(env, play):
    places = _places(env)
    env = places.pop("env")
    logging.getLogger("odoo.addons.mail").setLevel(logging.ERROR)
    logging.getLogger("odoo.addons.nox_voip_service").setLevel(logging.ERROR)
    # What PostgreSQL says of a query is part of a mail that is then kept all the same.
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    shapes = [shape for shape in SHAPES if "megabytes" not in shape.name]
    for number in range(play.inputs):
        places["case"] = f"fuzz-{number}"
        shape = play.random.choice(shapes)
        raw = _damaged(shape.as_bytes(places), play.random)
        with undone(env):
            why = _came(env, raw, play)
        play.did(play.inputs)
        if why:
            play.problem(f"{shape.name} (number {number})", why)


def _places(env):
    here = world(env)
    env = here.env
    domain = here.company.alias_domain_id or env["mail.alias.domain"].create(
        {"name": "nox.example", "company_ids": [Command.link(here.company.id)]}
    )
    domain.write({"catchall_alias": "nox-catchall", "bounce_alias": "nox-b"})
    team = env["helpdesk.ticket.team"].create(
        {"name": "Service", "alias_name": "nox-fuzz", "company_id": here.company.id}
    )
    team.alias_id.alias_domain_id = domain
    here._pbx(here.contract_plan)
    anna = here._contact(here.customer, "Anna", email="anna@bakery.example")
    ticket = here._ticket(env["nox.pbx"].search([], limit=1), partner_id=anna.id)
    said = ticket.message_post(body="Which?", subtype_xmlid="mail.mt_comment")
    env.flush_all()
    address = f"nox-fuzz@{domain.name}"
    return {
        "env": env,
        "address": address,
        "ADDRESS": address.upper(),
        "second": address,
        "catchall": f"nox-catchall@{domain.name}",
        "staff": "coordinator@nox-staff.example",
        "number": ticket.number,
        "number_small": ticket.number.lower(),
        "closed_number": ticket.number,
        **dict.fromkeys(
            ("message", "closed_message", "quote_message"), said.message_id
        ),
        "known": "<known@alarm.example>",
    }


def _damaged(raw, chance):
    for _each in range(chance.randrange(1, 6)):
        at = chance.randrange(len(raw) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            raw = raw[:at] + chance.choice(PIECES) + raw[at:]
        elif kind == 1:
            raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        elif kind == 2:
            raw = raw[:at] + raw[at + chance.randrange(40) :]
        elif kind == 3:
            lines = raw.split(b"\r\n")
            lines.insert(chance.randrange(len(lines)), chance.choice(lines))
            raw = b"\r\n".join(lines)
        else:
            head, edge, body = raw.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            chance.shuffle(lines)
            raw = b"\r\n".join(lines) + edge + body
    return raw


def _came(env, raw, play):
    """What is wrong with what became of a mail."""
    tickets = env["helpdesk.ticket"].search_count([])
    last = env["mail.message"].sudo().search([], order="id desc", limit=1).id
    answers = env["mail.mail"].sudo().search_count([])
    try:
        env["mail.thread"].message_process("helpdesk.ticket", raw)
        env.flush_all()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    made = env["helpdesk.ticket"].search_count([]) - tickets
    kept = (
        env["mail.message"]
        .sudo()
        .search_count([("id", ">", last), ("model", "!=", False)])
    )
    answered = [
        mail
        for mail in env["mail.mail"].sudo().search([], order="id desc", limit=5)
        if "auto-replied" in (mail.headers or "")
    ]
    if made > 1:
        return f"{made} tickets"
    if len(answered) > 1:
        return f"{len(answered)} answers"
    if not kept and not _asks_nothing(raw):
        return f"dropped: {raw[:300]!r}"
    play.noted["tickets" if made else "on what there was" if kept else "none"] += 1
    if answers > env["mail.mail"].sudo().search_count([]):
        return "a mail of before is gone"
    return ""


def _asks_nothing(raw):
    """Whether a mail is a report by its head, or goes to an address of Odoo's own."""
    # As the gateway reads it.
    raw = raw.replace(b"\0", b"")
    head = raw.replace(b"\n\n", b"\r\n\r\n").partition(b"\r\n\r\n")[0].lower()
    return any(word in head for word in OF_ODOO)
