from odoo import fields, models

from odoo.addons.nox_voip_service.models.base.guard import for_readers


class NoxPersonDataLine(models.TransientModel):
    """One record that names the person."""

    _name = "nox.person.data.line"
    _inherit = ["nox.guarded"]
    _description = "Record that Names a Person"

    data_id = fields.Many2one("nox.person.data", required=True, ondelete="cascade")
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    kind = fields.Char(readonly=True)
    facts = fields.Text(string="What it says", readonly=True)
    stays = fields.Char(string="Why it stays", readonly=True)
    is_free = fields.Boolean(readonly=True)
    is_chosen = fields.Boolean(
        string="Erase", help="Take it off when it is somebody else of the same name."
    )

    @for_readers
    def action_open_record(self):
        """The record, by the rights of who presses."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
