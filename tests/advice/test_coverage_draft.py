from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import NoxVoipCommon

CRON = "nox_voip_service.cron_coverage_publish"


@tagged("standard", "post_install", "-at_install")
class DraftCase(NoxVoipCommon):
    """A contract that is to include new numbers from 1 April 2027 on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._own_plan(cls.contract_plan, name="Contract")
        cls.pbx = cls._pbx(
            cls.plan, accepted_on=date(2026, 1, 1), name="Winkel en bakkerij"
        )

    def _asked(self, on, category="new_number", minutes=20, pbx=None, **values):
        day = date.fromisoformat(on)
        with freeze_time(f"{on} 09:00"):
            ticket = self._ticket(pbx or self.pbx, category, requested_on=day, **values)
            if minutes:
                self._log(ticket, minutes, day=day)
        return ticket

    @freeze_time("2027-03-10 09:00")
    def _draft(self, **values):
        """The plan's table with new numbers covered, as a manager makes it."""
        action = self.plan.with_user(self.manager).action_draft_table()
        draft = self.env["nox.coverage.draft"].browse(action["res_id"])
        draft = draft.with_user(self.manager)
        row = draft.rule_ids.filtered(lambda row: row.change_scope == "number_addition")
        row.write({"outcome": "covered", "work_location": "remote", **values})
        draft.date_start = date(2027, 4, 1)
        return draft

    def _at(self, moment, method, *args):
        with freeze_time(moment):
            return method(*args)

    def _cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()


