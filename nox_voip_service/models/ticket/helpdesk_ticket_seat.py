from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...policy import seat_history
from ..base.guard import for_readers
from ..plan.helpdesk_ticket_category import SEAT_CHANGES


class HelpdeskTicket(models.Model):
    """Closing a ticket about users proposes what changes in the users of the PBX and
    applies it with one click, so that work and bill cannot drift apart."""

    _inherit = "helpdesk.ticket"

    seat_ids = fields.One2many("nox.pbx.seat", "ticket_id", readonly=True)
    seat_change = fields.Selection(
        SEAT_CHANGES,
        string="Change of users",
        compute="_compute_seat_change",
        compute_sudo=True,
        help="What the kind of change does to the users of the PBX; whether somebody"
        " is added or replaced follows from 'Replaces a user', as the verdict does.",
    )
    is_seat_change_due = fields.Boolean(
        compute="_compute_is_seat_change_due",
        store=True,
        help="The work is done, and the users of the PBX are not brought up to date.",
    )
    is_seat_change_done = fields.Boolean(copy=False, readonly=True)
    # === What is asked: filled in when the request comes in ===
    seat_leaver_id = fields.Many2one(
        "nox.pbx.seat",
        string="Who leaves",
        copy=False,
        domain="[('pbx_id', '=', pbx_id), ('is_running', '=', True)]",
    )
    seat_name = fields.Char(string="New user", copy=False)
    seat_extension = fields.Char(string="Extension", copy=False)
    seat_day = fields.Date(
        string="From",
        copy=False,
        help="First day of the new user; of somebody who leaves, the last day. Empty:"
        " the day on which the work was closed.",
    )
    seat_proposal = fields.Char(
        compute="_compute_seat_proposal",
        help="The change of the users of the PBX that this ticket comes to.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("category_id.seat_change", "category_id.change_scope", "replaces_user")
    def _compute_seat_change(self):
        """The users follow the facts that the verdict follows: what is covered as a
        replacement adds nobody, and an extra user ends nobody."""
        for ticket in self:
            category = ticket.category_id
            kind = category.seat_change
            if kind in ("add", "replace") and category.change_scope == "user_addition":
                kind = {"yes": "replace", "no": "add"}.get(ticket.replaces_user, kind)
            ticket.seat_change = kind

    @api.depends("outcome", "seat_change", "pbx_id", "is_seat_change_done")
    def _compute_is_seat_change_due(self):
        for ticket in self:
            ticket.is_seat_change_due = bool(
                ticket.outcome == "done"
                and ticket.seat_change
                and ticket.pbx_id
                and not ticket.is_seat_change_done
            )

    @api.depends(
        "seat_change",
        "seat_leaver_id",
        "seat_name",
        "seat_extension",
        "seat_day",
        "closed_date",
        "pbx_id.seat_ids.extension",
    )
    def _compute_seat_proposal(self):
        """Empty as long as something is missing that only a person can know."""
        for ticket in self:
            kind, leaver = ticket.seat_change, ticket.seat_leaver_id
            extension = ticket._proposed_extension()
            complete = kind and (
                (kind == "add" or leaver)
                and (kind == "remove" or (ticket.seat_name and extension))
            )
            ticket.seat_proposal = complete and ticket._seat_sentence(
                kind,
                leaver,
                ticket.seat_name,
                extension,
                ticket._seat_change_day(),
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_change_seats(self):
        """Show the change of the users that belongs to this ticket, to complete or
        to change it."""
        self.ensure_one()
        if not self.pbx_id:
            raise UserError(self.env._("Choose the PBX first."))
        action = self._service_dialog(
            "nox.seat.change", self.env._("Update the users of the PBX")
        )
        action["context"] = {
            f"default_{name}": value
            for name, value in self._prepare_seat_change_vals().items()
        }
        return action

    @for_readers
    def action_apply_seats(self):
        """Apply the proposal; where something is missing, ask for it."""
        self.ensure_one()
        if self.is_seat_change_done:
            raise UserError(
                self.env._("The users of the PBX are updated for this ticket already.")
            )
        if not self.seat_proposal:
            return self.action_change_seats()
        self.env["nox.seat.change"].create(
            self._prepare_seat_change_vals()
        ).action_apply()
        return True

    @for_readers
    def action_seats_are_right(self):
        """The history of users needs no change: somebody made it already."""
        for ticket in self:
            ticket._seat_change_is_done(
                self.env._("The users of the PBX are right as they are.")
            )
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _prepare_seat_change_vals(self):
        """What the ticket knows of the change."""
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "pbx_id": self.pbx_id.id,
            "kind": self.seat_change or "add",
            "seat_id": self.seat_change != "add" and self.seat_leaver_id.id,
            "name": self.seat_name,
            "first_day": self._seat_change_day(),
        }

    def _seat_change_is_done(self, text):
        """Remember that the users follows this ticket; the mark is the system's."""
        self.check_access("write")
        self.sudo().is_seat_change_done = True
        self.message_post(body=text)

    def _seat_change_day(self):
        """The day that was asked for, else the day on which the work was done: who
        clicks weeks later changes the bill from then all the same."""
        self.ensure_one()
        return self.seat_day or self.company_id._service_day(
            self.closed_date or fields.Datetime.now()
        )

    def _proposed_extension(self):
        self.ensure_one()
        return seat_history.extension_for(
            self.seat_change,
            self.seat_extension,
            self.seat_leaver_id.extension,
            self.pbx_id._next_extension(),
        )

    @api.model
    def _seat_sentence(self, kind, leaver, name, extension, day):
        """A change of users in words, for the proposal and for the log."""
        params = {
            "leaver": leaver.display_name,
            "name": name,
            "extension": extension,
            "day": format_date(self.env, day),
        }
        if kind == "add":
            return self.env._(
                "%(name)s gets extension %(extension)s from %(day)s.", **params
            )
        if kind == "replace":
            return self.env._(
                "%(name)s takes the place of %(leaver)s, extension %(extension)s, from"
                " %(day)s.",
                **params,
            )
        return self.env._("%(leaver)s leaves, last day %(day)s.", **params)
