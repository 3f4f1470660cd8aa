"""``./dev screenshots``: every page of the customer portal as ``docs/portal-*.png``.

From the demo database, in a real Chromium, in Dutch and in English, as on a phone and
as on a desk. Odoo's own date is today, so the pictures change with it.
"""

import base64
import contextlib
import http.cookiejar
import io
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import websocket
from PIL import Image

from . import database, demo, odoo_process, system, ui
from .places import REPO, RUNS

DOCS = REPO / "docs"
LANGUAGES = {"nl": "nl_NL", "en": "en_US"}
# Name, width, first height, and how much of a long page is shown.
SIZES = [("phone", 390, 844, 6000), ("desk", 1400, 900, 3000)]
MOST_BYTES = 100_000
DATABASE = f"{demo.DATABASE}_pictures"
# Scripts that press, on a page that is there.
UNFOLD = "document.querySelectorAll('#wrap details').forEach((e) => { e.open = true; })"
PRESS = "document.querySelector(\"[data-bs-target='#modal{}']\").click()"
# The page of before a change: it sends what it showed, and hears the new amount.
SIGN_WHAT_WAS = """
const open = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (method, url, ...more) {
    return open.call(this, method, url.replace(/content=\\w+/, "content=0"), ...more);
};
setTimeout(() => document.querySelector("#modalaccept .o_portal_sign_submit").click(), 1500);
"""
# In a copy of the demo: customers of whom nobody logs in there get a log-in, and two
# lines of an invoice are questioned, one with an answer. Then the pages, by who sees
# them; the addresses come from the demo's own records.
PREPARE = """
import json
def ref(name):
    return env.ref("nox_voip_service." + name)
def person(name):
    env["res.users"].with_context(no_reset_password=True).create({
        "partner_id": ref("contact_" + name).id,
        "login": name,
        "password": name,
        "company_id": ref("company_nox").id,
        "company_ids": [(6, 0, ref("company_nox").ids)],
        "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    })
def questioned(customer):
    line = env["account.move.line"].search([
        ("move_id.commercial_partner_id", "=", ref(customer).id),
        ("parent_state", "=", "posted"), ("move_id.move_type", "=", "out_invoice"),
        ("display_type", "=", "product"), ("dispute_ids", "=", False),
    ]).filtered(lambda each: each._can_be_disputed())[:1]
    partner = line.move_id.partner_id
    return line.move_id._dispute_line(line.id, "Dit hebben we zelf gedaan.", partner)
for name in ("hotel", "lawyers"):
    person(name)
open_, answered = questioned("customer_bakery"), questioned("customer_dentist")
answered.answer = "In ons logboek staat wie het deed en wanneer; zie het verzoek."
answered.with_user(ref("user_accountant")).action_uphold()
pbx = ref("pbx_dentist")
waiting = ref("bakery_second_shop")
charge = env["nox.seat.charge"].search(
    [("pbx_id", "=", pbx.id), ("state", "=", "invoiced")], limit=1
)
finished = env["helpdesk.ticket"].search([
    ("commercial_partner_id", "=", ref("customer_bakery").id),
    ("stage_id.outcome", "=", "done"), ("billable_blocks", ">", 0),
], limit=1)
contract = pbx.period_ids.contract_line_id.contract_id[:1]
quote = f"/my/orders/{waiting.quote_id.id}"
def request(kind):
    kind = ref("category_" + kind)
    return f"/my/telephony/request?pbx={pbx.id}&kind={kind.id}"
pages = {
    "home": ("tandarts", "/my"),
    "systems": ("hotel", "/my/telephony"),
    "telephony": ("tandarts", f"/my/telephony/{pbx.id}"),
    "users": ("tandarts", f"/my/telephony/{pbx.id}/users"),
    "request": ("tandarts", request("add_user")),
    "request-included": ("tandarts", request("menu") + "&location=remote"),
    "request-billable": ("tandarts", request("new_number") + "&location=remote"),
    "requests": ("tandarts", "/my/tickets"),
    "ticket": ("bakker", f"/my/ticket/{waiting.id}"),
    "ticket-questions": ("tandarts", f"/my/ticket/{ref('dentist_hygienist').id}"),
    "ticket-finished": ("bakker", f"/my/ticket/{finished.id}"),
    "quote": ("bakker", quote),
    "quote-sign": ("bakker", quote, PRESS.format("accept")),
    "quote-decline": ("bakker", quote, PRESS.format("decline")),
    "quote-changed": ("bakker", quote, PRESS.format("accept") + ";" + SIGN_WHAT_WAS),
    "quote-approved": (
        "hotel", f"/my/orders/{ref('hotel_room_phones').quote_id.id}"
    ),
    "quote-expired": (
        "lawyers", f"/my/orders/{ref('lawyers_expired_quote').quote_id.id}"
    ),
    "invoice": ("tandarts", f"/my/invoices/{charge.move_id.id}"),
    "invoice-question": ("bakker", f"/my/invoices/{open_.move_id.id}", UNFOLD),
    "invoice-answer": ("tandarts", f"/my/invoices/{answered.move_id.id}"),
    "charge": ("tandarts", f"/my/charges/{charge.id}"),
    "trainings": ("tandarts", "/my/trainings"),
    "contracts": ("tandarts", "/my/contracts"),
    "contract": ("tandarts", f"/my/contracts/{contract.id}"),
}
env.cr.commit()
print(json.dumps(pages))
"""


