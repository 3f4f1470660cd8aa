import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase

from .common import NoxVoipMixin
from .portal.test_portal_quote import SIGNATURE


class GradeCase(NoxVoipMixin, HttpCase):
    """A quote that asks for a strength of approval, and its customer in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.plan = cls._own_plan(cls.standard)
        cls.pbx = cls._pbx(cls.plan)
        cls.portal = cls._portal_user(
            cls.customer, "nox_portal", email="anna@customer.example"
        )
        cls.mate = cls._portal_user(
            cls.customer, "nox_mate", email="mate@customer.example"
        )
        cls.stranger = cls._portal_user(cls._customer("Other"), "nox_stranger")

    def _rows(self, *rows):
        self.plan.grade_ids = [
            Command.clear(),
            *(
                Command.create({"amount_from": amount, "grade": grade})
                for amount, grade in rows
            ),
        ]

    def _quote(self, grade):
        """A quote of EUR 148.83 including VAT that asks for a grade."""
        self._rows((100, grade))
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        return self._send(ticket)

    def _accept(self, quote, content=None, token=True):
        self.env.flush_all()
        url = quote.get_portal_url(
            suffix="/accept",
            query_string=f"&content={content or quote.service_content_hash}",
        )
        if not token:
            url = url.replace(quote.access_token, "")
        result = self.make_jsonrpc_request(
            url, {"name": "Anna", "signature": SIGNATURE}
        )
        self.env.invalidate_all()
        return result

    def _csrf(self, quote):
        """What the forms of the quote's page send along."""
        self.env.flush_all()
        page = self.url_open(quote.get_portal_url())
        return re.search(r'csrf_token: "([^"]+)"', page.text).group(1)

    def _post(self, quote, path="", csrf=None, follow=True, **data):
        """A form of the quote's page; what it answers is followed.

        :param csrf: of the page as it stands open already
        """
        csrf = csrf or self._csrf(quote)
        answer = self.url_open(
            f"/my/orders/{quote.id}/approval_code{path}",
            data={"csrf_token": csrf, "access_token": quote.access_token, **data},
            allow_redirects=follow,
        )
        self.env.invalidate_all()
        return answer

    def _ask(self, quote, **how):
        """Ask for a code; what was mailed to whom."""
        with self._mails() as sent:
            self._post(quote, **how)
        return sent

    @contextmanager
    def _mails(self):
        """``[(to, text)]`` of the mails that are handed over meanwhile."""
        sent = []

        def send_email(server, message, *args, **kwargs):
            sent.append((message["To"], message.get_body(("plain",)).get_content()))
            return message["Message-Id"]

        server = self.registry["ir.mail_server"]
        with (
            patch.object(server, "_disable_send", lambda *args: False),
            patch.object(server, "_connect__", lambda *args, **kwargs: None),
            patch.object(server, "send_email", send_email),
        ):
            yield sent

    def _code(self, sent):
        return re.search(r"\b(\d{6})\b", sent[-1][1]).group(1)

    def _wrong(self, code):
        return f"{(int(code) + 1) % 10**6:06d}"

    def _approve_with_code(self, quote):
        """As Anna in the portal: ask for a code, type it, sign. She opens the page
        once; where its forms lead is what the tests of the code look at."""
        self.authenticate("nox_portal", "nox_portal")
        once = {"csrf": self._csrf(quote), "follow": False}
        sent = self._ask(quote, **once)
        self._post(quote, "/check", code=self._code(sent), **once)
        return self._accept(quote)
