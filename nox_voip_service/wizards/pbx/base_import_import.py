from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ...policy import seat_texts


class BaseImportImport(models.TransientModel):
    """The import screen, for users of a PBX: a day that could be two days moves a bill
    by months, so it is not guessed; a file with passwords is not kept."""

    _inherit = "base_import.import"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if self.res_model == "nox.pbx.seat":
            texts = [row[index] if isinstance(row[index], str) else "" for row in data]
            if ambiguous := seat_texts.ambiguous_day(texts):
                raise ImportValidationError(
                    self.env._(
                        "Row %(row)s: which of %(day)s is the day, and which the month?"
                        " Write the year first in this column, as 2026-03-31.",
                        row=ambiguous[0] + 1 + bool(options.get("has_headers")),
                        day=ambiguous[1][:20],
                    ),
                    field=name,
                    field_type=field_type,
                )
        return super()._parse_date_from_data(data, index, name, field_type, options)

    def execute_import(self, fields, columns, options, dryrun=False):
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if self.res_model == "nox.pbx.seat" and result.get("ids") and not dryrun:
            self.file = False
        return result
