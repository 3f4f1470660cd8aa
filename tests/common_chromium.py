import shutil

from odoo.tests import common
from odoo.tests.common import ChromeBrowser


class LightBrowser(ChromeBrowser):
    """Odoo's Chromium for a test, whose pages live for a second or two: what V8 spends
    on making their scripts fast never comes back. What they do is the same."""

    SCRIPTS = "--js-flags=--expose-gc,--no-opt,--no-maglev"

    @property
    def executable(self):
        # The one without windows where there is one: a seventh less work for a test.
        return shutil.which("chromium-headless-shell") or super().executable

    def _spawn_chrome(self, cmd):
        *command, address = cmd
        return super()._spawn_chrome([*command, self.SCRIPTS, address])

    def _handle_console(self, type, args=None, stackTrace=None, **kw):
        # A library of calls by video that distributions of Odoo leave out.
        if "selfie_segmentation" not in str(args):
            super()._handle_console(type, args=args, stackTrace=stackTrace, **kw)


class BrowserMixin:
    """Tests with a real browser."""

    def setUp(self):
        super().setUp()
        self.patch(common, "ChromeBrowser", LightBrowser)
