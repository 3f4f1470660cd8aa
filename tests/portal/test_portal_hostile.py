import json

from odoo.tests import TransactionCase, tagged

from odoo.addons.nox_voip_service.controllers.base import values

from ..common_portal import PortalPages
from ..hostile import NASTY, PARAMETERS, some


@tagged("standard", "post_install", "-at_install")
class TestPortalHostile(PortalPages):
    """Whatever a browser sends: a page that is no 500."""

    def setUp(self):
        super().setUp()
        self._login("owner")
        # The list leaves in the session what was shown; pages of a request read it.
        self._get("/my/tickets")

    def test_parameters_of_pages(self):
        self.assertParameters(PARAMETERS)

    def test_dates_of_the_list_come_in_pairs(self):
        for value in NASTY:
            with self.subTest(value=value[:20]):
                self.assertAnswers(
                    self._get, "/my/tickets", date_begin=value, date_end="2026-01-01"
                )

    def test_repeated_parameters(self):
        for url, names in PARAMETERS.items():
            with self.subTest(url=url):
                query = "&".join(f"{name}=1&{name}=abc&{name}[]=2" for name in names)
                self.assertAnswers(self._get, f"{url}?{query}")

    def test_pages_that_are_none(self):
        for url in (
            "/my/telephony/page/0",
            "/my/telephony/page/-1",
            "/my/telephony/page/99999999999999999999",
            "/my/telephony/{pbx}/users/page/99999999999999999999",
            "/my/telephony/{pbx}/users/page/abc",
            "/my/trainings/page/99999999999999999999",
            "/my/tickets/page/99999999999999999999",
            "/my/ticket/{ticket}/answer",
            "/my/telephony/request/preview",
        ):
            with self.subTest(url=url):
                self.assertAnswers(self._get, url)

    def test_forms_with_endless_texts(self):
        for name in ("subject", "description", "reference", "pbx", "kind", "action"):
            for length in (200_000, 3_000_000):
                with self.subTest(name=name, length=length):
                    self.assertAnswers(
                        self._post,
                        "/my/telephony/request",
                        self._request_form(**{name: "x" * length}),
                    )
        for name in ("subject", "description", "category", "team"):
            with self.subTest(base=name):
                form = {"subject": "x", "description": "y", name: "x" * 3_000_000}
                self.assertAnswers(self._post, "/submitted/ticket", form)
        for name in ("pbx", "kind", "location", "replaces_user", "access_token"):
            with self.subTest(answer=name):
                form = {name: "x" * 3_000_000}
                self.assertAnswers(self._post, "/my/ticket/{ticket}/answer", form)

    def test_forms_with_nasty_values(self):
        """A value of each kind in each field, another one for the next field; with
        ``--thorough`` each value in each."""
        form = self._request_form()
        names = (*form, "reference", "action", "location", "attachment")
        for number, name in enumerate(names):
            for value in some(number):
                with self.subTest(name=name, value=value[:20]):
                    self.assertAnswers(
                        self._post, "/my/telephony/request", {**form, name: value}
                    )
        for url in ("/submitted/ticket", "/ticket/close"):
            for value in NASTY:
                values = dict.fromkeys(
                    (
                        "subject",
                        "description",
                        "category",
                        "team",
                        "ticket_id",
                        "stage_id",
                    ),
                    value,
                )
                with self.subTest(url=url, value=value[:20]):
                    self.assertAnswers(self._post, url, values)

    def test_a_file_where_a_text_belongs(self):
        for name in ("subject", "description", "pbx", "kind"):
            with self.subTest(name=name):
                form = self._request_form()
                form.pop(name)
                self.assertAnswers(
                    self._post,
                    "/my/telephony/request",
                    form,
                    files={name: ("a.txt", b"x")},
                )

    def test_form_without_token_is_refused(self):
        for url in ("/my/telephony/request", "/my/ticket/{ticket}/answer"):
            response = self.url_open(self._url(url), data=self._request_form())
            self.assertEqual(response.status_code, 400)
        self.assertFalse(self._requests())

    def test_preview_that_is_no_json(self):
        for body in ("", "{", "[]", json.dumps({"params": []})):
            with self.subTest(body=body):
                response = self.url_open(
                    "/my/telephony/request/preview",
                    data=body.encode(),
                    headers={"Content-Type": "application/json"},
                )
                self.assertLess(response.status_code, 500)


@tagged("standard", "post_install", "-at_install")
class TestIdsOfABrowser(TransactionCase):
    """An id out of an address or a form."""

    def test_what_is_no_id_is_nobody_s(self):
        largest = 2**31 - 1  # that a column of PostgreSQL holds
        for value, found in (
            ("12", 12),
            (12, 12),
            (str(largest), largest),
            (str(largest + 1), 0),
            ("9" * 20, 0),
            ("-1", 0),
            ("1.5", 0),
            (1.5, 0),
            ("²", 0),
            ("", 0),
            (True, 0),
            (None, 0),
            ([1], 0),
        ):
            with self.subTest(value=value):
                self.assertEqual(values.number(value), found)
