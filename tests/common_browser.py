import json
import time
from contextlib import contextmanager

from odoo import Command
from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowserException, _registry_test_lock

from .common import NoxVoipMixin
from .common_chromium import BrowserMixin, LightBrowser

PHONE, DESK = (390, 844), (1400, 900)
# Keys as the browser wants to hear of them: code, number, text that they type.
KEYS = {
    "Tab": ("Tab", 9, ""),
    "Space": ("Space", 32, " "),
    "Enter": ("Enter", 13, "\r"),
    "ArrowDown": ("ArrowDown", 40, ""),
}
# True once the page has nothing to do.
IDLE = """new Promise((resolve) =>
    requestIdleCallback(() => resolve(true), {timeout: 3000})
)"""
# The page is being left; taken out of the browser's memory again, it is not.
LEAVING = """
    window.leaving = true;
    addEventListener("pageshow", (event) => {
        window.leaving = window.leaving && !event.persisted;
    });
"""
# Waits until what slides or fades in has come to rest.
AT_REST = """async (element) => {
    const place = () => JSON.stringify(element.getBoundingClientRect());
    for (let before = "", still = 0; still < 3; before = place()) {
        await new Promise(requestAnimationFrame);
        still = place() === before ? still + 1 : 0;
    }
    await Promise.all(
        [...document.querySelectorAll(".fade")]
            .flatMap((each) => each.getAnimations())
            .map((each) => each.finished.catch(() => null))
    );
}"""


