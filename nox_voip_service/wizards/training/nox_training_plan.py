from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import for_readers


class NoxTrainingPlan(models.TransientModel):
    """Give several places a person, one date and one trainer at once."""

    _name = "nox.training.plan"
    _description = "Plan a Training"

    training_ids = fields.Many2many("nox.admin.training", required=True)
    line_ids = fields.One2many(
        "nox.training.plan.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    start_at = fields.Datetime(
        compute="_compute_start_at", store=True, readonly=False, required=True
    )
    hours = fields.Float(compute="_compute_hours", store=True, readonly=False)
    trainer_id = fields.Many2one(
        "res.users",
        compute="_compute_trainer_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('share', '=', False)]",
    )
    overlap = fields.Text(compute="_compute_overlap")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    # One method a field: with one for all, a start that the dialog fills in would
    # leave the others empty.
    @api.depends("training_ids")
    def _compute_start_at(self):
        for wizard in self:
            wizard.start_at = wizard.training_ids.filtered("start_at")[:1].start_at

    @api.depends("training_ids")
    def _compute_hours(self):
        for wizard in self:
            wizard.hours = wizard.training_ids[:1].hours or 4.0

    @api.depends("training_ids")
    def _compute_trainer_id(self):
        for wizard in self:
            wizard.trainer_id = wizard.training_ids.trainer_id[:1]

    @api.depends("training_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "training_id": training.id,
                        "partner_id": training.partner_id.id,
                        "pbx_id": training.pbx_id.id
                        or self._only_pbx(training.commercial_partner_id).id,
                    }
                )
                for training in wizard.training_ids
                if not training.result and not training.is_cancelled
            ]

    @api.depends("start_at", "hours", "trainer_id", "training_ids")
    def _compute_overlap(self):
        """Other meetings of the trainer at that time: a warning, not a refusal."""
        for wizard in self:
            wizard.overlap = False
            if not (wizard.start_at and wizard.trainer_id):
                continue
            stop = wizard.start_at + timedelta(hours=wizard.hours)
            others = self.env["nox.admin.training"].search(
                [
                    ("trainer_id", "=", wizard.trainer_id.id),
                    ("state", "=", "planned"),
                    ("start_at", "<", stop),
                    ("stop_at", ">", wizard.start_at),
                    ("id", "not in", wizard.training_ids.ids),
                ]
            )
            wizard.overlap = "\n".join(others.mapped("display_name")) or False

    @api.model
    def _only_pbx(self, customer):
        """The customer's PBX when there is no choice."""
        if not customer:
            return self.env["nox.pbx"]
        pbxs = self.env["nox.pbx"].search(
            [("commercial_partner_id", "=", customer.id)], limit=2
        )
        return pbxs if len(pbxs) == 1 else pbxs.browse()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_apply(self):
        """Plan the places that have a person; the others stay free."""
        self.ensure_one()
        self.env["nox.pbx"]._check_training_coordinator()
        chosen = self.line_ids.filtered("partner_id")
        if not chosen:
            raise UserError(
                self.env._("Choose at least one person who comes to the training.")
            )
        for line in chosen:
            line.training_id.write(
                {
                    "partner_id": line.partner_id.id,
                    "pbx_id": line.pbx_id.id,
                    "start_at": self.start_at,
                    "hours": self.hours,
                    "trainer_id": self.trainer_id.id,
                }
            )
        return {"type": "ir.actions.act_window_close"}
