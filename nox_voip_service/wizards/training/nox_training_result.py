from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers


class NoxTrainingResult(models.TransientModel):
    """Take the results of several places at once."""

    _name = "nox.training.result"
    _description = "Results of a Training"

    training_ids = fields.Many2many("nox.admin.training", required=True)
    line_ids = fields.One2many(
        "nox.training.result.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("training_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "training_id": training.id,
                        "result": training.result,
                        "result_remark": training.result_remark,
                    }
                )
                for training in wizard.training_ids
                if training.partner_id and not training.is_cancelled
            ]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_apply(self):
        """Write the results down, all or none of them."""
        self.ensure_one()
        self.training_ids._check_may_give_result()
        changed = self.line_ids.filtered(lambda line: line._is_changed())
        if not changed:
            raise UserError(
                self.env._(
                    "Nothing was filled in. Choose who passed, failed or did not come."
                )
            )
        for line in changed:
            line._save()
        return {"type": "ir.actions.act_window_close"}

    @for_readers
    def action_all_passed(self):
        """Fill in that everybody passed, for the trainer to correct."""
        self.ensure_one()
        self.line_ids.filtered(lambda line: not line.result).result = "passed"
        return {
            "name": self.env._("Results of the training"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
