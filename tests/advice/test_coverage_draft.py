from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common_draft import NoxDraftCommon


@tagged("standard", "post_install", "-at_install")
class TestReplayOfDraft(NoxDraftCommon):
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
