import base64
import io
import re
import zipfile

import openpyxl

from odoo import models
from odoo.exceptions import UserError

from ...policy import seat_file, seat_list, seat_texts

MAX_ROWS = 10_000
MAX_EMPTY_ROWS = 1_000
MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 100 * 2**20


class NoxSeatCompare(models.TransientModel):
    """Reading the list: pasted text, CSV in any usual encoding, or XLSX."""

    _inherit = "nox.seat.compare"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _read_table(self):
        """``([(row number, [text of a cell])], are the letters a guess)``, empty rows
        left out."""
        if not self.file:
            return self._read_csv(self.text or ""), False
        raw = base64.b64decode(self.file)
        if len(raw) > MAX_BYTES:
            raise UserError(
                self.env._(
                    "The file is larger than %(limit)s MB. A list of users is not that"
                    " large: is it the right file?",
                    limit=MAX_BYTES // 2**20,
                )
            )
        if raw.startswith(b"PK\x03\x04"):
            return self._read_xlsx(raw), False
        decoded = seat_file.decode(raw)
        if decoded is None:
            raise UserError(
                self.env._(
                    "This is no list that can be read. Save it as CSV or XLSX, then"
                    " choose that file."
                )
            )
        return self._read_csv(decoded.text), decoded.is_guess

    def _read_csv(self, text):
        try:
            return seat_file.parse(text, limit=MAX_ROWS)
        except seat_file.InvalidList as error:
            raise UserError(
                self.env._(
                    "Row %(row)s: a quotation mark is opened and not closed, so that"
                    " the next rows would vanish. Mend it, or export the list again.",
                    row=error.params["row"],
                )
            ) from None

    def _read_xlsx(self, raw):
        """The first sheet with something in it, row by row. Formulas come as their
        text, so that they are refused as such; a file that unpacks to something huge
        is not opened."""
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                unpacked = sum(info.file_size for info in packed.infolist())
            if unpacked > MAX_UNPACKED:
                raise UserError(
                    self.env._("The file is too large. Is it the right file?")
                )
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
            tables = (self._read_sheet(sheet) for sheet in book.worksheets)
            return next((table for table in tables if table), [])
        except UserError:
            raise
        except Exception:
            # openpyxl raises whatever its parts raise on a damaged file, with the
            # cells in it: those stay out of the log.
            raise UserError(
                self.env._(
                    "This file cannot be read as XLSX. Save it again, or as CSV."
                )
            ) from None

    def _read_sheet(self, sheet):
        table, empty = [], 0
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [self._cell_text(cell) for cell in row[: seat_file.MAX_COLUMNS]]
            empty = 0 if any(cells) else empty + 1
            if any(cells):
                table.append((number, cells))
            if len(table) > MAX_ROWS or empty > MAX_EMPTY_ROWS:
                break
        width = max((len(cells) for _row, cells in table), default=0)
        return [(n, cells + [""] * (width - len(cells))) for n, cells in table]

    def _cell_text(self, cell):
        """A cell as a person sees it: 201, not 201.0; 0201 where zeros are shown."""
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = seat_texts.extension_text(value)
            shown = cell.number_format or ""
            return text.zfill(len(shown)) if re.fullmatch("0+", shown) else text
        return "" if value is None else str(value).strip()

    # ------------------------------------------------------------------
    # REFUSALS
    # ------------------------------------------------------------------

    def _check_refusals(self, refused):
        """Refuse the list whole, with its bad rows by number. A sentence quotes the
        extension or the name, never another cell."""
        if refused:
            raise UserError(
                "\n".join(self._refusal_text(each) for each in refused[:20])
            )

    def _refusal_text(self, refused: seat_list.Refusal):
        """Row number and sentence."""
        row, text = refused.row, refused.text
        if refused.code == "double":
            return self.env._(
                "Row %(row)s: extension %(text)s is in row %(other)s too. Two people on"
                " one telephone are one user: leave one of the rows out, or give the"
                " second one %(text)sa.",
                row=row,
                text=text,
                other=refused.other,
            )
        if sentence := self._cell_refusal(refused):
            return sentence
        return self.env._(
            "Row %(row)s: %(text)s looks like a formula, or is too long.",
            row=row,
            text=text,
        )

    def _cell_refusal(self, refused):
        """The sentence for a cell that is missing, broken or was made by Excel."""
        row, text = refused.row, refused.text
        if refused.code == "missing" and refused.field == "extension":
            return self.env._("Row %(row)s: the extension is missing.", row=row)
        if refused.code == "missing":
            return self.env._("Row %(row)s: the name is missing.", row=row)
        if refused.code == "scientific":
            return self.env._(
                "Row %(row)s: Excel made a number of the extension (%(text)s). Give the"
                " column the format Text, fill in the extension and save the list"
                " again.",
                row=row,
                text=text,
            )
        if refused.code == "date":
            return self.env._(
                "Row %(row)s: Excel made a date of the extension (%(text)s). Give the"
                " column the format Text, fill in the extension and save the list"
                " again.",
                row=row,
                text=text,
            )
        if refused.code == "break":
            return self.env._(
                "Row %(row)s: a name or an extension goes on in the next row. Is a"
                " quotation mark missing?",
                row=row,
            )
        if refused.code == "cells":
            return self.env._(
                "Row %(row)s has more cells than the heading. Does a comma or a"
                " semicolon stand in a text without quotation marks?",
                row=row,
            )
        return None
