from odoo import fields, models


class NoxTrainingResultLine(models.TransientModel):
    _name = "nox.training.result.line"
    _description = "Result of a Place in a Training"

    wizard_id = fields.Many2one(
        "nox.training.result", required=True, ondelete="cascade"
    )
    training_id = fields.Many2one("nox.admin.training", required=True, readonly=True)
    partner_id = fields.Many2one(related="training_id.partner_id", string="Person")
    date = fields.Date(related="training_id.date")
    result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed"), ("no_show", "No-show")]
    )
    result_remark = fields.Text(string="Remark")

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _is_changed(self):
        self.ensure_one()
        training = self.training_id
        return (self.result or False, self.result_remark or "") != (
            training.result or False,
            training.result_remark or "",
        )

    def _save(self):
        """Give the first result of a place, or correct it. A correction needs a reason:
        the remark, if it is another than before."""
        self.ensure_one()
        training = self.training_id
        if training.result and self.result != training.result:
            is_new = self.result_remark != training.result_remark
            training._correct_result(self.result, is_new and self.result_remark)
        else:
            training.write({"result": self.result, "result_remark": self.result_remark})
