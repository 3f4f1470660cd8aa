from odoo import Command, fields
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from .common import NoxVoipMixin
from .hostile import BESIDE, NUL, THOROUGH, some

# Who visits a page.
ROLES = ("owner", "mate", "stranger", "technician", "employee", "nobody")


class PortalPages(NoxVoipMixin, HttpCase):
    """Two customers, each with a PBX, and everybody who may ask for a page of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.contract_plan, name="Head office")
        cls.other_customer = cls._customer("Other")
        cls.other_pbx = cls._pbx(cls.standard, customer=cls.other_customer)
        for login, customer in (
            ("nox_owner", cls.customer),
            ("nox_mate", cls.customer),
            ("nox_stranger", cls.other_customer),
        ):
            cls._portal_user(customer, login, email=f"{login}@customer.example")
        new_test_user(
            cls.env,
            login="nox_employee",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.owner = cls.env["res.users"].search([("login", "=", "nox_owner")])
        (cls.owner | cls._by_login("nox_mate") | cls._by_login("nox_stranger")).write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.ticket = cls._ticket(cls.pbx, "add_user", name="Somebody for the workshop")
        cls.training = cls._certified(cls.pbx, "Jan Jansen")
        cls._seats(cls.pbx, 25, fields.Date.subtract(cls.day, months=2))

    @classmethod
    def _by_login(cls, login):
        return cls.env["res.users"].search([("login", "=", login)])

    def _login(self, role):
        if role == "nobody":
            self.authenticate(None, None)
        else:
            self.authenticate(f"nox_{role}", f"nox_{role}")

    def _url(self, url):
        return url.format(
            pbx=self.pbx.id, ticket=self.ticket.id, training=self.training.id
        )

    def _get(self, url, **params):
        return self.url_open(self._url(url), params=params, allow_redirects=False)

    def _post(self, url, data=None, files=None):
        data = {"csrf_token": Request.csrf_token(self), **(data or {})}
        response = self.url_open(
            self._url(url), data=data, files=files, allow_redirects=False
        )
        self.env.invalidate_all()
        return response

    def _request_form(self, **values):
        return {
            "pbx": self.pbx.id,
            "kind": self._category("menu").id,
            "subject": "Another menu",
            "description": "Press 3 for the workshop",
            **values,
        }

    def _requests(self):
        return self.env["helpdesk.ticket"].search(
            [
                ("commercial_partner_id", "=", self.customer.id),
                ("id", "!=", self.ticket.id),
            ]
        )

    def assertPages(self, pages):
        """Each role gets of each page the answer that its row says."""
        for number, role in enumerate(ROLES, start=1):
            self._login(role)
            for row in pages:
                with self.subTest(page=row[0], role=role):
                    self.assertEqual(self._get(row[0]).status_code, row[number])

    def assertAnswers(self, send, *args, **values):
        """Whatever is sent: a page that is no 500."""
        response = send(*args, **values)
        self.assertLess(response.status_code, 500, response.text[-2000:])
        return response

    def assertParameters(self, parameters):
        """Whatever stands in the parameters of a page, it answers: each value in each
        of them, beside others where they lead to that page and alone where not; and a
        value of each kind alone. With ``--thorough`` each is alone as well."""
        for number, (url, names) in enumerate(parameters.items()):
            for turn in range(len(BESIDE)):
                turned = BESIDE[turn:] + BESIDE[:turn]
                values = dict(zip(names, turned, strict=False))
                if not self._leads_to(url, values):
                    self._alone(url, values)
            for name in names:
                self._alone(url, {name: NUL})
            for turn, value in enumerate(some(number)):
                for name in names if THOROUGH else [names[turn % len(names)]]:
                    self._alone(url, {name: value})

    def _alone(self, url, values):
        for name, value in values.items():
            self._leads_to(url, {name: value})

    def _leads_to(self, url, values):
        """Whether a page is shown for these parameters."""
        with self.subTest(url=url, **{name: values[name][:20] for name in values}):
            return self.assertAnswers(self._get, url, **values).status_code == 200
