from decimal import Decimal

from odoo import fields, models

from ...policy import grades


class NoxServicePlan(models.Model):
    """How strong an approval has to be, by the amount of a quote."""

    _inherit = "nox.service.plan"

    grade_ids = fields.One2many(
        "nox.approval.grade", "plan_id", string="Strength of approvals", copy=True
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _grade_steps(self):
        return [
            grades.Step(Decimal(str(row.amount_from)), row.grade)
            for row in self.grade_ids
        ]

    def _needed_grade(self, amount):
        """The grade that an approval of so much needs.

        :param amount: including VAT, in the currency of the company
        """
        return grades.needed(self._grade_steps(), Decimal(str(amount)))
