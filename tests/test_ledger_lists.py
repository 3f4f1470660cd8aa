import base64
import io
import zipfile
from datetime import date

import openpyxl

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import NoxVoipCommon, NoxVoipMixin

LABELS = ["pbx_id", "extension", "name", "date_start", "date_end"]


class LedgerMixin(NoxVoipMixin):
    @classmethod
    def setUpLedger(cls):
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


@tagged("standard", "post_install", "-at_install")
class TestLedgerImport(LedgerMixin, NoxVoipCommon):
    """A spreadsheet of users is accepted whole or refused whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpLedger()

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
class TestLedgerCompare(LedgerMixin, NoxVoipCommon):
    """The ledger and the PBX say the same, or somebody hears where they differ."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpLedger()
        cls.bert = cls._seat("202", "Bert Jansen")
        cls.gone = cls._seat("203", "Carla Bos")

    def _compare(self, text=None, raw=None):
        compare = (
            self.env["nox.seat.compare"]
            .with_user(self.technician)
            .create(
                {
                    "pbx_id": self.pbx.id,
                    "date": date(2026, 6, 1),
                    "text": text,
                    "file": base64.b64encode(raw) if raw else False,
                }
            )
        )
        compare.action_compare()
        return compare

    def _kinds(self, compare):
        return {line.extension: line.kind for line in compare.line_ids}

    def test_every_way_to_give_a_list_gives_one_comparison(self):
        rows = [["Toestel", "Naam"], ["201", "Anna de Vries"], ["202", "Zoë"]]
        rows += [["204", "Dirk"]]
        text = "\n".join(";".join(row) for row in rows)
        expected = {"201": "same", "202": "doubtful", "203": "end", "204": "add"}
        numbers = [[int(a) if a.isdigit() else a, b] for a, b in rows]
        floats = [[float(a) if a.isdigit() else a, b] for a, b in rows]
        swapped = [[b, a] for a, b in rows]
        for way, values in {
            "text": {"text": text},
            "tabs": {"text": text.replace(";", "\t")},
            "without heading": {"text": text.split("\n", 1)[1]},
            "utf-8": {"raw": text.encode()},
            "utf-8 with mark": {"raw": text.encode("utf-8-sig")},
            "utf-16": {"raw": text.encode("utf-16")},
            "windows": {"raw": text.encode("cp1252")},
            "xlsx text": {"raw": self._sheet(rows)},
            "xlsx numbers": {"raw": self._sheet(numbers)},
            "xlsx floats": {"raw": self._sheet(floats)},
            "xlsx name first": {"raw": self._sheet(swapped)},
        }.items():
            with self.subTest(way=way):
                compare = self._compare(**values)
                self.assertEqual(self._kinds(compare), expected)
                doubtful = compare.line_ids.filtered(lambda x: x.kind == "doubtful")
                self.assertEqual(doubtful.name, "Zoë")
                self.assertFalse(doubtful.is_selected)

    def test_zeros_that_the_sheet_shows_stay(self):
        compare = self._compare(
            raw=self._sheet([["ext", "name"], [301, "New"]], number_format="0000")
        )
        self.assertEqual(
            compare.line_ids.filtered(lambda line: line.kind == "add").extension, "0301"
        )

    def test_chosen_rows_apply_and_the_history_stays(self):
        compare = self._compare("201;Anna de Vries\n202;Frank Post\n204;Dirk")
        doubtful = compare.line_ids.filtered(lambda line: line.kind == "doubtful")
        self.assertEqual(doubtful.solution, "replace")
        doubtful.is_selected = True
        compare.action_apply()
        self.assertEqual(
            self.pbx.seat_ids.sorted(lambda s: (s.extension, s.date_start)).mapped(
                lambda s: (s.extension, s.name, s.date_start, s.date_end)
            ),
            [
                ("201", "Anna de Vries", date(2026, 1, 1), False),
                ("202", "Bert Jansen", date(2026, 1, 1), date(2026, 5, 31)),
                ("202", "Frank Post", date(2026, 6, 1), False),
                ("203", "Carla Bos", date(2026, 1, 1), date(2026, 5, 31)),
                ("204", "Dirk", date(2026, 6, 1), False),
            ],
        )
        self.assertEqual(self.pbx._users_on(date(2026, 5, 31)), 3)
        self.assertEqual(self.pbx._users_on(date(2026, 6, 1)), 3)
        same = self._compare("201;Anna de Vries\n202;Frank Post\n204;Dirk")
        self.assertEqual(set(self._kinds(same).values()), {"same"})

    def test_compared_rows_apply_to_the_pbx_and_day_they_were_compared_with(self):
        other = self._pbx(
            self.contract_plan,
            customer=self._customer("Other"),
            accepted_on=date(2026, 1, 1),
        )
        compare = self._compare("201;Anna de Vries\n204;Dirk")
        form = Form(compare)
        for name in ("pbx_id", "date"):
            self.assertTrue(form._get_modifier(name, "readonly"), name)
        # Only a call from outside comes here.
        for values in ({"pbx_id": other.id}, {"date": date(2026, 5, 1)}):
            with self.subTest(values=values), self.cr.savepoint() as savepoint:
                compare.write(values)
                with self.assertRaisesRegex(UserError, "Compare again"):
                    compare.action_apply()
                savepoint.rollback()
                compare.invalidate_recordset()
        self.assertFalse(other.seat_ids)
        compare.action_compare()
        compare.action_apply()
        self.assertIn("Dirk", self.pbx.seat_ids.mapped("name"))

    def test_form_saves_what_it_shows_and_does_not_let_change(self):
        form = Form(
            self.env["nox.seat.compare"]
            .with_user(self.technician)
            .with_context(default_pbx_id=self.pbx.id)
        )
        form.date = date(2026, 6, 1)
        form.text = "201;Anna de Vries\n204;Dirk"
        compare = form.save()
        compare.action_compare()
        with Form(compare) as form, form.line_ids.edit(0) as line:
            line.is_selected = True
        self.assertEqual(compare.pbx_id, self.pbx)
        self.assertEqual(compare.date, date(2026, 6, 1))

    def test_who_applies_first_hears_how_many_users_that_is(self):
        compare = self._compare("201;A. de Vries\n204;Dirk\n205;Eva")
        action = compare.action_ask()
        self.assertEqual(action["res_id"], compare.id)
        self.assertTrue(compare.is_asking)
        for text in (
            self.pbx.name,
            "06/01/2026",
            "2 to be added",
            "2 to be ended",
            "0 to be replaced",
            "0 to be corrected",
        ):
            self.assertIn(text, compare.question)
        self.assertUnchangedSeats()
        compare.action_back()
        self.assertFalse(compare.is_asking)
        doubtful = compare.line_ids.filtered(lambda line: line.kind == "doubtful")
        doubtful.write({"is_selected": True, "solution": "correct"})
        self.assertIn("1 to be corrected", compare.question)
        compare.line_ids.is_selected = False
        with self.assertRaisesRegex(UserError, "Choose the rows"):
            compare.action_ask()

    def assertUnchangedSeats(self):
        self.assertEqual(len(self.pbx.seat_ids), 3)
        self.assertFalse(any(self.pbx.seat_ids.mapped("date_end")))

    def test_another_spelling_is_corrected_and_a_move_replaces(self):
        compare = self._compare("201;A. de Vries\n209;Bert Jansen\n203;Carla Bos")
        for line in compare.line_ids.filtered(lambda line: line.kind == "doubtful"):
            line.is_selected = True
        compare.action_apply()
        self.assertEqual(self.anna.name, "A. de Vries")
        self.assertEqual(self.bert.date_end, date(2026, 5, 31))
        moved = self.bert.replaced_by_ids
        self.assertEqual((moved.name, moved.extension), ("Bert Jansen", "209"))

    def test_bad_rows_are_refused_with_their_number(self):
        for values, sentences in (
            ({"text": "201;x\n\n201;y"}, ["Row 3: extension 201 is in row 1 too."]),
            ({"text": "201;\n;Eva"}, ["Row 1: the name", "Row 2: the extension"]),
            ({"text": "201;=cmd"}, ["Row 1: =cmd looks like a formula"]),
            ({"text": "201"}, ["Row 1: the name is missing."]),
            ({"text": "  "}, ["Paste a list or choose a file."]),
            ({"raw": self._sheet([["201", '=HYPERLINK("x")']])}, ["Row 1", "formula"]),
            ({"raw": b"PK\x03\x04 no zip"}, ["cannot be read as XLSX"]),
            ({"raw": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00"}, ["Save it as CSV"]),
            ({"raw": b"201;x\n" * (2**20)}, ["larger than 5 MB"]),
            ({"text": "\n".join(f"{n};x" for n in range(5001))}, ["at most 5000"]),
        ):
            with self.subTest(sentences=sentences):
                with self.assertRaises(UserError) as refusal:
                    self._compare(**values)
                for sentence in sentences:
                    self.assertIn(sentence, str(refusal.exception))

    def test_a_file_that_unpacks_to_something_huge_is_not_opened(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 2**20))
        with self.assertRaisesRegex(UserError, "too large"):
            self._compare(raw=stream.getvalue())

    def test_one_row_that_fails_undoes_all(self):
        self._seat("204", "Later", date_start=date(2026, 7, 1))
        compare = self._compare("204;Dirk")
        with self.assertRaisesRegex(ValidationError, "belongs to Later"):
            with self.cr.savepoint():
                compare.action_apply()
        self.assertFalse(self.anna.date_end or self.bert.date_end)


@tagged("standard", "post_install", "-at_install")
class TestLedgerTemplate(LedgerMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.setUpLedger()

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
