from odoo import api, fields, models
from odoo.exceptions import UserError


class NoxSeatChange(models.TransientModel):
    """The change of the seat ledger that a finished ticket proposes."""

    _name = "nox.seat.change"
    _description = "Change of Users after a Ticket"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    pbx_id = fields.Many2one(related="ticket_id.pbx_id")
    kind = fields.Selection(
        [
            ("add", "A user is added"),
            ("replace", "A user is replaced"),
            ("remove", "A user leaves"),
        ],
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    seat_id = fields.Many2one(
        "nox.pbx.seat",
        string="Who leaves",
        domain="[('pbx_id', '=', pbx_id), ('is_running', '=', True)]",
    )
    last_day = fields.Date(default=lambda self: self.env.company._service_today())
    name = fields.Char(string="New user")
    extension = fields.Char(compute="_compute_extension", store=True, readonly=False)
    first_day = fields.Date(default=lambda self: self.env.company._service_today())

    @api.depends("ticket_id")
    def _compute_kind(self):
        for change in self:
            change.kind = change.ticket_id.seat_change or "add"

    @api.depends("seat_id")
    def _compute_extension(self):
        for change in self:
            change.extension = change.seat_id.extension

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        self.ensure_one()
        if self.kind != "add" and not self.seat_id:
            raise UserError(self.env._("Choose the user who leaves."))
        if self.kind != "remove" and not (self.name and self.extension):
            raise UserError(self.env._("Fill in the new user's name and extension."))
        if self.kind == "remove":
            self.seat_id.date_end = self.last_day
        elif self.kind == "replace":
            self.seat_id._replace(
                self.name,
                self.last_day,
                self.first_day,
                extension=self.extension,
                ticket=self.ticket_id,
            )
        else:
            self.env["nox.pbx.seat"].create(self._prepare_seat_vals())
        self.ticket_id.is_seat_change_done = True
        self.ticket_id.message_post(
            body=self.env._("The users of the PBX are updated.")
        )
        return {"type": "ir.actions.act_window_close"}

    def action_not_needed(self):
        """The ledger is right as it is."""
        self.ticket_id.is_seat_change_done = True
        return {"type": "ir.actions.act_window_close"}

    def _prepare_seat_vals(self):
        return {
            "pbx_id": self.pbx_id.id,
            "name": self.name,
            "extension": self.extension,
            "date_start": self.first_day,
            "ticket_id": self.ticket_id.id,
        }
