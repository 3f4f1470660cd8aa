"""Who may do what, asked as a client asks it; and the page that says so."""

import inspect

from odoo import Command
from odoo.http import root
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, new_test_user

from ..common import MODULE
from ..common_notice import letter_of_terms
from .test_guarded import CRUD, GuardedCase

CALL = "/web/dataset/call_kw"
# Column of the page: groups of a user of ours; None for customers.
ROLES = {
    "customer": None,
    "other customer": None,
    "archived": None,
    "moved": None,
    "employee": "base.group_user",
    "seller": "sales_team.group_sale_salesman",
    "technician": f"{MODULE}.group_technician",
    "coordinator": f"{MODULE}.group_coordinator",
    "accountant": f"{MODULE}.group_accountant",
    "manager": f"{MODULE}.group_manager",
    "elsewhere": f"{MODULE}.group_manager",
    "branch": f"{MODULE}.group_manager",
}
# Everybody may take a list of what he reads out of Odoo, or it would show nothing.
EXPORT = "base.group_allow_export"
OPERATIONS = {
    "r": ("search_read", True),
    "w": ("write", True),
    "c": ("create", False),
    "d": ("unlink", True),
    "x": ("export_data", True),
}
# What each model of Odoo answers, extended by us: no button.
OF_ALL = ("copy_data", "message_parse", "message_process", "onchange")
# Without these Odoo's own code breaks before it asks for a right.
NEEDED = {"privacy.log": {"anonymized_name": "x", "anonymized_email": "x"}}
REFUSALS = ("AccessError", "AccessDenied", "SessionExpiredException")
HEAD = """# Who may do what

Made by `./dev access`; `tests/base/test_access_page.py` fails when this page and what
Odoo answers differ. Do not edit it.

Asked of Odoo over RPC, with a record of one customer of the first company (for what
belongs to no customer, such as a plan: a record of that company):

- *customer*: a portal user of that customer; *other customer*: one of another;
  *archived*: one whose log-in was archived; *moved*: one who works for another
  customer now. The last two were logged in when that happened.
- *employee*: an internal user without a role; *seller*: Odoo's salesperson, own
  documents; then the roles of this addon.
- *elsewhere*: a manager of another company; *branch*: a manager of a branch of the
  first company.
- Beside the addon itself, its glue to Odoo's own look-up of a person; what its other
  glue adds stands in [the page of the neighbours](access-neighbours.md).
- Visitors who did not log in call nothing: each way of RPC refuses them.

`r` read, `w` write, `c` create, `d` delete, `x` export (with Odoo's right to export). A
letter says that no right stands in the way; a rule of the addon may refuse the record
or the field all the same, with a sentence. `(r)`: the model may be read, this record
is not found.
"""


