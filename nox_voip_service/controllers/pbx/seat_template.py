import io

import openpyxl
from openpyxl.styles import Font

from odoo import http
from odoo.http import content_disposition, request

COLUMNS = ("pbx_id", "extension", "name", "date_start", "date_end", "charged")


class SeatTemplate(http.Controller):
    @http.route("/nox_voip_service/users_template.xlsx", type="http", auth="user")
    def users_template(self):
        """An empty sheet whose headings the import screen knows: they are the labels
        in the user's language. Extensions are text, so that zeros stay."""
        Seat = request.env["nox.pbx.seat"]
        Seat.check_access("create")
        labels = Seat.fields_get(COLUMNS, ["string"])
        book = openpyxl.Workbook()
        sheet = book.active
        for number, name in enumerate(COLUMNS, start=1):
            letter = openpyxl.utils.get_column_letter(number)
            sheet.cell(1, number, labels[name]["string"]).font = Font(bold=True)
            sheet.column_dimensions[letter].width = 24
            if name in ("extension", "name"):
                sheet.column_dimensions[letter].number_format = "@"
            elif name.startswith("date_"):
                sheet.column_dimensions[letter].number_format = "yyyy-mm-dd"
        stream = io.BytesIO()
        book.save(stream)
        return request.make_response(
            stream.getvalue(),
            [
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                (
                    "Content-Disposition",
                    content_disposition(
                        request.env._("users of a PBX") + ".xlsx",
                    ),
                ),
            ],
        )
