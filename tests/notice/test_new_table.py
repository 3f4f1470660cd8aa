from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_draft import NoxDraftCommon


@tagged("standard", "post_install", "-at_install")
class TestNewTable(NoxDraftCommon):
    """Announced by letters, in force from its day for who was told; what was asked
    before keeps its table."""

    def test_requests_keep_the_table_of_their_day(self):
        before = self._asked("2027-03-31", minutes=0)
        told = before.coverage_reason
        draft = self._published()
        self.assertEqual(draft.state, "scheduled")
        self.assertEqual(self._asked("2027-03-20").coverage, "billable")
        self._jobs("2027-03-31 21:30")  # half past eleven in Amsterdam
        self.assertEqual(draft.state, "scheduled")
        self._jobs("2027-03-31 22:05")
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
        self._jobs("2027-04-01 06:00")
        with freeze_time("2027-04-10 09:00"):
            action = self.plan.with_user(self.manager).action_draft_table()
            second = self.env["nox.coverage.draft"].browse(action["res_id"])
            second.rule_ids.filtered(
                lambda row: row.change_scope == "number_addition"
            ).write({"outcome": "billable", "work_location": False})
            second.date_start = date(2027, 5, 1)
            second.with_user(self.manager).action_publish()
        self._sent(second.notice_ids, "2027-04-10")
        self._jobs("2027-05-01 06:00")
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
        self._jobs("2027-04-01 06:00")
        self.assertEqual(early.coverage, "covered")
        self.assertEqual(worked.coverage, "billable", "somebody worked on it")

    def test_every_customer_with_the_plan_gets_a_letter_in_his_language(self):
        """Old beside new in words, his requests of the last year, and how to end."""
        quiet = self._pbx(
            self.plan,
            self._customer("Jansen", lang="nl_NL", email="jansen@example.com"),
            date(2026, 1, 1),
            name="Kantoor",
        )
        left = self._pbx(
            self.plan, self._customer("Left"), date(2026, 1, 1), name="Left"
        )
        for pbx in (self.pbx, left):
            self._asked("2027-03-01", pbx=pbx)
        left._start_plan(self.standard, date(2027, 3, 5))
        draft = self._draft()
        draft.announcement = "<p>New numbers are included.</p>"
        self._at("2027-03-10 09:00", draft.action_replay)
        with freeze_time("2027-03-10 09:00"):
            row = draft.customer_ids.filtered(lambda r: r.partner_id == self.customer)
            other = draft.customer_ids - row
            self.assertIn("Dear Bakkerij De Vries", row.preview)
            self.assertIn("would be included", row.preview)
            self.assertFalse(other.preview, "has another plan by now")
        self._at("2027-03-10 09:00", draft.action_publish)
        letters = draft.notice_ids
        self.assertEqual(letters.partner_id, self.customer | quiet.partner_id)
        self._sent(letters, "2027-03-10")
        self._jobs("2027-03-10 11:00")
        self.assertEqual(draft.notice_ids, letters, "once")
        mine = letters.filtered(lambda letter: letter.partner_id == self.customer)
        row = draft.customer_ids.filtered(lambda r: r.partner_id == self.customer)
        self.assertEqual((row.notice_id, row.notice_state), (mine, "sent"))
        self.assertEqual(
            (mine.ground, mine.day_in_force, mine.told_on, mine.lack),
            ("terms", date(2027, 4, 1), date(2027, 3, 10), False),
        )
        text = " ".join(self._read(mine).split())
        for said in (
            "Change of our terms from 1 April 2027",
            "New numbers are included.",
            "New number",
            "Billed by the time worked",
            "Included",
            "would be included",
            "Winkel en bakkerij",
            "end this service free of charge",
        ):
            self.assertIn(said, text)
        self.assertNotIn("Prices per user", text)
        self.assertIn("other rules of the plan", mine.sudo().mail_id.body_html)
        theirs = (letters - mine).rule_texts
        self.assertEqual(len(theirs), len(mine.rule_texts))
        self.assertNotEqual(theirs, mine.rule_texts, "in Dutch")

    def test_rules_stand_old_beside_new(self):
        draft = self._published(told=None)
        (change,) = draft.notice_ids.rule_texts
        self.assertEqual(change["what"], "Kind of work: New number, Where: Remote")
        self.assertRegex(change["old"], "^Billed by the time worked: ")
        self.assertRegex(change["new"], "^Included: ")

    def test_nothing_comes_into_force_without_proof(self):
        """One customer was told in time, one too late and one not at all; a fourth came
        to the plan when the table was there already."""
        with freeze_time("2026-06-01"):
            late, silent = (
                self._pbx(self.plan, self._customer(name), date(2026, 1, 1), name=name)
                for name in ("Late", "Silent")
            )
        silent.partner_id.email = False
        draft = self._published(told=None)
        by_pbx = {letter.line_ids.pbx_id: letter for letter in draft.notice_ids}
        self._sent(by_pbx[self.pbx], "2027-03-10")
        with freeze_time("2027-03-20 09:00"):
            by_pbx[late].action_send_again()
        self._sent(by_pbx[late], "2027-03-20")
        self.assertEqual(by_pbx[late].day_in_force, date(2027, 5, 1))
        self.assertEqual(draft.lack_count, 1)
        self.assertEqual(
            self.env["nox.notice"].search(
                [("draft_id", "=", draft.id), ("lack", "!=", False)]
            ),
            by_pbx[silent],
        )
        self._jobs("2027-04-01 06:00")
        self.assertEqual(draft.state, "published")
        with freeze_time("2027-04-05 09:00"):
            new = self._pbx(
                self.plan, self._customer("New"), date(2027, 4, 2), name="New"
            )

        def verdicts(on):
            return [
                self._asked(on, pbx=pbx).coverage
                for pbx in (self.pbx, late, silent, new)
            ]

        self.assertEqual(
            verdicts("2027-04-10"), ["covered", "billable", "billable", "covered"]
        )
        # Each reads in the portal the rules that decide for him.
        with freeze_time("2027-04-10 09:00"):
            shown = [
                "number_addition"
                in pbx._portal_plan_values()["coverage"]["covered"].mapped(
                    "change_scope"
                )
                for pbx in (self.pbx, late, silent, new)
            ]
        self.assertEqual(shown, [True, False, False, True])
        early = self._asked("2027-05-01", pbx=late, minutes=0)
        self._jobs("2027-05-01 06:00")
        self.assertEqual(early.coverage, "covered", "nobody worked on it")
        self.assertEqual(
            verdicts("2027-05-02"), ["covered", "covered", "billable", "covered"]
        )
        # Told by post at last: from the day that the letter names now.
        with freeze_time("2027-05-10 09:00"):
            by_pbx[silent].with_user(self.coordinator).action_by_post()
            self.env["nox.notice.post"].with_user(self.coordinator).create(
                {
                    "notice_id": by_pbx[silent].id,
                    "posted_on": "2027-05-10",
                    "note": "Registered",
                }
            ).action_post()
        self.assertEqual(by_pbx[silent].day_in_force, date(2027, 6, 1))
        self._jobs("2027-06-01 06:00")
        self.assertEqual(
            verdicts("2027-06-01"), ["covered", "covered", "covered", "covered"]
        )
        # What was asked before keeps its rules, whenever it is entered.
        self.assertEqual(self._asked("2027-05-31", pbx=silent).coverage, "billable")
        self.assertFalse(draft.lack_count)

    def test_a_later_table_ends_the_wait_for_one_that_was_not_told(self):
        self._published(told=None)
        self._jobs("2027-04-01 06:00")
        self.assertEqual(self._asked("2027-04-10").coverage, "billable")
        with freeze_time("2027-04-10 09:00"):
            second = self._next_draft()
            second.action_publish()
        self._sent(second.notice_ids, "2027-04-10")
        self._jobs("2027-05-01 06:00")
        with freeze_time("2027-05-02 09:00"):
            found = [self._asked(on).coverage for on in ("2027-04-30", "2027-05-01")]
        self.assertEqual(found, ["billable", "covered"])

    def _next_draft(self):
        """Of the table of today, with another reason, from 1 May."""
        action = self.plan.with_user(self.manager).action_draft_table()
        second = self.env["nox.coverage.draft"].browse(action["res_id"])
        second = second.with_user(self.manager)
        row = second.rule_ids.filtered(
            lambda row: row.change_scope == "number_addition"
        )
        row.reason = "New numbers are part of it."
        second.date_start = date(2027, 5, 1)
        return second

    def test_who_comes_to_the_plan_before_the_day_is_told_too(self):
        draft = self._published()
        with freeze_time("2027-03-12 09:00"):
            new = self._pbx(
                self.plan, self._customer("New"), date(2027, 3, 12), name="New"
            )
        self._jobs("2027-03-12 10:00")
        letter = draft.notice_ids.filtered(lambda each: each.line_ids.pbx_id == new)
        self.assertEqual(letter.day_in_force, date(2027, 4, 1))
        self._jobs("2027-04-01 06:00")
        self.assertEqual(self._asked("2027-04-01", pbx=new).coverage, "billable")

    def test_a_letter_of_rules_stands_in_the_way_of_no_new_price(self):
        self.plan = self.contract_plan
        self.pbx = self._priced("Priced", 10, self._customer("Priced"))
        draft = self._published()
        letters = self._letters("2027-03-11", date_start="2027-04-01")
        self._sent(letters, "2027-03-11")
        self._jobs("2027-04-01 06:00")
        lines = (draft.notice_ids | letters).line_ids
        self.assertFalse(lines.filtered("exception"))
        period = self.pbx._running_period(date(2027, 4, 1))
        self.assertEqual(period.price_unit, 10.35)
        self.assertEqual(self._asked("2027-04-01").coverage, "covered")

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
        self.assertEqual((draft.state, draft.notice_ids.state), ("withdrawn",) * 2)
        with self.assertRaisesRegex(UserError, "stays for them"):
            draft.unlink()
        self._jobs("2027-04-01 06:00")
        self.assertEqual(self._asked("2027-04-01").coverage, "billable")

    def test_day_lies_ahead_and_one_table_at_a_time(self):
        draft = self._draft()
        for day, said in ((10, "day after today"), (29, "20 days before")):
            draft.date_start = date(2027, 3, day)
            with self.assertRaisesRegex(UserError, said):
                self._at("2027-03-10 09:00", draft.action_publish)
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
                    "action_view_letters",
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
        self._jobs("2027-04-01 06:00")
        self._asked("2027-04-01")
        with freeze_time("2027-05-01 06:00"):
            self.pbx._refresh_advice()
        advice = self.pbx.advice_ids
        self.assertEqual((advice.actual_cost, advice.cost), (41, 0))
