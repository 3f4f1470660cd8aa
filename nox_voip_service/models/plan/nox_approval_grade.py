from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...policy import errors, grades
from ..base import sealing

GRADES = [
    ("link", "By the link in the mail"),
    ("login", "Logged in"),
    ("code", "Logged in, with a code by mail"),
    ("signed", "Logged in, with a code by mail, and a sealed copy"),
]


class NoxApprovalGrade(models.Model):
    """From which amount a plan asks for which strength of an approval."""

    _name = "nox.approval.grade"
    _description = "Strength of an Approval by Amount"
    _order = "plan_id, amount_from"
    _rec_name = "grade"

    plan_id = fields.Many2one(
        "nox.service.plan", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    amount_from = fields.Float(
        string="From",
        default=0,
        required=True,
        digits="Product Price",
        help="Of the whole quote including VAT, in the currency of the company.",
    )
    grade = fields.Selection(GRADES, required=True)

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("grade")
    def _check_can_be_sealed(self):
        if grades.SIGNED in self.mapped("grade") and not sealing.is_available():
            raise ValidationError(
                self.env._(
                    "Sealed copies need the Python library pyHanko, which is not"
                    " installed on this server. Ask whoever runs the server to install"
                    " it (the README says how), or choose a code by mail."
                )
            )

    @api.constrains("plan_id", "amount_from", "grade")
    def _check_rises(self):
        for plan in self.plan_id:
            try:
                grades.check_steps(plan._grade_steps())
            except errors.InvalidPolicy as refused:
                raise ValidationError(
                    self.env._(
                        "From a larger amount an approval is stronger: each row of"
                        " %(plan)s needs a larger amount and a stronger approval than"
                        " the one before it.",
                        plan=plan.name,
                    )
                ) from refused
