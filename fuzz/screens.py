"""Hostile texts of a whole customer, looked at: in the portal and by our people in a
real Chromium, where a script that runs is seen to run, and in the PDF files of the
papers."""

import io
import re

import requests
from psycopg2 import DataError
from PyPDF2 import PdfReader, PdfWriter
from PyPDF2.generic import IndirectObject, RectangleObject

from odoo.exceptions import AccessError, UserError

from pictures.screenshots import Browser, _chromium, _log_in
from tests.hostile_texts import COMPUTED, cases, records

from .world import world

# Of each round another customer, with another text in each field.
ROUNDS = "nox_shown_{}"
SPY = "window.nox = () => { (window.noxes ??= []).push(location.pathname); };"
# A page says itself when it is there: the portal at once, the backend with its view.
THERE = "!!document.querySelector('#wrap, .o_form_view, .o_kanban_view, .o_list_view')"
QUIET = "!document.querySelector('.o_loading_indicator, .o_blockUI')"
RAN = "window.noxes && window.noxes.join()"
BAIT = "<img src=x onerror=nox(1)>"
BLANK = "location.pathname === '/web/health' && document.readyState === 'complete'"
WAIT = "new Promise((resolve) => setTimeout(resolve, 800))"
UNFOLD = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
LIVING = ("/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA")
MODULE = "nox_voip_service"


def prepare(env, play):
    """What is shown, of so many customers: their log-ins, addresses and papers."""
    here = world(env)
    here.company.service_request_limit = 0
    address = f"http://127.0.0.1:{play.known['ports'][0]}"
    env["ir.config_parameter"].set_param("report.url", address)
    shown, refused, stored = [], 0, []
    for number in range(play.inputs):
        login = ROUNDS.format(number)
        customer = here._customer(f"Shown {number}")
        found = records(here, customer, login)
        tried = cases(found)
        play.random.shuffle(tried)
        # Of each field one text; a number or a name that is refused keeps the old one.
        texts = {(owner, name): value for owner, name, value in tried}
        for (owner, name), value in texts.items():
            try:
                with here.env.cr.savepoint():
                    found[owner].write({name: value})
                    here.env.flush_all()
                stored.append([owner, name, value])
            except (UserError, AccessError, ValueError, DataError):
                here.env.invalidate_all(flush=False)
                refused += 1
        shown.append({"login": login, **_shown(here, found)})
    env.cr.commit()
    return {"shown": shown, "stored": stored, "refused": refused}


def _shown(here, found):
    invoice, quote, ticket = found["invoice"], found["quote"], found["ticket"]
    invoice.action_post()
    if quote.state == "draft":
        here._send(found["over"])
    letter, pbx, training = found["letter"], found["pbx"], found["training"]
    seats, billed = found["seats_pbx"], found["billed"]
    ours = {
        "helpdesk_mgmt.helpdesk_ticket_action": ticket,
        "sale.action_quotations": quote,
        "account.action_move_out_invoice_type": invoice,
        f"{MODULE}.nox_pbx_action": pbx,
        f"{MODULE}.nox_invoice_dispute_action": found["dispute"],
        f"{MODULE}.nox_notice_action": letter,
    }
    backend = [f"{MODULE}.helpdesk_ticket_action_to_decide", *ours]
    return {
        "portal": [
            *("/my", "/my/telephony", "/my/tickets", "/my/orders", "/my/invoices"),
            *("/my/contracts", "/my/trainings", "/my/notices"),
            f"/my/telephony/{pbx.id}",
            f"/my/telephony/{seats.id}/users",
            f"/my/telephony/request?pbx={pbx.id}&again={ticket.id}",
            f"/my/ticket/{ticket.id}",
            f"/my/ticket/{found['over'].id}",
            f"/my/orders/{quote.id}",
            f"/my/invoices/{invoice.id}",
            f"/my/invoices/{billed.id}",
            f"/my/notices/{letter.id}",
        ],
        "papers": [
            f"/my/orders/{quote.id}?report_type=pdf&download=true",
            f"/my/invoices/{invoice.id}?report_type=pdf&download=true",
            f"/my/invoices/{invoice.id}/statement",
            f"/my/invoices/{invoice.id}/evidence",
            f"/my/ticket/{ticket.id}/report",
            f"/my/trainings/{training.id}",
        ],
        "backend": [
            *(f"/odoo/action-{name}" for name in backend),
            *(f"/odoo/action-{name}/{record.id}" for name, record in ours.items()),
        ],
    }


