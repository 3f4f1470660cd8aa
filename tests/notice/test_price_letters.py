from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common_notice import DECEMBER, FEBRUARY, JANUARY, NoxNoticeCommon


@tagged("standard", "post_install", "-at_install")
class TestPriceLetters(NoxNoticeCommon):
    """From the dialog to the day in force."""

    def test_a_new_price_is_told_and_starts_on_its_day(self):
        letter = self._letters()
        self.assertEqual(len(letter), 1)
        self.assertEqual(
            (letter.state, letter.lack, letter.day_in_force),
            ("to_send", "proof", JANUARY),
        )
        self.assertFalse(self.pbx.period_ids.filtered(lambda p: p.price_unit == 10.35))
        self._sent(letter)
        self.assertEqual(
            (letter.state, letter.lack, letter.told_on), ("sent", False, DECEMBER)
        )
        self._job("2026-12-31")
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10)
        self._job("2027-01-01")
        self.assertEqual(letter.state, "in_force")
        period = self.pbx._running_period(JANUARY)
        self.assertEqual((period.price_unit, period.date_start), (10.35, JANUARY))
        self.assertEqual(letter.line_ids.new_period_id, period)
        before = self.pbx._running_period(date(2026, 12, 31))
        self.assertEqual(before.price_unit, 10)
        self.assertEqual(before.contract_line_id.date_end, date(2026, 12, 31))
        self._job("2027-01-01")
        self.assertEqual(len(self.pbx.period_ids.filtered("contract_line_id")), 2)

    def test_who_was_told_and_when_stands_on_the_pbx(self):
        letter = self._letters()
        self._sent(letter)
        told = self.pbx.message_ids.filtered(lambda m: letter.name in (m.body or ""))
        self.assertEqual(len(told), 1)
        self.assertEqual(told.date.date(), DECEMBER)
        for text in ("info@customer.example", "10.00", "10.35"):
            self.assertIn(text, told.body)
        self.assertEqual(self.pbx.notice_count, 1)

    def test_a_customer_gets_one_letter_for_all_his_pbxs(self):
        self._priced("Shop", 7.77)
        letter = self._letters()
        self.assertEqual(letter.line_ids.mapped("new_price"), [10.35, 8.04])

    def test_the_letter_speaks_the_language_of_its_customer(self):
        dutch = self._customer("Jansen", lang="nl_NL", email="jansen@example.com")
        self._priced("Kantoor", 20, dutch)
        letters = self._letters()
        self._sent(letters)
        mine = letters.filtered(lambda letter: letter.partner_id == dutch)
        other = letters - mine
        self.assertIn("Bakkerij De Vries", self._read(other))
        text = self._read(mine)
        for found in (mine.name, "Jansen", "Kantoor", "CBS, October 2026"):
            self.assertIn(found, text)
        self.assertIn("€ 20,70", text)
        self.assertNotIn(other.name, text)
        mail = mine.sudo().mail_id
        self.assertEqual(mail.attachment_ids, mine.attachment_id)
        self.assertIn('lang="nl_NL"', mail.body_html)
        self.assertIn(f"/nl/my/notices/{mine.id}?access_token=", mail.body_html)

    def test_a_day_that_is_too_near_is_refused(self):
        for day, refused in (("2026-12-31", True), ("2027-01-01", False)):
            dialog = self._dialog(date_start=day)
            with self.subTest(day=day), self._on(DECEMBER):
                if refused:
                    with self.assertRaisesRegex(UserError, "31 days before"):
                        dialog.action_apply()
                else:
                    self.assertTrue(dialog.action_apply())

    def test_the_first_of_a_month_that_leaves_the_term_is_proposed(self):
        self.assertEqual(self._dialog("2026-12-01").date_start, JANUARY)
        self.assertEqual(self._dialog("2026-12-02").date_start, FEBRUARY)

    def test_price_set_back_leaves_that_contract_alone(self):
        shop = self._priced("Shop", 8)
        with (
            self._on(DECEMBER),
            Form(
                self.env["nox.price.index"]
                .with_user(self.manager)
                .with_company(self.company)
            ) as form,
        ):
            form.ground_text = "CBS"
            form.percentage = 3.5
            for row in range(len(form.line_ids)):
                with form.line_ids.edit(row) as line:
                    if line.pbx_id == shop:
                        self.assertEqual((line.old_price, line.new_price), (8, 8.28))
                        line.new_price = 8
        with self._on(DECEMBER):
            form.record.action_apply()
        line = self.env["nox.notice.line"].search(
            [("pbx_id", "in", (self.pbx | shop).ids), ("notice_id", "!=", False)]
        )
        self.assertEqual(line.pbx_id, self.pbx)

    def test_nothing_to_tell_is_refused(self):
        with self.assertRaisesRegex(UserError, "no contract whose price"):
            self._dialog(percentage=0).action_apply()
        with self.assertRaisesRegex(UserError, "ground"):
            self._dialog(ground_text=False).action_apply()
        with self.assertRaisesRegex(UserError, "more than zero"):
            self._dialog(percentage=-100).action_apply()
        with self.assertRaisesRegex(UserError, "what changes"):
            self._dialog(ground="terms").action_apply()

    def test_exceptions_are_a_list(self):
        told = self._priced("Told", 5, self._customer("Told"))
        with self._on(DECEMBER):
            first = self._dialog()
            first.line_ids.filtered(lambda x: x.pbx_id != told).unlink()
            first.action_apply()
        silent = self._customer("Silent", email=False)
        self._priced("Silent", 6, silent)
        ended = self._priced("Ended", 7, self._customer("Ended"))
        ended.ended_on = date(2027, 1, 1)
        dialog = self._dialog()
        for line in dialog.line_ids:
            if line.pbx_id == self.pbx:
                line.new_price = 11
        found = {line.pbx_id.name: line.exception for line in dialog.line_ids}
        self.assertEqual(
            {name: found[name] for name in ("Told", "Silent", "Ended", "Head office")},
            {
                "Told": "told",
                "Silent": "no_address",
                "Ended": "ended",
                "Head office": "other_price",
            },
        )
        with self._on(DECEMBER):
            letters = self.env["nox.notice"].search(dialog.action_apply()["domain"])
        self.assertEqual(
            set(letters.partner_id.mapped("name")), {"Silent", "Bakkerij De Vries"}
        )
        kept = self.env["nox.notice.line"].search(
            [("pbx_id", "in", (told | ended).ids), ("notice_id", "=", False)]
        )
        self.assertEqual(set(kept.mapped("exception")), {"told", "ended"})

    def test_what_moved_since_the_letter_does_not_start(self):
        ended = self._priced("Ended", 7, self._customer("Ended"))
        letters = self._letters()
        self._sent(letters)
        self._change_plan(
            self.contract_plan, date(2026, 12, 15), on="2026-12-15", price_unit=12
        )
        ended.ended_on = date(2026, 12, 20)
        self._job("2027-01-01")
        lines = letters.line_ids
        self.assertEqual(
            {line.pbx_id.name: line.exception for line in lines},
            {"Head office": "moved", "Ended": "ended"},
        )
        self.assertFalse(lines.new_period_id)
        mine = lines.filtered(lambda line: line.pbx_id == self.pbx)
        self.assertIn("12.00", mine.exception_text)
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 12)

    def _change_plan(self, plan, day, on, **values):
        with self._on(on):
            self.env["nox.pbx.change.plan"].with_user(self.coordinator).create(
                {
                    "pbx_id": self.pbx.id,
                    "plan_id": plan.id,
                    "date_start": day,
                    **values,
                }
            ).action_change()

    def test_changed_terms_are_told_to_everybody(self):
        other = self._pbx(customer=self._customer("No price"), name="No price")
        letters = self._letters(ground="terms", explanation="We answer on Saturdays.")
        self.assertIn(other, letters.line_ids.pbx_id)
        letter = letters.filtered(lambda each: each.partner_id == self.customer)
        self._sent(letters)
        self.assertIn("Saturdays", self._read(letter))
        self._job("2027-01-01")
        self.assertEqual(letter.state, "in_force")
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10)

    def test_a_plan_that_is_withdrawn_ends_for_its_pbxs(self):
        letter = self._letters(
            ground="withdrawn",
            plan_id=self.contract_plan.id,
            new_plan_id=self.standard.id,
        )
        self._sent(letter)
        self._job("2027-01-01")
        period = self.pbx._running_period(JANUARY)
        self.assertEqual((period.plan_id, period.price_unit), (self.standard, 0))

    def test_letters_are_for_managers_and_told_again_by_coordinators(self):
        with self.assertRaises(AccessError):
            self._dialog(user=self.coordinator)
        letter = self._letters()
        self._sent(letter)
        for user in (self.technician, self.accountant):
            with self.assertRaises(AccessError):
                letter.with_user(user).action_send_again()
        with self.assertRaisesRegex(AccessError, "by a manager"):
            letter.with_user(self.coordinator).action_withdraw()
        with self.assertRaises(AccessError):
            letter.with_user(self.manager).write({"posted_on": DECEMBER})
        with self.assertRaises(AccessError):
            letter.with_user(self.manager).write(
                {"line_ids": [Command.update(letter.line_ids.id, {"new_price": 1})]}
            )
        with self._on(DECEMBER):
            letter.with_user(self.manager).action_withdraw()
        self._job("2027-01-01")
        self.assertEqual(letter.state, "withdrawn")
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10)
        with self.assertRaisesRegex(UserError, "stays for the record"):
            letter.with_user(self.manager).unlink()


