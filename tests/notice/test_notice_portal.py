from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.nox_voip_service.models.base.guard import by_code

from ..common_notice import letter_of_terms
from ..common_portal import PortalPages
from ..hostile import NASTY


@tagged("standard", "post_install", "-at_install")
class TestNoticePortal(PortalPages):
    """A customer reads his letters, and nobody else's; opening one is the proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = letter_of_terms(cls.pbx)
        cls.foreign = letter_of_terms(cls.other_pbx)

    def _open(self, letter, **params):
        return self._get(f"/my/notices/{letter.id}", **params)

    def _fresh(self):
        self.env.invalidate_all()
        return self.letter

    def test_opening_it_logged_in_is_proof(self):
        self._login("owner")
        page = self._open(self.letter)
        self.assertEqual(page.status_code, 200)
        for text in ("Saturdays, for everybody", "You can end it.", self.letter.name):
            self.assertIn(text, page.text)
        letter = self._fresh()
        self.assertEqual((letter.state, letter.opened_by), ("opened", "nox_owner"))
        first = letter.opened_at
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=1)):
            letter._read_by("Somebody else")
        self.assertEqual((letter.opened_at, letter.opened_by), (first, "nox_owner"))

    def test_opening_it_by_its_link_is_proof(self):
        self._login("nobody")
        page = self._open(self.letter, access_token=self.letter.access_token)
        self.assertIn("Saturdays, for everybody", page.text)
        letter = self._fresh()
        self.assertEqual(letter.state, "opened")
        self.assertEqual(letter.opened_by, "By the link in the mail")

    def test_the_pdf_is_the_one_that_was_sent(self):
        self._login("nobody")
        file = self._open(
            self.letter, access_token=self.letter.access_token, download=1
        )
        self.assertEqual(file.content, b"%PDF-1.4 as it was sent")
        self.assertEqual(self._fresh().state, "opened")

    def test_nobody_elses_looking_is_proof(self):
        """Not the look of one of us, nor of a program that only asks."""
        self.authenticate("nox_manager", "nox_manager")
        self.assertEqual(self._open(self.letter).status_code, 200)
        self._login("nobody")
        self.opener.head(
            f"{self.base_url()}/my/notices/{self.letter.id}"
            f"?access_token={self.letter.access_token}"
        )
        self.assertFalse(self._fresh().opened_at)

    def test_letters_of_others_are_not_found(self):
        token = self.foreign.access_token
        for role in ("owner", "nobody"):
            self._login(role)
            for letter, params in (
                (self.foreign, {}),
                (self.foreign, {"access_token": self.letter.access_token}),
                *((self.foreign, {"access_token": nasty}) for nasty in NASTY),
            ):
                with self.subTest(role=role, params=params):
                    self.assertEqual(self._open(letter, **params).status_code, 404)
        self.assertEqual(self._open(self.letter, access_token=token).status_code, 404)
        self._login("owner")
        self.assertNotIn(self.foreign.name, self._get("/my/notices").text)
        self.env.invalidate_all()
        self.assertFalse(self.foreign.opened_at)

    def test_what_is_not_written_yet_is_not_read(self):
        by_code(self.letter).write({"attachment_id": False})
        self._login("owner")
        self.assertEqual(self._open(self.letter).status_code, 404)
        self.assertNotIn(self.letter.name, self._get("/my/notices").text)

    def test_the_list_says_how_a_letter_stands(self):
        self._login("owner")
        self.assertIn(self.letter.name, self._get("/my/notices").text)
        by_code(self.letter).write({"withdrawn_at": fields.Datetime.now()})
        self.assertIn("does not come into force", self._get("/my/notices").text)
        self.assertIn("withdrawn", self._open(self.letter).text)

    def test_customers_read_over_rpc_what_is_listed_and_write_nothing(self):
        found = self._rpc(self.owner, "nox.notice", "search_read", [], ["name"])
        self.assertEqual([each["id"] for each in found], self.letter.ids)
        for name in ("email", "return_reason", "user_id", "state"):
            with self.subTest(field=name), self.assertRaisesRegex(Exception, "access"):
                self._rpc(self.owner, "nox.notice", "read", self.letter.ids, [name])
        with self.assertRaisesRegex(Exception, "not allowed"):
            self._rpc(self.owner, "nox.notice", "write", self.letter.ids, {"name": "x"})
