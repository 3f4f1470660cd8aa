from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon

LOGGER = "odoo.addons.nox_voip_service.models.advice.nox_verdict_check"
CRON = "nox_voip_service.cron_verdict_check"


@tagged("standard", "post_install", "-at_install")
class TestVerdictCheck(NoxVoipCommon):
    """Each night every verdict is given again by its own rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._own_plan(cls.contract_plan, name="Contract")
        cls.pbx = cls._pbx(cls.plan, accepted_on=date(2026, 1, 1))
        with freeze_time("2027-03-01 09:00"):
            cls.tickets = cls.env["helpdesk.ticket"].union(
                *(
                    cls._ticket(cls.pbx, key, requested_on=date(2027, 3, 1))
                    for key in ("new_number", "call_group", "add_user", "other")
                )
            )
        cls.number = cls.tickets[0]

    def _check(self, moment="2027-03-02 03:15"):
        with freeze_time(moment):
            return self.env["nox.verdict.check"]._check_verdicts(self.company)

    def test_nothing_differs(self):
        check = self._check()
        self.assertGreaterEqual(check.ticket_count, 4)
        self.assertEqual((check.difference_count, check.detail), (0, ""))
        self.assertFalse(self.tickets.activity_ids)

    def test_edited_rules_and_overrides_do_not_differ(self):
        """A rule that a manager edits makes another edition; the verdicts of before
        are replayed by theirs."""
        self._log(self.number, 5)
        self.plan.rule_ids.filtered(
            lambda rule: rule.change_scope == "number_addition"
        ).write({"outcome": "covered", "work_location": "remote"})
        self.env["nox.coverage.override"].create(
            {
                "ticket_id": self.tickets[1].id,
                "coverage": "billable",
                "reason": "Agreed by phone",
            }
        )
        self.pbx.ended_on = date(2027, 3, 5)
        self.assertEqual(self.number.coverage, "billable")
        self.assertEqual(self._check().difference_count, 0)

    def test_a_difference_alarms_with_request_and_row(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET coverage = 'covered' WHERE id = %s",
            self.number.ids,
        )
        self.env.invalidate_all()
        with self.assertLogs(LOGGER, "WARNING") as logs:
            check = self._check()
        rule = self.number.coverage_rule_id
        self.assertEqual(check.ticket_ids, self.number)
        self.assertIn(f"{self.number.number} by row {rule.id}", logs.output[0])
        self.assertNotIn("ERROR", logs.output[0])
        self.assertIn(self.number.number, check.detail)
        self.assertIn("stored as Covered", check.detail)
        self.assertIn("the same rules say Billable by row New number", check.detail)
        activity = self.number.activity_ids
        self.assertTrue(activity.user_id.has_group("nox_voip_service.group_manager"))
        self.assertIn(
            "by row New number that differ from their rules: 1", activity.summary
        )
        self.assertIn(self.number.number, activity.note)
        with mute_logger(LOGGER):
            self._check("2027-03-03 03:15")
        self.assertEqual(self.number.activity_ids, activity, "once is enough")
        requests = check.with_user(self.manager).action_view_requests()
        self.assertEqual(requests["domain"], [("id", "in", self.number.ids)])

    def test_a_fact_that_moved_behind_a_verdict_is_found(self):
        category = self.number.category_id
        self.env["helpdesk.ticket.category"].browse(category.id).write(
            {"change_scope": "adjustment"}
        )
        with mute_logger(LOGGER):
            check = self._check()
        self.assertIn(self.number, check.ticket_ids)
        self.assertIn("by row Remote adjustment", check.detail)

    def test_cron_checks_each_company_once_a_day(self):
        for moment in ("2027-03-02 03:15", "2027-03-02 04:15"):
            with freeze_time(moment), self.enter_registry_test_mode():
                self.env.ref(CRON).method_direct_trigger()
        found = self.env["nox.verdict.check"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(found.checked_on, date(2027, 3, 2))
        self.assertEqual(found.difference_count, 0)

    def test_queries_do_not_grow_with_the_requests(self):
        def count(day):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._check(f"2027-03-{day:02} 03:15")
            return self.cr.sql_log_count - before

        count(2)
        few = count(3)
        with freeze_time("2027-03-01 09:00"):
            for _number in range(10):
                self._ticket(self.pbx, requested_on=date(2027, 3, 1))
        count(4)
        self.assertLessEqual(count(5), few + 1)

    def test_managers_read_it(self):
        check = self._check()
        self.assertTrue(check.with_user(self.manager).read(["detail"]))
        for user in (self.technician, self.coordinator, self.accountant):
            with self.assertRaises(AccessError):
                check.with_user(user).read(["detail"])
            with self.assertRaises(AccessError):
                self._rpc(user, "nox.verdict.check", "action_view_requests", check.ids)
