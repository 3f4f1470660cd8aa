from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...policy import months, seat_history, seat_texts, seats
from ..base.guard import by_code, for_readers
from ..base.in_force import in_force_domain, span


class NoxPbxSeat(models.Model):
    """One user of a PBX: who has which extension from when to when, both days
    included.

    History is never overwritten, so that the number of users on any past day can
    be proven: somebody who leaves gets a last day, a successor is a next seat. What
    was entered wrong can be corrected; the old value stays in the log, and a billed
    month becomes a correction on the next invoice.
    """

    _name = "nox.pbx.seat"
    _description = "User of a PBX"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _order = "pbx_id, extension, date_start desc, id desc"

    name = fields.Char(string="User", required=True, tracking=True)
    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
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
        tracking=True,
        domain="[('pbx_id', '=', pbx_id), ('id', '!=', id)]",
        help="The user who left and whose place this one takes: on the day of the"
        " change they count once.",
    )
    replaced_by_ids = fields.One2many("nox.pbx.seat", "replaces_id", readonly=True)
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
    used_on = fields.Date(
        string="In use on",
        store=False,
        search="_search_used_on",
        help="Search for the users of any day, past or to come.",
    )
    billed_month = fields.Date(
        compute="_compute_billed_month",
        help="Last month with this user that is on an invoice.",
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
            seat.is_running = bool(seat.date_start) and span(seat).covers(today)

    def _search_is_running(self, operator, value):
        if operator != "in":
            return NotImplemented
        return in_force_domain(self.env.company._service_today())

    def _search_used_on(self, operator, value):
        """Users of a PBX on the day that is searched for. Odoo asks ``=`` as ``in``;
        other comparisons mean nothing here."""
        if operator != "in":
            return NotImplemented
        days = [fields.Date.to_date(day) for day in value if day]
        return fields.Domain.OR(in_force_domain(day) for day in days)

    @api.depends("pbx_id", "date_start", "date_end")
    def _compute_billed_month(self):
        """Months are facts of the invoices: technicians may know which are billed."""
        billed = dict(
            self.env["nox.seat.charge"]
            .sudo()
            ._read_group(
                [("pbx_id", "in", self.pbx_id.ids), ("state", "=", "invoiced")],
                ["pbx_id"],
                ["month:array_agg"],
            )
        )
        for seat in self:
            seat.billed_month = max(
                (
                    month
                    for month in billed.get(seat.pbx_id._origin, ())
                    if seat.date_start
                    and span(seat).within(month, months.last_of_month(month))
                ),
                default=False,
            )

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
            for text, limit in (
                (seat.name, seat_texts.NAME_LENGTH),
                (seat.extension, seat_texts.EXTENSION_LENGTH),
            ):
                if code := seat_texts.text_problem(text, limit):
                    raise ValidationError(self._text_refusal(code, text, limit))

    @api.constrains("pbx_id", "extension", "date_start", "date_end", "replaces_id")
    def _check_overlap(self):
        """One extension belongs to one user at a time."""
        others = self.search(
            [
                ("pbx_id", "in", self.pbx_id.ids),
                ("extension", "in", self.mapped("extension")),
            ],
            order="date_start, id",
        )
        for first, second in seat_history.clashes(
            seat._policy_use() for seat in others
        ):
            new = {first.key, second.key} & set(self.ids)
            if new:
                other = second if new == {first.key} else first
                raise ValidationError(self._clash_refusal(other))

    @api.constrains("replaces_id", "pbx_id", "date_start", "date_end")
    def _check_replaces(self):
        for seat in (self | self.replaced_by_ids).filtered("replaces_id"):
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

    @api.model_create_multi
    def create(self, vals_list):
        self._check_pbx_is_visible(
            vals.get("pbx_id", self.env.context.get("default_pbx_id"))
            for vals in vals_list
        )
        return super().create([self._plain_vals(vals) for vals in vals_list])

    def write(self, vals):
        if "pbx_id" in vals:
            self._check_pbx_is_visible([vals["pbx_id"]])
            self._check_stays_on_pbx(vals["pbx_id"])
        # Neither an import nor a script leaves the log out.
        logged = self.with_context(tracking_disable=False, mail_notrack=False)
        return super(NoxPbxSeat, logged).write(self._plain_vals(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        """A user of a billed month is history: end it, do not delete it."""
        for seat in self.filtered("billed_month"):
            raise UserError(
                self.env._(
                    "%(name)s is on the invoice of %(month)s. Fill in a last day"
                    " instead; what was billed too much becomes a correction on the"
                    " next invoice.",
                    name=seat.display_name,
                    month=self._month_text(seat.billed_month),
                )
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_replace(self):
        """Ask who takes the place of this user, and from when."""
        return self._action_change("replace", self.env._("Replace a user"))

    @for_readers
    def action_end(self):
        """Ask for the last day of this user."""
        return self._action_change("remove", self.env._("A user leaves"))

    def _action_change(self, kind, title):
        if len(self) != 1:
            raise UserError(self.env._("Choose the one user who leaves."))
        return {
            "name": title,
            "type": "ir.actions.act_window",
            "res_model": "nox.seat.change",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_pbx_id": self.pbx_id.id,
                "default_kind": kind,
                "default_seat_id": self.id,
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

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

    def _policy_use(self):
        """This seat as the rule of one user at a time wants it."""
        self.ensure_one()
        return seat_history.Use(
            key=self.id,
            pbx=self.pbx_id.id,
            extension=self.extension,
            first=self.date_start,
            last=self.date_end or None,
            replaces=self.replaces_id.id or None,
        )

    @api.model
    def _plain_vals(self, vals):
        """Names and extensions without the spaces that hide a double."""
        return {
            name: seat_texts.plain(value)
            if name in ("name", "extension") and isinstance(value, str)
            else value
            for name, value in vals.items()
        }

    @api.model
    def _month_text(self, month):
        return format_date(self.env, month, date_format="MMMM yyyy")

    @api.model
    def _text_refusal(self, code, text, limit):
        """The sentence for a name or an extension that cannot be taken."""
        if code == "formula":
            return self.env._(
                "%(text)s looks like a formula. Enter a name or an extension.",
                text=text[:40],
            )
        if code == "too_long":
            return self.env._(
                "%(text)s… is too long: at most %(limit)s characters.",
                text=text[:40],
                limit=limit,
            )
        return self.env._("A user has a name and an extension.")

    @api.model
    def _clash_refusal(self, entry):
        """The sentence for an extension that somebody has already."""
        other = self.browse(entry.key)
        return self.env._(
            "Extension %(extension)s of %(pbx)s belongs to %(other)s from"
            " %(first)s to %(last)s. End that user first.",
            extension=other.extension,
            pbx=other.pbx_id.name,
            other=other.name,
            first=format_date(self.env, other.date_start),
            last=other.date_end and format_date(self.env, other.date_end) or "…",
        )

    @api.model
    def _check_pbx_is_visible(self, pbx_ids):
        """Before anything else: constraints run as superuser, and their sentences name
        users that another company must not hear of
        (docs/ARCHITECTURE.md#access-before-words)."""
        self.env["nox.pbx"].browse({pbx for pbx in pbx_ids if pbx}).check_access("read")

    def _check_stays_on_pbx(self, pbx_id):
        """A billed user moves to another PBX by leaving and starting there."""
        for seat in self.filtered(lambda seat: seat.pbx_id.id != pbx_id):
            if seat.billed_month:
                raise UserError(
                    self.env._(
                        "%(name)s is on the invoice of %(month)s. Fill in a last day"
                        " here and add a user to the other PBX.",
                        name=seat.display_name,
                        month=self._month_text(seat.billed_month),
                    )
                )

    def _replace(self, name, last_day, first_day, extension=None, ticket=None):
        """Let somebody take this user's place: the leaver's last day, the
        successor's first day, linked so that a shared day counts once."""
        self.ensure_one()
        if self.replaced_by_ids:
            raise UserError(
                self.env._(
                    "%(name)s was replaced by %(successor)s already.",
                    name=self.display_name,
                    successor=self.replaced_by_ids[0].display_name,
                )
            )
        self.date_end = last_day
        successor = by_code(self).create(
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
        return successor.with_env(self.env)
