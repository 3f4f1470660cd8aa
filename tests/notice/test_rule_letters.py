from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_notice import JANUARY, NoxNoticeCommon


@tagged("standard", "post_install", "-at_install")
class TestRuleLetters(NoxNoticeCommon):
    """Another block or limit is a plan of its own, to which PBXs move on a day: told
    before, old beside new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.contract_plan
        cls.new_plan = cls._own_plan(
            cls.contract_plan,
            name="Contract 2027",
            block_minutes=10,
            quote_threshold_minutes=90,
            warn_minutes=75,
        )

    def _rule_letters(self, **values):
        return self._letters(
            **{
                "ground": "terms",
                "ground_text": "smaller blocks",
                "plan_id": self.plan.id,
                "new_plan_id": self.new_plan.id,
                **values,
            }
        )

    def test_time_rules_are_told_and_start_on_their_day(self):
        letter = self._rule_letters()
        self.assertEqual(letter.line_ids.pbx_id, self.pbx)
        self.assertEqual(
            [tuple(rule.values()) for rule in letter.rule_texts],
            [
                ("Minutes in a block", "15", "10"),
                ("Minutes above which we ask for your approval", "60", "90"),
            ],
        )
        self._sent(letter)
        text = " ".join(self._read(letter).split())
        for said in ("From then on", "15 10", "60 90", "smaller blocks"):
            self.assertIn(said, text)
        self._job("2026-12-31")
        self.assertEqual(self.pbx._plan_on(JANUARY), self.plan)
        self._job("2027-01-01")
        self.assertEqual(letter.state, "in_force")
        self.assertEqual(self.pbx._plan_on(JANUARY), self.new_plan)
        self.assertEqual(self.pbx._running_period(JANUARY).price_unit, 10)
        self.assertEqual(self.pbx._plan_on(date(2026, 12, 31)), self.plan)

    def test_without_proof_the_old_rules_stay(self):
        letter = self._rule_letters()
        self._job("2026-12-01")
        self._job("2027-01-01")
        self.assertEqual((letter.ground, letter.lack), ("terms", "proof"))
        self.assertEqual(self.pbx._plan_on(JANUARY), self.plan)

    def test_plans_that_do_not_differ_or_one_of_them_are_refused(self):
        same = self._own_plan(self.plan, name="The same")
        with self.assertRaisesRegex(UserError, "Write what changes"):
            self._rule_letters(new_plan_id=same.id)
        with self.assertRaisesRegex(UserError, "which plan has the new"):
            self._rule_letters(new_plan_id=False)
