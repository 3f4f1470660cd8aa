import os
from pathlib import Path

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .access_matrix import CALL, AccessMatrix, page, read_page

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
# Set by `./dev access`.
WRITES = bool(os.environ.get("NOX_WRITE_ACCESS"))
THOROUGH = WRITES or bool(os.environ.get("NOX_THOROUGH"))
QUIET = (
    "odoo.http",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.rpc.controllers.jsonrpc",
)


@tagged("standard", "post_install", "-at_install")
class TestAccessPage(AccessMatrix):
    """docs/access.md says what is so. Every time by what Odoo says beforehand; when
    thorough, and when the page is made, by doing it over HTTP."""

    def setUp(self):
        super().setUp()
        self.sessions = {}

    @mute_logger(*QUIET)
    def test_the_page_says_who_may_do_what(self):
        rows, marks = read_page(PAGE.read_text(encoding="utf-8"))
        self._leave()
        quick = self._rows(self._quick_cell)
        differences = {
            (name, role): letters
            for name, cells in quick.items()
            for role, letters in cells.items()
            # Who was archived has no session to ask in: the next test.
            if role != "archived" and rows.get(name, {}).get(role) != letters
        }
        # What Odoo says beforehand knows nothing of refusals by our own code.
        for name, role in differences:
            user = self.roles[role]
            differences[name, role] = self._cell(self._in_process(user), name, user)
        on_page = {key: rows.get(key[0], {}).get(key[1]) for key in differences}
        self.assertEqual(on_page, differences, "./dev access makes the page anew")
        self.assertEqual(rows.keys(), quick.keys(), "./dev access makes the page anew")
        self.assertEqual(
            list(marks), list(self._methods()), "./dev access makes the page anew"
        )

    @mute_logger(*QUIET)
    def test_visitors_call_nothing(self):
        """Nor does somebody whose log-in was archived, by any way of RPC."""
        gone = self.roles["archived"]
        self._leave()
        for name in ("nox.pbx", "helpdesk.ticket", "res.partner"):
            with self.subTest(model=name):
                with self.assertRaises(JsonRpcException):
                    self._over_http(name, "search_read", [], {})
                for user in (gone.login, "public"):
                    with self.assertRaises(JsonRpcException):
                        self._by_password(gone, name, user)
                answer = self.url_open(
                    f"/json/2/{name}/search_read", data="{}", method="POST"
                )
                self.assertGreaterEqual(answer.status_code, 400)

    def _by_password(self, user, model, password):
        return self.make_jsonrpc_request(
            "/jsonrpc",
            {
                "service": "object",
                "method": "execute_kw",
                "args": [
                    self.env.cr.dbname,
                    user.id,
                    password,
                    model,
                    "search_read",
                    [[]],
                ],
            },
        )


if THOROUGH:

    @tagged("standard", "post_install", "-at_install")
    class TestAccessOverHttp(AccessMatrix):
        """The page, cell by cell."""

        @mute_logger(*QUIET)
        def test_page_over_http(self):
            self.sessions = {}
            for role in ("archived", "moved"):
                self._open_session(role)
            self._leave()
            text = page(self._rows_over_http(), self._marks())
            if WRITES:
                PAGE.write_text(text, encoding="utf-8")
            self.maxDiff = None
            self.assertEqual(PAGE.read_text(encoding="utf-8"), text)
            self.assertTrue(CALL)
