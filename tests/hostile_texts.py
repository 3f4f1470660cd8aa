"""One record of each kind that holds a text of a person, the texts themselves, and what
none of them may become. A test tries a few, ``./dev fuzz`` all."""

import re

from lxml import html

from odoo import Command, fields

from .common_notice import letter_of_terms

VALUES = (
    "<script>nox(1)</script>",
    '"><img src=x onerror=nox(1)>',
    "<svg/onload=nox(1)>",
    "<a href='javascript:nox(1)'>x</a>",
    "<iframe srcdoc='<script>nox(1)</script>'>",
    "</textarea></title></style><script>nox(1)</script>",
    "'-nox(1)-'",
    "javascript:nox(1)",
    "{{ 7*191 }}",
    "${7*191}",
    "<t t-out='7*191'/>",
    "#{7*191}",
    "%(nox)s %s {nox}",
    "=7*191",
    "=cmd|'/c calc'!A1",
    "+7*191",
    "-7*191",
    "@SUM(7*191)",
    "\t=7*191",
    "\r=7*191",
    "]]><nox>&nox;",
    "<!DOCTYPE x [<!ENTITY nox SYSTEM 'file:///etc/passwd'>]>",
    "a\x00b",
    "a\x0b\x1b\ufffe b",
    "\u202enox",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "x" * 4000,
    "\\",
    "   ",
)
# What 7 * 191 comes to, and no part of a number or of a hash.
COMPUTED = re.compile(r"(?<![\w.,])1337(?![\w.,])")
TEXTS = {
    "ticket": (
        *("name", "description", "partner_name", "partner_email", "seat_name"),
        *("customer_reference", "seat_extension", "callback_phone"),
        *("signed_off_by", "signed_off_remark"),
    ),
    "customer": ("name", "street", "city", "ref", "comment", "zip"),
    "contact": ("name", "function", "phone"),
    "pbx": ("name", "note"),
    "seat": ("name", "extension"),
    "entry": ("name", "held_reason"),
    "quote": ("client_order_ref", "note", "reference", "service_decline_reason"),
    "line": ("name",),
    "invoice": ("ref", "narration", "payment_reference"),
    "move_line": ("name",),
    "plan": ("name", "description"),
    "kind": ("name", "example"),
    "dispute": ("remark", "answer"),
    "letter": ("ground_text", "explanation", "ending_text", "return_reason"),
    "standing": ("agreement",),
    "training": ("result_remark",),
    "event": ("name", "location"),
}


# Whose mail a template is.
MAILED = {
    "helpdesk.ticket": "ticket",
    "sale.order": "quote",
    "account.move": "invoice",
    "nox.admin.training": "training",
    "nox.pbx": "pbx",
    "nox.approval.code": "code",
    "nox.invoice.dispute": "dispute",
    "nox.notice": "letter",
    "calendar.attendee": "attendee",
}


def records(here, customer=None, login=None):
    """``{owner: record}`` of one customer; the invoice is a draft.

    :param login: somebody of the customer who may log in
    """
    here.company.write({"vat": "NL000099998B57", "street": "Kade 1", "city": "Utrecht"})
    customer = customer or here.customer
    customer.write({"street": "Kade 2", "city": "Utrecht", "zip": "3511 AA"})
    env, plan = here.env, here._own_plan(here.standard)
    pbx = here._pbx(plan, customer=customer)
    contact = here._contact(customer, "Anna")
    user = here._portal_user(customer, login or "nox_reader", email="a@b.example")
    kind = here._category("call_group").copy()
    asked = {"partner_id": contact.id, "category_id": kind.id}
    worked = here._ticket(pbx, **asked)
    entry = here._log(worked, 38)
    ticket = here._ticket(pbx, estimated_minutes=90, **asked)
    quote = here._send(ticket)
    invoice = here._invoice(worked, post=False)
    questioned = here._ticket(pbx, **asked)
    here._log(questioned, 38)
    billed = here._invoice(questioned)
    line = billed.invoice_line_ids.filtered(lambda each: each._can_be_disputed())[:1]
    # A code that nobody was sent.
    code = env["nox.approval.code"].create(
        {
            "order_id": quote.id,
            "user_id": user.id,
            "content_hash": "x",
            "code_hash": "x",
            "sent_at": fields.Datetime.now(),
        }
    )
    seats = here._pbx(here.contract_plan, customer=customer, name="Two")
    event = env["calendar.event"].create(
        {
            "name": "Training",
            "start": f"{here.day} 09:00:00",
            "stop": f"{here.day} 13:00:00",
            "partner_ids": [Command.set(contact.ids)],
        }
    )
    standing = env["nox.standing.approval"].create(
        {
            "pbx_id": pbx.id,
            "month_amount": 500,
            "agreement": "Mail",
            "date_start": here.day,
        }
    )
    return {
        "ticket": worked,
        "over": ticket,
        "customer": customer,
        "contact": contact,
        "pbx": pbx,
        "seats_pbx": seats,
        "seat": here._seats(seats, 1, here.day),
        "entry": entry,
        "quote": quote,
        "line": quote.order_line[:1],
        "invoice": invoice,
        "billed": billed,
        "move_line": invoice.invoice_line_ids[:1],
        "plan": plan,
        "kind": kind,
        "dispute": billed._dispute_line(line.id, "Why?", contact),
        "letter": letter_of_terms(pbx),
        "standing": standing,
        "training": here._certified(seats, contact),
        "event": event,
        "attendee": event.attendee_ids[:1],
        "code": code,
    }


def cases(found):
    """``(owner, field, value)`` of each text there is."""
    return [
        (owner, name, value)
        for owner, names in TEXTS.items()
        for name in names
        if name in found[owner]._fields
        for value in VALUES
    ]


def mail_templates(env):
    """Each mail of ours, and Odoo's of an invoice."""
    known = env["ir.model.data"].search(
        [("model", "=", "mail.template"), ("module", "=like", "nox_voip_service%")]
    )
    odoo = env.ref("account.email_template_edi_invoice")
    return env["mail.template"].browse(known.mapped("res_id")) | odoo


def wrong_in_mail(template, found):
    """What a text became in a mail: in its head, or in its text; empty when nothing."""
    record, to = found[MAILED[template.model]], found["contact"].email_formatted
    names = ["body_html", "subject", "email_from", "email_to", "reply_to"]
    values = template._generate_template(record.ids, names)[record.id]
    mail = template.env["ir.mail_server"]._build_email__(
        email_from=values.get("email_from") or "nox@nox.example",
        email_to=[values.get("email_to") or to],
        subject=values["subject"],
        body=values["body_html"],
        reply_to=values.get("reply_to"),
        subtype="html",
        attachments=[(f"{values['subject']}.pdf", b"%PDF", "application/pdf")],
    )
    head = mail.as_string().partition("\n\n")[0]
    if COMPUTED.search(head):
        return "an expression was computed in the head"
    return wrong_in_html(f"<div>{values['body_html']}</div>")


def wrong_in_html(content):
    """What a text became in a page; empty when it is a text."""
    root = html.fromstring(content)
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag in ("script", "iframe") and "nox(1)" in (
            (node.text or "") + (node.get("srcdoc") or "")
        ):
            return f"a script in <{node.tag}>"
        for name, text in node.attrib.items():
            if "nox(1)" in text and (
                name.startswith("on") or text.strip().startswith("javascript:")
            ):
                return f"a script in {name}"
    if COMPUTED.search(root.text_content()):
        return "an expression was computed"
    return ""
