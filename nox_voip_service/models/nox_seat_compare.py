import base64
import csv
import io

from odoo import Command, fields, models
from odoo.exceptions import UserError

MAX_ROWS = 5000


class NoxSeatCompare(models.TransientModel):
    """Compare the users of a PBX with a list from the PBX itself: who is to be
    added, who to be ended, who is the same, who is doubtful. Chosen rows apply."""

    _name = "nox.seat.compare"
    _description = "Compare Users with a List"

    pbx_id = fields.Many2one("nox.pbx", required=True)
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._service_today(),
        help="First day of users to be added; the day after the last day of users to"
        " be ended.",
    )
    text = fields.Text(
        string="Pasted list",
        help="One user a line: extension, a tab, comma or semicolon, and the name.",
    )
    file = fields.Binary(string="CSV file", attachment=False)
    line_ids = fields.One2many("nox.seat.compare.line", "compare_id")

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_compare(self):
        self.ensure_one()
        rows = self._read_rows()
        self.line_ids = [Command.clear()] + [
            Command.create(vals) for vals in self._prepare_lines(rows)
        ]
        return {
            "name": self.env._("Compare with a list"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        self.ensure_one()
        chosen = self.line_ids.filtered("is_selected")
        if not chosen:
            raise UserError(self.env._("Choose the rows to apply."))
        last_day = fields.Date.subtract(self.date, days=1)
        ending = chosen.filtered(lambda line: line.kind == "end").seat_id
        for seat in ending:
            seat.date_end = max(last_day, seat.date_start)
        self.env["nox.pbx.seat"].create(
            [
                {
                    "pbx_id": self.pbx_id.id,
                    "name": line.name,
                    "extension": line.extension,
                    "date_start": self.date,
                }
                for line in chosen
                if line.kind == "add"
            ]
        )
        for line in chosen.filtered(lambda line: line.kind == "doubtful"):
            line.seat_id.name = line.name
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _read_rows(self):
        """``[(row number, extension, name)]`` of the list; refused whole, with the
        row number, when a row makes no sense."""
        text = self.text or ""
        if self.file:
            raw = base64.b64decode(self.file)
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = raw.decode("latin-1")
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            raise UserError(self.env._("Paste a list or choose a file."))
        if len(lines) > MAX_ROWS:
            raise UserError(
                self.env._("A list has at most %(rows)s rows.", rows=MAX_ROWS)
            )
        rows, seen = [], {}
        delimiter = max("\t;,", key=lines[0].count)
        reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
        for number, row in enumerate(reader, start=1):
            cells = [cell.strip() for cell in row]
            if number == 1 and not any(cell[:1].isdigit() for cell in cells):
                continue  # A heading.
            if len(cells) < 2 or not cells[0] or not cells[1]:
                raise UserError(
                    self.env._(
                        "Row %(row)s: an extension and a name are needed.", row=number
                    )
                )
            extension, name = cells[0], cells[1]
            if extension in seen:
                raise UserError(
                    self.env._(
                        "Row %(row)s: extension %(extension)s is in row %(first)s too.",
                        row=number,
                        extension=extension,
                        first=seen[extension],
                    )
                )
            seen[extension] = number
            rows.append((number, extension, name))
        return rows

    def _prepare_lines(self, rows):
        Seat = self.env["nox.pbx.seat"]
        running = Seat.search(
            Seat._running_domain(self.date) + [("pbx_id", "=", self.pbx_id.id)]
        )
        by_extension = {seat.extension: seat for seat in running}
        listed = {extension for _number, extension, _name in rows}
        for _number, extension, name in rows:
            seat = by_extension.get(extension)
            if not seat:
                kind = "add"
            elif seat.name.casefold() == name.casefold():
                kind = "same"
            else:
                kind = "doubtful"
            yield {
                "extension": extension,
                "name": name,
                "seat_id": seat.id if seat else False,
                "kind": kind,
                "is_selected": kind == "add",
            }
        for seat in running:
            if seat.extension not in listed:
                yield {
                    "extension": seat.extension,
                    "name": seat.name,
                    "seat_id": seat.id,
                    "kind": "end",
                    "is_selected": True,
                }
