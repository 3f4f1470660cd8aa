import io
from datetime import date

import openpyxl

from .common import NoxVoipMixin


class SeatMixin(NoxVoipMixin):
    @classmethod
    def setUpSeats(cls):
        cls.pbx = cls._pbx(
            cls.contract_plan, name="Head office", accepted_on=date(2026, 1, 1)
        )
        cls.anna = cls._seat("201", "Anna de Vries")

    @classmethod
    def _seat(cls, extension, name, **values):
        return cls.env["nox.pbx.seat"].create(
            {
                "name": name,
                "extension": extension,
                "pbx_id": cls.pbx.id,
                "date_start": date(2026, 1, 1),
                **values,
            }
        )

    @classmethod
    def _sheet(cls, rows, number_format=None):
        """An XLSX file of these rows."""
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if number_format:
            for (cell,) in book.active.iter_rows(min_row=2, max_col=1):
                cell.number_format = number_format
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def assertUnchanged(self):
        self.assertEqual(
            self.pbx.seat_ids.mapped(lambda s: (s.extension, s.name, s.date_end)),
            [("201", "Anna de Vries", False)],
        )
