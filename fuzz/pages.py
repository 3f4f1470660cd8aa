"""Pages of the portal, of a customer who is logged in: twenty send at once."""

import json
import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.hostile import BILL_PARAMETERS, NASTY, PARAMETERS

from .world import SECRET

AT_ONCE = 20
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
)


def send(play):
    base = f"http://127.0.0.1:{play.known['port']}"
    jobs = [
        job
        for url, methods, kind in _routes(play)
        for job in _mutations(play, url, methods, kind)
    ]
    play.random.shuffle(jobs)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        chunks = [jobs[number::AT_ONCE] for number in range(AT_ONCE)]
        for answers in pool.map(lambda chunk: list(_visit(base, chunk)), chunks):
            for job, status, why in answers:
                play.done += 1
                play.noted[f"of {status // 100}xx" if status else "refused"] += 1
                if why:
                    play.problem(f"{job['method']} {job['url']}"[:250], why)
    play.noted["routes"] = len(_routes(play))
    return play.answer()


def _routes(play):
    known = {**PARAMETERS, **BILL_PARAMETERS}
    more = [[url, ["GET", "POST"], "http"] for url in known]
    return [*map(list, play.known["routes"]), *more]


def _mutations(play, url, methods, kind):
    chance = play.random
    names = {**PARAMETERS, **BILL_PARAMETERS}.get(_as_parameters(url), ()) or NAMES
    for _number in range(play.inputs):
        query = []
        for _each in range(chance.randrange(4)):
            name = chance.choice(names if chance.random() < 0.7 else NAMES)
            name += chance.choice(("", "", "", "[]", "[0]", "\x00", "__"))
            value = _value(chance)
            query += [(name, value)] * chance.choice((1, 1, 1, 2, 5))
        job = {
            "method": chance.choice(methods),
            "url": _filled(url, play, chance),
            "query": query,
            "kind": kind,
            "token": chance.random() < 0.9,
            "odd": chance.choice(("", "", "", "file", "header", "json")),
        }
        yield job


def _as_parameters(url):
    return re.sub(r"<int:(\w+?)_id>", r"{\1}", url)


def _value(chance):
    value = chance.choice(VALUES)
    return chance.choice((value, value, value + value[:50], value[::-1]))


def _filled(url, play, chance):
    """The address with an id of the customer, of the other one, or anything."""

    def one(match):
        name = match.group(1).rpartition(":")[2]
        name = name if name.endswith("_id") or name == "page" else f"{name}_id"
        ids = [play.known[whose].get(name, 1) for whose in ("ours", "other")]
        odd = (0, -1, "abc", "99999999999999999999", "1.5", "%00", "1%2F..", "²", "1 ")
        return str(chance.choice((*ids, *ids, *ids, chance.choice(odd))))

    return re.sub(r"[<{]([\w:]+)[>}]", one, url)


def _visit(base, jobs):
    """``(job, status, what is wrong)`` of each."""
    session = requests.Session()
    page = session.get(f"{base}/web/login", timeout=120).text
    token = re.search(r'csrf_token: "(\w+)"', page).group(1)
    form = {"login": "nox_owner", "password": "nox_owner", "csrf_token": token}
    session.post(f"{base}/web/login", data=form, timeout=120)
    page = session.get(f"{base}/my", timeout=120).text
    token = re.search(r'csrf_token: "(\w+)"', page).group(1)
    for job in jobs:
        try:
            answer = _ask(session, base, token, job)
        except requests.exceptions.InvalidHeader:
            yield job, 0, ""
            continue
        except requests.exceptions.RequestException as error:
            yield job, 0, f"{type(error).__name__}: {error}"
            continue
        yield job, answer.status_code, _wrong(answer)


def _ask(session, base, token, job):
    query = list(job["query"])
    headers = {}
    if job["odd"] == "header":
        headers = {"Accept-Language": "x" * 500, "X-Forwarded-Host": "evil.example"}
    url = base + job["url"]
    options = {"headers": headers, "timeout": 120, "allow_redirects": False}
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