@tagged("standard", "post_install", "-at_install")
class TestReplayOfDraft(DraftCase):
    """Which verdicts a draft would change, for whom, worth how much."""

    def test_a_draft_is_the_table_of_today(self):
        draft = self._draft()
        rows = draft.rule_ids
        rules = self.plan.rule_ids
        self.assertEqual(rows.rule_id, rules)
        self.assertEqual(rows.mapped("reason"), rules.mapped("reason"))
        self.assertEqual(
            rows.filtered("is_changed").mapped("change_scope"), ["number_addition"]
        )
        self.assertEqual(
            self._asked("2027-03-01").coverage, "billable", "the plan is as it was"
        )
        for lang in self.env["res.lang"].get_installed():
            self.assertEqual(
                rows.with_context(lang=lang[0]).mapped("clause"),
                rules.with_context(lang=lang[0]).mapped("clause"),
            )

    def test_replay_names_customers_blocks_and_amounts(self):
        other = self._pbx(
            self.plan, self._customer("Other"), date(2026, 1, 1), name="Other"
        )
        mine = self._asked("2027-03-01")
        self._asked("2026-08-01", minutes=61)
        self._asked("2027-03-01", "call_group")
        self._asked("2026-03-09")  # a year and a day ago
        theirs = self._asked("2027-03-02", pbx=other)
        by_hand = self._asked("2027-03-02", pbx=other)
        self.env["nox.coverage.override"].create(
            {"ticket_id": by_hand.id, "coverage": "covered", "reason": "Agreed"}
        )
        draft = self._draft()
        self._at("2027-03-10 09:00", draft.action_replay)
        self.assertEqual(
            (draft.ticket_count, draft.change_count, draft.blocks, draft.amount),
            (4, 3, -2 - 5 - 2, -9 * 20.5),
        )
        self.assertIn("3 of 4 requests", draft.summary)
        self.assertIn("9 blocks and 184.50\xa0€ less", draft.summary)
        found = {
            row.partner_id.name: (row.change_count, row.blocks, row.amount)
            for row in draft.customer_ids
        }
        self.assertEqual(
            found, {"Bakkerij De Vries": (2, -7, -143.5), "Other": (1, -2, -41)}
        )
        change = draft.change_ids.filtered(lambda each: each.ticket_id == theirs)
        self.assertEqual(
            (change.old_coverage, change.new_coverage), ("billable", "covered")
        )
        self.assertEqual(change.old_rule_id.change_scope, "number_addition")
        self.assertEqual(change.new_rule_id.change_scope, "number_addition")
        self.assertEqual(mine.coverage, "billable", "no verdict changes")
        self._at("2027-03-10 09:00", draft.action_replay)
        self.assertEqual(draft.change_count, 3, "once more is the same")

    def test_draft_without_a_change_touches_nobody(self):
        self._asked("2027-03-01")
        self._asked("2027-03-01", "add_user")
        self._asked("2027-03-01", "other", minutes=0)
        draft = self._draft(outcome="billable", work_location=False)
        self._at("2027-03-10 09:00", draft.action_replay)
        self.assertEqual((draft.ticket_count, draft.change_count), (3, 0))
        self.assertFalse(draft.customer_ids)
        self.assertIn("None of 3 requests", draft.summary)

    def test_rows_out_of_reach_are_refused(self):
        draft = self._draft()
        with self.assertRaises(ValidationError) as refusal:
            draft.rule_ids = [
                Command.create(
                    {
                        "name": "Everything",
                        "outcome": "covered",
                        "clause": "x",
                        "reason": "x",
                        "sequence": 1,
                    }
                )
            ]
        self.assertSentence(refusal)

    def test_queries_do_not_grow_with_the_requests(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._at("2027-03-10 09:00", draft.action_replay)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        draft = self._draft()
        self._asked("2027-03-01")
        count()
        few = count()
        for _number in range(12):
            self._asked("2027-03-01")
        count()
        self.assertLessEqual(count(), few + 2)


@tagged("standard", "post_install", "-at_install")
class TestPublish(DraftCase):
    """Announced, in force from its day; what was asked before keeps its table."""

    def _published(self):
        draft = self._draft()
        self._at("2027-03-10 09:00", draft.action_publish)
        self._cron("2027-03-10 09:05")
        return draft

    def test_requests_keep_the_table_of_their_day(self):
        before = self._asked("2027-03-31", minutes=0)
        told = before.coverage_reason
        draft = self._published()
        self.assertEqual(draft.state, "scheduled")
        self.assertEqual(self._asked("2027-03-20").coverage, "billable")
        self._cron("2027-03-31 21:30")  # half past eleven in Amsterdam
        self.assertEqual(draft.state, "scheduled")
        self._cron("2027-03-31 22:05")
        self.assertEqual(draft.state, "published")
        self.assertEqual(self._asked("2027-04-01").coverage, "covered")
        self.assertEqual((before.coverage, before.coverage_reason), ("billable", told))
        # Decided again for another reason: by the table of its day.
        with freeze_time("2027-04-02 09:00"):
            before.work_location = "on_site"
            before.work_location = "remote"
            late = self._asked("2027-03-30")
            self.assertEqual(
                (before.coverage, before.coverage_reason), ("billable", told)
            )
        self.assertEqual(late.coverage, "billable", "entered afterwards")
        self.assertEqual(late.coverage_edition_id, draft.edition_id)
        self.assertEqual(before.coverage_edition_id, draft.edition_id)
        new = self._asked("2027-04-01").coverage_edition_id
        self.assertNotEqual(new, draft.edition_id)
        self.assertEqual(
            self.plan.rule_ids.mapped("reason"), draft.rule_ids.mapped("reason")
        )

    def test_two_tables_one_after_the_other(self):
        self._published()
        self._cron("2027-04-01 06:00")
        with freeze_time("2027-04-10 09:00"):
            action = self.plan.with_user(self.manager).action_draft_table()
            second = self.env["nox.coverage.draft"].browse(action["res_id"])
            second.rule_ids.filtered(
                lambda row: row.change_scope == "number_addition"
            ).write({"outcome": "billable", "work_location": False})
            second.date_start = date(2027, 5, 1)
            second.with_user(self.manager).action_publish()
        self._cron("2027-05-01 06:00")
        with freeze_time("2027-05-02 09:00"):
            found = [
                self._asked(on).coverage
                for on in ("2027-03-31", "2027-04-01", "2027-04-30", "2027-05-01")
            ]
        self.assertEqual(found, ["billable", "covered", "covered", "billable"])

    def test_first_requests_of_the_day_get_the_new_table(self):
        self._published()
        early = self._asked("2027-04-01", minutes=0)
        worked = self._asked("2027-04-01", minutes=5)
        self.assertEqual(early.coverage, "billable")
        self._cron("2027-04-01 06:00")
        self.assertEqual(early.coverage, "covered")
        self.assertEqual(worked.coverage, "billable", "somebody worked on it")

    def test_customers_are_told_once_in_their_language(self):
        silent = self._pbx(
            self.plan,
            self._customer("Silent", email=False),
            date(2026, 1, 1),
            name="Silent",
        )
        left = self._pbx(
            self.plan, self._customer("Left"), date(2026, 1, 1), name="Left"
        )
        for pbx in (self.pbx, silent, left):
            self._asked("2027-03-01", pbx=pbx)
        left._start_plan(self.standard, date(2027, 3, 5))
        draft = self._draft()
        draft.announcement = "<p>New numbers are included.</p>"
        self._at("2027-03-10 09:00", draft.action_replay)
        row = draft.customer_ids.filtered(lambda r: r.partner_id == self.customer)
        self.assertIn("Dear Bakkerij De Vries", row.preview)
        self.assertIn("New numbers are included.", row.preview)
        self.assertIn("would be included", row.preview)
        self.assertIn("04/01/2027", row.preview_subject)
        self._at("2027-03-10 09:00", draft.action_publish)
        self._cron("2027-03-10 09:05")
        self._cron("2027-03-10 10:05")
        mails = self.env["mail.mail"].search(
            [("model", "=", "nox.coverage.draft.customer")]
        )
        self.assertEqual(mails.recipient_ids, self.customer)
        self.assertEqual(len(mails), 1)
        found = {
            row.partner_id.name: (bool(row.announced_at), row.problem)
            for row in draft.customer_ids
        }
        self.assertEqual(
            found,
            {
                "Bakkerij De Vries": (True, False),
                "Silent": (False, "no_email"),
                "Left": (False, "no_plan"),
            },
        )

    def test_what_was_announced_stays(self):
        draft = self._published()
        for change in (
            lambda: draft.write({"date_start": date(2027, 6, 1)}),
            lambda: draft.rule_ids[0].write({"outcome": "covered"}),
            lambda: draft.rule_ids[0].unlink(),
            lambda: draft.write({"rule_ids": [Command.delete(draft.rule_ids[0].id)]}),
            lambda: draft.unlink(),
            lambda: self._at("2027-03-11 09:00", draft.action_publish),
            lambda: draft.write({"plan_id": self.standard.id}),
        ):
            with self.assertRaises(UserError) as refusal:
                change()
            self.assertSentence(refusal)
        draft.action_withdraw()
        self.assertEqual(draft.state, "withdrawn")
        self._cron("2027-04-01 06:00")
        self.assertEqual(self._asked("2027-04-01").coverage, "billable")

    def test_day_lies_ahead_and_one_table_at_a_time(self):
        draft = self._draft()
        draft.date_start = date(2027, 3, 10)
        with self.assertRaises(UserError) as refusal:
            self._at("2027-03-10 09:00", draft.action_publish)
        self.assertSentence(refusal)
        self._published()
        draft.date_start = date(2027, 5, 1)
        with self.assertRaises(UserError) as refusal:
            self._at("2027-03-11 09:00", draft.action_publish)
        self.assertIn("announced already", str(refusal.exception))
        draft.rule_ids.unlink()
        with self.assertRaises(UserError) as refusal:
            self._at("2027-03-11 09:00", draft.action_publish)
        self.assertIn("no rows", str(refusal.exception))

    def test_shared_plan_of_other_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["nox.pbx"].with_company(company).create(
            {
                "name": "There",
                "company_id": company.id,
                "partner_id": self._customer("There").id,
                "accepted_on": date(2026, 1, 1),
                "period_ids": [
                    Command.create(
                        {"plan_id": self.plan.id, "date_start": date(2026, 1, 1)}
                    )
                ],
            }
        )
        with self.assertRaises(UserError) as refusal:
            self._at("2027-03-10 09:00", self._draft().action_publish)
        self.assertIn("other companies", str(refusal.exception))
        self.assertNotIn("Elsewhere", str(refusal.exception))

    def test_drafts_are_for_managers(self):
        draft = self._draft()
        stranger = self._portal_user(self.customer, "nox_curious")
        for user in (self.technician, self.coordinator, self.accountant, stranger):
            with self.subTest(user=user.login):
                for method in (
                    "action_replay",
                    "action_publish",
                    "action_withdraw",
                    "action_view_changes",
                    "action_view_customers",
                    "read",
                ):
                    with self.assertRaises(AccessError):
                        self._rpc(user, "nox.coverage.draft", method, draft.ids)
                for method in ("action_draft_table", "action_view_drafts"):
                    with self.assertRaises(AccessError):
                        self._rpc(user, "nox.service.plan", method, self.plan.ids)
        self.assertTrue(
            self._rpc(
                self.manager, "nox.coverage.draft", "action_view_changes", draft.ids
            )
        )

    def test_advice_prices_each_day_by_its_table(self):
        self._asked("2027-03-31")
        self._published()
        self._cron("2027-04-01 06:00")
        self._asked("2027-04-01")
        with freeze_time("2027-05-01 06:00"):
            self.pbx._refresh_advice()
        advice = self.pbx.advice_ids
        self.assertEqual((advice.actual_cost, advice.cost), (41, 0))
