"""Pages of the portal, of a customer who is logged in: twenty send at once, to two
servers of one database."""

import json
import re
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Lock

import requests

from tests.hostile import BILL_PARAMETERS, NASTY, PARAMETERS

from .world import SECRET, after, prepare  # noqa: F401  (steps of this family)

AT_ONCE = 20
SECONDS = 120
MARK = "<script>nox(1)</script>"
VALUES = (
    *NASTY,
    MARK,
    '"><img src=x onerror=nox(1)>',
    "{{7*191}}",
    "%00",
    "../../etc/passwd",
    "1 OR 1=1",
    "\ud7ff\u202e\ufffe",
    "2026-02-30",
    "9999-12-31",
    "nan",
    "1e308",
    "null",
    "[]",
    "{}",
    "true",
)
NAMES = (
    *("access_token", "page", "search", "sortby", "filterby", "subject", "description"),
    *(
        "pbx",
        "kind",
        "category",
        "name",
        "signature",
        "code",
        "remark",
        "replaces_user",
    ),
    *("date_begin", "date_end", "location", "warranty", "company_id", "month"),
    *("again", "about", "leaver", "reference", "key", "action", "report_type"),
    *("ticket_id", "line_id", "stage_id", "ids", "team"),
)
# What a form holds when nobody is hostile: with one field wrong it comes further than
# with all of them. A name in braces is an id, of the customer or of another one.
PICTURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="
FORMS = {
    "/my/telephony/request": {
        "pbx": "{pbx_id}",
        "kind": "{kind_id}",
        "location": "remote",
        "subject": "Another menu",
        "description": "Please.",
        "action": "send",
    },
    "/my/ticket/{ticket}/answer": {
        "pbx": "{pbx_id}",
        "kind": "{kind_id}",
        "replaces_user": "yes",
    },
    "/my/ticket/{ticket}/sign-off": {"name": "Anna", "remark": "Good"},
    "/my/invoices/{invoice}/question": {"line_id": "{line_id}", "remark": "Why?"},
    "/my/orders/{order}/accept": {"name": "Anna", "signature": PICTURE},
    "/my/orders/{order}/decline": {"decline_message": "Too much"},
    "/my/orders/{order}/approval_code/check": {"code": "123456"},
    "/submitted/ticket": {"subject": "Menu", "description": "x", "category": "1"},
    "/ticket/close": {"ticket_id": "{ticket_id}", "stage_id": "{stage_id}"},
    "/service/evidence.zip": {"ids": "1,2,{invoice_id}"},
}


def send(play):
    jobs = [
        job
        for url, methods, kind in _routes(play)
        for job in _mutations(play, url, methods, kind)
    ]
    play.random.shuffle(jobs)
    waiting, lock = SimpleQueue(), Lock()
    for job in jobs:
        waiting.put(job)
    slow = {}

    def person(number):
        ports = play.known["ports"]
        for job, status, seconds, why in _visit(ports[number % len(ports)], waiting):
            with lock:
                play.did(len(jobs))
                play.noted[f"of {status // 100}xx" if status else "refused"] += 1
                slow[job["route"]] = max(seconds, slow.get(job["route"], 0))
                if why:
                    play.problem(f"{job['method']} {job['url']}"[:250], why)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(person, number) for number in range(AT_ONCE)]:
            done.result()
    play.noted["routes"] = len(_routes(play))
    route, seconds = max(slow.items(), key=lambda each: each[1])
    play.noted[f"seconds at most ({route})"] = round(seconds)
    return play.answer()


def _routes(play):
    known = {**PARAMETERS, **BILL_PARAMETERS}
    more = [[url, ["GET", "POST"], "http"] for url in known]
    return [*map(list, play.known["routes"]), *more]


def _mutations(play, url, methods, kind):
    chance, plain = play.random, _as_parameters(url)
    names = {**PARAMETERS, **BILL_PARAMETERS}.get(plain, ()) or NAMES
    for _number in range(play.inputs):
        query = _form(FORMS.get(plain, {}), play) if chance.random() < 0.6 else []
        for _each in range(chance.randrange(1 if query else 0, 4)):
            name = chance.choice(names if chance.random() < 0.7 else NAMES)
            if query and chance.random() < 0.6:
                name = chance.choice(query)[0]
                query = [each for each in query if each[0] != name]
            name += chance.choice(("", "", "", "", "[]", "[0]", "\x00", "__"))
            value = _value(chance)
            if chance.random() < 0.2:
                value = str(_id(f"{name}_id", play) or _id(name, play) or value)
            query += [(name, value)] * chance.choice((1, 1, 1, 2, 5))
        yield {
            "route": url,
            "method": chance.choice(methods),
            "url": _filled(url, play),
            "query": query,
            "kind": kind,
            "token": chance.random() < 0.9,
            "odd": chance.choice(("", "", "", "file", "header", "json")),
        }


