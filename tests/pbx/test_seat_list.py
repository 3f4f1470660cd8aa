import base64
import logging
from datetime import date, datetime
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import NoxVoipCommon
from ..common_seats import SeatMixin

CASES = Path(__file__).parents[1] / "cases" / "pbx"
SECRET = "Zx9geheim!kk"


class ListCase(SeatMixin, NoxVoipCommon):
    """A PBX with three users, and lists of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSeats()
        cls.bram = cls._seat("202", "Bram Kok")
        cls.carla = cls._seat("203", "Carla 't Hart")

    def _dialog(self, text=None, raw=None, **values):
        return (
            self.env["nox.seat.compare"]
            .with_user(self.technician)
            .create(
                {
                    "pbx_id": self.pbx.id,
                    "date": date(2026, 6, 1),
                    "text": text,
                    "file": base64.b64encode(raw) if raw else False,
                    **values,
                }
            )
        )

    def _compare(self, *args, **values):
        dialog = self._dialog(*args, **values)
        dialog.action_compare()
        return dialog

    def _kinds(self, dialog):
        return {line.extension: line.kind for line in dialog.line_ids}

    def _refused(self, *args, **values):
        with self.assertRaises(UserError) as refusal:
            self._compare(*args, **values)
        return str(refusal.exception)

    def _map(self, dialog, **meanings):
        for column in dialog.column_ids:
            column.meaning = meanings.get(f"c{column.number}", False)
        return dialog.action_map()


@tagged("standard", "post_install", "-at_install")
class TestSeatList(ListCase):
    """Lists as telephone systems export them, in the dialog."""

    def test_lists_of_the_usual_systems(self):
        """The rows of each are proven with the rules; here: file in, rows shown."""
        for name, kinds, chosen in (
            ("3cx_v18.csv", {"201": "same", "202": "same", "203": "same"}, []),
            (
                "disabled_and_devices.csv",
                {
                    "201": "same",
                    "202": "end",
                    "203": "same",
                    "290": "skipped",
                    "800": "skipped",
                },
                [],
            ),
            (
                "broadworks_users_dashed.csv",
                {"201": "same", "202": "same", "203": "end", "209": "skipped"},
                ["203"],
            ),
        ):
            with self.subTest(name=name):
                dialog = self._compare(raw=(CASES / name).read_bytes())
                self.assertEqual(self._kinds(dialog), kinds)
                self.assertEqual(
                    dialog.line_ids.filtered("is_selected").mapped("extension"), chosen
                )

    def test_the_dialog_says_which_columns_it_read(self):
        dialog = self._compare("Username,Full name,Number,Ext\nab,Anna Bos,020123,201")
        self.assertEqual(dialog.columns_text, "Extension: Ext; Whole name: Full name")

    def test_lists_that_are_refused_say_why(self):
        for name, sentence in (
            ("empty_but_heading.csv", "The list is empty"),
            ("teams_number_assignment.csv", "This list has no names"),
            ("unbalanced_quote.csv", "Row 1: a quotation mark"),
            ("excel_scientific.csv", "Row 2: Excel made a number"),
            ("shared_extension.csv", "give the second one 201a"),
        ):
            with self.subTest(name=name):
                self.assertIn(sentence, self._refused(raw=(CASES / name).read_bytes()))
        for text, sentence in (
            ("Poste;Libellé\n", "The list is empty"),
            ("Toestel;Naam;Status\n201;Anna;Geblokkeerd", "No row of the list"),
            ("Toestel,Naam,Wachtwoord\n201,Vries, Anna,x1", "Row 2 has more cells"),
            ('Toestel;Naam;Code\n201;"Anna\nBos";1', "goes on in the next row"),
        ):
            with self.subTest(text=text):
                self.assertIn(sentence, self._refused(text))

    def test_extension_that_excel_made_a_date_of(self):
        rows = [["Toestel", "Naam"], [datetime(2026, 2, 1, 17, 39), "Anna"]]
        self.assertIn("Excel made a date", self._refused(raw=self._sheet(rows)))
        rows = [["Users of the bakery"], [], ["Toestel", "Naam"]]
        rows += [[201, "Anna de Vries"], ["202", "Bram Kok"], [203.0, "Carla 't Hart"]]
        rows += [[None, None]] * 50
        dialog = self._compare(raw=self._sheet(rows))
        self.assertEqual(set(self._kinds(dialog).values()), {"same"})
        self.assertEqual(dialog.line_ids.mapped("row"), [4, 5, 6])

    def test_an_odd_list_is_not_chosen_and_says_why_in_words(self):
        numbers = "Naam;Nummer\navries;0201234501\nbkok;0201234502\nchart;0201234503"
        for text, sentences in (
            (
                numbers,
                ["look like log-ins", "as long as outside", "None of", "3 of 3 users"],
            ),
            ("201;Anna de Vries", ["2 of 3 users would end"]),
            ("701;Eva Bos\n702;Fay Post", ["None of the 2", "3 of 3 users"]),
            ("201;1\n202;2\n203;3", ["3 of 3 names look like log-ins"]),
        ):
            with self.subTest(text=text):
                dialog = self._compare(text)
                for sentence in ["no row is chosen", *sentences]:
                    self.assertIn(sentence, dialog.warning)
                self.assertFalse(dialog.line_ids.filtered("is_selected"))
                with self.assertRaisesRegex(UserError, "Choose the rows"):
                    dialog.action_apply()

    def test_who_says_so_applies_an_odd_list(self):
        dialog = self._compare("201;Anna de Vries")
        dialog.line_ids.is_selected = True
        dialog.action_ask()
        self.assertIn("2 of 3 users would end", dialog.question)
        dialog.action_apply()
        self.assertEqual(self.pbx._users_on(date(2026, 6, 1)), 1)

    def test_odd_letters_are_shown_and_not_chosen(self):
        known = "201;Anna de Vries\n202;Bram Kok\n203;Carla 't Hart\n"
        dialog = self._compare(raw=f"{known}204;AndrÃ© Bos\n205;Eva Post".encode())
        self.assertIn("odd letters: AndrÃ© Bos", dialog.warning)
        self.assertEqual(dialog.line_ids.filtered("is_selected").extension, "205")
        dialog = self._compare(raw=(CASES / "cp850.csv").read_bytes())
        self.assertIn("old DOS program", dialog.warning)
        self.assertIn("André de Vries", dialog.line_ids.mapped("name"))

    def test_door_phone_that_is_known_stays_and_one_that_is_charged_is_asked(self):
        self._seat("290", "Deurtelefoon", charged=False)
        self._seat("800", "Wachtrij verkoop")
        dialog = self._compare(raw=(CASES / "disabled_and_devices.csv").read_bytes())
        lines = {line.extension: line for line in dialog.line_ids}
        self.assertEqual(lines["290"].kind, "same")
        self.assertEqual((lines["800"].kind, lines["800"].doubt), ("end", "device"))
        self.assertEqual(lines["800"].remark, "Wachtrij")
        self.assertFalse(lines["800"].is_selected)

    def test_devices_of_one_user_are_asked_about(self):
        dialog = self._compare(raw=(CASES / "voys_voip_accounts.csv").read_bytes())
        self.assertIn("one user with several devices", dialog.warning)
        self.assertFalse(dialog.line_ids.filtered("is_selected"))

    def test_other_numbers_for_the_same_people_are_a_move(self):
        dialog = self._compare(
            "601;Anna de Vries\n602;Bram Kok\n603;Carla ’t Hart", date=date(2026, 7, 1)
        )
        self.assertEqual(set(dialog.line_ids.mapped("doubt")), {"moved"})
        dialog.line_ids.is_selected = True
        dialog.action_apply()
        self.assertEqual(self.pbx._users_on(date(2026, 7, 1)), 3)
        self.assertEqual(self.anna.replaced_by_ids.extension, "601")


@tagged("standard", "post_install", "-at_install")
class TestSeatLayout(ListCase):
    """Unknown columns are asked about once; passwords are never kept."""

    LIST = (
        "Poste téléphonique;Libellé;Mot de passe;Zone\n"
        f"201;Anna de Vries;{SECRET};A\n202;Bram Kok;{SECRET};B\n"
        f"203;Carla 't Hart;{SECRET};C"
    )

    def test_unknown_columns_are_asked_once_for_a_pbx(self):
        dialog = self._compare(self.LIST)
        self.assertTrue(dialog.is_mapping)
        self.assertFalse(dialog.line_ids)
        self.assertEqual(
            dialog.column_ids.mapped("heading"),
            ["Poste téléphonique", "Libellé", "Mot de passe", "Zone"],
        )
        self.assertEqual(dialog.column_ids[1].sample.split(" · ")[0], "Anna de Vries")
        self.assertEqual(
            dialog.column_ids.mapped("meaning"), ["extension", "name", False, False]
        )
        for wrong in ({}, {"c0": "extension"}, {"c0": "extension", "c1": "extension"}):
            with self.assertRaisesRegex(UserError, "Say which one column"):
                self._map(dialog, **wrong)
        self._map(dialog, c0="extension", c1="name")
        self.assertEqual(set(self._kinds(dialog).values()), {"same"})
        self.assertIn("Extension: Poste téléphonique", dialog.columns_text)
        again = self._compare(self.LIST.replace("203;Carla", "204;Carla"))
        self.assertFalse(again.is_mapping)
        self.assertIn("204", self._kinds(again))
        turned = "\n".join(
            ";".join(reversed(line.split(";"))) for line in self.LIST.split("\n")
        )
        self.assertEqual(set(self._kinds(self._compare(turned)).values()), {"same"})
        other = self._pbx(self.contract_plan, accepted_on=date(2026, 1, 1), name="B")
        self.assertTrue(self._compare(self.LIST, pbx_id=other.id).is_mapping)

    def test_the_form_saves_what_the_columns_mean(self):
        form = Form(
            self.env["nox.seat.compare"]
            .with_user(self.technician)
            .with_context(default_pbx_id=self.pbx.id)
        )
        form.date, form.text = date(2026, 6, 1), self.LIST
        dialog = form.save()
        dialog.action_compare()
        with Form(dialog) as form:
            for number, meaning in ((0, "extension"), (1, "last_name"), (3, "infix")):
                with form.column_ids.edit(number) as column:
                    column.meaning = meaning
        dialog.action_map()
        self.assertIn("A Anna de Vries", dialog.line_ids.mapped("name"))

    def test_a_list_without_heading_is_asked_about_by_place(self):
        text = "Balie;201;Anna de Vries\nOven;202;Bram Kok\nWinkel;203;Carla 't Hart"
        dialog = self._compare(text)
        self.assertTrue(dialog.is_mapping)
        self.assertFalse(dialog.has_heading)
        self._map(dialog, c1="extension", c2="name")
        self.assertEqual(set(self._kinds(dialog).values()), {"same"})
        self.assertFalse(self._compare(text).is_mapping)
        self.env["nox.seat.layout"].search([]).unlink()
        ragged = self._compare("Balie;201\nOven;202;;Bram Kok")
        self.assertEqual(len(ragged.column_ids), 4)
        with self.assertRaisesRegex(UserError, "Row 1: the name is missing"):
            self._map(ragged, c1="extension", c3="name")

    def test_columns_that_were_read_wrongly_are_asked_about_again(self):
        dialog = self._compare("Toestel;Naam;Voluit\n201;A;Anna de Vries")
        dialog.action_other_columns()
        with self.assertRaisesRegex(UserError, "Paste a list"):
            dialog.action_compare()
        dialog.text = "Toestel;Naam;Voluit\n201;A;Anna de Vries"
        dialog.action_compare()
        self.assertEqual(
            dialog.column_ids.mapped("meaning"), ["extension", "name", False]
        )
        self._map(dialog, c0="extension", c2="name")
        self.assertEqual(self._kinds(dialog)["201"], "same")
        self.assertEqual(
            self._compare("Toestel;Naam;Voluit\n201;A;Anna de Vries")
            .line_ids.filtered(lambda line: line.extension == "201")
            .kind,
            "same",
        )

    def test_a_manager_adds_the_words_of_a_system(self):
        text = "Nebennummer;Wer;Lage\n201;Anna de Vries;Ruht\n202;Bram Kok;"
        self.assertTrue(self._compare(text).is_mapping)
        Word = self.env["nox.seat.word"]
        with self.assertRaises(AccessError):
            Word.with_user(self.coordinator).create(
                {"meaning": "extension", "words": "Nebennummer"}
            )
        manager = Word.with_user(self.manager)
        for meaning, words in (
            ("extension", "Nebennummer"),
            ("name", "Wer"),
            ("status", "Lage"),
            ("no", "ruht"),
        ):
            manager.create({"meaning": meaning, "words": words})
        dialog = self._compare(text)
        self.assertFalse(dialog.is_mapping)
        anna = dialog.line_ids.filtered(lambda line: line.extension == "201")
        self.assertEqual((anna.kind, anna.doubt), ("end", "off"))

    def test_secrets_are_nowhere(self):
        """Neither stored nor logged nor shown: refused, asked about, applied."""
        known = "Toestel;Naam;SIP Password;PIN\n"
        known += (
            f"201;Anna de Vries;{SECRET};48217593\n202;Bram Kok;{SECRET};48217593\n"
        )
        raw = f"{known}204;Eva Post;{SECRET};48217593".encode()
        token = "Xk3aaaaaaB"
        with self.assertLogs("odoo.addons", "INFO") as logs:
            logging.getLogger("odoo.addons").warning("begin")
            for refused in (
                f"{known}205;=A1;{SECRET};48217593",
                f"{known}205;Kok, F;{SECRET};48217593;{SECRET}",
                f'{known}205;"Fay;{SECRET};48217593',
            ):
                refusal = self._refused(refused)
                self.assertNotIn(SECRET, refusal)
                self.assertNotIn("48217593", refusal)
            asked = self._compare(f"{self.LIST}\n204;Eva;{SECRET};D")
            without = self._compare(f"Anna;201;{token}\nBram;202;{token}")
            applied = self._compare(raw=raw, file_name="users.csv")
            applied.action_ask()
            applied.action_apply()
        self.assertTrue(asked.is_mapping and without.is_mapping)
        self.assertIn("•••", without.column_ids.mapped("sample")[2])
        self.assertEqual(self.carla.date_end, date(2026, 5, 31))
        stored = self._stored()
        self.assertTrue("Eva Post" in stored)
        for text in (SECRET, "48217593", token):
            # The whole of the tables is no help in a message.
            self.assertFalse(text in stored, text)
            self.assertFalse(text in "\n".join(logs.output), text)
        for dialog in (asked, without, applied):
            shown = str(dialog.read())
            self.assertNotIn(SECRET, shown)
            self.assertNotIn(token, shown)
        self.assertFalse(applied.file or applied.text)

    def test_what_was_read_is_not_written_from_outside(self):
        dialog = self._compare("201;Anna de Vries\n202;Bram Kok\n203;Carla")
        for vals in (
            {"rows": 5},
            {"rows": [[1, "x"]]},
            {"layout": [1]},
            {"layout": {"extension": "x"}},
            {"layout": {"no": 1}},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._rpc(
                    self.technician, "nox.seat.compare", "write", dialog.ids, vals
                )
        with self.assertRaises(AccessError):
            self.env["nox.seat.layout"].with_user(self.technician).create(
                {"pbx_id": self.pbx.id, "meanings": {"#0": "extension"}}
            )

    def _stored(self):
        """Every text of the tables of the dialog, and of what it may leave behind."""
        self.env.flush_all()
        found = []
        for model in (
            "nox.seat.compare",
            "nox.seat.compare.line",
            "nox.seat.compare.column",
            "nox.seat.layout",
            "nox.pbx.seat",
            "mail.message",
            "mail.tracking.value",
            "ir.attachment",
        ):
            table = self.env[model]._table
            self.env.cr.execute(f"SELECT t::text FROM {table} t")
            found += [row for (row,) in self.env.cr.fetchall()]
        return "\n".join(found)