@tagged("standard", "post_install", "-at_install")
class TestProof(NoxNoticeCommon):
    """What lacks proof does not start, and somebody hears of it."""

    def _alarms(self, letter):
        return letter.activity_ids.mapped("summary")

    def test_a_mail_that_came_back_starts_nothing(self):
        letter = self._letters()
        self._sent(letter)
        with self._on("2026-12-02"):
            letter._message_receive_bounce("info@customer.example", self.customer)
        self.assertEqual((letter.state, letter.lack), ("returned", "proof"))
        self.assertIn("came back", self._alarms(letter)[0])
        self.assertEqual(letter.activity_ids.user_id, self.manager)
        self._job("2027-01-01")
        self.assertEqual(letter.state, "returned")
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10)
        lacking = self.env["nox.notice"].search([("lack", "!=", False)])
        self.assertIn(letter, lacking)

    def test_a_mail_that_cannot_be_handed_over_came_back(self):
        letter = self._letters()
        self._job("2026-12-01")
        letter.sudo().mail_id.write({"state": "exception", "failure_reason": "No host"})
        self._job("2026-12-01")
        self.assertEqual((letter.state, letter.return_reason), ("returned", "No host"))

    def test_done_again_by_post(self):
        letter = self._letters()
        self._sent(letter)
        before = letter.attachment_id
        with self._on("2026-12-09"):
            letter._message_receive_bounce("info@customer.example", self.customer)
            own = letter.with_user(self.coordinator)
            own.action_by_post()
        # Posted on the 9th, the term ends on 9 January.
        self.assertEqual((letter.state, letter.day_in_force), ("to_post", FEBRUARY))
        self.assertNotEqual(letter.attachment_id, before)
        self.assertTrue(before.exists())
        self._post(letter, "2026-12-10", note="Registered, 3S0123")
        self.assertEqual(
            (letter.state, letter.told_on, letter.posted_by_id, letter.lack),
            ("posted", date(2026, 12, 10), self.coordinator, False),
        )
        self.assertFalse(letter.activity_ids)
        self.assertTrue(
            self.pbx.message_ids.filtered(lambda m: "by post on" in (m.body or ""))
        )
        self._job("2027-01-31")
        self.assertEqual(self.pbx._running_period(FEBRUARY).price_unit, 10)
        self._job("2027-02-01")
        self.assertEqual(self.pbx._running_period(FEBRUARY).price_unit, 10.35)

    def _post(self, letter, on, posted_on=None, note="Ordinary mail"):
        with self._on(on):
            dialog = self.env["nox.notice.post"].with_user(self.coordinator)
            dialog.create(
                {
                    "notice_id": letter.id,
                    "posted_on": posted_on or on,
                    "note": note,
                    "proof": "UHJvb2Y=",
                }
            ).action_post()

    def test_posting_is_refused_when_the_letter_names_an_earlier_day(self):
        self.customer.email = False
        letter = self._letters()
        self._job("2026-12-01")
        self.assertEqual(letter.state, "to_post")
        self.assertIn("by post", self._alarms(letter)[0])
        self.assertFalse(letter.sudo().mail_id)
        for on, posted_on, message in (
            ("2026-12-02", "2026-12-03", "in the future"),
            ("2026-12-02", "2026-11-30", "cannot have been posted before"),
            ("2026-12-05", "2026-12-05", "names"),
        ):
            with self.assertRaisesRegex((UserError, ValidationError), message):
                self._post(letter, on, posted_on)
        with self._on("2026-12-05"):
            letter.with_user(self.coordinator).action_by_post()
        self._post(letter, "2026-12-05")
        self.assertEqual((letter.state, letter.day_in_force), ("posted", FEBRUARY))

    def test_sent_again_to_the_corrected_address(self):
        letter = self._letters()
        self._sent(letter)
        with self._on("2026-12-03"):
            letter._message_receive_bounce("info@customer.example", self.customer)
            self.customer.email = "new@customer.example"
            letter.with_user(self.coordinator).action_send_again()
        self.assertEqual(letter.state, "to_send")
        self.assertEqual(letter.email, "new@customer.example")
        self._sent(letter, "2026-12-03")
        self.assertEqual((letter.state, letter.day_in_force), ("sent", FEBRUARY))
        self.assertFalse(letter.lack)

    def test_a_mail_that_left_too_late_does_not_start(self):
        letter = self._letters()
        self._job("2026-12-01")
        self._sent(letter, "2026-12-04")
        self.assertEqual((letter.state, letter.lack), ("sent", "term"))
        self._job("2027-01-01")
        self.assertEqual(letter.state, "sent")
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10)
        self.assertTrue(self._alarms(letter))

    def test_where_opening_is_the_proof_a_mail_is_none(self):
        self.company.service_notice_proof = "opened"
        letter = self._letters()
        self._sent(letter)
        self.assertEqual((letter.state, letter.lack), ("sent", "proof"))
        self._job("2026-12-18")
        self.assertIn("Nothing proves", self._alarms(letter)[0])
        with self._on("2026-12-20"):
            letter._read_by("Anna")
        self.assertEqual((letter.state, letter.lack), ("opened", False))
        self.assertFalse(letter.activity_ids)
        self._job("2027-01-01")
        self.assertEqual(letter.state, "in_force")

    def test_one_letter_that_fails_stops_no_other(self):
        shop = self._priced("Shop", 8, self._customer("Shop"))
        letters = self._letters()
        self._sent(letters)
        with self._failing(shop), self.assertLogs(level="ERROR"):
            self._job("2027-01-01")
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10.35)
        failed = letters.filtered(lambda each: each.line_ids.pbx_id == shop)
        self.assertEqual(failed.state, "sent")
        self.assertIn("could not be started", self._alarms(failed)[0])

    def _failing(self, pbx):
        dialog = self.registry["nox.pbx.change.plan"]
        original = dialog.action_change

        def action_change(wizard):
            if wizard.pbx_id == pbx:
                raise UserError("Not this one")
            return original(wizard)

        return patch.object(dialog, "action_change", action_change)
