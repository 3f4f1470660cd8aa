import base64
import csv
import io
import re
import zipfile

import openpyxl

from odoo import models
from odoo.exceptions import UserError

from ..policy import ledger

MAX_ROWS = 5000
MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 100 * 2**20
MAX_COLUMNS = 50


class NoxSeatCompare(models.TransientModel):
    """Reading the list: pasted text, CSV in any usual encoding, or XLSX."""

    _inherit = "nox.seat.compare"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _read_rows(self):
        """The rows of the list as `ledger.Listed`; refused whole, with all its bad
        rows by number, when one makes no sense."""
        table = self._read_table()
        if not table:
            raise UserError(self.env._("Paste a list or choose a file."))
        if len(table) > MAX_ROWS:
            raise UserError(
                self.env._("A list has at most %(rows)s rows.", rows=MAX_ROWS)
            )
        extension, name, has_heading = ledger.columns(table[0][1])
        rows = [
            ledger.Listed(
                number,
                ledger.extension_text(self._cell(cells, extension)),
                ledger.plain(self._cell(cells, name)),
            )
            for number, cells in table[has_heading:]
        ]
        refused = ledger.refusals(rows)
        if refused:
            raise UserError(
                "\n".join(self._refusal_text(each) for each in refused[:20])
            )
        return rows

    def _cell(self, cells, column):
        return cells[column] if column < len(cells) else ""

    def _refusal_text(self, refused):
        """Row number and sentence."""
        texts = {
            ("missing", "extension"): self.env._(
                "Row %(row)s: the extension is missing.", row=refused.row
            ),
            ("missing", "name"): self.env._(
                "Row %(row)s: the name is missing.", row=refused.row
            ),
            ("double", "extension"): self.env._(
                "Row %(row)s: extension %(text)s is in row %(other)s too.",
                row=refused.row,
                text=refused.text,
                other=refused.other,
            ),
        }
        return texts.get((refused.code, refused.field)) or self.env._(
            "Row %(row)s: %(text)s looks like a formula, or is too long.",
            row=refused.row,
            text=refused.text,
        )

    def _read_table(self):
        """``[(row number, [text of a cell])]``, empty rows left out."""
        if not self.file:
            return self._read_csv(self.text or "")
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
            return self._read_xlsx(raw)
        return self._read_csv(self._decode(raw))

    def _decode(self, raw):
        """Text of a CSV file: UTF-8, UTF-16 or what Excel on Windows writes."""
        wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
                return text
        raise UserError(
            self.env._(
                "This is no list that can be read. Save it as CSV or XLSX, then choose"
                " that file."
            )
        )

    def _read_csv(self, text):
        filled = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max("\t;,", key=filled.count)
        reader = csv.reader(io.StringIO(text), delimiter=delimiter)
        table, number = [], 0
        try:
            for row in reader:
                # A cell may span lines; a person counts from where the row begins.
                begin, number = number + 1, reader.line_num
                if any(cell.strip() for cell in row):
                    table.append((begin, row[:MAX_COLUMNS]))
                if len(table) > MAX_ROWS:
                    break
        except csv.Error as error:
            raise UserError(
                self.env._("Row %(row)s cannot be read.", row=number + 1)
            ) from error
        return table

    def _read_xlsx(self, raw):
        """The first sheet, row by row. Formulas come as their text, so that they are
        refused as such; a file that unpacks to something huge is not opened."""
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                unpacked = sum(info.file_size for info in packed.infolist())
            if unpacked > MAX_UNPACKED:
                raise UserError(
                    self.env._("The file is too large. Is it the right file?")
                )
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
            table = []
            for number, row in enumerate(book.worksheets[0].iter_rows(), start=1):
                cells = [self._cell_text(cell) for cell in row[:MAX_COLUMNS]]
                if any(cells):
                    table.append((number, cells))
                if len(table) > MAX_ROWS:
                    break
        except UserError:
            raise
        except Exception as error:
            # openpyxl raises whatever its parts raise on a damaged file.
            raise UserError(
                self.env._(
                    "This file cannot be read as XLSX. Save it again, or as CSV."
                )
            ) from error
        return table

    def _cell_text(self, cell):
        """A cell as a person sees it: 201, not 201.0; 0201 where zeros are shown."""
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = ledger.extension_text(value)
            shown = cell.number_format or ""
            return text.zfill(len(shown)) if re.fullmatch("0+", shown) else text
        return "" if value is None else str(value).strip()
