from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import NoxVoipCommon
from ..common_notice import letter_of_terms

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
ROLES = (
    "technician",
    "coordinator",
    "manager",
    "accountant",
    "employee",
    "customer",
    "stranger",
    "visitor",
    "elsewhere",
)
# What each role may do with a record of the first company's first customer, in the
# order of ROLES. "elsewhere" is a service manager and accountant of another company.
TABLE = {
    "plan": ("r", "r", "rwcd", "r", "r", "r", "r", "", "rwcd"),
    "rule": ("r", "r", "rwcd", "r", "r", "r", "r", "", "rwcd"),
    "edition": ("r", "r", "r", "r", "", "", "", "", "r"),
    "evidence": ("", "", "", "r", "", "", "", "", ""),
    "own_plan": ("r", "r", "rwcd", "r", "r", "r", "r", "", "c"),
    "own_rule": ("r", "r", "rwcd", "r", "r", "r", "r", "", "c"),
    "pbx": ("r", "rwc", "rwcd", "r", "", "r", "", "", "c"),
    "period": ("r", "rwcd", "rwcd", "r", "", "r", "", "", "c"),
    "override": ("r", "rc", "rc", "r", "", "", "", "", "c"),
    "waiver": ("r", "rc", "rc", "r", "", "", "", "", "c"),
    "stray": ("r", "r", "r", "", "", "", "", "", ""),
    "ticket": ("rwc", "rwc", "rwcd", "rwc", "", "r", "", "", "c"),
    "time": ("rwcd", "rwcd", "rwcd", "rc", "", "", "", "", "c"),
    "colleague": ("rc", "rwcd", "rwcd", "rc", "", "", "", "", "c"),
    "quote": ("", "rwc", "rwc", "rw", "", "r", "", "", "c"),
    "stage": ("r", "r", "rwcd", "r", "r", "r", "r", "r", "rwcd"),
    "contract": ("", "rwc", "rwc", "r", "", "r", "", "", "c"),
    "contract_line": ("", "rwc", "rwc", "r", "", "r", "", "", "c"),
    "grade": ("r", "r", "rwcd", "r", "r", "", "", "", "rwcd"),
    "approver": ("r", "rwcd", "rwcd", "r", "", "r", "", "", "c"),
    "standing": ("r", "rwcd", "rwcd", "r", "", "r", "", "", "c"),
    "seal": ("", "", "", "", "", "", "", "", ""),
    "letter": ("", "rw", "rwcd", "r", "", "r", "", "", "c"),
    "change": ("", "rw", "rwcd", "r", "", "r", "", "", "c"),
    "modification": ("", "rwc", "rwc", "rwcd", "", "r", "", "", "c"),
}
WIZARDS = (
    "nox.quote.proof",
    "nox.pbx.change.plan",
    "nox.coverage.review",
    "nox.coverage.review.line",
    "nox.ticket.drop",
    "nox.ticket.split",
)


