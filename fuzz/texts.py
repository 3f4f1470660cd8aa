"""HTML, script and formulas in every text that a person may write, on every paper that
is made of it: no script is stored, no expression computed, no formula left alive."""

import io
from types import SimpleNamespace

import openpyxl
from lxml import etree, html

from odoo.exceptions import AccessError, UserError
from odoo.http import _request_stack

from odoo.addons.nox_voip_service.controllers.base.export import CSVExport, ExcelExport

from .world import undone, world

VALUES = (
    "<script>nox(1)</script>",
    '"><img src=x onerror=nox(1)>',
    "<svg/onload=nox(1)>",
    "<a href='javascript:nox(1)'>x</a>",
    "<iframe srcdoc='<script>nox(1)</script>'>",
    "</textarea></title></style><script>nox(1)</script>",
    "'-nox(1)-'",
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
TEXTS = {
    "ticket": ("name", "description", "partner_name", "partner_email"),
    "customer": ("name", "street", "city", "ref", "comment", "zip"),
    "contact": ("name", "function", "phone"),
    "pbx": ("name",),
    "seat": ("name", "extension"),
    "entry": ("name",),
    "quote": ("client_order_ref", "note", "reference"),
    "line": ("name",),
    "invoice": ("ref", "narration", "payment_reference"),
    "move_line": ("name",),
    "plan": ("name",),
}
PAPERS = {
    "quote": "sale.report_saleorder",
    "invoice": "account.report_invoice",
    "statement": "nox_voip_service.report_statement",
    "evidence": "nox_voip_service.report_evidence",
    "work": "nox_voip_service.report_work",
    "training": "nox_voip_service.report_training_certificate",
}


def send(env, play):
    here = world(env)
    records = _records(here)
    cases = [
        (owner, name, value)
        for owner, names in TEXTS.items()
        for name in names
        if name in records[owner]._fields
        for value in VALUES
    ]
    play.random.shuffle(cases)
    cases = cases[: play.inputs]
    for owner, name, value in cases:
        with undone(here.env):
            for why in _tried(here.env, records, owner, name, value, play):
                play.problem(f"{owner}.{name} = {value[:40]!r}", why)
        play.did(len(cases))


def _records(here):
    here.company.write({"vat": "NL000099998B57", "street": "Kade 1", "city": "Utrecht"})
    here.customer.write({"street": "Kade 2", "city": "Utrecht", "zip": "3511 AA"})
    pbx = here._pbx(here.standard)
    contact = here._contact(here.customer, "Anna")
    worked = here._ticket(pbx, partner_id=contact.id)
    entry = here._log(worked, 38)
    ticket = here._ticket(pbx, partner_id=contact.id, estimated_minutes=90)
    quote = here._send(ticket)
    invoice = here._invoice(worked, post=False)
    seats = here._pbx(here.contract_plan, name="Two")
    return {
        "ticket": worked,
        "customer": here.customer,
        "contact": contact,
        "pbx": pbx,
        "seat": here._seats(seats, 1, here.day),
        "entry": entry,
        "quote": quote,
        "line": quote.order_line[:1],
        "invoice": invoice,
        "move_line": invoice.invoice_line_ids[:1],
        "plan": here.standard,
        "training": here._certified(seats, contact),
    }


def _tried(env, records, owner, name, value, play):
    """What is wrong with a text, wherever it comes to be read."""
    try:
        with env.cr.savepoint():
            records[owner].write({name: value})
            env.flush_all()
    except (UserError, AccessError) as refusal:
        play.noted["refused with a sentence"] += 1
        if not str(refusal).strip():
            yield "refused without a sentence"
        return
    except ValueError as error:
        # PostgreSQL has no NUL; Odoo's own answer to it.
        if "\0" not in value:
            yield f"{type(error).__name__}: {error}"
        play.noted["refused by Odoo"] += 1
        return
    play.noted["stored"] += 1
    for paper, make in _papers(env, records).items():
        try:
            content = make()
        except (UserError, AccessError):
            play.noted["paper refused with a sentence"] += 1
            continue
        except Exception as error:
            yield f"{paper}: {type(error).__name__}: {str(error)[:200]}"
            continue
        if why := _wrong(paper, content, value):
            yield f"{paper}: {why}"


def _papers(env, records):
    """Each paper with how it is made; pages and mails are made of the same parts."""
    report = env["ir.actions.report"]

    def page(name, record):
        return lambda: report._render_qweb_html(PAPERS[name], record.ids)[0].decode()

    invoice = records["invoice"]
    found = {
        "quote": page("quote", records["quote"]),
        "work report": page("work", records["ticket"]),
        "certificate": page("training", records["training"]),
        "invoice": page("invoice", invoice),
        "mail": lambda: _mail(env, records["ticket"]),
        "CSV": lambda: _export(CSVExport, records),
        "XLSX": lambda: _export(ExcelExport, records),
        "UBL": lambda: _electronic(env, invoice),
    }
    for name in ("statement", "evidence"):
        found[name] = page(name, invoice)
    return found


def _mail(env, ticket):
    template = env.ref("nox_voip_service.mail_template_request_received")
    made = template._generate_template(ticket.ids, ["body_html", "subject", "email_to"])
    values = made[ticket.id]
    if {"\n", "\r"} & set(values["subject"].strip()):
        return "<script>nox(1) a line in the subject</script>"
    return f"<div>{values['body_html']}</div>"


def _export(kind, records):
    rows = [
        [records[owner][name] or "" for owner, names in TEXTS.items() for name in names]
    ]
    heads = [name for names in TEXTS.values() for name in names]
    fields = [{"name": name, "type": "char"} for name in heads]
    # The exporter asks the request for its words alone.
    env = records["ticket"].env
    _request_stack.push(SimpleNamespace(env=env, httprequest=None))
    try:
        return kind().from_data(fields, heads, rows)
    finally:
        _request_stack.pop()


def _electronic(env, invoice):
    if invoice.state == "draft":
        invoice.action_post()
    return env["account.edi.xml.ubl_bis3"]._export_invoice(invoice)[0]


def _wrong(paper, content, value):
    if paper == "UBL":
        etree.fromstring(content)
        return ""
    if paper == "CSV":
        cells = content.replace('"\n', "").split('","')
        alive = [c for c in cells if c.lstrip('"')[:1] in tuple("=+-@\t\r") and c]
        return f"a formula: {alive[0][:40]}" if alive else ""
    if paper == "XLSX":
        book = openpyxl.load_workbook(io.BytesIO(content))
        alive = [
            cell.value
            for row in book.active.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        return f"a formula: {alive[0][:40]}" if alive else ""
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
    if "1337" in root.text_content():
        return "an expression was computed"
    return ""