class Page:
    """A page in a real Chromium: opened, looked at, and typed in by one person."""

    def __init__(self, test, browser):
        self._test, self._browser = test, browser
        # What the page has asked the server for: {request: (document, address)}.
        self._loading = {}
        browser._handlers.update(
            {
                "Network.requestWillBeSent": self._request_begins,
                "Network.loadingFinished": self._request_ends,
                "Network.loadingFailed": self._request_ends,
                "Page.frameNavigated": self._page_begins,
            }
        )
        browser._websocket_request("Network.enable")

    def _request_begins(self, requestId, loaderId, request, **_event):
        self._loading[requestId] = (loaderId, request["url"])

    def _request_ends(self, requestId, **_event):
        self._loading.pop(requestId, None)

    def _page_begins(self, frame, **_event):
        # Of what the page before had asked for, nobody tells the end.
        if "parentId" not in frame:
            self._loading = {
                request: (document, address)
                for request, (document, address) in self._loading.items()
                if document == frame["loaderId"]
            }

    def resize(self, width, height):
        """Make the window so many CSS pixels, as on a phone or a desk."""
        self._browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": False,
            },
        )

    def login(self, login):
        # Both stand on one cursor: what the page before asks for comes first.
        with _registry_test_lock:
            self._test.authenticate(login, login, browser=self._browser)

    def open(self, url):
        """Go to a page of ours and wait until its scripts are there."""
        self.run(LEAVING)
        self._browser.navigate_to(self._test.base_url() + url)
        self.arrive()

    def arrive(self):
        """Wait for the page after this one."""
        self.wait("!window.leaving && document.readyState === 'complete'")
        self.settle()

    def settle(self, seconds=30):
        """Wait until the page has asked the server for nothing for a moment, and has
        nothing left to do: its scripts are there, and leaving it breaks nothing off."""
        deadline = time.monotonic() + seconds
        quiet_since, idle = time.monotonic(), False
        while not idle or time.monotonic() - quiet_since < 0.15:
            if not self._loading and not idle:
                # On a busy machine a script may still be about to ask.
                idle = self._is_idle()
            if self._loading:
                quiet_since, idle = time.monotonic(), False
            if time.monotonic() > deadline:
                waits_for = ", ".join(url for _page, url in self._loading.values())
                raise AssertionError(f"after {seconds} seconds not there: {waits_for}")
            time.sleep(0.02)

    def _is_idle(self):
        try:
            return self.run(IDLE)
        except (AssertionError, ChromeBrowserException):
            return False  # the page changes meanwhile

    def run(self, code, seconds=60):
        """Value of a JavaScript expression; of a promise, what it comes to."""
        answer = self._browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": code, "awaitPromise": True, "returnByValue": True},
            timeout=seconds,
        )
        if "exceptionDetails" in answer:
            raise AssertionError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def wait(self, condition, seconds=30):
        """Wait until a JavaScript expression is true, also while a page changes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self._browser._websocket_request(
                "Runtime.evaluate",
                params={"expression": f"Boolean({condition})", "returnByValue": True},
                timeout=seconds,
            )
            if answer["result"].get("value") is True:
                return
            time.sleep(0.03)
        raise AssertionError(f"in {seconds} seconds not: {condition}")

    def click(self, selector, seconds=30):
        """Press the mouse (or a finger) on the first visible element that matches,
        as a person does: who sees the page shift under the finger begins again."""
        # What a closed <details> holds has a box, but nobody sees it.
        find = (
            f"[...document.querySelectorAll({json.dumps(selector)})].find((each) => "
            "each.getClientRects().length && each.checkVisibility())"
        )
        deadline = time.monotonic() + seconds
        while True:
            self.wait(find)
            x, y, hit = self._aim(find)
            if not hit:
                self._mouse("mousePressed", x, y)
                self._mouse("mouseReleased", x, y)
                # On a page that came after this one the mark is gone.
                if self.run("window.missed !== true"):
                    return
            if time.monotonic() > deadline:
                raise AssertionError(f"over {selector} lies {hit[:200]}")

    def _aim(self, find):
        """Bring an element to the middle of the window and to rest: the place of its
        middle (x, y in CSS pixels), and the element that lies over it, if any."""
        return self.run(
            f"""(async () => {{
                const element = {find};
                element.scrollIntoView({{block: "center", behavior: "instant"}});
                await ({AT_REST})(element);
                window.missed = true;
                document.addEventListener(
                    "click",
                    (event) => {{ window.missed = !element.contains(event.target); }},
                    {{capture: true, once: true}}
                );
                const box = element.getClientRects()[0];
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const top = document.elementFromPoint(x, y);
                return [x, y, element.contains(top) ? "" : top?.outerHTML || "nothing"];
            }})()"""
        )

    def _mouse(self, kind, x, y):
        self._browser._websocket_request(
            "Input.dispatchMouseEvent",
            params={"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1},
        )

    def still(self, selector):
        """Wait until an element, and what fades in around it, has come to rest."""
        self.run(f"({AT_REST})(document.querySelector({json.dumps(selector)}))")

    def follow(self, act, *args):
        """Do something that brings another page, and wait for that page."""
        self.run(LEAVING)
        act(*args)
        self.arrive()

    def text(self, selector="#wrap"):
        """The text of an element, as one line."""
        return self.run(
            f"document.querySelector({json.dumps(selector)}).innerText"
            r".replaceAll(/\s+/g, ' ')"
        )

    def rpc(self, login, model, method, *args):
        """Somebody else does something in the backend, while this page is open."""
        reader = self._test.session.login
        self.settle()
        self.login(login)
        answer = self.run(
            "fetch('/web/dataset/call_kw', {method: 'POST', headers: "
            "{'Content-Type': 'application/json'}, body: "
            + json.dumps(
                json.dumps(
                    {
                        "jsonrpc": "2.0",
                        "params": {
                            "model": model,
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        },
                    }
                )
            )
            + "}).then((answer) => answer.json())"
        )
        if "error" in answer:
            raise AssertionError(json.dumps(answer["error"])[:2000])
        self.settle()
        self.login(reader)
        return answer["result"]

    def press(self, key, times=1):
        """Press a key as a keyboard does: the browser itself decides what it does."""
        code, number, text = KEYS[key]
        for _time in range(times):
            for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
                self._browser._websocket_request(
                    "Input.dispatchKeyEvent",
                    params={
                        "type": kind,
                        "key": text if key == "Space" else code,
                        "code": code,
                        "windowsVirtualKeyCode": number,
                        "text": text if kind == "keyDown" else "",
                    },
                )

    def type(self, text):
        """Type a text into whatever has the focus."""
        self._browser._websocket_request("Input.insertText", params={"text": text})

    def tab_to(self, selector, most=60):
        """Press Tab until an element has the focus; a keyboard has no other way."""
        for _press in range(most):
            self.press("Tab")
            if self.run(f"document.activeElement.matches({json.dumps(selector)})"):
                # Who types must see where.
                self.wait("document.activeElement.matches(':focus-visible')")
                return
        raise AssertionError(f"with {most} tabs the keyboard does not reach {selector}")

    def overflow(self):
        """What is not in sight: what stands out of the window at its right side,
        tables that scroll sideways, cut-off titles, pictures that do not load."""
        return self.run(
            """(() => {
                const width = document.documentElement.clientWidth;
                const html = (each) => each.outerHTML.slice(0, 160);
                const boxes = "#wrap .table-responsive, .o_nox_requests td";
                const cut = [...document.querySelectorAll(boxes)]
                    .filter((each) => each.scrollWidth > each.clientWidth)
                    .map(html);
                // A picture that is not there.
                cut.push(
                    ...[...document.querySelectorAll("#wrap img")]
                        .filter((each) => each.complete && !each.naturalWidth)
                        .map(html)
                );
                if (document.documentElement.scrollWidth <= innerWidth) { return cut; }
                return cut.concat(
                    [...document.querySelectorAll("body *")]
                    .filter((each) => each.getBoundingClientRect().right > width + 1)
                    .slice(0, 5)
                    .map(html)
                );
            })()"""
        )


class PortalBrowserCase(BrowserMixin, NoxVoipMixin, HttpCase):
    """Tests with one Chromium for many pages; what a page said comes back to Python."""

    @classmethod
    def _portal_person(cls, customer, login, **values):
        user = cls._portal_user(customer, login, email=f"{login}@customer.example")
        user.write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
                **values,
            }
        )
        return user

    @contextmanager
    def _chromium(self, login, size=DESK):
        """A browser of somebody who is logged in. Records belong to its pages until
        it is closed: look at them afterwards."""
        self.env.flush_all()
        browser = LightBrowser(self)
        try:
            with self.allow_requests(browser=browser):
                page = Page(self, browser)
                page.login(login)
                self.cr.flush()
                self.cr.clear()
                page.resize(*size)
                yield page
                page.settle()
                self._wait_remaining_requests()
            self.assertFalse(browser.had_failure, "a script of a page failed")
        finally:
            browser.stop()
        self.env.invalidate_all()
