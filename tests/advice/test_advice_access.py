from datetime import date

from odoo.tests import tagged

from ..base.test_access import OPERATIONS, ROLES, AccessCase

# What each role may do, in the order of ROLES: advice and drafts are the managers'.
TABLE = {
    "nox.plan.advice": ("", "", "r", "", "", "", "", "", ""),
    "nox.plan.advice.line": ("", "", "r", "", "", "", "", "", ""),
    "nox.coverage.draft": ("", "", "rwcd", "", "", "", "", "", "c"),
    "nox.coverage.draft.rule": ("", "", "rwcd", "", "", "", "", "", "c"),
    "nox.coverage.draft.customer": ("", "", "r", "", "", "", "", "", ""),
    "nox.coverage.draft.change": ("", "", "r", "", "", "", "", "", ""),
    "nox.verdict.check": ("", "", "r", "", "", "", "", "", ""),
}


@tagged("standard", "post_install", "-at_install")
class TestAdviceAccess(AccessCase):
    """Advice, drafts and the nightly replay: model by role."""

    def test_table(self):
        plan = self._own_plan(self.standard, company_id=self.company.id)
        pbx = self._pbx(plan, accepted_on=date(2026, 1, 1), name="Own")
        self._log(self._ticket(pbx), 20)
        pbx._refresh_advice()
        draft = self.env["nox.coverage.draft"].create(
            {"name": "Free", "plan_id": plan.id}
        )
        draft.rule_ids[-1:].outcome = "covered"
        draft._replay()
        check = self.env["nox.verdict.check"]._check_verdicts(self.company)
        records = {
            each._name: each
            for each in (
                pbx.advice_ids,
                pbx.advice_ids.line_ids,
                draft,
                draft.rule_ids,
                draft.customer_ids,
                draft.change_ids,
                check,
            )
        }
        self.assertEqual(records.keys(), TABLE.keys())
        for name, expected in TABLE.items():
            self.assertTrue(records[name], name)
            for role, letters in zip(ROLES, expected, strict=True):
                user = self.users[role]
                record = (
                    records[name][:1]
                    .with_user(user)
                    .with_context(allowed_company_ids=user.company_ids.ids)
                )
                allowed = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if (record.browse() if letter == "c" else record).has_access(
                        operation
                    )
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(allowed, letters)
