from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.nox_voip_service.policy import canonical, coverage

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestEdition(NoxVoipCommon):
    """A verdict names the rules that it was given by, as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.contract_plan)
        cls.ticket = cls._ticket(cls.pbx)

    def _edit(self):
        """A manager words a row anew and lets the warning come earlier."""
        rule = self.ticket.coverage_rule_id.with_user(self.manager)
        rule.reason = "Another sentence."
        self.contract_plan.with_user(self.manager).warn_minutes = 30

    def test_a_verdict_keeps_the_rules_it_was_given_by(self):
        old = self.ticket.coverage_edition_id
        self.assertEqual(old.plan_id, self.contract_plan)
        self.assertEqual(old.sha256, canonical.digest(canonical.canonical(old.content)))
        self._edit()
        self.env.invalidate_all()
        self.assertEqual(self.ticket.coverage_edition_id, old)
        self.assertEqual(old.content["warn_minutes"], 45)
        later = self._ticket(self.pbx)
        new = later.coverage_edition_id
        self.assertNotEqual(new, old)
        self.assertEqual(new.content["warn_minutes"], 30)
        row = next(
            row
            for row in new.content["rows"]
            if row["key"] == str(later.coverage_rule_id.id)
        )
        self.assertEqual(row["reason"]["en_US"], "Another sentence.")
        # Decided again by the rules of today: the newest verdict's edition.
        self.ticket._refresh_verdict()
        self.assertEqual(self.ticket.coverage_edition_id, new)

    def test_one_record_for_one_content(self):
        Edition = self.env["nox.plan.edition"]
        before = Edition.search_count([])
        tickets = self._ticket(self.pbx) | self._ticket(self.pbx, "fault")
        self.assertEqual(tickets.coverage_edition_id, self.ticket.coverage_edition_id)
        self.contract_plan.warn_minutes = 40
        self._ticket(self.pbx)
        self.contract_plan.warn_minutes = 45
        self.assertEqual(
            self._ticket(self.pbx).coverage_edition_id, self.ticket.coverage_edition_id
        )
        self.assertEqual(Edition.search_count([]), before + 1)

    def test_an_edition_decides_as_its_plan_did(self):
        edition = self.ticket.coverage_edition_id
        table, plan = edition._coverage_table(), self.contract_plan
        self.assertEqual(table.rules, plan._coverage_table().rules)
        self.assertEqual(edition._block_policy(), plan._block_policy())
        self.assertEqual(edition._limit_policy(), plan._limit_policy())
        request = self.ticket._policy_request()
        self.assertEqual(
            coverage.decide(table, request).rule_key, self.ticket.coverage_rule_id.id
        )

    def test_an_edition_never_changes(self):
        edition = self.ticket.coverage_edition_id
        for values in ({"content": {}}, {"sha256": "0"}):
            with self.assertRaises(UserError):
                edition.write(values)
        for user in (self.technician, self.manager):
            self.assertTrue(edition.with_user(user).content)
            for operation in ("write", "create", "unlink"):
                with self.assertRaises(AccessError):
                    edition.with_user(user).check_access(operation)

    def test_a_form_that_is_not_saved_makes_no_edition(self):
        self.contract_plan.warn_minutes = 41
        before = self.env["nox.plan.edition"].search_count([])
        form = Form(self.env["helpdesk.ticket"].with_user(self.coordinator))
        form.partner_id = self.customer
        form.name = "Not saved"
        self.assertEqual(self.env["nox.plan.edition"].search_count([]), before)

    def test_a_ticket_costs_no_more_queries(self):
        """Found in the cache; after an edit, once for the plan."""
        values = {
            "name": "x",
            "description": "x",
            "partner_id": self.customer.id,
            "pbx_id": self.pbx.id,
            "category_id": self._category("call_group").id,
        }

        def queries(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["helpdesk.ticket"].create([dict(values) for _ in range(count)])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        # As a transaction that made no edition itself.
        self.cr.cache.clear()
        self.contract_plan._edition()
        known = queries(1)
        self.cr.cache["nox_voip_service.made_edition"] = True
        self.assertEqual(queries(1), known + 1)
