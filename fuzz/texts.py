"""HTML, script and formulas in every text that a person may write, on every paper that
is made of it: no script is stored, no expression computed, no formula left alive."""

import csv
import io
from functools import partial
from types import SimpleNamespace

import openpyxl
from lxml import etree
from psycopg2 import DataError

from odoo.exceptions import AccessError, UserError
from odoo.http import _request_stack

from odoo.addons.nox_voip_service.controllers.base.export import CSVExport, ExcelExport

from tests.hostile_texts import (
    TEXTS,
    cases,
    mail_templates,
    records,
    wrong_in_html,
    wrong_in_mail,
)

from .world import undone, world

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
    found = records(here)
    tried = cases(found)
    play.random.shuffle(tried)
    tried = tried[: play.inputs]
    for owner, name, value in tried:
        with undone(here.env):
            for why in _tried(here.env, found, owner, name, value, play):
                play.problem(f"{owner}.{name} = {value[:40]!r}", why)
        play.did(len(tried))


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
    except (ValueError, DataError) as error:
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
    """Each paper and each mail, with how it is made."""
    report = env["ir.actions.report"]

    def page(name, record):
        return lambda: report._render_qweb_html(PAPERS[name], record.ids)[0].decode()

    invoice = records["invoice"]
    found = {
        "quote": page("quote", records["quote"]),
        "work report": page("work", records["ticket"]),
        "certificate": page("training", records["training"]),
        "invoice": page("invoice", invoice),
        "CSV": lambda: _export(CSVExport, records),
        "XLSX": lambda: _export(ExcelExport, records),
        "UBL": lambda: _electronic(env, invoice),
    }
    for name in ("statement", "evidence"):
        found[name] = page(name, invoice)
    for template in mail_templates(env):
        found[f"mail: {template.name}"] = partial(wrong_in_mail, template, records)
    return found


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
        cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
        alive = [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and cell]
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
    return content if paper.startswith("mail") else wrong_in_html(content)
