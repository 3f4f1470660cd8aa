import base64
import io
import zipfile

import openpyxl
import xlsxwriter

from odoo import models
from odoo.exceptions import UserError

from ...policy import going_live

MAX_ROWS = 200_000
MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 400 * 2**20


class NoxGoingLive(models.TransientModel):
    """The workbook: its headings, what each column says, reading and writing it."""

    _inherit = "nox.going.live"

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    def _sheet_titles(self):
        return {
            "customers": self.env._("Customers"),
            "pbxs": self.env._("PBXs"),
            "users": self.env._("Users"),
        }

    def _columns(self):
        """``{column: (heading, what it says)}``; one heading in every sheet."""
        return {
            "customer": (
                self.env._("Customer"),
                self.env._("Name of the company, the same everywhere."),
            ),
            "registry": (
                self.env._("Company ID"),
                self.env._(
                    "Number in the trade register (KvK); finds a customer that is here."
                ),
            ),
            "vat": (
                self.env._("VAT number"),
                self.env._("Finds a customer that is here already."),
            ),
            "email": (
                self.env._("E-mail"),
                self.env._("Of the company: invoices go there."),
            ),
            "street": (self.env._("Street and number"), ""),
            "zip": (self.env._("ZIP"), ""),
            "city": (self.env._("City"), ""),
            "country": (
                self.env._("Country"),
                self.env._("Code of two letters. Empty: yours."),
            ),
            "language": (self.env._("Language"), self.env._("nl or en. Empty: yours.")),
            "pbx": (
                self.env._("PBX"),
                self.env._("Name of the system, once per customer."),
            ),
            "accepted_on": (
                self.env._("Accepted on"),
                self.env._("Day of the accepted delivery. Write days as 2026-12-31."),
            ),
            "plan": (self.env._("Plan"), self.env._("Name or code of a service plan.")),
            "plan_since": (
                self.env._("Plan since"),
                self.env._("Empty: since the acceptance. Later: Standard until then."),
            ),
            "price": (
                self.env._("Price per user per month"),
                self.env._("Excl. VAT, for a plan that bills users."),
            ),
            "billed_until": (
                self.env._("Billed until"),
                self.env._(
                    "Months before the month of this day were billed by the system"
                    " before. Needed for a plan that started before this month."
                ),
            ),
            "old_amount": (
                self.env._("Invoice of the old system"),
                self.env._("Users of the first month, excl. VAT: laid beside ours."),
            ),
            "administrator": (
                self.env._("Certified administrator"),
                self.env._("Who passed the training; for plans that need one."),
            ),
            "administrator_email": (self.env._("E-mail of the administrator"), ""),
            "trained_on": (
                self.env._("Trained on"),
                self.env._("Day of the training that was passed."),
            ),
            "extension": (self.env._("Extension"), self.env._("As people dial it.")),
            "user": (
                self.env._("User"),
                self.env._("Name of the user or of the telephone."),
            ),
            "first_day": (
                self.env._("First day"),
                self.env._("In use from this day on."),
            ),
            "last_day": (self.env._("Last day"), self.env._("Empty: still in use.")),
            "counts": (
                self.env._("Counts as a user"),
                self.env._("No for a door phone, a fax, a meeting room. Empty: yes."),
            ),
        }

    def _in_each_language(self):
        return [
            self.with_context(lang=lang)
            for lang, _name in self.env["res.lang"].get_installed()
        ]

    def _example(self):
        """``{sheet: [{column: value}]}`` of three customers, one for each plan."""
        day = self.first_month
        return {
            "customers": [
                {"customer": name, "registry": number, "city": city, "language": "nl"}
                for name, number, city in (
                    ("Bakkerij De Zon", "12345678", "Utrecht"),
                    ("Garage Vos", "23456789", "Zwolle"),
                    ("Notaris Kramer", "34567890", "Breda"),
                )
            ],
            "pbxs": [
                {
                    "customer": "Bakkerij De Zon",
                    "pbx": "Winkel",
                    "accepted_on": day.replace(year=day.year - 1),
                    "plan": "contract",
                    "price": 4.95,
                    "billed_until": day,
                    "old_amount": 9.9,
                },
                {
                    "customer": "Garage Vos",
                    "pbx": "Werkplaats",
                    "accepted_on": day.replace(year=day.year - 2),
                    "plan": "standard",
                },
                {
                    "customer": "Notaris Kramer",
                    "pbx": "Kantoor",
                    "accepted_on": day.replace(year=day.year - 1),
                    "plan": "self_managed",
                    "administrator": "Eva Kramer",
                    "administrator_email": "eva@kramer.example",
                    "trained_on": day.replace(year=day.year - 1),
                },
            ],
            "users": [
                {
                    "customer": "Bakkerij De Zon",
                    "pbx": "Winkel",
                    "extension": extension,
                    "user": name,
                    "first_day": day.replace(year=day.year - 1),
                    "counts": counts,
                }
                for extension, name, counts in (
                    ("201", "Ria", ""),
                    ("202", "Koen", ""),
                    ("210", "Deur", "nee"),
                )
            ],
        }

    # ------------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------------

    def _template(self, filled):
        """The bytes of a workbook with these rows below the headings."""
        stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False}
        columns, titles = self._columns(), self._sheet_titles()
        with xlsxwriter.Workbook(stream, options) as book:
            formats = {
                "head": book.add_format({"bold": True, "bottom": 1}),
                "day": book.add_format({"num_format": "yyyy-mm-dd"}),
                "amount": book.add_format({"num_format": "#,##0.00"}),
                "text": book.add_format({"num_format": "@"}),
            }
            for sheet, fields_of_sheet in going_live.SHEETS.items():
                page = book.add_worksheet(titles[sheet])
                page.freeze_panes(1, 0)
                for number, (name, column) in enumerate(fields_of_sheet.items()):
                    kind = formats.get(column.kind, formats["text"])
                    page.set_column(number, number, 24, kind)
                    page.write_string(0, number, columns[name][0], formats["head"])
                    for row, values in enumerate(filled.get(sheet, ()), start=1):
                        value = values.get(name)
                        if column.kind == "day" and value:
                            page.write_datetime(row, number, value, kind)
                        elif value is not None:
                            page.write(row, number, value, kind)
            self._write_legend(book, formats["head"])
        return stream.getvalue()

    def _write_legend(self, book, head):
        """A last sheet that says what each column is for."""
        columns, titles = self._columns(), self._sheet_titles()
        page = book.add_worksheet(self.env._("What the columns say"))
        page.set_column(0, 1, 28)
        page.set_column(2, 2, 12)
        page.set_column(3, 3, 90)
        for number, text in enumerate(
            (
                self.env._("Sheet"),
                self.env._("Column"),
                self.env._("Needed"),
                self.env._("What it says"),
            )
        ):
            page.write_string(0, number, text, head)
        row = 1
        for sheet, fields_of_sheet in going_live.SHEETS.items():
            for name, column in fields_of_sheet.items():
                heading, help_text = columns[name]
                needed = self.env._("yes") if column.required else ""
                for number, text in enumerate(
                    (titles[sheet], heading, needed, help_text)
                ):
                    page.write_string(row, number, text)
                row += 1

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    def _read_book(self):
        """``({sheet: [record]}, [fault])`` of the file alone."""
        if not self.file:
            raise UserError(self.env._("Choose the workbook first."))
        names = {
            heading.casefold(): name
            for speaking in self._in_each_language()
            for name, (heading, _help) in speaking._columns().items()
        }
        titles = {
            title.casefold(): sheet
            for speaking in self._in_each_language()
            for sheet, title in speaking._sheet_titles().items()
        }
        records = {sheet: [] for sheet in going_live.SHEETS}
        faults = []
        for title, table in self._read_xlsx(set(titles)):
            sheet = titles[title]
            records[sheet], found = going_live.read_sheet(sheet, table, names)
            faults += found
        return records, faults

    def _read_xlsx(self, titles):
        """``[(title, [(row number, cells)])]`` of the sheets that are asked for."""
        raw = base64.b64decode(self.file)
        try:
            if len(raw) > MAX_BYTES:
                raise UserError(
                    self.env._("The file is too large. Is it the right file?")
                )
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                if sum(info.file_size for info in packed.infolist()) > MAX_UNPACKED:
                    raise UserError(
                        self.env._("The file is too large. Is it the right file?")
                    )
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
            return [
                (page.title.casefold(), self._read_page(page))
                for page in book.worksheets
                if page.title.casefold() in titles
            ]
        except UserError:
            raise
        except Exception:
            # openpyxl raises whatever its parts raise on a damaged file, with cells in
            # it: those stay out of the log.
            raise UserError(
                self.env._(
                    "This file cannot be read as XLSX. Download the template, fill it"
                    " in and choose that file."
                )
            ) from None

    def _read_page(self, page):
        """Rows with something in them. Formulas come as their text, and are refused
        as such."""
        table = []
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            if any(cell not in (None, "") for cell in cells):
                table.append((number, cells))
            if len(table) > MAX_ROWS:
                raise UserError(
                    self.env._("The file is too large. Is it the right file?")
                )
        return table

    # ------------------------------------------------------------------
    # FAULTS
    # ------------------------------------------------------------------

    def _prepare_fault(self, fault):
        return {
            "going_live_id": self.id,
            "sheet": self._sheet_titles()[fault.sheet],
            "row": fault.row,
            "sentence": self._fault_sentence(fault),
        }

    def _fault_sentence(self, fault):
        """What is wrong, in words."""
        column = fault.params.get("column")
        params = {
            "text": fault.params.get("text", ""),
            "other": fault.params.get("other", ""),
            "column": self._columns()[column][0] if column else "",
        }
        sentences = {
            "no_column": self.env._("There is no column %(column)s.", **params),
            "missing": self.env._("%(column)s is empty.", **params),
            "no_day": self.env._(
                "%(column)s: %(text)s is no day. Write it as 2026-12-31.", **params
            ),
            "no_amount": self.env._(
                "%(column)s: %(text)s is no amount. Write it as 4.95.", **params
            ),
            "no_yes": self.env._(
                "%(column)s: write yes or no, not %(text)s.", **params
            ),
            "formula": self.env._(
                "%(column)s: %(text)s looks like a formula.", **params
            ),
            "too_long": self.env._("%(column)s: %(text)s… is too long.", **params),
            "twice": self.env._("%(text)s stands in row %(other)s already.", **params),
            "unknown_customer": self.env._(
                "%(text)s does not stand on the sheet with the customers.", **params
            ),
            "unknown_plan": self.env._("There is no service plan %(text)s.", **params),
            "plan_before_acceptance": self.env._(
                "The plan starts before the delivery was accepted.", **params
            ),
            "no_price": self.env._(
                "This plan bills users: enter the price per user per month.", **params
            ),
            "no_billed_until": self.env._(
                "The plan started before this month. Enter until when its users were"
                " billed, so that history is not billed again.",
                **params,
            ),
            "price_without_users": self.env._(
                "This plan bills no users: leave the price out.", **params
            ),
            "no_administrator": self.env._(
                "This plan needs a certified administrator: enter the name and the day"
                " of the training.",
                **params,
            ),
            "trained_later": self.env._(
                "The training was after the first day of the plan.", **params
            ),
            "unknown_pbx": self.env._(
                "This customer has no PBX %(text)s on the sheet with the PBXs.",
                **params,
            ),
            "last_before_first": self.env._(
                "The last day is before the first.", **params
            ),
            "extension_twice": self.env._(
                "Extension %(text)s is that of row %(other)s on the same days.",
                **params,
            ),
            "is_there": self.env._(
                "PBX %(text)s of this customer is here already.", **params
            ),
        }
        return sentences[fault.code]
