from odoo import api, fields, models


class NoxPbxSeatReplace(models.TransientModel):
    """Somebody leaves and somebody takes the place: one action, linked."""

    _name = "nox.pbx.seat.replace"
    _description = "Replace a User"

    seat_id = fields.Many2one("nox.pbx.seat", string="User", required=True)
    last_day = fields.Date(
        required=True, default=lambda self: self.env.company._service_today()
    )
    name = fields.Char(string="Successor", required=True)
    extension = fields.Char(
        required=True,
        compute="_compute_extension",
        store=True,
        readonly=False,
        precompute=True,
    )
    first_day = fields.Date(
        required=True,
        compute="_compute_first_day",
        store=True,
        readonly=False,
        precompute=True,
    )
    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)

    @api.depends("seat_id")
    def _compute_extension(self):
        for wizard in self:
            wizard.extension = wizard.seat_id.extension

    @api.depends("last_day")
    def _compute_first_day(self):
        for wizard in self:
            wizard.first_day = wizard.last_day and fields.Date.add(
                wizard.last_day, days=1
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_replace(self):
        self.ensure_one()
        self.seat_id._replace(
            self.name,
            self.last_day,
            self.first_day,
            extension=self.extension,
            ticket=self.ticket_id,
        )
        return {"type": "ir.actions.act_window_close"}
