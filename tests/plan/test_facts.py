from lxml import etree

from odoo.tests import tagged

from odoo.addons.nox_voip_service.models.base.facts import (
    FACTS,
    TICKET_FACTS,
    policy_value,
    stored_value,
)
from odoo.addons.nox_voip_service.policy import facts as policy

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestFacts(NoxVoipCommon):
    """Whoever adds a fact is told here what it lacks (docs/add-a-fact.md)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.contract_plan)

    def _values(self, selection):
        return {policy_value(key) for key, _label in selection}

    def _fields_in(self, view, model):
        """The names on a form as its readers get it."""
        arch = self.env[model].get_view(self.env.ref(view).id, "form")["arch"]
        return {node.get("name") for node in etree.fromstring(arch).iter("field")}

    def test_odoo_and_the_rules_know_the_same_facts(self):
        self.assertEqual(list(FACTS), list(policy.FACTS))
        for name, fact in FACTS.items():
            with self.subTest(fact=name):
                values, wider = policy.FACTS[name]
                self.assertEqual(self._values(fact.selection), set(values))
                self.assertEqual(self._values(fact.wider), set(wider))
                self.assertEqual(fact.words.keys() - {None}, set(values))
                for value in (*values, None):
                    self.assertEqual(policy_value(stored_value(value)), value)

    def test_every_fact_has_its_columns(self):
        """Of a ticket, of a kind of change, of a row of a table."""
        for name, fact in FACTS.items():
            columns = [("nox.coverage.rule", fact.field, [*fact.wider])]
            if name in TICKET_FACTS:
                columns.append(("helpdesk.ticket", fact.field, []))
            if fact.default:
                columns.append(("helpdesk.ticket.category", fact.default, []))
            for model, column, wider in columns:
                with self.subTest(model=model, column=column):
                    field = self.env[model]._fields.get(column)
                    self.assertTrue(field and field.store)
                    self.assertEqual(field.selection, fact.selection + wider)

    def test_a_ticket_takes_what_its_kind_tells(self):
        for fact in TICKET_FACTS.values():
            if fact.default:
                key = fact.selection[-1][0]
                kind = self._category("call_group").copy({fact.default: key})
                with self.subTest(field=fact.field):
                    ticket = self._ticket(self.pbx, category_id=kind.id)
                    self.assertEqual(ticket[fact.field], key)

    def test_a_column_that_is_added_leaves_corrections_alone(self):
        """An update computes the new column of every ticket."""
        kind = self._category("replace_user")
        for fact in TICKET_FACTS.values():
            if not fact.default:
                continue
            others = [
                (other.field, other.selection[-1][0])
                for other in TICKET_FACTS.values()
                if other != fact
            ]
            ticket = self._ticket(self.pbx, category_id=kind.id)
            ticket.write(dict(others))
            self.env.flush_all()
            self.env.add_to_compute(ticket._fields[fact.field], ticket)
            self.env.flush_all()
            with self.subTest(added=fact.field):
                self.assertEqual([(name, ticket[name]) for name, _ in others], others)

    def test_every_fact_can_be_filled_in(self):
        for view, model, wanted in (
            (
                "nox_voip_service.nox_coverage_rule_view_form",
                "nox.coverage.rule",
                {fact.field for fact in FACTS.values()},
            ),
            (
                "nox_voip_service.nox_service_plan_view_form",
                "nox.service.plan",
                {fact.field for fact in FACTS.values()},
            ),
            (
                "helpdesk_mgmt.ticket_view_form",
                "helpdesk.ticket",
                {fact.field for fact in TICKET_FACTS.values()},
            ),
            (
                "helpdesk_mgmt.view_helpdesk_category_form",
                "helpdesk.ticket.category",
                {fact.default for fact in FACTS.values() if fact.default},
            ),
        ):
            with self.subTest(model=model):
                self.assertFalse(wanted - self._fields_in(view, model))
