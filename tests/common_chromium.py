import shutil
import signal
import time

import requests
import websocket

from odoo.tests import common
from odoo.tests.common import HOST, ChromeBrowser

UNREGISTER_WORKERS = """navigator.serviceWorker?.getRegistrations().then((all) =>
    Promise.all(all.map((each) => each.unregister())).then(() => true)
)"""


class Chromium:
    """The Chromium of a test class. Each of its tests has a tab of its own; what was
    fetched and compiled for one is there for the next."""

    # Seconds; what does not come by then is broken, on every machine.
    PATIENCE = 60

    def __init__(self, process, port, folder):
        self.process, self.port, self.folder = process, port, folder

    def _ask(self, command, method="GET"):
        address = f"http://{HOST}:{self.port}/json/{command}"
        answer = requests.request(method, address, timeout=self.PATIENCE)
        answer.raise_for_status()
        return answer

    def open_tab(self):
        """Number and WebSocket address of a new tab."""
        tab = self._ask("new?about:blank", "PUT").json()
        return tab["id"], tab["webSocketDebuggerUrl"]

    def close_tab(self, number):
        """Close a tab, and wait until the workers of its page have ended too."""
        self._ask(f"close/{number}")
        deadline = time.monotonic() + self.PATIENCE
        while others := self._others(number):
            if time.monotonic() > deadline:
                raise AssertionError(f"still in the browser: {others}")
            time.sleep(0.02)

    def _others(self, number):
        return [
            each
            for each in self._ask("list").json()
            if each["id"] == number or each["type"].endswith("worker")
        ]

    def end(self):
        self.process.terminate()
        self.process.wait(self.PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)


class TabBrowser(ChromeBrowser):
    """What Odoo takes for a browser: a tab in the Chromium of the test's class. It
    begins without cookies, and without whatever pages stored before."""

    # What a page can leave behind, but the files that the server lets it keep.
    STORED = (
        "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"
    )
    # Pages live for a second or two: what V8 spends on making their scripts fast never
    # comes back. What they do is the same.
    SCRIPTS = "--js-flags=--expose-gc,--no-opt,--no-maglev"

    def __init__(self, test_case, **options):
        super().__init__(test_case, **options)
        origin = {"origin": test_case.base_url(), "storageTypes": self.STORED}
        self._websocket_request("Network.clearBrowserCookies")
        self._websocket_request("Storage.clearDataForOrigin", params=origin)

    def _chrome_start(self, **options):
        started = self.test_case.chromiums
        key = (options["touch_enabled"], options["headless"], options["debug"])
        if key in started:
            shutil.rmtree(self.user_data_dir, ignore_errors=True)
        else:
            started[key] = Chromium(
                *super()._chrome_start(**options), self.user_data_dir
            )
        self._chromium = started[key]
        return self._chromium.process, self._chromium.port

    def _spawn_chrome(self, cmd):
        *command, address = cmd
        return super()._spawn_chrome([*command, self.SCRIPTS, address])

    def _open_websocket(self):
        self._tab, address = self._chromium.open_tab()
        ws = websocket.create_connection(
            address, enable_multithread=True, suppress_origin=True
        )
        ws.settimeout(0.01)
        return ws

    def stop(self):
        try:
            if hasattr(self, "ws"):
                self._leave_page()
        finally:
            self._chromium.close_tab(self._tab)
            if self.sigxcpu_handler:
                signal.signal(signal.SIGXCPU, self.sigxcpu_handler)

    def _leave_page(self):
        self.screencaster.stop()
        self._websocket_request("Page.stopLoading")
        # One that runs on would be there for the next tab.
        workers = {"expression": UNREGISTER_WORKERS, "awaitPromise": True}
        self._websocket_request("Runtime.evaluate", params=workers)
        self._result.cancel()
        self.ws.close()

    def _handle_console(self, type, args=None, stackTrace=None, **kw):
        # A library of calls by video that distributions of Odoo leave out.
        if "selfie_segmentation" not in str(args):
            super()._handle_console(type, args=args, stackTrace=stackTrace, **kw)


class BrowserMixin:
    """Tests of a class share a Chromium."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chromiums = {}
        # Before Odoo looks for processes that were forgotten.
        cls.addClassCleanup(cls._end_chromiums)

    @classmethod
    def _end_chromiums(cls):
        for chromium in cls.chromiums.values():
            chromium.end()

    def setUp(self):
        super().setUp()
        self.patch(common, "ChromeBrowser", TabBrowser)
