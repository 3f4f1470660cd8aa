from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..policy import seats

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class NoxPbxSeat(models.Model):
    """One user of a PBX: who has which extension from when to when, both days
    included (design 4).

    History is never overwritten, so that the number of users on any past day can
    be proven: somebody who leaves gets a last day, a successor is a next seat.
    """

    _name = "nox.pbx.seat"
    _description = "User of a PBX"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _order = "pbx_id, extension, date_start desc, id desc"

    name = fields.Char(string="User", required=True, tracking=True)
    pbx_id = fields.Many2one(
        "nox.pbx", string="PBX", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(
        related="pbx_id.commercial_partner_id", store=True, index=True
    )
    extension = fields.Char(required=True, tracking=True)
    date_start = fields.Date(
        string="First day",
        required=True,
        default=lambda self: self.env.company._service_today(),
        tracking=True,
    )
    date_end = fields.Date(string="Last day", tracking=True)
    charged = fields.Boolean(
        default=True,
        tracking=True,
        help="Off for a door phone, a fax or a meeting room: it is no user.",
    )
    replaces_id = fields.Many2one(
        "nox.pbx.seat",
        index="btree_not_null",
        domain="[('pbx_id', '=', pbx_id), ('id', '!=', id)]",
        help="The user who left and whose place this one takes: on the day of the"
        " change they count once.",
    )
    replaced_by_ids = fields.One2many("nox.pbx.seat", "replaces_id")
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="By request",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    is_running = fields.Boolean(
        compute="_compute_is_running", search="_search_is_running"
    )

    _ends_after_start = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "The last day of a user comes before the first day.",
    )
    _replaced_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL",
        "This user has a successor already.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("date_start", "date_end")
    def _compute_is_running(self):
        for seat in self:
            today = (seat.company_id or self.env.company)._service_today()
            seat.is_running = bool(
                seat.date_start
                and seat.date_start <= today
                and (not seat.date_end or today <= seat.date_end)
            )

    def _search_is_running(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._running_domain(self.env.company._service_today())

    @api.depends("name", "extension")
    def _compute_display_name(self):
        for seat in self:
            seat.display_name = f"{seat.extension or ''} {seat.name or ''}".strip()

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("name", "extension")
    def _check_texts(self):
        """Refuse what a spreadsheet would run as a formula, and endless texts."""
        for seat in self:
            for text in (seat.name, seat.extension):
                if text.startswith(FORMULA_STARTS):
                    raise ValidationError(
                        self.env._(
                            "%(text)s looks like a formula. Enter a name or an"
                            " extension.",
                            text=text[:40],
                        )
                    )
            if len(seat.name) > 120 or len(seat.extension) > 20:
                raise ValidationError(
                    self.env._(
                        "A name has at most 120 characters and an extension at most 20."
                    )
                )

    @api.constrains("pbx_id", "extension", "date_start", "date_end")
    def _check_overlap(self):
        """One extension belongs to one user at a time."""
        others = self.search(
            [
                ("pbx_id", "in", self.pbx_id.ids),
                ("extension", "in", self.mapped("extension")),
            ],
            order="date_start, id",
        ).grouped(lambda seat: (seat.pbx_id, seat.extension))
        for seat in self:
            clash = others[seat.pbx_id, seat.extension].filtered(
                lambda other, seat=seat: other != seat and other._overlaps(seat)
            )[:1]
            if clash:
                raise ValidationError(
                    self.env._(
                        "Extension %(extension)s of %(pbx)s belongs to %(other)s from"
                        " %(first)s to %(last)s. End that user first.",
                        extension=seat.extension,
                        pbx=seat.pbx_id.name,
                        other=clash.name,
                        first=clash.date_start,
                        last=clash.date_end or "…",
                    )
                )

    @api.constrains("replaces_id", "pbx_id", "date_start")
    def _check_replaces(self):
        for seat in self.filtered("replaces_id"):
            leaver = seat.replaces_id
            if leaver.pbx_id != seat.pbx_id:
                raise ValidationError(
                    self.env._(
                        "%(leaver)s is a user of another PBX.", leaver=leaver.name
                    )
                )
            if not leaver.date_end or leaver.date_end > seat.date_start:
                raise ValidationError(
                    self.env._(
                        "%(leaver)s has not left on %(date)s, the first day of"
                        " %(name)s. Fill in the last day of %(leaver)s.",
                        leaver=leaver.name,
                        name=seat.name,
                        date=seat.date_start,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        """A user of a billed month is history: end it, do not delete it."""
        for seat in self:
            if seat._is_in_billed_month():
                raise UserError(
                    self.env._(
                        "%(name)s is on an invoice. Fill in a last day instead; what"
                        " was billed too much becomes a correction on the next"
                        " invoice.",
                        name=seat.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_replace(self):
        """Ask who takes the place of this user, and from when."""
        if len(self) != 1:
            raise UserError(self.env._("Choose the one user who leaves."))
        return {
            "name": self.env._("Replace a user"),
            "type": "ir.actions.act_window",
            "res_model": "nox.pbx.seat.replace",
            "view_mode": "form",
            "target": "new",
            "context": {"default_seat_id": self.id},
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _running_domain(self, day):
        """Seats that exist on a day, both ends included."""
        return [
            ("date_start", "<=", day),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", day),
        ]

    def _policy_seat(self):
        """This seat as the policy wants it."""
        self.ensure_one()
        return seats.Seat(
            key=self.id,
            first=self.date_start,
            last=self.date_end or None,
            charged=self.charged,
            replaces=self.replaces_id.id or None,
        )

    def _overlaps(self, other):
        """Whether two seats exist on one day. A leaver and the linked successor may
        share the day of the change."""
        self.ensure_one()
        first, second = (self, other) if self.replaces_id != other else (other, self)
        if second.replaces_id == first and first.date_end == second.date_start:
            return False
        far = date.max
        return self.date_start <= (other.date_end or far) and other.date_start <= (
            self.date_end or far
        )

    def _is_in_billed_month(self):
        self.ensure_one()
        return bool(
            self.env["nox.seat.charge"]
            .sudo()
            .search_count(
                [
                    ("period_id.pbx_id", "=", self.pbx_id.id),
                    ("month_end", ">=", self.date_start),
                    ("state", "=", "invoiced"),
                ],
                limit=1,
            )
        )

    def _replace(self, name, last_day, first_day, extension=None, ticket=None):
        """Let somebody take this user's place: the leaver's last day, the
        successor's first day, linked so that a shared day counts once."""
        self.ensure_one()
        self.date_end = last_day
        return self.create(
            {
                "name": name,
                "pbx_id": self.pbx_id.id,
                "extension": extension or self.extension,
                "date_start": first_day,
                "charged": self.charged,
                "replaces_id": self.id,
                "ticket_id": ticket.id if ticket else False,
            }
        )
