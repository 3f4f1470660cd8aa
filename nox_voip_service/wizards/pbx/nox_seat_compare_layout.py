from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...models.base.guard import for_readers
from ...policy import seat_layout, seat_list
from .nox_seat_compare_file import MAX_ROWS

SAMPLE_ROWS = 4


class NoxSeatCompare(models.TransientModel):
    """Which column of the list is what: by its headings, by what was said about the
    lists of this PBX before, or asked.

    Neither file nor text is kept: reading takes what is below known headings, and what
    stands below *password* or *PIN* is dropped at once.
    """

    _inherit = "nox.seat.compare"

    # === The list as it was read ===
    rows = fields.Json(readonly=True)
    layout = fields.Json(readonly=True)
    is_dos = fields.Boolean(readonly=True)
    # === The question which column is what ===
    is_mapping = fields.Boolean(readonly=True)
    ask_columns = fields.Boolean(readonly=True)
    has_heading = fields.Boolean(string="The first row is a heading")
    column_ids = fields.One2many("nox.seat.compare.column", "compare_id")
    columns_text = fields.Char(readonly=True)

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("rows", "layout")
    def _check_is_read(self):
        """Rows and layout come from reading a list; a call from outside could write
        anything into them."""
        for compare in self:
            is_sound = seat_layout.is_table(compare.rows or []) and (
                not compare.layout or seat_layout.stored_layout(compare.layout)
            )
            if not is_sound:
                raise ValidationError(self.env._("Paste a list or choose a file."))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_other_columns(self):
        """The columns were read wrongly: ask, with the list at hand again."""
        self.ensure_one()
        self.write(
            {
                "ask_columns": True,
                "rows": False,
                "layout": False,
                "line_ids": [Command.clear()],
                "warning": False,
            }
        )
        return self._reopen()

    @for_readers
    def action_map(self):
        """Take what the columns mean, remember it for this PBX, and compare."""
        self.ensure_one()
        self._check_list()
        first = self.rows[0][1]
        keys = seat_layout.column_keys(first, self.has_heading)
        meant = {
            keys[column.number]: column.meaning
            for column in self.column_ids
            if column.meaning and column.number < len(keys)
        }
        states = seat_layout.STATE_COLUMNS
        single = [meaning for meaning in meant.values() if meaning not in states]
        layout = seat_layout.remembered(meant, first, self.has_heading)
        if not layout or len(single) != len(set(single)):
            raise UserError(
                self.env._(
                    "Say which one column has the extension, and which has the name or"
                    " its parts."
                )
            )
        self.env["nox.seat.layout"]._remember(self.pbx_id, self.has_heading, meant)
        self._keep(layout, int(self.has_heading))
        self.write({"is_mapping": False, "ask_columns": False})
        return self.action_compare()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _compute_list(self):
        """Pasted text and file are read and never stored: the fields are empty."""
        self.text = self.file = False

    def _inverse_list(self):
        for compare in self.filtered(lambda compare: compare.file or compare.text):
            compare._take_list()
            compare.invalidate_recordset(["text", "file"])

    def _take_list(self):
        """Read the list; keep the columns that say who has which extension."""
        self.ensure_one()
        table, is_dos = self._read_table()
        if len(table) > MAX_ROWS:
            raise UserError(
                self.env._("A list has at most %(rows)s rows.", rows=MAX_ROWS)
            )
        words = self.env["nox.seat.word"]._vocabulary()
        table = seat_layout.without_secrets(table, words)
        looked = seat_layout.look(table, words) if table else None
        if looked:
            self._check_refusals(seat_list.too_wide(table, looked.start))
            width = max(len(cells) for _row, cells in table)
            table = [(row, cells + [""] * (width - len(cells))) for row, cells in table]
        self.write(
            {
                "rows": table or False,
                "layout": False,
                "is_dos": is_dos,
                "is_mapping": False,
                "column_ids": [Command.clear()],
                "line_ids": [Command.clear()],
            }
        )
        if looked:
            self._take_columns(looked, words)

    def _take_columns(self, looked, words):
        """Keep the columns that are known, or ask which column is what."""
        table = [(row, cells) for row, cells in self.rows]
        start = looked.start
        said = self._said(table, start)
        layout = said or looked.layout
        is_known = said or (layout.is_complete and not looked.is_guess)
        self.has_heading = bool(start)
        if start >= len(table) or (is_known and not self.ask_columns):
            self._keep(layout, start)
        else:
            self._check_has_names(table, words)
            self.is_mapping = True
            self._prepare_columns(table[max(0, start - 1) :], layout)

    def _said(self, table, start):
        """The layout that somebody gave to a list of this PBX with these headings."""
        said = self.env["nox.seat.layout"].search([("pbx_id", "=", self.pbx_id.id)])
        if not said or said.has_heading != bool(start):
            return None
        first = table[max(0, start - 1)][1]
        return seat_layout.remembered(said.meanings or {}, first, said.has_heading)

    def _check_has_names(self, table, words):
        if seat_layout.names_are_missing(table, words):
            raise UserError(
                self.env._(
                    "This list has no names: only log-ins or outside numbers. Export it"
                    " with the column of the names, and of the extensions."
                )
            )

    def _keep(self, layout, start):
        """Keep the rows with the columns that are read, and how they are read."""
        table = [(row, cells) for row, cells in self.rows]
        heading = table[start - 1][1] if start else []
        self.write(
            {
                "rows": seat_layout.only(table[start:], layout.columns()),
                "layout": layout._asdict(),
                "columns_text": self._columns_text(layout, heading),
                "column_ids": [Command.clear()],
            }
        )

    def _columns_text(self, layout, heading):
        """Which column was read as what, for who wonders."""
        labels = dict(
            self.env["nox.seat.compare.column"]
            ._fields["meaning"]
            ._description_selection(self.env)
        )
        labels["other_name"] = labels["name"]
        has_better = (layout.name, layout.first_name, layout.last_name) != (None,) * 3
        return "; ".join(
            f"{labels[meaning]}: "
            + (
                heading[column]
                if heading
                else self.env._("column %(number)s", number=column + 1)
            )
            for meaning in ("extension", *seat_layout.NAME_COLUMNS)
            if (column := getattr(layout, meaning)) is not None
            and not (meaning == "other_name" and has_better)
        )

    def _prepare_columns(self, table, layout):
        """A line for every column, with its first rows and what it seems to mean. What
        reads like a password is neither shown nor kept."""
        first, *others = table
        masked = [
            (row, [seat_layout.masked(text) for text in cells]) for row, cells in others
        ]
        if not self.has_heading:
            masked.insert(0, (first[0], list(map(seat_layout.masked, first[1]))))
        proposed = {
            column: meaning
            for meaning, column in layout._asdict().items()
            if isinstance(column, int) and not isinstance(column, bool)
        }
        proposed.update({n: "kind" for n in layout.kind})
        proposed.update({n: "status" for n in layout.status})
        width = max(len(cells) for _row, cells in table)
        self.write(
            {
                "rows": [first, *masked] if self.has_heading else masked,
                "column_ids": [
                    Command.create(
                        {
                            "number": n,
                            "heading": (
                                seat_layout.cell(first[1], n)
                                if self.has_heading
                                else self.env._("column %(number)s", number=n + 1)
                            ),
                            "sample": " · ".join(
                                text[:40]
                                for _row, cells in masked[:SAMPLE_ROWS]
                                if (text := seat_layout.cell(cells, n))
                            ),
                            "meaning": {"other_name": "name"}.get(
                                proposed.get(n), proposed.get(n)
                            ),
                        }
                    )
                    for n in range(width)
                ],
            }
        )

    def _check_list(self):
        if not self.rows:
            raise UserError(
                self.env._(
                    "The list is empty: it has a heading and no users. Nobody is ended."
                )
                if self.layout
                else self.env._("Paste a list or choose a file.")
            )

    def _read_users(self):
        """What the list says, as `seat_list.Reading`; refused whole when a row makes
        no sense, or when no row is a user."""
        self._check_list()
        layout = seat_layout.stored_layout(self.layout)
        words = self.env["nox.seat.word"]._vocabulary()
        rows = [(row, cells) for row, cells in self.rows]
        found = seat_list.read(rows, layout, words)
        self._check_refusals(found.refused)
        if not found.users:
            raise UserError(
                self.env._(
                    "No row of the list is a user: all are devices, not active or"
                    " deleted. Nobody is ended."
                )
            )
        return found