def _form(fields, play):
    return [
        (name, re.sub(r"\{(\w+)\}", lambda found: str(_id(found[1], play)), value))
        for name, value in fields.items()
    ]


def _as_parameters(url):
    return re.sub(r"<int:(\w+?)_id>", r"{\1}", url)


def _value(chance):
    value = chance.choice(VALUES)
    return chance.choice((value, value, value + value[:50], value[::-1]))


def _id(name, play):
    """An id of the customer, or of the other one; nothing where neither has one."""
    whose = play.random.choice(("ours", "ours", "ours", "other"))
    ids = play.known[whose].get(name) or play.known["ours"].get(name)
    return play.random.choice(ids) if ids else None


def _filled(url, play):
    """The address with an id of the customer, of the other one, or anything."""
    odd = (0, -1, "abc", "99999999999999999999", "1.5", "%00", "1%2F..", "²", "1 ")

    def one(match):
        name = match.group(1).rpartition(":")[2]
        name = name if name.endswith("_id") or name == "page" else f"{name}_id"
        if play.random.random() < 0.15:
            return str(play.random.choice(odd))
        return str(_id(name, play) or 1)

    return re.sub(r"[<{]([\w:]+)[>}]", one, url)


def _visit(port, waiting):
    """``(job, status, seconds, what is wrong)`` of each."""
    base = f"http://127.0.0.1:{port}"
    session = requests.Session()
    page = session.get(f"{base}/web/login", timeout=SECONDS).text
    token = re.search(r'csrf_token: "(\w+)"', page).group(1)
    form = {"login": "nox_owner", "password": "nox_owner", "csrf_token": token}
    session.post(f"{base}/web/login", data=form, timeout=SECONDS)
    page = session.get(f"{base}/my", timeout=SECONDS).text
    token = re.search(r'csrf_token: "(\w+)"', page).group(1)
    while True:
        try:
            job = waiting.get_nowait()
        except Empty:
            return
        begun = time.monotonic()
        status, why = 0, ""
        try:
            answer = _ask(session, base, token, job)
            status, why = answer.status_code, _wrong(answer)
        except requests.exceptions.InvalidHeader:
            pass
        except requests.exceptions.RequestException as error:
            why = f"{type(error).__name__}: {error}"
        yield job, status, time.monotonic() - begun, why


def _ask(session, base, token, job):
    query = list(job["query"])
    headers = {}
    if job["odd"] == "header":
        headers = {"Accept-Language": "x" * 500, "X-Forwarded-Host": "evil.example"}
    url = base + job["url"]
    options = {"headers": headers, "timeout": SECONDS, "allow_redirects": False}
    if job["kind"] == "jsonrpc" or job["odd"] == "json":
        body = json.dumps({"jsonrpc": "2.0", "params": dict(query)})
        headers["Content-Type"] = "application/json"
        return session.post(url, data=body, **options)
    if job["method"] == "GET":
        text = urllib.parse.urlencode(query, errors="replace")
        return session.get(f"{url}?{text}", **options)
    if job["token"]:
        query.append(("csrf_token", token))
    files = {"attachment": ("a\x0b.svg", MARK)} if job["odd"] == "file" else None
    return session.post(url, data=query, files=files, **options)


def _wrong(answer):
    text = answer.text
    if answer.status_code >= 500:
        return f"status {answer.status_code}: {text[-300:]}"
    if MARK in text or "onerror=nox(1)>" in text.replace("&gt;", ""):
        return "script of ours in the page"
    if "1337" in text and "{{7*191}}" in urllib.parse.unquote(answer.request.url):
        return "an expression was computed"
    if "Traceback (most" in text and "json" not in answer.headers.get(
        "Content-Type", ""
    ):
        return f"a traceback: {text[-250:]}"
    if SECRET in text and SECRET not in str(answer.request.body):
        return "something of another customer"
    if "evil.example" in answer.headers.get("Location", ""):
        return "it leads elsewhere"
    return ""