class AccessCase(NoxVoipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        other = cls._customer("Other")
        cls._pbx(cls.standard, customer=other)
        cls.elsewhere_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.users = {
            "technician": cls.technician,
            "coordinator": cls.coordinator,
            "manager": cls.manager,
            "accountant": cls.accountant,
            "employee": cls._internal_user("base.group_user", cls.company),
            "customer": cls._portal_user(cls.customer, "nox_portal"),
            "stranger": cls._portal_user(other, "nox_stranger"),
            "visitor": cls.env.ref("base.public_user"),
            "elsewhere": cls._internal_user(
                f"{cls.test_module}.group_manager,{cls.test_module}.group_accountant",
                cls.elsewhere_company,
            ),
        }
        cls.ticket = cls._ticket(cls.pbx)
        cls.work = cls._log(cls.ticket, 30)

    @classmethod
    def _internal_user(cls, groups, company):
        return new_test_user(
            cls.env,
            login=f"nox_{company.id}_{groups[:12]}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )


@tagged("standard", "post_install", "-at_install")
class TestAccessTable(AccessCase):
    """Who may read, write, create and delete what: model by role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quoted = cls._ticket(cls.pbx, estimated_minutes=90)
        cls._send(quoted)
        own_plan = cls.standard.copy({"company_id": cls.company.id})
        contract = cls.env["contract.contract"].create(
            {
                "name": "Contract",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "contract_type": "sale",
                "contract_line_ids": [
                    Command.create(
                        {
                            "name": "Line",
                            "product_id": cls.block_product.id,
                            "quantity": 1,
                            "recurring_next_date": cls.day,
                            "date_start": cls.day,
                        }
                    )
                ],
                "modification_ids": [
                    Command.create({"description": "More users", "date": cls.day})
                ],
            }
        )
        contract.message_subscribe(cls.users["customer"].partner_id.ids)
        letter = letter_of_terms(cls.pbx)
        approver = cls.users["customer"].partner_id
        cls.pbx.approver_ids = approver
        grade = cls.env["nox.approval.grade"].create(
            {"plan_id": cls._own_plan(cls.standard).id, "grade": "code"}
        )
        cls.records = {
            "plan": cls.standard,
            "rule": cls.standard.rule_ids[:1],
            "edition": cls.ticket.coverage_edition_id,
            "evidence": cls.env["nox.invoice.evidence"]._keep_failure(
                cls._invoice(cls._log(cls._ticket(cls.pbx), 5).ticket_id), "no figures"
            ),
            "own_plan": own_plan,
            "own_rule": own_plan.rule_ids[:1],
            "pbx": cls.pbx,
            "period": cls.pbx.period_ids,
            "override": cls.env["nox.coverage.override"].create(
                {
                    "ticket_id": quoted.id,
                    "coverage": "billable",
                    "reason": "Agreed by phone",
                }
            ),
            "waiver": cls.env["nox.block.waiver"].create(
                {"ticket_id": cls.ticket.id, "blocks": 1, "reason": "Our mistake"}
            ),
            "stray": cls.env["nox.stray.mail"].create(
                {"name": "Away", "company_id": cls.company.id}
            ),
            "ticket": cls.ticket,
            "time": cls.work,
            "colleague": cls._log(cls.ticket, 10, user=cls.colleague),
            "quote": quoted.quote_id,
            "stage": cls.stage_work,
            "contract": contract,
            "contract_line": contract.contract_line_ids,
            "modification": contract.modification_ids[:1],
            "grade": grade,
            "approver": cls.env["nox.approver"].create(
                {"pbx_id": cls.pbx.id, "partner_id": approver.id}
            ),
            "standing": cls.env["nox.standing.approval"].create(
                {"pbx_id": cls.pbx.id, "job_blocks": 1, "agreement": "Mail"}
            ),
            "seal": cls.env["nox.seal"]._make_own(cls.company),
            "letter": letter,
            "change": letter.line_ids,
        }

    def _as(self, record, user):
        return record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _allowed(self, record, user):
        record = self._as(record, user)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if (record.browse() if letter == "c" else record).has_access(operation)
        )

    def test_table(self):
        self.assertEqual(TABLE.keys(), self.records.keys())
        self.assertEqual(set(ROLES), self.users.keys())
        for name, expected in TABLE.items():
            record = self.records[name]
            self.assertTrue(record)
            for role, letters in zip(ROLES, expected, strict=True):
                with self.subTest(record=name, role=role):
                    self.assertEqual(self._allowed(record, self.users[role]), letters)

    def test_searching_finds_what_may_be_read(self):
        for name, expected in TABLE.items():
            record = self.records[name]
            for role, letters in zip(ROLES, expected, strict=True):
                user = self.users[role]
                model = self._as(record.browse(), user)
                if "r" in letters:
                    self.assertIn(record, model.search([("id", "=", record.id)]))
                elif model.has_access("read"):
                    self.assertFalse(model.search([("id", "=", record.id)]))

    def test_dialogs_are_the_coordinators(self):
        for model in WIZARDS:
            for role in ROLES:
                with self.subTest(model=model, role=role):
                    allowed = self.env[model].with_user(self.users[role])
                    self.assertEqual(
                        allowed.has_access("create"),
                        role in ("coordinator", "manager", "elsewhere"),
                    )


@tagged("standard", "post_install", "-at_install")
class TestButtons(AccessCase):
    """A button that is not yours refuses with a sentence, also over RPC; what bills or
    approves has no public name."""

    def _refused(self, role, model, method, records, *args):
        with self.assertRaises(UserError) as refusal:
            self._rpc(self.users[role], model, method, records.ids, *args)
        self.assertTrue(str(refusal.exception))
        return refusal

    def test_buttons_of_coordinators(self):
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        self._send(ticket)
        for method in (
            "action_override_coverage",
            "action_create_quote",
            "action_split",
            "action_drop",
            "action_waive",
            "action_withdraw_quote",
            "action_approved_otherwise",
        ):
            for role in ("technician", "accountant", "customer", "stranger", "visitor"):
                with self.subTest(method=method, role=role):
                    refusal = self._refused(role, "helpdesk.ticket", method, ticket)
                    if role == "technician":
                        self.assertSentence(refusal)
        for method in ("action_change_plan", "action_review_coverage"):
            with self.subTest(method=method):
                self._refused("technician", "nox.pbx", method, self.pbx)
        self.assertEqual(ticket.quote_state, "sent")

    def test_invoicing_is_the_accountants(self):
        self._finish(self.ticket)
        for role in ROLES:
            if role not in ("accountant", "elsewhere"):
                with self.subTest(role=role):
                    self._refused(
                        role,
                        "helpdesk.ticket",
                        "action_invoice_service_work",
                        self.ticket,
                    )
        self._refused(
            "elsewhere", "helpdesk.ticket", "action_invoice_service_work", self.ticket
        )
        self.assertEqual(self.ticket.invoice_status, "to_invoice")

    def test_customer_and_stranger_send_no_quote(self):
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        for role in ("customer", "stranger", "visitor", "employee", "elsewhere"):
            with self.subTest(role=role):
                self._refused(role, "helpdesk.ticket", "action_send_quote", ticket)
        self.assertEqual(ticket.quote_state, "draft")

    def test_what_bills_or_approves_is_not_public(self):
        private = {
            "helpdesk.ticket": (
                "_create_service_invoices",
                "_ensure_base_order",
                "_create_quote",
                "_service_orders_to_invoice",
            ),
            "sale.order": (
                "_service_send",
                "_service_withdraw",
                "_validate_order",
                "_action_confirm",
                "_create_invoices",
            ),
        }
        for model, methods in private.items():
            for method in methods:
                self.assertTrue(hasattr(self.env[model], method), method)
                with self.subTest(method=method), self.assertRaises(AccessError):
                    self._rpc(self.manager, model, method, [])

    def test_figures_of_a_ticket_are_not_filled_in(self):
        """Over RPC, in a new ticket and by way of a default."""
        values = {
            "released_minutes": 600,
            "release_cap": 600,
            "approved_blocks": 40,
            "coverage": "covered",
            "plan_id": self.contract_plan.id,
            "drop_billing": "bill",
            "invoiced_blocks": 0,
            "is_warned": False,
            "split_root_id": False,
        }
        base = {"name": "x", "description": "x", "partner_id": self.customer.id}
        for name, value in values.items():
            calls = {
                "write": ([self.ticket.ids, {name: value}], {}),
                "create": ([[{**base, name: value}]], {}),
                "default": ([[base]], {"context": {f"default_{name}": value}}),
            }
            for way, (args, kwargs) in calls.items():
                method = "create" if way == "default" else way
                with self.subTest(field=name, way=way), self.assertRaises(AccessError):
                    self._rpc(
                        self.coordinator, "helpdesk.ticket", method, *args, **kwargs
                    )
        self.assertState(self.ticket, worked_minutes=30, coverage="billable")

    def test_override_and_waiver_say_who_did_it(self):
        vals = {"ticket_id": self.ticket.id, "reason": "Our mistake"}
        for model, more in (
            ("nox.coverage.override", {"coverage": "covered"}),
            ("nox.block.waiver", {"blocks": 1}),
        ):
            with self.subTest(model=model):
                if model == "nox.coverage.override":
                    ticket = self._ticket(self.pbx)
                    more["ticket_id"] = ticket.id
                Model = self.env[model].with_user(self.coordinator)
                with self.assertRaises(AccessError):
                    Model.create({**vals, **more, "user_id": self.technician.id})
                record = Model.create({**vals, **more})
                self.assertEqual(record.user_id, self.coordinator)
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.technician).create(vals)

    def test_date_of_the_request_is_moved_by_coordinators(self):
        earlier = {"requested_on": "2020-01-01"}
        self._refused("technician", "helpdesk.ticket", "write", self.ticket, earlier)
        base = {"name": "x", "description": "x", "partner_id": self.customer.id}
        with self.assertRaises(AccessError):
            self._rpc(
                self.technician, "helpdesk.ticket", "create", [{**base, **earlier}]
            )
        self.ticket.with_user(self.coordinator).write(
            {"requested_on": self.pbx.accepted_on}
        )
        self.assertEqual(self.ticket.requested_on, self.pbx.accepted_on)

    def test_colleagues_time_is_read_and_not_changed(self):
        line = self.work.with_user(self.colleague)
        self.assertEqual(line.unit_amount, 0.5)
        self.assertIn(line, self.ticket.with_user(self.colleague).timesheet_ids)
        with self.assertRaises(AccessError):
            line.unit_amount = 1
        with self.assertRaises(AccessError):
            line.unlink()
