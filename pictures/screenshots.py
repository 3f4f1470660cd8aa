"""``./dev screenshots``: every page of the customer portal as ``portal-*.png``, and
what a coordinator sees first, in ``build/pictures/``. Those that a page of ``docs/``
shows are made anew there.

From the demo database, in a real Chromium; the portal in Dutch and in English, as on a
phone and as on a desk. Odoo's own date is today, so the pictures change with it.
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

from devtools import database, demo, odoo_process, system, ui
from devtools.places import REPO, RUNS

DOCS = REPO / "docs"
BUILD = REPO / "build" / "pictures"
LANGUAGES = {"nl": "nl_NL", "en": "en_US"}
# Width, first height, and how much of a long page is shown; in the backend a window.
DESK = (1400, 860, 860)
SIZES = [("phone", 390, 844, 6000), ("desk", 1400, 900, 3000)]
MOST_BYTES = 100_000
DATABASE = f"{demo.DATABASE}_pictures"
PAGES = Path(__file__).with_name("pages.py")
# The chatter of a portal page lives in a shadow, and comes when it comes.
CHATTER_IS_THERE = """
!document.querySelector(".o_portal_chatter")
    || !!document.querySelector("#chatterRoot")?.shadowRoot?.querySelector(
        ".o-mail-Composer, .o-mail-Message, .o-mail-Thread-empty"
    )
"""
# What the cards of the start page count.
COUNTED = "!document.querySelector('.o_portal_doc_spinner')"


def run():
    """Make the pictures anew; the demo server runs afterwards as it did before."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with _copy_of_the_demo() as (address, shown), _chromium() as browser:
        sessions = {}

        def log_in(login):
            if login not in sessions:
                sessions[login] = _log_in(address, login)
            browser.cookies(session_id=sessions[login])

        admin = _log_in(address, "admin")
        for code, language in LANGUAGES.items():
            browser.cookies(frontend_lang=language)
            # What a script of a page says is in the language of who looks.
            for model, ids in (
                ("res.partner", shown["partners"]),
                ("res.users", shown["users"] + shown["staff"]),
            ):
                _write(address, admin, model, ids, {"lang": language})
            for name, (login, url, *act) in shown["portal"].items():
                log_in(login)
                with ui.step(f"{code} {name}: {url}"):
                    for size in SIZES:
                        picture = browser.picture(address + url, *size[1:], *act)
                        _keep(f"portal-{name}-{code}-{size[0]}.png", picture)
            for name, (login, url, last) in shown["guide"].items():
                log_in(login)
                with ui.step(f"{code} guide of the {name}: {url}"):
                    _keep(
                        f"guide/{name}-{code}.png",
                        _backend(browser, address, url, last),
                    )
        for name, (login, url, last) in shown["backend"].items():
            log_in(login)
            with ui.step(f"{name}: {url}"):
                _keep(f"{name}.png", _backend(browser, address, url, last))


def _backend(browser, address, url, last):
    """A page of the backend, once what comes last is there."""
    there = f"!!document.querySelector({json.dumps(last)})"
    return browser.picture(address + url, *DESK, there=there)


def _keep(name, picture):
    folder = DOCS if (DOCS / name).exists() else BUILD
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(_small(picture))


@contextlib.contextmanager
def _copy_of_the_demo():
    """``(address, what is shown)`` of a server on a copy of the demo, which is left alone."""
    _address, started = demo.serve()
    # A database that is in use cannot be copied.
    demo.stop()
    folder = RUNS / DATABASE
    process = None
    try:
        database.copy(demo.DATABASE, DATABASE)
        port = odoo_process.free_port()
        config = odoo_process.write_config(folder, DATABASE, http_port=port)
        script = (
            f"exec({PAGES.read_text()!r}, globals())\n"
            "shown = pictured(env)\nenv.cr.commit()\nprint(json.dumps(shown))\n"
        )
        answer = odoo_process.shell(config, script, folder / "shell.log")
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


def _write(address, session, model, ids, vals):
    """Write values of records, as the one whose session it is."""
    call = {"model": model, "method": "write", "args": [ids, vals], "kwargs": {}}
    request = urllib.request.Request(
        f"{address}/web/dataset/call_kw",
        json.dumps({"jsonrpc": "2.0", "params": call}).encode(),
        {"Content-Type": "application/json", "Cookie": f"session_id={session}"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        error = json.load(answer).get("error")
    if error:
        raise ui.Problem(f"{model} is not written: {error}", "./dev demo --reset")


def _small(picture):
    """The picture with as many colours as fit in the size that a repository likes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
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

    def wait(self, condition, address):
        """Wait until an expression is true on the page of an address."""
        deadline = time.monotonic() + 60
        while not self.value(condition):
            if time.monotonic() > deadline:
                raise ui.Problem(
                    f"{address} is not there; not true: {condition}",
                    "./dev demo --reset",
                )
            time.sleep(0.05)

    def picture(self, address, width, height, most, act="", there=CHATTER_IS_THERE):
        """PNG of a page: its whole length, up to so many pixels.

        :param act: script that presses something before
        :param there: what is true when the last of the page is there
        """
        screen = {"width": width, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", height=height, **screen)
        self.value("window.leaving = true")
        self.ask("Page.navigate", url=address)
        self.wait("!window.leaving && document.readyState === 'complete'", address)
        for condition in (there, COUNTED):
            self.wait(condition, address)
        # Fonts, pictures and the live verdict come after the page.
        time.sleep(1)
        if act:
            self.value(act)
            # A window slides in; a name is drawn as a signature.
            time.sleep(3)
        length = self.value(
            "(document.querySelector('#wrapwrap') || document.body).scrollHeight"
        )
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
