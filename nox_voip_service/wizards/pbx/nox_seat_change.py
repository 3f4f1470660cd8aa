from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import by_code, for_readers
from ...models.plan.helpdesk_ticket_category import SEAT_CHANGES
from ...policy import seat_history


class NoxSeatChange(models.TransientModel):
    """Somebody comes, leaves or takes somebody's place: from the PBX, from the list
    of users, or as the proposal of a finished ticket."""

    _name = "nox.seat.change"
    _description = "Change of Users"

    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    pbx_id = fields.Many2one("nox.pbx", string="PBX", required=True)
    kind = fields.Selection(
        SEAT_CHANGES,
        required=True,
        default="add",
    )
    seat_id = fields.Many2one(
        "nox.pbx.seat",
        string="Who leaves",
        domain="[('pbx_id', '=', pbx_id), ('is_running', '=', True)]",
    )
    name = fields.Char(string="New user")
    first_day = fields.Date(
        default=lambda self: self.env.company._service_today(),
        help="First day of the new user.",
    )
    last_day = fields.Date(
        compute="_compute_last_day",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day of who leaves. On a day that leaver and successor share, the"
        " two count once.",
    )
    extension = fields.Char(
        compute="_compute_extension", store=True, readonly=False, precompute=True
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("kind", "first_day")
    def _compute_last_day(self):
        for change in self:
            day = change.first_day or self.env.company._service_today()
            change.last_day = seat_history.last_day(change.kind, day)

    @api.depends("seat_id", "kind", "pbx_id", "ticket_id")
    def _compute_extension(self):
        for change in self:
            change.extension = seat_history.extension_for(
                change.kind,
                change.ticket_id.seat_extension,
                change.seat_id.extension,
                change.pbx_id._next_extension(),
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_apply(self):
        self.ensure_one()
        self._check_follows_ticket()
        self._check_complete()
        if self.kind == "remove":
            self.seat_id.date_end = self.last_day
        elif self.kind == "replace":
            self.seat_id._replace(
                self.name,
                max(self.last_day, self.seat_id.date_start),
                self.first_day,
                extension=self.extension,
                ticket=self.ticket_id,
            )
        else:
            by_code(self.env["nox.pbx.seat"]).create(self._prepare_seat_vals())
        if self.ticket_id:
            self.ticket_id._seat_change_is_done(self._done_text())
        return {"type": "ir.actions.act_window_close"}

    @for_readers
    def action_not_needed(self):
        """Close the proposal of a finished ticket: its users were updated already."""
        self.ticket_id.action_seats_are_right()
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_follows_ticket(self):
        """The verdict of the ticket came from its facts: another change here would
        bill something else than the work was judged by."""
        kind = self.ticket_id.seat_change
        if kind and kind != self.kind:
            raise UserError(
                self.env._(
                    "By the facts of %(ticket)s this is another change of users. Put"
                    " the kind of change or 'Replaces a user' on the ticket right"
                    " first.",
                    ticket=self.ticket_id.display_name,
                )
            )

    def _check_complete(self):
        if self.kind != "add" and not (self.seat_id and self.last_day):
            raise UserError(self.env._("Choose the user who leaves, and the last day."))
        if self.kind != "remove" and not (
            self.name and self.extension and self.first_day
        ):
            raise UserError(
                self.env._("Fill in the new user's name, extension and first day.")
            )
        if self.seat_id and self.kind != "add" and self.seat_id.pbx_id != self.pbx_id:
            raise UserError(
                self.env._(
                    "%(name)s is a user of another PBX.",
                    name=self.seat_id.display_name,
                )
            )

    def _prepare_seat_vals(self):
        return {
            "pbx_id": self.pbx_id.id,
            "name": self.name,
            "extension": self.extension,
            "date_start": self.first_day,
            "ticket_id": self.ticket_id.id,
        }

    def _done_text(self):
        return self.env._(
            "The users of the PBX are updated: %(proposal)s",
            proposal=self.ticket_id._seat_sentence(
                self.kind,
                self.seat_id,
                self.name,
                self.extension,
                self.first_day if self.kind != "remove" else self.last_day,
            ),
        )