def run():
    """Make the pictures anew; the demo server runs afterwards as it did before."""
    with _copy_of_the_demo() as (address, pages), _chromium() as browser:
        sessions = {}
        for name, (login, url, *act) in pages.items():
            if login not in sessions:
                sessions[login] = _log_in(address, login)
            with ui.step(f"{name}: {url}"):
                for code, size in itertools.product(LANGUAGES, SIZES):
                    browser.cookies(
                        session_id=sessions[login], frontend_lang=LANGUAGES[code]
                    )
                    picture = browser.picture(address + url, *size[1:], *act)
                    path = DOCS / f"portal-{name}-{code}-{size[0]}.png"
                    path.write_bytes(_small(picture))


@contextlib.contextmanager
def _copy_of_the_demo():
    """``(address, pages)`` of a server on a copy of the demo, which is left alone."""
    _address, started = demo.serve()
    # A database that is in use cannot be copied.
    demo.stop()
    folder = RUNS / DATABASE
    process = None
    try:
        database.copy(demo.DATABASE, DATABASE)
        port = odoo_process.free_port()
        config = odoo_process.write_config(folder, DATABASE, http_port=port)
        names = {"UNFOLD": UNFOLD, "PRESS": PRESS, "SIGN_WHAT_WAS": SIGN_WHAT_WAS}
        script = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        answer = odoo_process.shell(config, script + PREPARE, folder / "shell.log")
        process = odoo_process.start(config, folder / "odoo.log")
        address = f"http://127.0.0.1:{port}"
        odoo_process.wait_until_it_answers(address, process, folder / "odoo.log")
        yield address, json.loads(answer.strip().splitlines()[-1])
    finally:
        if process:
            process.terminate()
            process.wait(30)
        database.drop(DATABASE)
        if not started:
            demo.serve()


def _log_in(address, login):
    """Session of somebody whose password is the log-in, as in the demo."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/web/login", timeout=120).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"login": login, "password": login, "csrf_token": token}
    browser.open(
        f"{address}/web/login", urllib.parse.urlencode(form).encode(), timeout=120
    )
    return next(cookie.value for cookie in jar if cookie.name == "session_id")


def _small(picture):
    """The picture with as many colours as fit in the size that a repository likes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (64, 32, 16):
        stream = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(
            stream, "PNG", optimize=True
        )
        if stream.tell() < MOST_BYTES:
            break
    return stream.getvalue()


class Browser:
    """A Chromium that is told what to do by its DevTools protocol."""

    def __init__(self, port):
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/json", timeout=30
        ) as list_:
            target = next(each for each in json.load(list_) if each["type"] == "page")
        self._socket = websocket.create_connection(
            target["webSocketDebuggerUrl"], suppress_origin=True, timeout=120
        )
        self._numbers = itertools.count(1)
        self.ask("Page.enable")

    def ask(self, method, **params):
        """Send a command and return its result."""
        number = next(self._numbers)
        self._socket.send(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                return answer["result"]

    def value(self, code):
        """What a JavaScript expression comes to."""
        answer = self.ask(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        return answer["result"].get("value")

    def cookies(self, **values):
        """Cookies of the server on this machine."""
        for name, value in values.items():
            self.ask(
                "Network.setCookie", name=name, value=value, url="http://127.0.0.1"
            )

    def picture(self, address, width, height, most, act=""):
        """PNG of a page: its whole length, up to so many pixels.

        :param act: script that presses something before
        """
        screen = {"width": width, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", height=height, **screen)
        self.value("window.leaving = true")
        self.ask("Page.navigate", url=address)
        deadline = time.monotonic() + 60
        while not self.value("!window.leaving && document.readyState === 'complete'"):
            if time.monotonic() > deadline:
                raise ui.Problem(f"{address} did not load", "./dev demo --reset")
            time.sleep(0.05)
        # Chatter, fonts and the live verdict come after the page.
        time.sleep(1)
        while self.value("!!document.querySelector('.o_portal_doc_spinner')"):
            # What the cards of the start page count.
            if time.monotonic() > deadline:
                raise ui.Problem(f"{address} counts on and on", "./dev demo --reset")
            time.sleep(0.1)
        if act:
            self.value(act)
            # A window slides in; a name is drawn as a signature.
            time.sleep(3)
        length = self.value("document.querySelector('#wrapwrap').scrollHeight")
        # The page scrolls inside its window, so the window becomes as long as the page.
        screen["height"] = min(max(length, height), most)
        self.ask("Emulation.setDeviceMetricsOverride", **screen)
        time.sleep(0.3)
        return base64.b64decode(self.ask("Page.captureScreenshot")["data"])


@contextlib.contextmanager
def _chromium():
    names = ["chromium", *system.OTHER_NAMES["chromium"]]
    program = next(filter(None, map(shutil.which, names)))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--force-prefers-reduced-motion",
                "--remote-debugging-port=0",
                f"--user-data-dir={folder}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Browser(_port(Path(folder) / "DevToolsActivePort"))
        finally:
            process.terminate()
            process.wait(30)


def _port(path):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if path.exists() and path.read_text().count("\n"):
            return int(path.read_text().splitlines()[0])
        time.sleep(0.1)
    raise ui.Problem("Chromium did not start", "run `chromium --version`")