def send(play):
    base = f"http://127.0.0.1:{play.known['ports'][0]}"
    pages = [
        (shown["login"] if place != "backend" else staff, place, url)
        for shown in play.known["shown"]
        for place, staff in (("portal", ""), ("papers", ""), ("backend", "admin"))
        for url in shown[place]
    ]
    play.noted["texts stored"] = len(play.known["stored"])
    play.noted["texts refused"] = play.known["refused"]
    # Who sees nothing has to be able to see something.
    if len({*_living(_living_file())}) < 3:
        play.problem("PDF", "a file that does something is not seen")
    sessions = {}
    with _chromium() as browser:
        browser.ask("Page.addScriptToEvaluateOnNewDocument", source=SPY)
        browser.ask("Page.navigate", url=f"{base}/web/health")
        browser.wait(BLANK, base)
        browser.value(f"document.body.innerHTML = {BAIT!r}")
        browser.wait(f"!!({RAN})", f"{base}, a script that is seen to run,")
        for login, place, url in pages:
            if login not in sessions:
                sessions[login] = _log_in(base, login)
            if place == "papers":
                why = _paper(base, sessions[login], url, play)
            else:
                browser.cookies(session_id=sessions[login])
                why = _page(browser, base + url, play)
            play.noted[place] += 1
            play.did(len(pages))
            if why:
                play.problem(f"{login} {url}", why)
    return play.answer()


def _page(browser: Browser, address, play):
    """What is wrong with a page, once it is there and everything on it is unfolded."""
    browser.value("window.leaving = true")
    browser.ask("Page.navigate", url=address)
    for condition in ("!window.leaving && document.readyState === 'complete'", THERE):
        browser.wait(condition, address)
    browser.value(UNFOLD)
    # A picture that does not load, and what comes after the view.
    browser.value(WAIT)
    browser.wait(QUIET, address)
    if ran := browser.value(RAN):
        return f"a script ran on {ran}"
    text = browser.value("document.body.innerText") or ""
    play.noted["texts read on pages"] += _read(text, play)
    if COMPUTED.search(text):
        return "an expression was computed"
    if "Traceback" in text or "Oops" in text or "Server Error" in text:
        return f"the page failed: {text[:200]!r}"
    living = browser.value(
        "[...document.querySelectorAll('a, iframe, form')].map((each) =>"
        " each.getAttribute('href') || each.getAttribute('srcdoc')"
        " || each.getAttribute('action') || '')"
        ".filter((each) => /nox\\(1\\)/.test(each) && /^\\s*(javascript|<)/.test(each))"
    )
    return f"a link that runs: {living}" if living else ""


def _paper(base, session, url, play):
    """What is wrong with a PDF file."""
    answer = requests.get(f"{base}{url}", cookies={"session_id": session}, timeout=120)
    if answer.status_code != 200:
        return f"status {answer.status_code}: {answer.text[-200:]}"
    if not answer.content.startswith(b"%PDF"):
        return f"no PDF: {answer.content[:100]!r}"
    reader = PdfReader(io.BytesIO(answer.content))
    for why in _living(reader):
        return why
    text = "".join(page.extract_text() for page in reader.pages)
    if COMPUTED.search(text):
        return "an expression was computed"
    if "root:x:0" in text:
        return "a file of the server"
    play.noted["texts read in PDF files"] += _read(text, play)
    return ""


def _read(text, play):
    """How many of the scripts are there to read, as they were written."""
    squeezed = re.sub(r"\s", "", text)
    scripts = {value for *_where, value in play.known["stored"] if "nox(1)" in value}
    return sum(re.sub(r"\s", "", value) in squeezed for value in scripts)


def _living(reader):
    """What of a PDF file does something, and links that are a script."""
    numbers = {*reader.xref_objStm}.union(*reader.xref.values())
    for number in sorted(numbers - {0}):
        for found in _dictionaries(IndirectObject(number, 0, reader).get_object()):
            for name in LIVING:
                if name in found:
                    yield f"{name} in object {number}"
            link = str(found.get("/URI", ""))
            if link and not re.match(r"(https?|mailto|tel):", link):
                yield f"a link to {link[:60]}"


def _dictionaries(part):
    """The dictionaries in an object of a PDF file; it names others, which have their
    own turn."""
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        if isinstance(each, dict | list):
            yield from _dictionaries(each)


def _living_file():
    """A PDF file with a script, and a link that is one."""
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_js("nox(1)")
    writer.add_uri(0, "javascript:nox(1)", RectangleObject([0, 0, 10, 10]))
    writer.write(stream)
    return PdfReader(stream)
