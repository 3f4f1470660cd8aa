import io
from datetime import date, datetime

import openpyxl

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon
from ..common_seats import SeatMixin

LABELS = ["pbx_id", "extension", "name", "date_start", "date_end"]


@tagged("standard", "post_install", "-at_install")
class TestSeatImport(SeatMixin, NoxVoipCommon):
    """A spreadsheet of users is accepted whole or refused whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSeats()

    def _import(self, raw, name="users.csv", fields=None, dryrun=False, **options):
        """What the import screen of the technician does with a file."""
        record = (
            self.env["base_import.import"]
            .with_user(self.technician)
            .create({"res_model": "nox.pbx.seat", "file": raw, "file_name": name})
        )
        options = {
            "has_headers": True,
            "quoting": '"',
            "separator": ",",
            "date_format": "%Y-%m-%d",
            "limit": 2,
            **options,
        }
        names = fields or LABELS
        return record.execute_import(names, names, options, dryrun=dryrun)

    def _csv(self, *rows):
        return "\n".join([",".join(LABELS), *rows]).encode()

    def test_bad_rows_are_refused_with_their_number_and_a_sentence(self):
        good = "Head office,301,Dirk,2026-02-01,"
        for bad, sentence in (
            ("Head office,201,Eva,2026-02-01,", "belongs to Anna"),
            ("Head office,301,Eva,2026-03-01,", "Dirk has it too"),
            ("Head office,302,Eva,2026-02-01,2026-01-31", "comes before the first day"),
            ("Nowhere,302,Eva,2026-02-01,", "No matching record found"),
            ("Head office,302,=cmd|x,2026-02-01,", "looks like a formula"),
            ("Head office,=1+1,Eva,2026-02-01,", "looks like a formula"),
            (f"Head office,302,{'x' * 121},2026-02-01,", "too long"),
            ("Head office,302,,2026-02-01,", "name and an extension"),
            ("Head office,,Eva,2026-02-01,", "name and an extension"),
            ("Head office,1E+03,Eva,2026-02-01,", "Excel made a number"),
            ("Head office,2026-02-01,Eva,2026-02-01,", "Excel made a number or a date"),
            ("Head office,0201234501,Eva,2026-02-01,", "outside number"),
        ):
            with self.subTest(bad=bad):
                # The limit of two rows a batch would let the first batch through.
                raw = self._csv(good, "Head office,310,Fay,2026-02-01,", bad)
                result = self._import(raw)
                self.assertFalse(result["ids"])
                (message,) = result["messages"]
                self.assertEqual(message["type"], "error")
                self.assertEqual(message["rows"], {"from": 2, "to": 2})
                self.assertIn(sentence, message["message"])
                self.assertUnchanged()

    def test_a_day_that_could_be_two_is_not_guessed(self):
        """1 March read as 3 January is a bill of two months more."""
        good = self._csv("Head office,301,Dirk,15-03-2026,", "Head office,302,Eva,{},")
        for day, date_format, expected in (
            ("01-03-2026", "%d-%m-%Y", date(2026, 3, 1)),
            ("31-02-2026", "%d-%m-%Y", None),
            ("46082", "%d-%m-%Y", None),
            ("2026-03-01T00:00:00+02:00", "%d-%m-%Y", None),
            ("01-03-2026", "%m-%d-%Y", None),
        ):
            with self.subTest(day=day, date_format=date_format):
                raw = good.replace(b"{}", day.encode())
                with self.cr.savepoint() as savepoint:
                    result = self._import(raw, date_format=date_format)
                    seats = self.env["nox.pbx.seat"].browse(result.get("ids") or [])
                    found = seats.filtered(lambda seat: seat.name == "Eva").date_start
                    self.assertEqual(found, expected or False)
                    savepoint.rollback()
                self.assertEqual(bool(result["messages"]), not expected)
        for days, date_format in (
            (("01-03-2026", "02-03-2026"), "%d-%m-%Y"),
            (("01-03-2026", "02-03-2026"), "%m-%d-%Y"),
            (("2.1.2026", "1.1.2026"), "%d.%m.%Y"),
            (("01-03-26", "15-03-26"), "%d-%m-%y"),
        ):
            with self.subTest(days=days):
                rows = [f"Head office,{n},Dirk,{d}," for n, d in enumerate(days, 301)]
                (message,) = self._import(self._csv(*rows), date_format=date_format)[
                    "messages"
                ]
                self.assertIn(f"Row 2: which of {days[0]}", message["message"])
                self.assertUnchanged()

    def test_cells_that_are_dates_stay_that_day(self):
        rows = [
            LABELS,
            ["Head office", 201301, "Dirk", datetime(2026, 3, 1), None],
            ["Head office", "0302", "Eva", datetime(2026, 3, 1, 17, 39), None],
        ]
        result = self._import(self._sheet(rows), "users.xlsx", date_format="%m/%d/%Y")
        self.assertFalse(result["messages"])
        self.assertEqual(
            self.env["nox.pbx.seat"].browse(result["ids"]).mapped("date_start"),
            [date(2026, 3, 1)] * 2,
        )

    def test_a_column_of_log_ins_is_no_column_of_names(self):
        rows = ["Head office,301,adirk,2026-02-01,", "Head office,302,eva@a.example,,"]
        messages = self._import(self._csv(*rows, "Head office,303,Fay,,"))["messages"]
        self.assertEqual([each["rows"]["from"] for each in messages], [0, 1])
        self.assertIn("adirk looks like a log-in", messages[0]["message"])
        self.assertUnchanged()

    def test_an_imported_file_is_not_kept(self):
        raw = self._csv("Head office,301,Dirk,2026-02-01,").replace(
            b"date_end", b"Wachtwoord"
        )
        names = [*LABELS[:4], False]
        self.assertTrue(self._import(raw, fields=names)["ids"])
        imported = self.env["base_import.import"].search([], order="id desc", limit=1)
        self.assertFalse(imported.file)

    def test_every_bad_row_is_named_at_once(self):
        result = self._import(
            self._csv(
                "Head office,201,Eva,2026-02-01,",
                "Head office,302,Fay,2026-02-01,",
                "Head office,303,=x,2026-02-01,",
            )
        )
        self.assertEqual([m["rows"]["from"] for m in result["messages"]], [0, 2])

    def test_dry_run_writes_nothing_and_the_import_does(self):
        rows = [
            LABELS,
            ["Head office", 301, "Dirk", date(2026, 2, 1), None],
            ["Head office", 302.0, "Eva", date(2026, 2, 1), date(2026, 3, 1)],
            ["Head office", "0303", "Fay", date(2026, 2, 1), None],
        ]
        raw = self._sheet(rows)
        for dryrun in (True, False):
            result = self._import(raw, "users.xlsx", dryrun=dryrun)
            self.assertFalse(result["messages"])
            self.assertFalse(result["nextrow"])
            self.env.invalidate_all()
            if dryrun:
                self.assertUnchanged()
        self.assertEqual(
            (self.pbx.seat_ids - self.anna).sorted("extension").mapped("extension"),
            ["0303", "301", "302"],
        )

    def test_pbx_of_two_customers_with_one_name_is_asked_for(self):
        other = self._customer("Garage Smit")
        self._pbx(customer=other, name="Head office")
        row = "Head office,301,Dirk,2026-02-01,"
        (message,) = self._import(self._csv(row))["messages"]
        self.assertEqual(message["type"], "error")
        self.assertIn("multiple matches", message["message"])
        self.assertUnchanged()
        result = self._import(self._csv(f"{self.customer.name} / {row}"))
        self.assertEqual(
            self.env["nox.pbx.seat"].browse(result["ids"]).pbx_id, self.pbx
        )

    def test_leaver_and_successor_in_one_file(self):
        names = ["id", *LABELS, "replaces_id/id"]
        raw = "\n".join(
            [
                ",".join(names),
                "u1,Head office,301,Dirk,2026-02-01,2026-03-10,",
                "u2,Head office,301,Eva,2026-03-10,,u1",
            ]
        ).encode()
        result = self._import(raw, fields=names)
        self.assertFalse(result["messages"])
        dirk, eva = self.env["nox.pbx.seat"].browse(result["ids"])
        self.assertEqual(eva.replaces_id, dirk)
        # The same file again changes the same users.
        again = self._import(raw.replace(b"Dirk", b"Dirk Smit"), fields=names)
        self.assertEqual(again["ids"], result["ids"])
        self.assertEqual(dirk.name, "Dirk Smit")

    def test_users_of_the_open_pbx_need_no_column_for_it(self):
        result = (
            self.env["nox.pbx.seat"]
            .with_context(default_pbx_id=self.pbx.id)
            .load(["extension", "name"], [["201", "Eva"]])
        )
        self.assertIn("belongs to Anna", result["messages"][0]["message"])

    def test_a_huge_file_is_refused(self):
        rows = [["Head office", str(n), "X", "2026-02-01", ""] for n in range(5001)]
        result = self.env["nox.pbx.seat"].load(LABELS, rows)
        self.assertIn("5001 rows", result["messages"][0]["message"])
        self.assertUnchanged()


@tagged("standard", "post_install", "-at_install")
class TestSeatTemplate(SeatMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.setUpSeats()

    def test_template_has_the_headings_that_the_import_knows(self):
        self.technician.password = "nox_technician_1"
        self.authenticate("nox_technician", "nox_technician_1")
        (template,) = self.env["nox.pbx.seat"].get_import_templates()
        response = self.url_open(template["template"])
        self.assertEqual(response.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        headings = [cell.value for cell in book.active[1]]
        self.assertEqual(headings[:3], ["PBX", "Extension", "User"])
        book.active.append(["Head office", "0301", "Dirk", date(2026, 2, 1)])
        stream = io.BytesIO()
        book.save(stream)
        record = (
            self.env["base_import.import"]
            .with_user(self.technician)
            .create(
                {
                    "res_model": "nox.pbx.seat",
                    "file": stream.getvalue(),
                    "file_name": "users.xlsx",
                }
            )
        )
        preview = record.parse_preview({"has_headers": True, "quoting": '"'})
        self.assertEqual(
            [path[0] for _n, path in sorted(preview["matches"].items())],
            ["pbx_id", "extension", "name", "date_start", "date_end", "charged"],
        )

    def test_template_is_not_for_customers(self):
        user = self._portal_user(self.customer, "template_portal")
        user.password = "template_portal"
        self.authenticate("template_portal", "template_portal")
        with mute_logger("odoo.http"):
            response = self.url_open("/nox_voip_service/users_template.xlsx")
        self.assertEqual(response.status_code, 403)
