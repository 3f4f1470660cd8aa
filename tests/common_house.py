from odoo import Command

MODULE = "nox_voip_service"
# The people of every class, each log-in with its role.
STAFF = {
    "nox_technician": "technician",
    "nox_colleague": "technician",
    "nox_coordinator": "coordinator",
    "nox_accountant": "accountant",
    "nox_manager": "manager",
}


class HouseMixin:
    """The company, its plans and its people."""

    @classmethod
    def _settle(cls):
        """The company, its plans and its people: tests/conftest.py does this once in
        each copy of the database, and then a class finds them."""
        cls.company = cls._dutch_company()
        if cls.env.user.company_id != cls.company:
            cls.env.user.write(
                {
                    "company_ids": [Command.link(cls.company.id)],
                    "company_id": cls.company.id,
                }
            )
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                allowed_company_ids=cls.company.ids,
                tracking_disable=False,
                no_reset_password=True,
                mail_create_nosubscribe=True,
            )
        )
        cls.company = cls.company.with_env(cls.env)
        cls._set(cls.company.partner_id, tz="Europe/Amsterdam")
        cls.standard = cls._plan("standard")
        cls.contract_plan = cls._plan("contract")
        cls.self_managed = cls._plan("self_managed")
        cls.technician, cls.colleague, cls.coordinator, cls.accountant, cls.manager = (
            cls._users(**STAFF)
        )

    @classmethod
    def _dutch_company(cls):
        company = cls.env.company
        if company.chart_template != "nl":
            company = cls.env["res.company"].search(
                [("chart_template", "=", "nl")], limit=1
            )
        if not company:
            company = cls.env["res.company"].create(
                {"name": "Nox Test", "country_id": cls.env.ref("base.nl").id}
            )
            cls.env["account.chart.template"].try_loading("nl", company=company)
        return company

    @classmethod
    def _plan(cls, code):
        """A shipped plan as the terms have it, whatever the database made of it."""
        plan = cls.env.ref(f"{MODULE}.service_plan_{code}")
        users = cls.env.ref(f"{MODULE}.product_seat")
        cls._set(plan, time_product_id=cls.env.ref(f"{MODULE}.product_time"))
        cls._set(plan, seat_product_id=users if code == "contract" else users[:0])
        return plan

    @classmethod
    def _set(cls, record, **values):
        """Write what is not so yet: a write costs each class its caches."""
        for name, value in values.items():
            if record[name] != value:
                record[name] = value

    @classmethod
    def _own_plan(cls, plan, **values):
        """A copy of a plan, for a test in which it counts another way: a plan under
        which somebody worked keeps its figures."""
        return plan.copy({"code": f"test_{plan.code}_{len(plan.search([]))}", **values})

    @classmethod
    def _users(cls, **roles):
        """People of ours, each with an employee in the company of the class. Who is
        there already stays who he is.

        :param roles: the role of each log-in
        """
        Users = cls.env["res.users"]
        users = {user.login: user for user in Users.search([("login", "in", [*roles])])}
        home = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        elsewhere = Users.union(*users.values()).filtered(
            lambda user: user.company_id != cls.company
        )
        elsewhere.write(home)
        logins = [login for login in roles if login not in users]
        made = Users.create(
            [
                {
                    **home,
                    "name": login.removeprefix("nox_").title(),
                    "login": login,
                    "password": login,
                    "email": "n.n@example.com",
                    "group_ids": [
                        Command.set(cls.env.ref(f"{MODULE}.group_{roles[login]}").ids)
                    ],
                    "lang": "en_US",
                    "tz": "Europe/Amsterdam",
                }
                for login in logins
            ]
        )
        cls.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
                for user in elsewhere | made
            ]
        )
        users.update(zip(logins, made, strict=True))
        return Users.union(*(users[login] for login in roles))

    @classmethod
    def _user(cls, role, login):
        return cls._users(**{login: role})
