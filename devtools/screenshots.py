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

from . import demo, odoo_process, system, ui
from .places import REPO, RUNS

DOCS = REPO / "docs"
LANGUAGES = {"nl": "nl_NL", "en": "en_US"}
# Name, width, first height, and how much of a long page is shown.
SIZES = [("phone", 390, 844, 2000), ("desk", 1400, 900, 1900)]
MOST_BYTES = 80_000
# The pages, by who sees them. The addresses come from the demo's own records.
FIND_PAGES = """
import json
pbx = env.ref("nox_voip_service.pbx_dentist")
bakery = env.ref("nox_voip_service.customer_bakery")
waiting = env["helpdesk.ticket"].search(
    [("commercial_partner_id", "=", bakery.id), ("quote_state", "=", "sent")], limit=1
)
charge = env["nox.seat.charge"].search(
    [("pbx_id", "=", pbx.id), ("state", "=", "invoiced")], limit=1
)
kind = env.ref("nox_voip_service.category_add_user")
print(json.dumps({
    "telephony": ("tandarts", f"/my/telephony/{pbx.id}"),
    "users": ("tandarts", f"/my/telephony/{pbx.id}/users"),
    "request": ("tandarts", f"/my/telephony/request?pbx={pbx.id}&kind={kind.id}"),
    "requests": ("tandarts", "/my/tickets"),
    "ticket": ("bakker", f"/my/ticket/{waiting.id}"),
    "quote": ("bakker", f"/my/orders/{waiting.quote_id.id}"),
    "invoice": ("tandarts", f"/my/invoices/{charge.move_id.id}"),
    "charge": ("tandarts", f"/my/charges/{charge.id}"),
    "trainings": ("tandarts", "/my/trainings"),
}))
"""


def run():
    """Make the pictures anew; the demo server runs afterwards as it did before."""
    address, started = demo.serve()
    try:
        pages = _pages()
        with _chromium() as browser:
            sessions = {}
            for name, (login, url) in pages.items():
                if login not in sessions:
                    sessions[login] = _log_in(address, login)
                with ui.step(f"{name}: {url}"):
                    for code, size in itertools.product(LANGUAGES, SIZES):
                        browser.cookies(
                            session_id=sessions[login], frontend_lang=LANGUAGES[code]
                        )
                        picture = browser.picture(address + url, *size[1:])
                        path = DOCS / f"portal-{name}-{code}-{size[0]}.png"
                        path.write_bytes(_small(picture))
    finally:
        if started:
            demo.stop()


def _pages():
    folder = RUNS / demo.DATABASE
    config = odoo_process.write_config(folder / "shell", demo.DATABASE)
    answer = odoo_process.shell(config, FIND_PAGES, folder / "shell.log")
    return json.loads(answer.strip().splitlines()[-1])


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

    def picture(self, address, width, height, most):
        """PNG of a page: its whole length, up to so many pixels."""
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
