from odoo import fields, models


class NoxSeatCompareLine(models.TransientModel):
    _name = "nox.seat.compare.line"
    _description = "Row of a Comparison of Users"
    _order = "kind, extension, id"

    compare_id = fields.Many2one("nox.seat.compare", required=True, ondelete="cascade")
    is_selected = fields.Boolean(string="Apply")
    row = fields.Integer(readonly=True, help="Row in the list.")
    extension = fields.Char(readonly=True)
    name = fields.Char(string="In the list", readonly=True)
    seat_id = fields.Many2one("nox.pbx.seat", string="Known as", readonly=True)
    kind = fields.Selection(
        [
            ("add", "To be added"),
            ("doubtful", "Doubtful"),
            ("end", "To be ended"),
            ("same", "Unchanged"),
            ("skipped", "No user"),
        ],
        string="Difference",
        readonly=True,
    )
    doubt = fields.Selection(
        [
            ("name", "Another name on this extension"),
            ("extension", "The same number without its zeros"),
            ("moved", "The same name on another extension"),
            ("twin", "The name stands in the list more than once"),
            ("elsewhere", "The name is in the list, on another extension"),
            ("number", "As long as an outside number"),
            ("login", "Looks like a log-in, not like a name"),
            ("odd", "Odd letters in the name"),
            ("kind", "Of another kind than the other rows"),
            ("device", "A device, queue, room or location"),
            ("off", "Not active in the list"),
            ("deleted", "Deleted in the list"),
            ("no_number", "Has no extension"),
        ],
        readonly=True,
    )
    remark = fields.Char(string="The list says", readonly=True)
    solution = fields.Selection(
        [
            ("replace", "Replace: the user known here leaves, this one comes"),
            ("correct", "Correct: the same user, written wrong here"),
        ],
        help="A replacement keeps the history: a last day for who leaves, a first day"
        " for who comes, counted once. A correction changes name or extension from the"
        " beginning; the old value stays in the log of the user.",
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _change(self):
        """What applying this row does: add, end, replace or correct."""
        self.ensure_one()
        if self.kind != "doubtful":
            return self.kind
        return "correct" if self.solution == "correct" else "replace"

    def _end_users(self):
        """The day before the changes is the last one of who is not in the list."""
        for line in self:
            line.seat_id.date_end = line._last_day()

    def _add_users(self):
        self.env["nox.pbx.seat"].create(
            [
                {
                    "pbx_id": line.compare_id.pbx_id.id,
                    "name": line.name,
                    "extension": line.extension,
                    "date_start": line.compare_id.date,
                }
                for line in self
            ]
        )

    def _apply_doubtful(self):
        for line in self:
            if line.solution == "correct":
                line.seat_id.write({"name": line.name, "extension": line.extension})
            else:
                line.seat_id._replace(
                    line.name,
                    line._last_day(),
                    line.compare_id.date,
                    extension=line.extension,
                )

    def _last_day(self):
        """Last day of a user who is not in the list: the day before that of the list,
        and never before his first."""
        self.ensure_one()
        day_before = fields.Date.subtract(self.compare_id.date, days=1)
        return max(day_before, self.seat_id.date_start)
