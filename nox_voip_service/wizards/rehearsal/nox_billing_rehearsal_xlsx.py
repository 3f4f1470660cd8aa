import base64
import io

import xlsxwriter

from odoo import models

from ...models.base.guard import for_readers


class NoxBillingRehearsal(models.TransientModel):
    """The rehearsal as a spreadsheet. It lives in the transient row: Odoo's own
    export asks for a right that accountants need not have."""

    _inherit = "nox.billing.rehearsal"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_export_xlsx(self):
        """Download the invoices and their lines as XLSX."""
        self.ensure_one()
        self.env["nox.billing.run"]._check_accountant()
        self.write(
            {
                "xlsx": base64.b64encode(self._xlsx()),
                "xlsx_name": f"rehearsal-{self.billed_on:%Y-%m-%d}.xlsx",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": f"/web/content/{self._name}/{self.id}/xlsx"
            f"?filename_field=xlsx_name&download=true",
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _xlsx_sheets(self):
        """``[(title, records, field names)]`` of the file's two sheets."""
        return [
            (
                self.env._("Invoices"),
                self.line_ids,
                (
                    "partner_id",
                    "invoice_partner_id",
                    "currency_id",
                    "users_before",
                    "users",
                    "users_amount",
                    "work_amount",
                    "training_amount",
                    "amount_total",
                    "amount_before",
                    "difference",
                    "warnings",
                ),
            ),
            (
                self.env._("Lines"),
                self.line_ids.detail_ids,
                (
                    "line_id",
                    "section",
                    "name",
                    "text",
                    "quantity",
                    "price_unit",
                    "amount",
                    "amount_before",
                    "difference",
                    "reason",
                ),
            ),
        ]

    def _xlsx(self):
        """The file's bytes. Texts stay texts: a customer's name is no formula."""
        stream = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(stream, options) as book:
            head = book.add_format({"bold": True, "bottom": 1})
            money = book.add_format({"num_format": "#,##0.00"})
            text = book.add_format({"text_wrap": True, "valign": "top"})
            for title, records, names in self._xlsx_sheets():
                sheet = book.add_worksheet(title)
                sheet.freeze_panes(1, 1)
                described = records.fields_get(names)
                for column, name in enumerate(names):
                    label = described[name]["string"]
                    is_number = described[name]["type"] in ("float", "monetary")
                    sheet.set_column(column, column, 14 if is_number else 32)
                    sheet.write_string(0, column, label, head)
                    for row, record in enumerate(records, start=1):
                        value = record[name]
                        if is_number:
                            sheet.write_number(row, column, value, money)
                        else:
                            sheet.write_string(
                                row, column, self._xlsx_text(record, name), text
                            )
        return stream.getvalue()

    def _xlsx_text(self, record, name):
        value = record[name]
        field = record._fields[name]
        if field.relational:
            return value.display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value or ""
