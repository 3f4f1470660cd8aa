"""The four rules of ``./dev lint`` on security: each finds its mistake, and not what
looks like it."""

import doctest
from textwrap import dedent

import pytest

from audit import command, guards


def found(code):
    return [rule for rule, _function, _line in guards.mistakes(dedent(code))]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (
            "sudo",
            """
            @http.route("/x")
            def page(self, number, **kw):
                return request.env["x"].sudo().browse(number)
            """,
        ),
        (
            "sudo",
            """
            @http.route("/x")
            def page(self, **kw):
                wanted = kw["id"]
                request.env["x"].sudo().search([("id", "=", wanted)])
            """,
        ),
        ("markup", "Markup(f'<b>{name}</b>')"),
        ("markup", "Markup('<b>%s</b>' % name)"),
        ("markup", "Markup('<b>{}</b>'.format(name))"),
        ("markup", "Markup('<b>' + name)"),
        (
            "bills",
            """
            def action_bill(self):
                return self.order_ids._create_invoices()
            """,
        ),
        (
            "domain",
            """
            def find(self, domain):
                return self.search(domain)
            """,
        ),
        (
            "domain",
            """
            @http.route("/x")
            def page(self, domain):
                return request.env["x"].search_read(domain, ["name"])
            """,
        ),
    ],
)
def test_a_mistake_is_found(rule, code):
    assert found(code) == [rule]


@pytest.mark.parametrize(
    "code",
    [
        "Markup('<b>%s</b>') % name",
        """
        @http.route("/x")
        def page(self, number):
            return request.env["x"].browse(number)
        """,
        """
        @http.route("/x")
        def page(self, number):
            return request.env["x"].sudo().search([])
        """,
        """
        def _bill(self):
            return self._create_invoices()
        """,
        """
        def action_bill(self):
            if self.env.user.has_group("x"):
                return self._create_invoices()
        """,
        """
        def action_post(self):
            return super().action_post()
        """,
        """
        def _find(self, domain):
            return self.search(domain)
        """,
        """
        def find(self, name):
            return self.search([("name", "=", name)])
        """,
    ],
)
def test_what_is_right_is_left_alone(code):
    assert found(code) == []


def test_every_reason_has_its_mistake(tmp_path):
    (tmp_path / "a.py").write_text("def f(x):\n    return Markup(f'{x}')\n")
    key = ("markup", "a.py", "f")
    [line] = guards.problems(folder=tmp_path, known={})
    assert line.endswith("a.py:2: markup, in f()")
    assert not list(guards.problems(folder=tmp_path, known={key: "because"}))
    gone = ("markup", "b.py", "f")
    [line] = guards.problems(folder=tmp_path, known={key: "x", gone: "x"})
    assert "not found any more" in line


def test_our_own_code_is_clean():
    assert not list(guards.problems())


@pytest.mark.parametrize("module", [guards, command])
def test_examples(module):
    assert not doctest.testmod(module).failed
