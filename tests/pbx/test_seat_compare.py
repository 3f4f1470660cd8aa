import base64
import io
import zipfile
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import NoxVoipCommon
from ..common_seats import SeatMixin


@tagged("standard", "post_install", "-at_install")
class TestSeatCompare(SeatMixin, NoxVoipCommon):
    """Our users and those of the PBX are the same, or somebody hears who differs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSeats()
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
        compare = self._compare("201;Anna de Vries\n202;Bert Jansen\n204;Dirk")
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
        with self.assertRaisesRegex(UserError, "Choose the rows"):
            compare.action_ask()
        compare.line_ids.filtered(lambda x: x.kind in ("add", "end")).is_selected = True
        action = compare.action_ask()
        self.assertEqual(action["res_id"], compare.id)
        self.assertTrue(compare.is_asking)
        for text in (
            self.pbx.name,
            "06/01/2026",
            "2 to be added",
            "2 to be ended",
            "2 of 3 users would end",
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
            ({"text": "\n".join(f"{n};x" for n in range(10001))}, ["at most 10000"]),
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
        compare.line_ids.is_selected = True
        with self.assertRaisesRegex(ValidationError, "belongs to Later"):
            with self.cr.savepoint():
                compare.action_apply()
        self.assertFalse(self.anna.date_end or self.bert.date_end)
