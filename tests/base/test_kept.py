from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MODULE
from .test_guarded import GuardedCase

ROLES = {
    "seller": "sales_team.group_sale_manager",
    "billing": "account.group_account_manager",
    "everything": ",".join(
        [
            f"{MODULE}.group_manager",
            f"{MODULE}.group_accountant",
            "sales_team.group_sale_manager",
            "account.group_account_manager",
            "base.group_partner_manager",
        ]
    ),
}
AUTOMATIC = {*MAGIC_COLUMNS, "display_name"}
# What people fill in by way of another field: hours, the settings of the company, the
# rows of the record that it belongs to.
BY_WAY_OF = {
    "helpdesk.ticket.estimated_minutes": "estimated_hours",
    "nox.approval.grade.plan_id": "grade_ids",
    "nox.approver.pbx_id": "approver_row_ids",
    "nox.coverage.draft.rule.draft_id": "rule_ids",
    "nox.coverage.rule.plan_id": "rule_ids",
    "nox.pbx.plan.pbx_id": "period_ids",
}


@tagged("standard", "post_install", "-at_install")
class TestKeptByCode(GuardedCase):
    """What follows from code is written by code alone, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records["nox.billing.run"] = cls.billing_run
        cls.roles = {
            name: new_test_user(
                cls.env,
                login=f"nox_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, groups in ROLES.items()
        } | {
            "technician": cls.technician,
            "coordinator": cls.coordinator,
            "accountant": cls.accountant,
            "manager": cls.manager,
            "portal": cls.stranger,
        }

    def _fields_of_ours(self):
        """(record, field) of every field of ours that lasts."""
        for name in self._models():
            model = self.env[name]
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if field._modules[:1] == (MODULE,) and field.name not in AUTOMATIC:
                    yield self.records.get(name, model)[:1], field

    def _kept(self):
        return (each for each in self._fields_of_ours() if each[1].readonly)

    def assertRefused(self, user, model, method, *args, **kwargs):
        savepoint = self.env.cr.savepoint()
        try:
            with self.assertRaises(AccessError) as said:
                self._rpc(user, model, method, *args, **kwargs)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return str(said.exception)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_no_role_writes_a_result(self):
        by_hand = set()
        for record, field in self._kept():
            if not record:
                continue
            vals = {field.name: self._value(record._name, field)}
            for role, user in self.roles.items():
                with self.subTest(field=str(field), role=role):
                    said = self.assertRefused(
                        user, record._name, "write", record.ids, vals
                    )
                    if "cannot be filled in by hand" in said:
                        by_hand.add(str(field))
        for expected in (
            "nox.seat.charge.state",
            "nox.seat.charge.move_line_id",
            "nox.seat.charge.rebilled_quantity",
            "nox.seat.charge.pbx_id",
            "nox.seat.charge.quantity",
            "nox.billing.run.state",
            "nox.billing.run.month",
            "nox.billing.run.position",
            "nox.billing.parked.confirmed_months",
            "nox.invoice.dispute.state",
            "nox.invoice.dispute.answered_by_id",
            "nox.invoice.dispute.amount",
            "nox.admin.training.state",
            "nox.admin.training.certificate_number",
            "nox.admin.training.sale_order_id",
            "account.move.line.seat_charge_id",
            "account.move.service_run_id",
            "contract.line.is_seat_line",
            "nox.pbx.plan.contract_line_id",
        ):
            self.assertIn(expected, by_hand)

    def test_no_other_way_leads_to_a_result(self):
        """In a new record, by a default, an import, the web client, a duplicate."""
        user = self.roles["everything"]
        for record, field in self._kept():
            name, value = record._name, self._value(record._name, field)
            if not record.with_user(user).browse().has_access("create"):
                continue
            vals = {field.name: value}
            calls = [("create", [[vals]], {})]
            if not field.related:
                context = {f"default_{field.name}": value}
                calls.append(("create", [[{}]], {"context": context}))
            if record.with_user(user).has_access("write"):
                calls.append(("web_save", [record.ids, vals, {}], {}))
            for method, args, kwargs in calls:
                with self.subTest(field=str(field), method=method, more=kwargs):
                    said = self.assertRefused(user, name, method, *args, **kwargs)
                    self.assertIn("cannot be filled in by hand", said)

    def test_an_import_writes_no_result(self):
        user = self.roles["everything"]
        for record, field in self._kept():
            if not record or field.type in ("one2many", "many2many", "json"):
                continue
            value = str(self._value(record._name, field))
            column = f"{field.name}/.id" if field.type == "many2one" else field.name
            with self.subTest(field=str(field)):
                result = self._rpc(
                    user,
                    record._name,
                    "load",
                    [".id", column],
                    [[str(record.id), value]],
                )
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])

    def test_no_result_comes_in_with_the_rows_of_another_record(self):
        user = self.roles["everything"]
        tried = set()
        for record, field in self._fields_of_ours():
            if field.type != "one2many" or field.readonly or not record:
                continue
            child = record[field.name][:1]
            for kept in child._fields.values() if child else ():
                if not (kept.readonly and kept._modules[:1] == (MODULE,)):
                    continue
                vals = {kept.name: self._value(child._name, kept)}
                with self.subTest(field=str(field), kept=kept.name):
                    self.assertRefused(
                        user,
                        record._name,
                        "write",
                        record.ids,
                        {field.name: [Command.update(child.id, vals)]},
                    )
                tried.add(str(field))
        self.assertLessEqual({"nox.pbx.period_ids", "nox.pbx.seat_ids"}, tried)

    def test_a_posted_credit_note_is_not_billed_again_afterwards(self):
        invoice = self.records["account.move"].filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )[:1]
        note = self._refund(invoice)
        by_accountant = note.with_user(self.accountant)
        by_accountant.service_rebill = "yes"
        by_accountant.service_rebill = "no"
        note.action_post()
        with self.assertRaises(UserError) as refusal:
            by_accountant.service_rebill = "yes"
        self.assertSentence(refusal)
        self.assertEqual(note.service_rebill, "no")

    def test_results_are_not_deleted(self):
        for name in (
            "nox.seat.charge",
            "nox.billing.run",
            "nox.billing.parked",
            "nox.invoice.dispute",
            "nox.block.waiver",
            "nox.coverage.override",
            "nox.admin.training",
        ):
            record = self.records[name][:1]
            if name == "nox.admin.training":
                record = self.records[name].filtered("result")
            self.assertTrue(record)
            for role, user in self.roles.items():
                with self.subTest(model=name, role=role):
                    # An access error is a user error too.
                    with self.assertRaises(UserError):
                        self._rpc(user, name, "unlink", record.ids)
                    self.assertTrue(record.exists())

    def test_what_people_fill_in_has_a_place_to_do_so(self):
        """A field that no screen lets anybody fill in follows from code: it says so
        itself, or it would be written over RPC."""
        for record, field in self._fields_of_ours():
            if field.readonly or not field.store or field.name == "sequence":
                continue
            name = record._name
            if name == "res.company":
                name = "res.config.settings"
            with self.subTest(field=str(field)):
                if str(field) in BY_WAY_OF:
                    self.assertIn(BY_WAY_OF[str(field)], self._editable())
                else:
                    self.assertIn(field.name, self._editable(name))

    def _editable(self, model=None):
        """Names of fields that some screen lets people fill in, of a model or of
        all."""
        if not hasattr(self, "_shown"):
            self._shown = {}
            views = self.env["ir.ui.view"].search([("type", "in", ("form", "list"))])
            for view in views.filtered(lambda each: not each.inherit_id):
                if view.model in self.env:
                    arch = etree.fromstring(view.get_combined_arch())
                    self._collect(view.model, arch)
        if model:
            return self._shown.get(model, set())
        return set().union(*self._shown.values())

    def _collect(self, model, node):
        for child in node:
            inner = model
            if child.tag == "field":
                name = child.get("name")
                if child.get("readonly") not in ("1", "True"):
                    self._shown.setdefault(model, set()).add(name)
                field = self.env[model]._fields.get(name)
                inner = (field and field.comodel_name) or model
            self._collect(inner, child)