class AccessMatrix(GuardedCase, HttpCase):
    """The roles of the page, and what each may do."""

    # Odoo's own look-up of a person is always there, and our glue to it with it.
    addons = (MODULE, f"{MODULE}_privacy")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        own = cls.stranger.partner_id.commercial_partner_id
        cls.roles = {}
        for role, groups in ROLES.items():
            login = f"nox_role_{role.replace(' ', '_')}"
            company = {"elsewhere": elsewhere, "branch": branch}.get(role, cls.company)
            if groups:
                user = new_test_user(
                    cls.env,
                    login=login,
                    groups=f"{groups},{EXPORT}",
                    company_id=company.id,
                    company_ids=[Command.set(company.ids)],
                )
            else:
                customer = own if role == "other customer" else cls.secret
                user = cls._portal_user(customer, login)
                user.write(
                    {
                        "company_ids": [Command.set(cls.company.ids)],
                        "company_id": cls.company.id,
                    }
                )
            cls.roles[role] = user
        cls._make_more_records()
        cls.shared = {
            name: cls._some_record(name)
            for name in cls._models()
            if not cls.records.get(name)
        }
        # Of no record anybody may write all.
        lacking = [
            name
            for name, record in cls.shared.items()
            if not record
            and cls.env[name]._auto
            and not cls.env[name]._abstract
            and not cls.env[name]._transient
        ]
        assert not lacking, lacking
        cls.env.flush_all()

    @classmethod
    def _make_more_records(cls):
        """A record of each model that the customer's life so far has none of."""
        company, pbx = cls.company, cls.secret_pbx
        person = cls.roles["customer"].partner_id
        letter = letter_of_terms(pbx)
        pbx.approver_ids = person
        own_plan = cls._own_plan(cls.standard)
        draft = {"draft_id": None, "company_id": company.id}
        values = {
            "account.payment": {"partner_id": cls.secret.id, "amount": 1},
            "calendar.event": {"name": "x", "start": cls.day, "stop": cls.day},
            "helpdesk.ticket.team": {"name": "x", "company_id": company.id},
            "nox.approval.grade": {"plan_id": own_plan.id, "grade": "code"},
            "nox.approver": {"pbx_id": pbx.id, "partner_id": person.id},
            "nox.coverage.draft": {"name": "x", "plan_id": own_plan.id},
            "nox.invoice.preview": {
                "company_id": company.id,
                "commercial_partner_id": cls.secret.id,
                "month": cls.day.replace(day=1),
            },
            "nox.plan.advice": {"pbx_id": pbx.id},
            "nox.seat.layout": {"pbx_id": pbx.id},
            "nox.standing.approval": {
                "pbx_id": pbx.id,
                "job_blocks": 1,
                "agreement": "Mail",
            },
            "nox.verdict.check": {"checked_on": cls.day, "company_id": company.id},
            "privacy.log": {
                **NEEDED["privacy.log"],
                "service_company_id": company.id,
                "service_customer_id": cls.secret.id,
            },
        }
        for name, vals in values.items():
            cls.records[name] = cls.env[name].sudo().create(vals)
        cls.records["nox.seal"] = cls.env["nox.seal"]._make_own(company)
        cls.records["nox.notice"] = letter
        cls.records["nox.notice.line"] = letter.line_ids
        draft["draft_id"] = cls.records["nox.coverage.draft"].id
        later = {
            "nox.coverage.draft.change": {
                **draft,
                "ticket_id": cls.records["helpdesk.ticket"][:1].id,
            },
            "nox.coverage.draft.customer": {**draft, "partner_id": cls.secret.id},
            "nox.plan.advice.line": {
                "advice_id": cls.records["nox.plan.advice"].id,
                "plan_id": cls.standard.id,
            },
            "nox.approval.code": {
                "order_id": cls.records["sale.order"][:1].id,
                "user_id": cls.roles["customer"].id,
                "content_hash": "x",
                "code_hash": "x",
                "sent_at": f"{cls.day} 09:00:00",
            },
            "nox.standing.use": {
                "standing_id": cls.records["nox.standing.approval"].id,
                "order_id": cls.records["sale.order"][:1].id,
                "used_on": cls.day,
            },
        }
        for name, vals in later.items():
            cls.records[name] = cls.env[name].sudo().create(vals)
        cls.records["nox.coverage.draft.rule"] = (
            cls.env["nox.coverage.draft"].browse(draft["draft_id"]).rule_ids
        )
        cls.records = {name: each.sudo(False) for name, each in cls.records.items()}

    @classmethod
    def _some_record(cls, name):
        """Of what belongs to no customer: a record of the company, or a shared one."""
        model = cls.env[name].sudo()
        if model._abstract or model._transient:
            return model
        if name == "res.company":
            return cls.company
        domain = []
        if "company_id" in model._fields and model._fields["company_id"].store:
            domain = [("company_id", "in", [False, cls.company.id])]
        return model.search(domain, limit=1, order="id")

    def _record(self, name):
        found = self.records.get(name, self.env[name])[:1]
        return found or self.shared.get(name, self.env[name])

    def _leave(self):
        """Two of the customer's people stop being so."""
        self.roles["archived"].active = False
        own = self.stranger.partner_id.commercial_partner_id
        self.roles["moved"].partner_id.parent_id = own
        self.env.flush_all()

    # ------------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------------

    def _over_http(self, model, method, args, kwargs):
        return self.make_jsonrpc_request(
            f"{CALL}/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _in_process(self, user):
        def call(model, method, args, kwargs):
            return call_kw(self.env[model].with_user(user), method, args, kwargs)

        return call

    def _tried(self, call, *arguments):
        """``(answer, name of the error)`` of a call that leaves nothing behind."""
        savepoint = self.env.cr.savepoint()
        try:
            return call(*arguments), None
        except JsonRpcException as refusal:
            return None, str(refusal).rpartition(".")[2]
        except Exception as refusal:  # noqa: BLE001 its kind is what is looked at
            return None, type(refusal).__name__
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _context(self, user):
        return {"context": {"allowed_company_ids": user.company_ids.ids}}

    def _cell(self, call, name, user):
        """Letters of what this user may do with the model."""
        record = self._record(name)
        model = self.env[name]
        letters = ""
        for letter, (method, on_record) in OPERATIONS.items():
            if on_record and (model._transient or not model._auto and letter in "wd"):
                continue
            ids = record.ids
            args = {
                "r": [[("id", "in", ids)], ["id"]],
                "w": [ids, {}],
                "c": [[NEEDED.get(name, {})]],
                "d": [ids],
                "x": [ids, ["display_name"]],
            }[letter]
            answer, error = self._tried(call, name, method, args, self._context(user))
            if error in REFUSALS or (letter == "x" and error):
                continue
            letters += f"({letter})" if letter == "r" and not answer else letter
        return letters

    def _quick_cell(self, name, user):
        """The same letters without doing it: what Odoo says beforehand."""
        model = self.env[name].with_user(user)
        model = model.with_context(**self._context(user)["context"])
        record = model.browse(self._record(name).ids)
        found = not model._transient and record.has_access("read")
        asked = {
            "r": not model._transient and model.has_access("read"),
            "w": not model._transient and model._auto and record.has_access("write"),
            "c": model.has_access("create"),
            "d": not model._transient and model._auto and record.has_access("unlink"),
            "x": found and user.has_group(EXPORT),
        }
        letters = "".join(letter for letter, may in asked.items() if may)
        return letters if found else letters.replace("r", "(r)")

    def _methods(self):
        """``(model, method)`` of every button and public method of ours, but for
        those of the table above it."""
        for name, classes in sorted(self._models().items()):
            if not self.env[name]._abstract:
                for method, _function in self._public_methods(name, classes):
                    if method not in CRUD and method not in OF_ALL:
                        yield name, method

    def _may_call(self, name, method, user):
        function = getattr(self.env.registry[name], method)
        args = [
            {}
            for each in list(inspect.signature(function).parameters.values())[1:]
            if each.default is each.empty
            and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        ]
        if not getattr(function, "_api_model", False):
            args = [self._record(name).ids or [1], *args]
        _answer, error = self._tried(
            self._in_process(user), name, method, args, self._context(user)
        )
        return error not in REFUSALS

    # ------------------------------------------------------------------
    # THE PAGE
    # ------------------------------------------------------------------

    def _names(self):
        """Models of the first table."""
        return [name for name in sorted(self._models()) if not self.env[name]._abstract]

    def _rows(self, cell):
        """``{model: {role: letters}}`` by a way of asking."""
        return {
            name: {role: cell(name, user) for role, user in self.roles.items()}
            for name in self._names()
        }

    def _rows_over_http(self):
        """Each call as a browser makes it, in the session that was open before two
        people stopped being the customer's."""
        rows = {name: {} for name in self._names()}
        for role, user in self.roles.items():
            self._open_session(role)
            for name in rows:
                rows[name][role] = self._cell(self._over_http, name, user)
        return rows

    def _open_session(self, role):
        """A session that stays open while others log in."""
        if role not in self.sessions:
            login = self.roles[role].login
            self.session = None  # or the next log-in would end it
            self.sessions[role] = self.authenticate(login, login)
            self.addCleanup(root.session_store.delete, self.sessions[role])
        self.opener.cookies.clear()
        self.opener.cookies["session_id"] = self.sessions[role].sid

    def _marks(self):
        """``{(model, method): {role: may it}}``."""
        return {
            (name, method): {
                # By the table above: somebody archived calls nothing.
                role: role != "archived" and self._may_call(name, method, user)
                for role, user in self.roles.items()
            }
            for name, method in self._methods()
        }


def page(rows, marks, head=HEAD):
    """The text of docs/access.md, or of a page like it."""
    line = "| {} | " + " | ".join(["{}"] * len(ROLES)) + " |"
    heading = line.format("{}", *ROLES)
    ruler = "|---|" + "---|" * len(ROLES)
    text = [head, heading.format("model"), ruler]
    text += [
        line.format(f"`{name}`", *(cells[role] or "–" for role in ROLES))
        for name, cells in rows.items()
    ]
    text += [
        "",
        "## Buttons and methods",
        "",
        "Every public method that is of our making, called with a record of that"
        " customer: `•` no right stood in the way.",
        "",
        heading.format("method"),
        ruler,
    ]
    text += [
        line.format(f"`{name}` `{method}`", *("•" if may[r] else "–" for r in ROLES))
        for (name, method), may in marks.items()
    ]
    return "\n".join(text) + "\n"


def read_page(text):
    """``({model: {role: letters}}, {(model, method): {role: may it}})`` of the page."""
    rows, marks = {}, {}
    for line in text.splitlines():
        if not line.startswith("| `"):
            continue
        head, *cells = (each.strip() for each in line.strip("|").split(" | "))
        names = tuple(each.strip("`") for each in head.split())
        if len(names) == 1:
            values = ("" if each == "–" else each for each in cells)
            rows[names[0]] = dict(zip(ROLES, values, strict=True))
        else:
            marks[names] = dict(zip(ROLES, (c == "•" for c in cells), strict=True))
    return rows, marks
